"""Whole systems as processes, watched as `gridcase up` watches them, with a clock that the tests move on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from deploy.local.engines import Engines
from shared.clock import drive
from tests.deployment import MONDAY, Deployed
from tests.eventually import eventually

EVERYBODY = {"console": 1, "intake": 1, "triage": 1, "dispatch": 1, "closure": 1}


@dataclass
class Town:
    """A running system, its engines, and its clock."""

    here: Deployed
    engines: Engines
    clock: Path
    now: datetime = MONDAY

    async def forward(self, step: timedelta, most: timedelta = timedelta(hours=8)) -> None:
        """Let time go by, in strides after each of which every service has looked at what was due, so that nothing is late."""
        goal = self.now + step
        while self.now < goal:
            self.now = min(goal, self.now + most)
            drive(self.clock, self.now)
            await eventually(self.has_looked, 90)
            await self.here.at_rest()

    async def until_morning(self) -> None:
        """Let time go by until most of the staff are on duty, unless they are now."""
        since = (self.now - MONDAY) % timedelta(days=1)
        if since > timedelta(hours=3):
            await self.forward(timedelta(days=1) - since, most=timedelta(hours=12))

    def tick(self, step: timedelta) -> None:
        """Let time go by without waiting for anybody."""
        self.now += step
        drive(self.clock, self.now)

    async def has_looked(self) -> bool:
        """Whether all processes have looked at everything that is due by now, and what they said has come back."""
        shown = await asyncio.gather(*[self.here.progress(process) for process in self.here.system.processes])
        return all(p.get("swept") and datetime.fromisoformat(p["swept"]) >= self.now and not p["in_flight"] for p in shown)


@asynccontextmanager
async def town(data: Path, engines: Engines, replicas: dict[str, int], **environment: str) -> AsyncIterator[Town]:
    """Run a system on engines that run."""
    clock = data / "clock"
    drive(clock, MONDAY)
    settings = {"GRIDCASE_CLOCK_FILE": str(clock), **environment}
    async with AsyncExitStack() as open_ones:
        here = await open_ones.enter_async_context(Deployed(data, engines.kafka_url, engines.mongo_url, replicas, settings))
        open_ones.enter_context(here.system.supervise())
        yield Town(here, engines, clock)


@pytest.fixture(scope="session")
def quiet_engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Engines that nobody kills."""
    with Engines(tmp_path_factory.mktemp("quiet"), broker="kafka") as started:
        yield started
