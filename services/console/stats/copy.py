"""The copy of the cases that figures are counted from, kept in the memory of each console process; `following` keeps it up to date.

One thread of its own loads and counts, one thing at a time: folding and other requests go on meanwhile.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from services.console.following import CHUNK, Saved
from services.console.stats.parts import FIELDS, parts
from services.console.stats.table import Table
from services.console.views.past import past
from shared.case import Status
from shared.clock import monotonic
from shared.store import CASES, Document

log = logging.getLogger("gridcase")

T = TypeVar("T")
PROJECTION = dict.fromkeys(FIELDS, True)


class NotLoaded(Exception):
    """The copy has not been loaded yet."""


@dataclass
class Copy:
    """All cases as a table."""

    saved: Saved
    table: Table = field(default_factory=Table)
    as_of: datetime | None = None
    fields: Sequence[str] = FIELDS
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
        """Read all cases."""
        began = monotonic()
        async for rows in self.saved.each(CASES, PROJECTION, CHUNK):
            await self.put(rows)
        log.info("%d cases are ready to be counted after %.1f s", len(self.table), monotonic() - began)

    async def put(self, rows: Sequence[Document]) -> None:
        """Put these cases into the table, with what they have forgotten."""
        known = {f"{row['partition']}/{row['_id']}": row for row in rows if row["status"] != Status.UNKNOWN}
        found = await self.saved.find(past.name, {"_id": {"$in": list(known)}}, projection={"offset": False})
        older = {row["_id"]: row for row in found}

        def work() -> None:
            self.table.put({row["_id"]: parts(row, older.get(id)) for id, row in known.items()})

        await self.alone(work)

    async def reached(self, as_of: datetime) -> None:
        self.as_of = as_of

    def close(self) -> None:
        self.thread.shutdown(wait=False, cancel_futures=True)
