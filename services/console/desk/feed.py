"""What feeds the board: all cases of the desk when the process starts, then those that have changed, and those whose time has come.

Rows are made in a thread: folding and requests go on meanwhile.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from services.console.desk.board import Board
from services.console.desk.delay import DELAY, Delay
from services.console.desk.rows import Entry, read
from services.console.following import CHUNK, Saved
from shared.city import City
from shared.clock import monotonic
from shared.store import CASES, Document

log = logging.getLogger("gridcase")

AGAIN = 500  # rows that are made anew in one turn
PROJECTION = {"body": True}


@dataclass
class Feed:
    """The board, and which of its rows must be made anew although nothing happens to their cases."""

    saved: Saved
    city_now: Callable[[], City]
    now: Callable[[], datetime]
    board: Board = field(default_factory=Board)
    as_of: datetime | None = None
    shown: int = 0  # the last change that everybody was woken up for
    fields: Sequence[str] = tuple(PROJECTION)
    city: City | None = None  # by which all rows were made, but the stale ones
    stale: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)  # what was put on the board since the last turn
    delay: Delay = field(default_factory=lambda: DELAY)
    timers: list[tuple[int, str]] = field(default_factory=list)

    async def load(self) -> None:
        """Read all cases that are on the desk."""
        began = monotonic()
        self.city = self.city_now()
        self.board.entries.clear()
        for which in ("open", "objected"):
            async for rows in self.saved.each(CASES, PROJECTION, CHUNK, {which: True}):
                entries, _ = await self.made(rows)
                self.board.fill(entries)
        log.info("%d cases are on the board after %.1f s", len(self.board.entries), monotonic() - began)

    async def put(self, rows: Sequence[Document]) -> None:
        """Take in what cases are now."""
        entries, ended = await self.made(rows)
        self.board.put(entries, ended)
        self.fresh += [*(entry.id for entry in entries), *ended]

    async def reached(self, as_of: datetime) -> None:
        """Make the rows anew whose time has come, and show everything."""
        await self.again(as_of)
        self.as_of = as_of
        if self.board.seq != self.shown:
            self.shown = self.board.seq
            self.board.publish()
        self.delay.shown(self.fresh)
        self.fresh = []

    async def made(self, rows: Sequence[Document]) -> tuple[list[Entry], list[str]]:
        entries, ended = await asyncio.to_thread(read, rows, self.city_now(), self.now())
        for entry in entries:
            if entry.again is not None:
                heappush(self.timers, (entry.again, entry.id))
        return entries, ended

    async def again(self, as_of: datetime) -> None:
        """Make some rows anew: under another pack all of them, else those that may wait for something else by now."""
        if self.city is not (city := self.city_now()):
            self.city, self.stale = city, list(self.board.entries)
        while self.timers and self.timers[0][0] <= as_of.timestamp():
            self.stale.append(heappop(self.timers)[1])
        some = [id for id in self.stale[:AGAIN] if id in self.board.entries]
        if some:
            await self.put(await self.saved.find(CASES, {"_id": {"$in": some}}, projection=PROJECTION))
        del self.stale[:AGAIN]
