"""What became of a run: the log and every copy held against what clients were told, and everything counted."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.check.run import run_check
from deploy.demo.calls import Calls
from deploy.demo.kills import Kills
from deploy.demo.life import Life
from deploy.demo.summary import Summary
from deploy.system import System
from shared.case import Status
from shared.clock import monotonic

STILL_SECONDS = 1.0  # for which nothing may move before the check


@dataclass(frozen=True)
class Ran:
    """A run that has come to its end: where the log stood and the real time when it began, and the file of answers."""

    system: System
    life: Life
    kills: Kills
    begins: Mapping[int, int]
    began: float
    history: Path


async def checked(ran: Ran) -> Summary:
    """Hold the log and every copy against what clients were told, and count."""
    system, life, settings = ran.system, ran.life, ran.system.kafka_settings()
    result = await asyncio.to_thread(
        run_check,
        settings.kafka,
        settings.mongo,
        settings.database,
        settings.topic,
        reports=ran.history,
        wait=STILL_SECONDS,
        now=life.pace.now,
    )
    in_log = await life.quiet.reported(ran.begins)
    in_console = await statuses(life.calls)
    told = set(life.reports)
    ended = Counter(in_console.get(case, Status.UNKNOWN) for case in told)
    ends = (Status.CLOSED, Status.MERGED, Status.REJECTED, Status.WITHDRAWN)
    restarts = sum(one.restarts for one in [*system.engine_processes.values(), *system.processes.values()])
    return Summary(
        reports=len(life.filed),
        closed=ended[Status.CLOSED],
        merged=ended[Status.MERGED],
        rejected=ended[Status.REJECTED],
        withdrawn=ended[Status.WITHDRAWN],
        unfinished=len(told) - sum(ended[status] for status in ends),
        lost=len(told - in_log) + len((told & in_log) - in_console.keys()),
        duplicates=len(in_log - told) + len(life.filed) - len(told),
        violations=[*result.violations, *life.surprises],
        commands=sum(life.calls.answers.values()) + len(life.filed),
        beaten=sum(count for answer, count in life.calls.answers.items() if answer.endswith(("409", "412"))),
        repeated=life.calls.repeated,
        killed=ran.kills.killed,
        restarts=restarts,
        events=result.events,
        seconds=round(monotonic() - ran.began, 1),
        seed=life.seed,
        notes=result.notes,
    )


async def statuses(calls: Calls) -> dict[str, Status]:
    """Return where each case stands, as the console lists them."""
    found: dict[str, Status] = {}
    cursor: dict[str, Any] = {}
    while True:
        page = await calls.look("console", "/cases", sort="reported_at", limit=200, **cursor)
        found |= {case["id"]: Status(case["status"]) for case in page["items"]}
        if not page["next"]:
            return found
        cursor = {"cursor": page["next"]}
