"""One replay from its file to its verdict: the pack, the system, the history, the check, the comparison."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.check.run import Result, run_check
from deploy.issuer.badges import HOURS
from deploy.refusal import CannotDo
from deploy.replay.clockwork import Clocks, Plan
from deploy.replay.columns import Layout, Recorded, Unreadable, read_records
from deploy.replay.comparison import Comparison, compare
from deploy.replay.door import Door
from deploy.replay.history import SECOND, History, deadline_by, end_of, timer_by
from deploy.replay.ledger import OVER, Ledger
from deploy.replay.pack import write_pack
from deploy.replay.stage import ENVIRONMENT, Stage
from deploy.replay.stillness import Stillness
from shared.access import Role
from shared.case import Status
from shared.city import City, plain
from shared.citypack import city_folder, load_city
from shared.settings import Settings
from shared.stream import KafkaLog

STILL_SECONDS = 4.0  # for the check: nothing may move any more, and everything is saved within this

Show = Callable[[datetime, Ledger], None]


class Said(BaseModel):
    """What a data folder holds: the replay of this file, so far."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    limit: int | None
    city: str


@dataclass(frozen=True)
class Replay:
    """What is to be replayed, and where."""

    records: Sequence[Recorded]
    city: City
    pack: Path
    data: Path

    @property
    def clocks(self) -> Clocks:
        return Clocks(door=self.data / "door.clock", city=self.data / "city.clock")


@dataclass(frozen=True)
class Outcome:
    """How it ended."""

    records: int
    statuses: dict[Status, int]
    unfinished: int  # closed by the record, and neither at their end nor in the operators' queue, where no rule could place them
    lost: int  # not in the log
    doubled: int
    check: Result
    deadlines: Comparison
    seconds: float

    @property
    def right(self) -> bool:
        deadlines = self.deadlines.unjustified or self.deadlines.unsaid
        return not (self.check.violations or self.unfinished or self.lost or self.doubled or deadlines)

    def plain(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        ends = {name: self.statuses.get(Status(name), 0) for name in ("closed", "merged", "rejected", "withdrawn")}
        return {
            "reports": self.records,
            **ends,
            "unfinished": self.unfinished,
            "lost": self.lost,
            "duplicates": self.doubled,
            "violations": self.check.violations,
            "events": self.check.events,
            "seconds": round(self.seconds, 1),
            "deadlines": self.deadlines.plain(),
        }


def prepare(file: Path, mapping: Path | None, limit: int | None, data: Path, city: str | None, say: Callable[[str], None]) -> Replay:
    """Read the file, and take the city that is given, or the file's own, or make one.

    Raises CannotDo if `data` holds another replay, or the file nothing.
    """
    layout, all_of_them = read_records(file, mapping)
    records = all_of_them[:limit]
    if not records:
        raise Unreadable(f"{file.name} holds no cases.")
    city = city or own_city(layout, all_of_them)
    claim(data, Said(sha256=hashlib.sha256(file.read_bytes()).hexdigest(), limit=limit, city=city))
    pack = city_folder(city).resolve() if city else data.resolve() / "city"
    made = load_city(pack) if city else write_pack(pack, all_of_them, layout.zone)
    has = f"has {len(made.categories)} categories and {len(made.staff)} people"
    say(f"{len(records):,} cases of {file.name}; the city, {pack if city else 'made from them'}, {has}.")
    return Replay(records, made, pack, data.resolve())


def own_city(layout: Layout, records: Sequence[Recorded]) -> str:
    """Return the pack that comes with the product for such a file, if it knows every type in it; empty if not."""
    if not layout.city:
        return ""
    categories = load_city(city_folder(layout.city)).categories.values()
    known = {plain(name) for one in categories for name in (one.name.en, one.name.zh, one.code)}
    return layout.city if {plain(record.category) for record in records} <= known else ""


def claim(data: Path, mine: Said) -> None:
    """Write down what `data` holds from now on. Raises CannotDo if it holds something else."""
    data.mkdir(parents=True, exist_ok=True)
    file = data / "replay.json"
    if file.exists():
        with suppress(ValidationError):
            if Said.model_validate_json(file.read_bytes()) == mine:
                return
        raise CannotDo(f"{data} holds another replay. Choose another folder with --data, or remove this one.")
    if (data / "ports.json").exists():
        raise CannotDo(f"{data} holds the log of another system. Choose another folder with --data.")
    file.write_text(mine.model_dump_json())


def stage_of(replay: Replay, port: int | None, say: Callable[[str], None]) -> Stage:
    """Return the system, not yet started; the clocks stand before the first case, or where an earlier run stopped."""
    replay.clocks.begin(replay.records[0].opened - SECOND)
    return Stage(replay.clocks, replay.data, port=port, city=str(replay.pack), environment=ENVIRONMENT, issuer="keys", say=say)


def perform(replay: Replay, stage: Stage, show: Show, began: float) -> Outcome:
    """Replay on a stage that has been started, check, and compare."""
    settings = stage.kafka_settings()
    ledger = asyncio.run(told(replay, stage, settings, show))
    stage.say("All that was recorded has happened. Now the log and every copy are checked.")
    now, answers = replay.clocks.now, replay.data / "answers.ndjson"
    result = run_check(settings.kafka, settings.mongo, settings.database, settings.topic, answers, STILL_SECONDS, now)
    lives = ledger.lives
    return Outcome(
        records=len(lives),
        statuses=dict(ledger.statuses),
        unfinished=sum(1 for record in replay.records if record.id in lives and unfinished(record, lives[record.id].status)),
        lost=sum(1 for record in replay.records if record.id not in lives),
        doubled=ledger.doubled,
        check=result,
        deadlines=compare(replay.records, lives, now),
        seconds=time.monotonic() - began,
    )


def unfinished(record: Recorded, status: Status) -> bool:
    """Whether the record closes a case that has not come to an end, though somebody could be asked to handle it."""
    return record.closed is not None and status not in OVER and status is not Status.REPORTED


async def told(replay: Replay, stage: Stage, settings: Settings, show: Show) -> Ledger:
    """Let the history happen and return the fold of its log."""
    log = KafkaLog(settings, "replay")
    await log.start()
    ledger = Ledger(log)
    await ledger.start()
    plan = Plan(replay.records, deadline_by(replay.city, ledger), timer_by(replay.city, ledger))
    begun = any((await log.ends(range(log.partitions))).values())
    if not begun:  # the clocks may come from a run whose log was in memory
        replay.clocks.set(plan.first - SECOND, plan.first - SECOND)
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            history = History(
                city=replay.city,
                plan=plan,
                clocks=replay.clocks,
                log=log,
                ledger=ledger,
                door=Door(client, stage.urls["intake"], replay.data / "answers.ndjson", bearer(stage)),
                stillness=Stillness(client, log, stage.urls, replay.clocks, stage.lost),
                records={record.id: record for record in replay.records},
                tell=partial(tell, show, ledger),
            )
            await history.run(end_of(plan, replay.city))
    finally:
        await ledger.stop()
        await log.stop()
    return ledger


def bearer(stage: Stage) -> dict[str, str]:
    """Return how the replay says who it is: one more system that hands reports in."""
    return {"Authorization": f"Bearer {stage.mint.token('replay', [Role.ADMIN], HOURS)}"}


def tell(show: Show, ledger: Ledger, at: datetime) -> None:
    show(at, ledger)
