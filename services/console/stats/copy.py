"""The copy of the cases that figures are counted from, kept in the memory of each console process and brought up to date every second.

It reads what was saved, whichever process folded it. What has changed since is found by the log's own offsets: the progress rows say up
to which offset each partition is saved, the timeline has a row for every event by offset, and that names its case. So nothing is written
for it, no index is needed, and nothing that was saved before the progress row can be missed.

One thread of its own loads and counts, one thing at a time: folding and other requests go on meanwhile.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from services.console.stats.parts import FIELDS, parts
from services.console.stats.table import Table
from services.console.views.past import past
from services.console.views.timeline import timeline
from shared.case import Status
from shared.clock import monotonic
from shared.store import CASES, Document, StoreError, Unreachable

log = logging.getLogger("gridcase")

T = TypeVar("T")
EVERY_SECONDS = 1.0
SHARE = 4  # the copy rests so many times as long as it worked, if that is more
CHUNK = 2_000
PROJECTION = dict.fromkeys(FIELDS, True)


class Saved(Protocol):
    """What the copy reads of the store."""

    async def progress(self) -> dict[int, Document]: ...
    async def find(self, collection: str, filter: Mapping[str, Any], *, projection: Mapping[str, bool] | None = None) -> list[Document]: ...
    def each(self, collection: str, projection: Mapping[str, bool], chunk: int) -> AsyncIterator[list[Document]]: ...


class NotLoaded(Exception):
    """The copy has not been loaded yet."""


@dataclass
class Copy:
    """All cases as a table, and how far the log was saved when they were read."""

    saved: Saved
    now: Callable[[], datetime]
    table: Table = field(default_factory=Table)
    seen: dict[int, int] = field(default_factory=dict)  # partition -> the offset to go on from
    as_of: datetime | None = None
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "stats"))

    async def ask(self, count: Callable[[Table, datetime], T]) -> T:
        """Count, in the copy's own thread. Raises NotLoaded."""
        if self.as_of is None:
            raise NotLoaded
        as_of = self.as_of
        return await self.alone(lambda: count(self.table, as_of))

    async def alone(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.thread, work)

    async def load(self) -> None:
        """Read all cases, then what has changed while they were read."""
        began, start = monotonic(), await self.ends()
        async for rows in self.saved.each(CASES, PROJECTION, CHUNK):
            await self.put(rows)
        self.seen = start
        await self.follow()
        log.info("%d cases are ready to be counted after %.1f s", len(self.table), monotonic() - began)

    async def follow(self) -> None:
        """Read the cases that have changed since the last time."""
        as_of, ends = self.now(), await self.ends()
        for partition, end in ends.items():
            begin = self.seen.get(partition, 0)
            for start in range(begin, end, CHUNK):
                await self.read([f"{partition}/{offset}" for offset in range(start, min(start + CHUNK, end))])
            self.seen[partition] = end
        self.as_of = as_of

    async def ends(self) -> dict[int, int]:
        return {partition: row["offset"] for partition, row in (await self.saved.progress()).items()}

    async def read(self, ids: Sequence[str]) -> None:
        """Read the cases of these rows of the timeline."""
        told = await self.saved.find(timeline.name, {"_id": {"$in": list(ids)}}, projection={"place": True})
        cases = {row["place"].rpartition("/")[0] for row in told}
        if cases:
            await self.put(await self.saved.find(CASES, {"_id": {"$in": sorted(cases)}}, projection=PROJECTION))

    async def put(self, rows: Sequence[Document]) -> None:
        """Put these cases into the table, with what they have forgotten."""
        known = {f"{row['partition']}/{row['_id']}": row for row in rows if row["status"] != Status.UNKNOWN}
        found = await self.saved.find(past.name, {"_id": {"$in": list(known)}}, projection={"offset": False})
        older = {row["_id"]: row for row in found}

        def work() -> None:
            self.table.put({row["_id"]: parts(row, older.get(id)) for id, row in known.items()})

        await self.alone(work)

    async def keep(self) -> None:
        """Load, and follow for ever; what the store does not answer is asked again."""
        while True:
            began = monotonic()
            try:
                await (self.load() if self.as_of is None else self.follow())
            except (StoreError, Unreachable) as error:
                log.warning("the figures are not up to date: %r", error)
            await asyncio.sleep(max(EVERY_SECONDS, SHARE * (monotonic() - began)) if self.as_of else EVERY_SECONDS)


@asynccontextmanager
async def kept(copy: Copy) -> AsyncIterator[Copy]:
    """Keep the copy up to date until the context is left."""
    task = asyncio.create_task(copy.keep(), name="stats")
    try:
        yield copy
    finally:
        task.cancel()
        copy.thread.shutdown(wait=False, cancel_futures=True)
