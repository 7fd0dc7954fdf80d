"""What cases take from filing to completion, by type and grid, by type and by grade: the history behind the promise to a resident.

One row holds the cases that were filed in one month (UTC): a histogram of how long the finished ones took, and how many are still open.
Those count too: the quantiles are of the product-limit estimator (Kaplan and Meier 1958), in which an open case has taken at least as
long as it is old. So a month that has only just begun does not look quick because its slow cases are not finished yet.

The buckets are those of `times`: a quantile is within 5 % of the exact one, and rows of several partitions add up. Open cases of a row
are taken to be equally old, as old as they are on average. A case that is rejected, withdrawn or merged stops counting; one that is
reopened is open again, and in the end has taken all the time from its filing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import sqrt
from operator import attrgetter
from typing import Any, Literal, NamedTuple

from services.console.views.times import BOUNDS, WIDTH, bucket
from shared.case import ENDS, Case
from shared.city import City
from shared.service import Fold, View

By = Literal["grid", "type", "grade"]

ENOUGH = 20  # cases that a promise rests on; with fewer the next wider kind is asked
MONTHS = 12  # of filing that are looked at, the present one included
ENTERED_AFTER = 180.0  # seconds; types of which half take less are entered once the work is done, and nothing is promised
MEDIAN, MOST = 0.5, 0.9
DECISIVE = attrgetter("triaged_at", "completed_at", "classification")  # of a case; most facts change none of it


class Taken(NamedTuple):
    """What a case adds to the rows: its kinds with their month, when it was filed (seconds since 1970), how long it took if it is done."""

    keys: tuple[str, ...]
    filed: int
    bucket: str | None


class Expected(NamedTuple):
    """Seconds that half and nine tenths of like cases take, if known; how these are alike, and how many they are, open ones included."""

    by: By
    cases: int
    median: float | None
    most: float | None


def kinds(category: str, grid: str | None, grade: str) -> dict[By, str]:
    """Return what a case is like, the closest first."""
    return {"grid": f"grid\t{category}\t{grid or ''}", "type": f"type\t{category}", "grade": f"grade\t{grade}"}


def key_of(kind: str, month: str) -> str:
    return f"{kind}\t{month}"


def months_until(now: datetime) -> list[str]:
    """Return the months that are looked at, the present one first."""
    number = now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - 1
    return [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(number, number - MONTHS, -1)]


def took(filed: datetime, done: datetime | None, of: Mapping[By, str]) -> Taken:
    """Return what a case that is like these adds, done or not."""
    utc = filed.astimezone(UTC)
    month = f"{utc.year:04d}-{utc.month:02d}"
    length = None if done is None else bucket(max(0.0, (done - filed).total_seconds()))
    return Taken(tuple(key_of(kind, month) for kind in of.values()), int(filed.timestamp()), length)


def taken(case: Case) -> Taken | None:
    """Return what the case adds; nothing before it is filed, and nothing if it came to another end."""
    what = case.classification
    if what is None or case.triaged_at is None or case.status in ENDS:
        return None
    return took(case.triaged_at, case.completed_at, kinds(what.category, what.grid, str(what.grade)))


def keys(fold: Fold, city: City) -> Iterable[str]:
    if (fold.before.status in ENDS) is (fold.after.status in ENDS) and DECISIVE(fold.before) == DECISIVE(fold.after):
        return ()
    before, after = taken(fold.before), taken(fold.after)
    return () if before == after else dict.fromkeys([*(before.keys if before else ()), *(after.keys if after else ())])


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    """Take out what the case added before, and put in what it adds now."""
    for one, step in ((taken(fold.before), -1), (taken(fold.after), 1)):
        if one is not None and key in one.keys:
            row = counted(row, key, one, step)
    return row or counted(None, key, Taken((), 0, None), 0)


def counted(row: dict[str, Any] | None, key: str, one: Taken, step: int) -> dict[str, Any]:
    """Return the row with a case more (step 1) or less (-1)."""
    old = row or {"of": key, "done": {}, "open": 0, "since": 0}
    if one.bucket is None:
        return {**old, "open": old["open"] + step, "since": old["since"] + step * one.filed}
    done = {**old["done"], one.bucket: old["done"].get(one.bucket, 0) + step}
    return {**old, "done": {index: count for index, count in done.items() if count}}


expected = View("expected", keys=keys, change=change, indexes=(("of",),))


def asked(of: Mapping[By, str], now: datetime) -> list[str]:
    """Return the texts of the rows that tell what is expected of a case like these."""
    return [key_of(kind, month) for kind in of.values() for month in months_until(now)]


def foretold(rows: Iterable[Mapping[str, Any]], of: Mapping[By, str], now: datetime) -> Expected | None:
    """Return what to expect, from the closest kind with enough cases.

    None if no kind has, if most of its cases are still open, so that half is not known, or if they are entered once the work is done.
    """
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_kind.setdefault(row["of"].rpartition("\t")[0], []).append(row)
    for by, kind in of.items():
        found = expectation(by, by_kind.get(kind, ()), now)
        if found is not None:
            return found if found.median is not None and found.median >= ENTERED_AFTER else None
    return None


def expectation(by: By, rows: Iterable[Mapping[str, Any]], now: datetime) -> Expected | None:
    """Return what the rows of one kind foretell, None if they hold too few cases.

    A share p of n cases is taken as p (n + 1) / n, so that it is the next case that is done in time with probability p (the rank of
    split conformal prediction), which matters while n is small.
    """
    done, still = Counter[int](), Counter[int]()
    for row in rows:
        done.update({int(index): count for index, count in row["done"].items()})
        if row["open"]:
            age = now.timestamp() - row["since"] / row["open"]
            still[int(bucket(max(0.0, age)))] += row["open"]
    number = done.total() + still.total()
    if number < ENOUGH:
        return None
    median, most = (within(done, still, share * (number + 1) / number) for share in (MEDIAN, MOST))
    return Expected(by, number, median, most)


def within(done: Mapping[int, int], still: Mapping[int, int], share: float) -> float | None:
    """Return the seconds within which `share` of the cases are done, None if too many are still open to say so.

    `done` counts finished cases by the bucket of their time, `still` open ones by the bucket of their age. An open case is at risk
    through its bucket. The answer is the geometric middle of the bucket in which the estimator reaches the share.
    """
    at_risk, open_share = sum(done.values()) + sum(still.values()), 1.0
    for index in sorted({*done, *still}):
        open_share *= 1 - done.get(index, 0) / at_risk
        if 1 - open_share >= share - 1e-9:
            return BOUNDS[index] / sqrt(WIDTH) if index else BOUNDS[0]
        at_risk -= done.get(index, 0) + still.get(index, 0)
    return None
