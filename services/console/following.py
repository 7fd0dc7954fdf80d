"""What has changed since: one loop in each console process finds it in what was saved, and feeds every copy that the process keeps.

It reads what was saved, whichever process folded it. What has changed since is found by the log's own offsets: the progress rows say up
to which offset each partition is saved, the timeline has a row for every event by offset, and that names its case. So nothing is written
for it, no index is needed, and nothing that was saved before the progress row can be missed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from services.console.views.timeline import timeline
from shared.clock import monotonic
from shared.process import guarded
from shared.store import CASES, Document, StoreError, Unreachable

log = logging.getLogger("gridcase")

EVERY_SECONDS = 0.25
SHARE = 4  # it rests so many times as long as it worked, if that is more
CHUNK = 2_000


class Saved(Protocol):
    """What is read of the store."""

    async def progress(self) -> dict[int, Document]: ...
    async def find(self, collection: str, filter: Mapping[str, Any], *, projection: Mapping[str, bool] | None = None) -> list[Document]: ...
    def each(
        self, collection: str, projection: Mapping[str, bool], chunk: int, filter: Mapping[str, Any] | None = None
    ) -> AsyncIterator[list[Document]]: ...


class Fed(Protocol):
    """A copy that is kept up to date: `fields` names what it needs of the row of a case."""

    @property
    def fields(self) -> Sequence[str]: ...

    async def load(self) -> None:
        """Read all that it holds."""

    async def put(self, rows: Sequence[Document]) -> None:
        """Take in what cases are now."""

    async def reached(self, as_of: datetime) -> None:
        """Note that all is in it that was saved by then."""


@dataclass
class Loading:
    """A copy that reads all that it holds, and the cases that have changed since it began."""

    copy: Fed
    task: asyncio.Task[None]
    missed: set[str] = field(default_factory=set)


@dataclass
class Following:
    """The copies, and how far the log was saved when they were last fed. One is loaded after the other, and fed from then on."""

    saved: Saved
    now: Callable[[], datetime]
    copies: Sequence[Fed]
    fed: list[Fed] = field(default_factory=list)
    loading: Loading | None = None
    seen: dict[int, int] | None = None  # partition -> the offset to go on from

    @property
    def loaded(self) -> bool:
        return len(self.fed) == len(self.copies)

    async def load(self) -> None:
        """Go on until all copies are loaded."""
        while not self.loaded:
            await self.follow()
            if self.loading:
                await asyncio.wait([self.loading.task])

    async def follow(self) -> None:
        """Read the cases that have changed since the last time, and take the next step of loading."""
        as_of, ends = self.now(), await self.ends()
        if self.seen is None:
            self.seen = ends
        new = (f"{partition}/{offset}" for partition, end in ends.items() for offset in range(self.seen.get(partition, 0), end))
        while ids := list(islice(new, CHUNK)):  # of all partitions together: it costs what is asked how often, not how much is new
            await self.read(ids)
        self.seen |= ends
        await self.join()
        for copy in self.fed:
            await copy.reached(as_of)

    async def ends(self) -> dict[int, int]:
        return {partition: row["offset"] for partition, row in (await self.saved.progress()).items()}

    async def read(self, ids: Sequence[str]) -> None:
        """Read the cases of these rows of the timeline."""
        told = await self.saved.find(timeline.name, {"_id": {"$in": list(ids)}}, projection={"place": True})
        cases = {row["place"].rpartition("/")[0] for row in told}
        if self.loading:
            self.loading.missed |= cases
        await self.feed(cases, self.fed)

    async def feed(self, cases: Iterable[str], copies: Sequence[Fed]) -> None:
        """Read what the cases are now, once for all of the copies."""
        wanted, ids = {name: True for copy in copies for name in copy.fields}, sorted(cases)
        for start in range(0, len(ids) if copies else 0, CHUNK):
            rows = await self.saved.find(CASES, {"_id": {"$in": ids[start : start + CHUNK]}}, projection=wanted)
            for copy in copies:
                await copy.put(rows)

    async def join(self) -> None:
        """Let the next copy read all that it holds; feed it what has changed meanwhile, and from then on what the others are fed."""
        if self.loading and self.loading.task.done():
            found, self.loading = self.loading, None  # begins anew if the store did not answer
            found.task.result()
            await self.feed(found.missed, (found.copy,))
            self.fed.append(found.copy)
        if self.loading is None and not self.loaded:
            copy = self.copies[len(self.fed)]
            self.loading = Loading(copy, asyncio.create_task(copy.load()))

    async def keep(self) -> None:
        """Follow for ever; what the store does not answer is asked again."""
        while True:
            began = monotonic()
            try:
                await self.follow()
            except (StoreError, Unreachable) as error:
                log.warning("what the console keeps in memory is not up to date: %r", error)
            await asyncio.sleep(max(EVERY_SECONDS, SHARE * (monotonic() - began)) if self.loaded else EVERY_SECONDS)


@asynccontextmanager
async def followed(following: Following) -> AsyncIterator[None]:
    """Keep the copies up to date until the context is left."""
    task = asyncio.create_task(guarded(following.keep), name="following")
    try:
        yield
    finally:
        task.cancel()
        if following.loading:
            following.loading.task.cancel()
