"""When the services have settled: everything in the log is folded by all, and nobody has anything left to say at this time.

A service whose fold is at the end of the log may still be deciding. So the clock is moved on by a tick: a sweep that has seen the tick
began after that decision had ended, since they take turns; what was said until then is in the log or counted as in flight.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.refusal import CannotDo
from deploy.replay.clockwork import Clocks
from shared.stream import Away, KafkaLog

LOOK_SECONDS = 0.02
SPEAKERS = ("triage", "dispatch", "closure")  # who says something by itself; others may lag behind
PATIENCE = 300.0  # seconds without any progress


Enough = Callable[["Progress"], bool]


class Stuck(CannotDo):
    """The services do not settle."""


class Progress(BaseModel):
    """How far one process is, as it says itself."""

    model_config = ConfigDict(frozen=True)

    now: datetime
    swept: datetime | None
    caught: bool
    next: dict[int, int]
    in_flight: int


@dataclass
class Stillness:
    """Waits for the services at `urls`."""

    client: httpx.AsyncClient
    log: KafkaLog
    urls: Mapping[str, str]
    clocks: Clocks
    lost: Callable[[], str]  # why a process will not come back, empty while all may

    async def settled(self) -> bool:
        """Return whether nothing was said between two looks at the end of the log, with a whole sweep of all speakers between them."""
        ends = await self.ends()
        await self.folded(ends, SPEAKERS)
        self.clocks.tick()
        told = await self.all_of(SPEAKERS, lambda one: one.swept is not None and one.swept >= one.now, "look at what is due")
        return not any(one.in_flight for one in told) and all(one.next == ends for one in told) and await self.ends() == ends

    async def folded(self, ends: Mapping[int, int], names: Sequence[str]) -> None:
        """Return once these services have folded the log up to `ends`. Raises Stuck."""
        await self.all_of(names, lambda one: all(one.next.get(p, -1) >= end for p, end in ends.items()), "fold the log")

    async def all_of(self, names: Sequence[str], enough: Enough, what: str) -> list[Progress]:
        return list(await asyncio.gather(*(self.until(name, enough, what) for name in names)))

    async def until(self, name: str, enough: Enough, what: str) -> Progress:
        """Return what the service says once it is `enough` and has caught up. Raises Stuck if nothing moves any more."""
        moved, last = time.monotonic(), None
        while True:
            told = await self.progress(self.urls[name])
            if told is not None and told.caught and told.next and enough(told):
                return told
            if told != last:
                moved, last = time.monotonic(), told
            if lost := self.lost():
                raise Stuck(lost)
            if time.monotonic() - moved > PATIENCE:
                raise Stuck(f"For {PATIENCE:.0f} seconds {name} did not {what}: {told}. Its log says more.")
            await asyncio.sleep(LOOK_SECONDS)

    async def progress(self, url: str) -> Progress | None:
        """Ask a service how far it is; None if it does not answer."""
        try:
            answer = await self.client.get(f"{url}/health/progress", timeout=30)
            return Progress.model_validate_json(answer.content) if answer.status_code == httpx.codes.OK else None
        except (httpx.TransportError, ValidationError):
            return None

    async def ends(self) -> dict[int, int]:
        """Return the ends of the log, waiting for a broker that starts again. Raises Stuck."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return await self.log.ends(range(self.log.partitions))
            except Away as away:
                if time.monotonic() > deadline:
                    raise Stuck(f"The log cannot be reached: {away}") from away
