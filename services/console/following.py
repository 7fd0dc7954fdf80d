"""What has changed since: one loop in each console process finds it in what was saved, and feeds every copy that the process keeps.

It reads what was saved, whichever process folded it. What has changed since is found by the log's own offsets: the progress rows say up
to which offset each partition is saved, the timeline has a row for every event by offset, and that names its case. So nothing is written
for it, no index is needed, and nothing that was saved before the progress row can be missed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from services.console.views.timeline import timeline
from shared.clock import monotonic
from shared.store import CASES, Document, StoreError, Unreachable

log = logging.getLogger("gridcase")

EVERY_SECONDS = 0.5
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
class Following:
    """The copies, and how far the log was saved when they were last fed."""

    saved: Saved
    now: Callable[[], datetime]
    copies: Sequence[Fed]
    seen: dict[int, int] = field(default_factory=dict)  # partition -> the offset to go on from
    loaded: bool = False

    async def load(self) -> None:
        """Let each copy read all that it holds, then what has changed while it did."""
        start = await self.ends()
        for copy in self.copies:
            await copy.load()
        self.seen = start
        await self.follow()
        self.loaded = True

    async def follow(self) -> None:
        """Read the cases that have changed since the last time."""
        as_of, ends = self.now(), await self.ends()
        for partition, end in ends.items():
            begin = self.seen.get(partition, 0)
            for start in range(begin, end, CHUNK):
                await self.read([f"{partition}/{offset}" for offset in range(start, min(start + CHUNK, end))])
            self.seen[partition] = end
        for copy in self.copies:
            await copy.reached(as_of)

    async def ends(self) -> dict[int, int]:
        return {partition: row["offset"] for partition, row in (await self.saved.progress()).items()}

    async def read(self, ids: Sequence[str]) -> None:
        """Read the cases of these rows of the timeline, once for all copies."""
        told = await self.saved.find(timeline.name, {"_id": {"$in": list(ids)}}, projection={"place": True})
        cases = {row["place"].rpartition("/")[0] for row in told}
        if cases:
            wanted = {name: True for copy in self.copies for name in copy.fields}
            rows = await self.saved.find(CASES, {"_id": {"$in": sorted(cases)}}, projection=wanted)
            for copy in self.copies:
                await copy.put(rows)

    async def keep(self) -> None:
        """Load, and follow for ever; what the store does not answer is asked again."""
        while True:
            began = monotonic()
            try:
                await (self.follow() if self.loaded else self.load())
            except (StoreError, Unreachable) as error:
                log.warning("what the console keeps in memory is not up to date: %r", error)
            await asyncio.sleep(max(EVERY_SECONDS, SHARE * (monotonic() - began)) if self.loaded else EVERY_SECONDS)


@asynccontextmanager
async def followed(following: Following) -> AsyncIterator[None]:
    """Keep the copies up to date until the context is left."""
    task = asyncio.create_task(following.keep(), name="following")
    try:
        yield
    finally:
        task.cancel()
