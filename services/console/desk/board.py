"""The cases of the city as the desk shows them, in the memory of each console process, and what has changed on them lately.

Each change has a number. Whoever has the board as of one number gets from `since` what makes it the board of now: of what they may see
alone, for a change remembers by whom the case could be seen before.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from secrets import token_hex
from typing import NamedTuple

from services.console.desk.rows import Entry

REMEMBERED = 20_000  # changes
Marks = frozenset[str]


class Change(NamedTuple):
    """That a row has changed: by whom it could be seen before, nobody if it was not there."""

    id: str
    before: tuple[str, ...]


class Changes(NamedTuple):
    """What makes a board of before the board of now."""

    changed: list[Entry]
    gone: list[str]


@dataclass
class Board:
    """The rows by case, and the last changes. Not safe for threads."""

    remembered: int = REMEMBERED
    entries: dict[str, Entry] = field(default_factory=dict)
    seq: int = 0
    epoch: str = field(default_factory=lambda: token_hex(4))
    moved: asyncio.Event = field(default_factory=asyncio.Event)  # set, and replaced by a new one, when something has changed
    latest: deque[Change] = field(init=False)

    def __post_init__(self) -> None:
        self.latest = deque(maxlen=self.remembered)

    def fill(self, entries: Iterable[Entry]) -> None:
        """Put rows on a board that nobody has seen yet."""
        self.entries.update((entry.id, entry) for entry in entries)

    def put(self, entries: Iterable[Entry], ended: Iterable[str] = ()) -> None:
        """Replace these rows, and take those off that have ended."""
        for entry in entries:
            old = self.entries.get(entry.id)
            if old != entry:
                self.entries[entry.id] = entry
                self.note(entry.id, old)
        for id in ended:
            old = self.entries.pop(id, None)
            if old is not None:
                self.note(id, old)

    def note(self, id: str, old: Entry | None) -> None:
        self.seq += 1
        self.latest.append(Change(id, old.marks if old else ()))

    def publish(self) -> None:
        """Wake up whoever waits for a change."""
        self.moved.set()
        self.moved = asyncio.Event()

    def seen_by(self, marks: Marks) -> list[Entry]:
        """Return the rows that somebody who reaches these marks may see."""
        return [entry for entry in self.entries.values() if not marks.isdisjoint(entry.marks)]

    def since(self, seq: int, marks: Marks) -> Changes | None:
        """Return what has changed since a number for somebody who reaches these marks; None if that is too long ago."""
        if not self.seq - len(self.latest) <= seq <= self.seq:
            return None
        changed, gone = list[Entry](), list[str]()
        for id, before in self.first(self.seq - seq):
            entry = self.entries.get(id)
            if entry is not None and not marks.isdisjoint(entry.marks):
                changed.append(entry)
            elif not marks.isdisjoint(before):
                gone.append(id)
        return Changes(changed, gone)

    def first(self, count: int) -> Iterator[Change]:
        """Yield the first change of each case among the last `count`."""
        told = {change.id: change for change in islice(reversed(self.latest), count)}  # the later ones come first and are replaced
        return iter(told.values())
