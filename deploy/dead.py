"""`gridcase dead`: the messages that no service could read, and how to send one again once the cause is mended.

A dead letter is never changed or removed: sending it again publishes its original bytes under its original key, where the key belongs.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import orjson
from aiokafka import ConsumerRecord, TopicPartition
from pydantic import BaseModel, ConfigDict
from rich.table import Table

from deploy.local.jars import Say
from deploy.refusal import CannotDo
from deploy.topics import connected
from shared.settings import Settings
from shared.stream import KafkaLog


class Letter(BaseModel):
    """One dead letter: where it stands, what it was, and what is known about it."""

    model_config = ConfigDict(frozen=True)

    offset: int
    at: datetime
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str]


async def read_dead(settings: Settings) -> list[Letter]:
    """Return all dead letters, the oldest first."""
    async with connected(settings) as log:
        return await letters(log)


async def letters(log: KafkaLog) -> list[Letter]:
    where = TopicPartition(f"{log.topic}.dead", 0)
    begins = await log.patiently(lambda: log.reader.beginning_offsets([where]))
    ends = await log.patiently(lambda: log.reader.end_offsets([where]))
    return [letter_of(record) async for record in log.read(begins, ends)]


def letter_of(record: ConsumerRecord) -> Letter:
    headers = {name: value.decode(errors="replace") for name, value in record.headers}
    at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
    return Letter(offset=record.offset, at=at, key=record.key, value=record.value, headers=headers)


def find(found: Sequence[Letter], offset: int) -> Letter:
    """Return the letter at `offset`. Raises CannotDo."""
    for letter in found:
        if letter.offset == offset:
            return letter
    raise CannotDo(f"There is no dead letter {offset}. `gridcase dead list` shows them.")


async def resend(settings: Settings, offset: int | None, say: Say) -> None:
    """Publish a letter again (None: all that can be), and say where it went. Raises CannotDo, and Away."""
    async with connected(settings) as log:
        found = await letters(log)
        chosen = found if offset is None else [find(found, offset)]
        if offset is not None and chosen[0].key is None:
            raise CannotDo(f"Dead letter {offset} has no key, and without one it has no place in the log: its sender must send it anew.")
        for letter in chosen:
            if letter.key is None:
                say(f"{letter.offset} stays: it has no key.")
                continue
            key, value = letter.key, letter.value or b""
            [(partition, place)] = await log.patiently(lambda key=key, value=value: log.send(log.topic, [(key, value)]))  # type: ignore[misc]
            say(f"{letter.offset} went to {log.topic}, partition {partition}, offset {place}.")


def table(found: Sequence[Letter]) -> Table:
    """Return the letters as rows for a terminal."""
    shown = Table(box=None, header_style="dim", expand=True)
    shown.add_column("offset", justify="right")
    for name in ("when (UTC)", "was at", "step", "service"):
        shown.add_column(name, no_wrap=True)
    shown.add_column("key", overflow="fold")
    shown.add_column("reason", overflow="fold", ratio=1)
    for letter in found:
        head = letter.headers
        was_at = f"{head.get('partition', '?')}/{head.get('offset', '?')}"
        words = (f"{letter.at:%Y-%m-%d %H:%M:%S}", was_at, head.get("step", ""), head.get("service", ""), text_of(letter.key))
        shown.add_row(str(letter.offset), *words, first_line(head.get("reason", "")))
    return shown


def shown(letter: Letter) -> str:
    """Return all that a letter holds, as text."""
    head = {"offset": str(letter.offset), "when": letter.at.isoformat(), "key": text_of(letter.key)}
    head |= {f"header {name}": value for name, value in letter.headers.items()}
    lines = [f"{name}: {value}" for name, value in head.items()]
    return "\n".join([*lines, "", pretty(letter.value)])


def pretty(value: bytes | None) -> str:
    """Return a message as indented JSON where it is some, else as text."""
    if not value:
        return "(empty)"
    try:
        return orjson.dumps(orjson.loads(value), option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONDecodeError:
        return value.decode(errors="backslashreplace")


def text_of(key: bytes | None) -> str:
    return "(none)" if key is None else key.decode(errors="backslashreplace")


def first_line(reason: str) -> str:
    return reason.strip().partition("\n")[0][:200]
