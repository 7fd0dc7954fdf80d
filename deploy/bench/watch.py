"""What stands in the log, as the bench sees it come, by a consumer of its own; and the staff, who answer offers at once."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.refusal import CannotDo
from deploy.topics import connected
from shared.events import AnyEvent, AssignmentAccepted, WorkCompleted, derived_id
from shared.settings import Settings
from shared.stream import KafkaLog

POLL_MS = 50
STALLED_SECONDS = 60.0
RESULT = ("photo:result",)  # some categories demand one
ENDS = frozenset({"case.closed", "case.merged", "case.rejected"})


class Stalled(CannotDo):
    """Lives do not end."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as it arrived; `at` is on the machine's monotonic clock, in seconds."""

    at: float
    partition: int
    offset: int
    key: bytes
    value: bytes
    event: dict[str, Any]


@dataclass
class Watch:
    """The log from now on."""

    log: KafkaLog
    consumer: AIOKafkaConsumer

    async def seen(self) -> AsyncIterator[list[Seen]]:
        """Yield what has arrived, an empty list now and then. Raises Stalled if nothing does for a minute."""
        last = time.monotonic()
        while True:
            records = await self.consumer.getmany(timeout_ms=POLL_MS)
            now = time.monotonic()
            found = [Seen(now, r.partition, r.offset, r.key, r.value, orjson.loads(r.value)) for rs in records.values() for r in rs]
            last = now if found else last
            if now - last > STALLED_SECONDS:
                raise Stalled(
                    f"Nothing has come into the log for {STALLED_SECONDS:.0f} s, and lives are not ended: see the services' logs."
                )
            yield found


@asynccontextmanager
async def watching(settings: Settings) -> AsyncIterator[Watch]:
    """Give the log from its present end on."""
    async with connected(settings) as log:
        consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka, group_id=None, enable_auto_commit=False)
        await consumer.start()
        try:
            ends = await log.ends(range(log.partitions))
            consumer.assign([TopicPartition(settings.topic, partition) for partition in ends])
            for partition, end in ends.items():
                consumer.seek(TopicPartition(settings.topic, partition), end)
            yield Watch(log, consumer)
        finally:
            await consumer.stop()


def answers(seen: Sequence[Seen]) -> list[AnyEvent]:
    """Return what the staff say about what they see: who is offered a case accepts it and has done the work."""
    said: list[AnyEvent] = []
    for one in seen:
        offer = one.event
        if offer["type"] == "case.assigned":
            case, on, who, now = offer["case_id"], offer["on"] + 1, offer["assignee"], datetime.now(UTC)
            said.append(AssignmentAccepted(id=derived_id(case, "accepted", str(on)), case_id=case, on=on, at=now, by=who))
            done = derived_id(case, "completed", str(on))
            said.append(WorkCompleted(id=done, case_id=case, on=on + 1, at=now, by=who, outcome="已到场处理，恢复正常。", media=RESULT))
    return said
