"""The cases that everybody may see, in the memory of each console process: all that are open, and those closed lately.

Kept up to date by what is saved; so a crowd that looks at the public page costs the store nothing.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from services.console.fields import digits
from services.console.following import CHUNK, Saved
from services.console.public.place import point, public
from shared.case import OPEN, Case, Status, load
from shared.city import City
from shared.store import CASES, Document

SHOWN_DAYS = 60  # after closing
PROJECTION = {"body": True}
MOVES = 50_000  # cases whose changes are counted
NEVER = float("inf")


class Entry(NamedTuple):
    """A case as lists find it; times in seconds since 1970, the point rounded."""

    number: str  # digits alone
    status: Status
    category: str
    grid: str | None
    lat: float | None
    lon: float | None
    reported_at: float
    due: float  # NEVER if there is no deadline
    missed: bool  # by the log
    closed_at: float  # NEVER while it is open


@dataclass
class Board:
    """The public cases by id, and how often each case, and all of them, have changed since the process started. Not safe for threads."""

    saved: Saved
    city_now: Callable[[], City]
    now: Callable[[], datetime]
    entries: dict[str, Entry] = field(default_factory=dict)
    moves: dict[str, int] = field(default_factory=dict)  # by number
    edition: int = 0  # another one after each change
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    fields: Sequence[str] = tuple(PROJECTION)
    city: City | None = None  # by which the entries were made
    tidied: datetime | None = None

    async def load(self) -> None:
        """Read all open cases, and those closed lately."""
        self.city, self.tidied = self.city_now(), self.now()
        closed = {"status": str(Status.CLOSED), "by_change": {"$gt": digits(self.now() - timedelta(days=SHOWN_DAYS))}}
        found: dict[str, Entry] = {}
        for filter in ({"open": True}, closed):
            async for rows in self.saved.each(CASES, PROJECTION, CHUNK, filter):
                found |= {case.id: entry for case, entry in await asyncio.to_thread(read, rows, self.city) if entry}
        self.entries, self.edition = found, self.edition + 1

    async def put(self, rows: Sequence[Document]) -> None:
        """Take in what cases are now."""
        for case, entry in await asyncio.to_thread(read, rows, self.city_now()):
            if entry is None:
                self.entries.pop(case.id, None)
            else:
                self.entries[case.id] = entry
            self.moves[case.number] = self.moves.get(case.number, 0) + 1
        self.edition += 1
        if len(self.moves) > MOVES:
            self.moves.clear()

    async def reached(self, as_of: datetime) -> None:
        """Read all anew under another pack, and once a day, so that what was closed long ago is forgotten."""
        old = self.tidied is not None and as_of - self.tidied > timedelta(days=1)
        if self.city is not None and (old or self.city is not self.city_now()):
            await self.load()
        self.ready.set()


def entry_of(case: Case, city: City) -> Entry | None:
    """Return the case as lists find it; None for what stands in none."""
    if case.classification is None or not public(case, city) or case.status not in OPEN | {Status.CLOSED}:
        return None
    place = point(case, city)
    closed_at = case.closed_at or case.since
    return Entry(
        number=case.number,
        status=case.status,
        category=sys.intern(case.classification.category),
        grid=sys.intern(case.classification.grid) if case.classification.grid else None,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        reported_at=case.reported_at.timestamp(),
        due=case.resolve_by.timestamp() if case.resolve_by else NEVER,
        missed=case.overdue,
        closed_at=closed_at.timestamp() if case.status is Status.CLOSED else NEVER,
    )


def read(documents: Iterable[Document], city: City) -> list[tuple[Case, Entry | None]]:
    cases = (load(document["body"]) for document in documents)
    return [(case, entry_of(case, city)) for case in cases]
