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

LOOK_SECONDS = 0.01
PATIENCE = 300.0  # seconds without any progress


Enough = Callable[[Sequence["Progress"]], bool]


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
        """Return whether nothing was said between two looks at the end of the log, with a whole sweep of everybody between them."""
        ends = await self.ends()
        await self.folded(ends)
        self.clocks.tick()
        told = await self.swept()
        return not any(one.in_flight for one in told) and all(one.next == ends for one in told) and await self.ends() == ends

    async def folded(self, ends: Mapping[int, int], names: frozenset[str] | None = None) -> None:
        """Return once the services have folded the log so far. Raises Stuck."""
        await self.until(lambda told: all(one.next.get(p, -1) >= end for one in told for p, end in ends.items()), "fold the log", names)

    async def swept(self) -> list[Progress]:
        """Return what all say once they have looked at what is due by the time that their clocks show."""
        return await self.until(lambda told: all(one.swept is not None and one.swept >= one.now for one in told), "look at what is due")

    async def until(self, enough: Enough, what: str, names: frozenset[str] | None = None) -> list[Progress]:
        """Return what the services say once it is `enough` and they have caught up. Raises Stuck if nothing moves any more."""
        moved, last = time.monotonic(), None
        while True:
            told = await self.progress(names)
            known = [one for one in told if one is not None]
            if len(known) == len(told) and all(one.caught and one.next for one in known) and enough(known):
                return known
            if told != last:
                moved, last = time.monotonic(), told
            if lost := self.lost():
                raise Stuck(lost)
            if time.monotonic() - moved > PATIENCE:
                raise Stuck(f"The services did not {what} for {PATIENCE:.0f} seconds: {told}. Their logs say more.")
            await asyncio.sleep(LOOK_SECONDS)

    async def progress(self, names: frozenset[str] | None = None) -> list[Progress | None]:
        """Ask the services how far they are; None for one that does not answer."""
        asked = [url for name, url in self.urls.items() if names is None or name in names]
        return list(await asyncio.gather(*(self.one(url) for url in asked)))

    async def one(self, url: str) -> Progress | None:
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
