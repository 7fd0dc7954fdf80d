"""How many cases are where: the cases of each status, and the overdue ones, by category, grade, department and grid.

Every case counts once in each of the four kinds, under its present value ("" while it has none); an event that moves it takes it out
of one place and puts it into another. So what the rows of all partitions add up to is exact at any time.

A row holds all values of one kind: most events change every kind, and four rows are saved sooner than hundreds of small ones.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import itemgetter
from typing import Any, NamedTuple, Self

from shared.case import OPEN, Case, Status
from shared.city import City
from shared.service import Fold, View

VALUES: dict[str, Callable[[Case], str | None]] = {
    "category": lambda case: case.classification.category if case.classification else None,
    "grade": lambda case: case.classification.grade.value if case.classification else None,
    "department": lambda case: case.department,
    "grid": lambda case: case.classification.grid if case.classification else None,
}
KINDS = tuple(VALUES)
Entry = tuple[str, dict[str, int], int]  # a value, how many of its cases have each status, and how many are overdue


def value_of(kind: str, case: Case) -> str | None:
    """Return under which value the case counts; None if nobody has reported it."""
    return None if case.status is Status.UNKNOWN else VALUES[kind](case) or ""


first = itemgetter(0)


def is_overdue(case: Case) -> bool:
    """Whether the present deadline was missed, by the log, and the city still owes the resident something."""
    return case.status in OPEN and case.overdue


def keys(fold: Fold, city: City) -> Iterable[str]:
    """Name the kinds in which the event changed a count."""
    if not fold.effective:
        return ()
    before, after = fold.before, fold.after
    if (before.status, is_overdue(before)) != (after.status, is_overdue(after)):
        return KINDS
    return [kind for kind in KINDS if value_of(kind, before) != value_of(kind, after)]


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    """Take the case out of where it counted, and put it where it counts now. Entries are in order of their values."""
    entries = list(row["entries"]) if row else []
    for case, step in ((fold.before, -1), (fold.after, 1)):
        value = value_of(key, case)
        if value is None:
            continue
        at = bisect_left(entries, value, key=first)
        found = at < len(entries) and entries[at][0] == value
        _, counts, overdue = entries[at] if found else (value, {}, 0)
        moved = {**counts, case.status.value: counts.get(case.status.value, 0) + step}
        kept = {status: count for status, count in sorted(moved.items()) if count}
        entries[at : at + found] = [[value, kept, overdue + step * is_overdue(case)]] if kept else []
    return {"kind": key, "entries": entries}


totals = View("totals", keys=keys, change=change)


class Tally(NamedTuple):
    """How many cases have each status, and how many of the open ones are overdue."""

    counts: dict[str, int]
    overdue: int

    def plus(self, other: Self) -> Self:
        statuses = {*self.counts, *other.counts}
        counts = {status: self.counts.get(status, 0) + other.counts.get(status, 0) for status in statuses}
        return self._replace(counts=counts, overdue=self.overdue + other.overdue)

    def of(self, *statuses: Status) -> int:
        return sum(self.counts.get(status, 0) for status in statuses)

    @property
    def open(self) -> int:
        return self.of(*OPEN)


def added_up(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Tally]:
    """Return the tally of each (kind, value), over all partitions; what has no case any more is left out."""
    sums: dict[tuple[str, str], Tally] = {}
    for row in rows:
        for value, counts, overdue in row["entries"]:
            tally = sums.get((row["kind"], value), Tally({}, 0))
            sums[row["kind"], value] = tally.plus(Tally(counts, overdue))
    return dict(sorted(sums.items()))


def everything(sums: Mapping[tuple[str, str], Tally]) -> Tally:
    """Return the tally of all cases: those of any grade, and of none."""
    return reduce(Tally.plus, (tally for (kind, _), tally in sums.items() if kind == "grade"), Tally({}, 0))
