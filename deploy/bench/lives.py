"""Whole lives: reports go into the log at once, services and staff do the rest, until all is closed and every service has folded it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import httpx

from deploy.bench.machine import Machine
from deploy.bench.reports import Reports
from deploy.bench.watch import ENDS, Seen, Watch, answers, watching
from shared.settings import Settings

TOGETHER = 200  # reports that are sent before their acknowledgements are awaited
BEHIND_SECONDS = 1.0  # until what was decided is saved too

Progress = Callable[[int], None]


@dataclass
class Run:
    """One run: the time from the first send until every service had folded the last closing, and what stood in the log meanwhile."""

    lives: int
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    merged: int = 0
    types: Counter[str] = field(default_factory=Counter)
    seen: list[Seen] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)

    @property
    def events(self) -> int:
        return self.types.total()

    @property
    def per_second(self) -> float:
        return self.lives / self.seconds

    @property
    def cpu_ms_per_life(self) -> float:
        return 1000 * sum(self.cpu.values()) / self.lives

    @property
    def cpu_ms_per_event(self) -> float:
        return 1000 * sum(self.cpu.values()) / self.events

    def light(self) -> "Run":
        """Return the run without its messages."""
        return replace(self, seen=[])


def live(settings: Settings, urls: Mapping[str, str], machine: Machine, reports: Reports, lives: int, progress: Progress) -> Run:
    """Let so many cases live, and measure. Raises Stalled if they do not end."""
    return asyncio.run(measured(settings, urls, machine, reports, lives, progress))


async def measured(settings: Settings, urls: Mapping[str, str], machine: Machine, reports: Reports, lives: int, progress: Progress) -> Run:
    async with watching(settings) as watch:
        before = machine.seconds()
        run = Run(lives)
        telling = asyncio.create_task(tell(watch, reports, lives))
        await until_closed(watch, run, progress)
        await until_folded(watch, urls)
        run.seconds = time.monotonic() - run.began
        await telling
        await asyncio.sleep(BEHIND_SECONDS)
        run.cpu = machine.since(before)
        return run


async def until_folded(watch: Watch, urls: Mapping[str, str]) -> None:
    """Wait until no service is behind the log: what nobody waited for in a life is work all the same."""
    ends = await watch.log.ends(range(watch.log.partitions))
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for url in urls.values():
            while True:
                told = (await client.get(f"{url}/health/progress")).json()["next"]
                if all(told.get(str(partition), -1) >= end for partition, end in ends.items()):
                    break
                await asyncio.sleep(0.02)


async def tell(watch: Watch, reports: Reports, lives: int) -> None:
    """Put the reports into the log."""
    facts = islice(reports.facts(), lives)
    while some := list(islice(facts, TOGETHER)):
        await watch.log.publish(some)


async def until_closed(watch: Watch, run: Run, progress: Progress) -> None:
    """Answer as the staff do, until as many cases have ended as were reported."""
    ended = 0
    async for seen in watch.seen():
        if said := answers(seen):
            await watch.log.publish(said)
        run.seen += seen
        for one in seen:
            run.types[one.event["type"]] += 1
        more = sum(one.event["type"] in ENDS for one in seen)
        ended += more
        progress(more)
        if ended >= run.lives:
            run.merged = run.types["case.merged"]
            return
