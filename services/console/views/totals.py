"""How many cases are where: the cases of each status, and the overdue ones, by category, grade, department and grid.

Every case counts once under `all` and once in each other kind, under its present value ("" while it has none); an event that
moves it takes it out of one row and puts it into another. So the rows of all partitions added up are exact at any time.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from shared.case import OPEN, Case, Status
from shared.city import City
from shared.service import Fold, View

VALUES: dict[str, Callable[[Case], str | None]] = {
    "all": lambda case: None,
    "category": lambda case: case.classification and case.classification.category,
    "grade": lambda case: case.classification and case.classification.grade,
    "department": lambda case: case.department,
    "grid": lambda case: case.classification and case.classification.grid,
}
KINDS = tuple(VALUES)


def places(case: Case) -> set[str]:
    """Return the keys of the rows in which the case counts; one that nobody has reported counts nowhere."""
    return {f"{kind}/{value(case) or ''}" for kind, value in VALUES.items() if case.status is not Status.UNKNOWN}


def is_overdue(case: Case) -> bool:
    """Whether the present deadline was missed, by the log, and the city still owes the resident something."""
    return bool(case.missed) and case.status in OPEN and case.overdue


def keys(fold: Fold, city: City) -> Iterable[str]:
    """Name the rows in which the event changed a count."""
    if not fold.effective:
        return ()
    before, after = fold.before, fold.after
    if (before.status, is_overdue(before)) != (after.status, is_overdue(after)):
        return sorted(places(before) | places(after))
    if (before.classification, before.department) != (after.classification, after.department):
        return sorted(places(before) ^ places(after))
    return ()


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    """Take the case out of where it counted in this row, and put it where it counts now."""
    kind, _, value = key.partition("/")
    counts: dict[str, int] = dict(row["counts"]) if row else {}
    overdue: int = row["overdue"] if row else 0
    for case, step in ((fold.before, -1), (fold.after, 1)):
        if case.status is not Status.UNKNOWN and (VALUES[kind](case) or "") == value:
            counts[case.status.value] = counts.get(case.status.value, 0) + step
            overdue += step * is_overdue(case)
    kept = {status: count for status, count in sorted(counts.items()) if count}
    return {"kind": kind, "value": value, "counts": kept, "overdue": overdue}


totals = View("totals", keys=keys, change=change, indexes=(("kind",),))


class Tally(NamedTuple):
    """How many cases have each status, and how many of the open ones are overdue."""

    counts: dict[Status, int]
    overdue: int

    def of(self, *statuses: Status) -> int:
        return sum(self.counts.get(status, 0) for status in statuses)

    @property
    def open(self) -> int:
        return self.of(*OPEN)


def added_up(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], Tally]:
    """Return the tally of each (kind, value), over all partitions; what has no case any more is left out."""
    sums: dict[tuple[str, str], Tally] = {}
    for row in rows:
        counts, overdue = sums.get((row["kind"], row["value"]), Tally({}, 0))
        for status, count in row["counts"].items():
            counts[Status(status)] = counts.get(Status(status), 0) + count
        sums[row["kind"], row["value"]] = Tally(counts, overdue + row["overdue"])
    return {key: tally for key, tally in sorted(sums.items()) if any(tally.counts.values())}
