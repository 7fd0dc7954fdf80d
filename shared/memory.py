"""What a process remembers of a partition while the partition is its own.

A row stays until it is saved; saved rows leave when there are too many, the longest unused first, or with the partition.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.access import marks_of
from shared.case import EPOCH, Case
from shared.city import City
from shared.service import Fields, Service

NOT_SAVED = -1


def fingerprint(key: bytes | None, value: bytes | None) -> str:
    """Return what tells one message from every other."""
    return hashlib.sha256((key or b"") + b"\0" + (value or b"")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Taken:
    """A message as the log gave it; `ack` tells the log that it need not come again."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    ack: Callable[[], None]


@dataclass(slots=True)
class CaseRow:
    """A case as folded up to `offset`, and when to look at it again; `revision` tells a flush whether it has changed meanwhile."""

    case: Case
    offset: int
    due: datetime | None = None
    settled: bool = False
    revision: int = 0
    kept: tuple[Case, City, Fields] | None = None

    def changed(self) -> None:
        self.revision += 1

    def fields(self, service: Service, city: City) -> Fields:
        """Return what the case is found by; made once for each state of the case: many looks ask for it."""
        if self.kept is None or self.kept[0] is not self.case or self.kept[1] is not city:
            self.kept = self.case, city, found_by(service, self.case, city)
        return self.kept[2]


def found_by(service: Service, case: Case, city: City) -> Fields:
    """Return what a saved case is found by: the service's own fields, and the marks by which people reach it."""
    return {**service.fields(case, city), "marks": sorted(marks_of(case, city))}


@dataclass(slots=True)
class ViewRow:
    """A row of a view; `content` is replaced, never changed. `saved` is the offset that the store has, for compare-and-set."""

    content: dict[str, Any] | None
    offset: int = NOT_SAVED
    saved: int = NOT_SAVED


RowKey = tuple[str, str]  # view, key


@dataclass(slots=True)
class Held:
    """One partition from its assignment to its loss. Nothing of it outlives that."""

    partition: int
    next: int  # the offset to fold next
    end: int  # catching up ends here
    mark: str | None = None  # fingerprint of the last event folded
    caught: bool = False
    cases: OrderedDict[str, CaseRow] = field(default_factory=OrderedDict)
    dirty: dict[str, CaseRow] = field(default_factory=dict)
    rows: OrderedDict[RowKey, ViewRow] = field(default_factory=OrderedDict)
    dirty_rows: dict[RowKey, ViewRow] = field(default_factory=dict)
    unacked: list[Taken] = field(default_factory=list)
    muted: dict[str, int] = field(default_factory=dict)  # facts that came back without effect: at which version of their case
    folded_to: int = 0  # saved progress
    soonest: datetime | None = EPOCH  # nothing is due before
    city: str | None = None  # version of the pack under which all open cases were last looked at
    city_saved: str | None = None
    again: "Again | None" = None  # how far they have been looked at under the pack in force

    def put(self, row: CaseRow) -> None:
        """Remember a row that has changed."""
        row.changed()
        if row.due is not None and (self.soonest is None or row.due < self.soonest):
            self.soonest = row.due
        self.cases[row.case.id] = row
        self.cases.move_to_end(row.case.id)
        self.dirty[row.case.id] = row

    def put_row(self, key: RowKey, changed: ViewRow) -> None:
        """Remember a view row that has changed. A row in memory stays the same object: a flush may be about to say what it saved of it."""
        row = self.rows.setdefault(key, changed)
        if row.offset == changed.offset and row is not changed:
            return  # the fold had seen the event
        row.content, row.offset = changed.content, changed.offset
        if row.offset != row.saved:
            self.rows.move_to_end(key)
            self.dirty_rows[key] = row

    def evict(self, most: int) -> None:
        """Forget saved rows until at most `most` cases and as many view rows are left, or only unsaved ones."""
        for rows, dirty in ((self.cases, self.dirty), (self.rows, self.dirty_rows)):
            oldest = [key for key, _ in zip(rows, range(max(0, len(rows) - most)), strict=False)]
            for key in oldest:
                if key not in dirty:
                    del rows[key]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Again:
    """How far the open cases of a partition have been looked at again: those that wait for something, then those that wait for nobody."""

    city: str
    settled: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one flush saves of one partition, taken without an await in between."""

    held: Held
    cases: tuple[tuple[CaseRow, int, dict[str, Any]], ...]  # row, revision, document
    rows: tuple[tuple[RowKey, ViewRow, int, int, dict[str, Any]], ...]  # key, row, saved offset, new offset, document
    next: int
    mark: str | None
    acking: tuple[Taken, ...]
    city: str | None = None  # as in Held

    def saved(self) -> None:
        """The store has it all: what has not changed since is clean."""
        for row, revision, _ in self.cases:
            if row.revision == revision and self.held.dirty.get(row.case.id) is row:
                del self.held.dirty[row.case.id]
        for key, view_row, _, offset, _ in self.rows:
            view_row.saved = offset
            if view_row.offset == offset and self.held.dirty_rows.get(key) is view_row:
                del self.held.dirty_rows[key]
        self.held.folded_to, self.held.city_saved = self.next, self.city
