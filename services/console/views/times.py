"""How long it takes: the four times and the five stages of a case by category group, grade and department, as histograms that add up.

One row holds the times of the cases that have group, grade and department in common; those of one grade are added up when they are read.

A histogram counts times in buckets of fixed bounds, each 10 % wider than the one before. Its quantile is off by at most 5 % of the true
value (of times of a second and more), and histograms of several partitions add up to that of the whole without further loss.
The bounds are exactly rounded products, not logarithms, so that every machine sorts the same time into the same bucket.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import accumulate, repeat
from math import sqrt
from operator import mul
from typing import Any

from shared.case import Case
from shared.city import City
from shared.events import ReportVerified, ResolutionRejected, ResolutionVerified, WorkCompleted
from shared.service import Fold, View

KINDS = ("group", "grade", "department")
MEASURES = ("assignment", "acceptance", "response", "resolution")
STAGES = ("verify", "accept", "dispatch", "handle", "check")
WIDTH = 1.1  # of a bucket: its upper bound divided by its lower one
BOUNDS = tuple(accumulate(repeat(WIDTH, 220), mul, initial=1.0))  # upper bounds in seconds: from one second to 40 years

Histogram = dict[str, int]  # index of the bucket (a string, as documents want it) -> how many times fell into it


Ended = tuple[str, float, dict[str, str]]  # which time, seconds, and the labels group, grade and department of the case


def durations(fold: Fold) -> list[Ended]:
    """Return the times that the event has ended.

    - assignment: from the report to the first `case.assigned`;
    - acceptance: from that to the first acceptance by a named handler;
    - response: from the report to the first acceptance, the first feedback;
    - resolution: from the report to the completion that led to closing, counted at each closing.

    What happens after a case was reopened is no first time again, only a longer resolution. Times run day and night. A late entry ends
    a time when it really happened.
    """
    before, after, now = fold.before, fold.after, fold.event.happened_at
    ended: list[tuple[str, datetime | None, datetime | None]] = []
    if before.reopenings == 0 and before.assigned_at is None and after.assigned_at is not None:
        ended.append(("assignment", after.reported_at, now))
    if before.reopenings == 0 and before.accepted_at is None and after.accepted_at is not None:
        ended += [("acceptance", after.assigned_at, now), ("response", after.reported_at, now)]
    if after.closings > before.closings:
        ended.append(("resolution", after.reported_at, after.completed_at))
    return measured(fold, ended)


def stages(fold: Fold) -> list[Ended]:
    """Return the stages that the event has ended, each on a clock of its own, day and night; a late entry counts when it really happened.

    - verify (核实): from the report to the word of somebody who looked;
    - accept (受理): from the report to its filing;
    - dispatch (派遣): from the filing, or a reopening, to the first offer to a named handler;
    - handle (处置): from the filing, or a reopening, to each completion; after a failed check it goes on as if it had never stopped;
    - check (核查): from the completion to the word of somebody who looked, good or bad.
    """
    before, after, event = fold.before, fold.after, fold.event
    ended: list[tuple[str, datetime | None]] = []
    if isinstance(event, ReportVerified):
        ended.append(("verify", before.reported_at))
    if before.triaged_at is None and after.triaged_at is not None:
        ended.append(("accept", before.reported_at))
    if before.assigned_at is None and after.assigned_at is not None:
        ended.append(("dispatch", before.clock_from))
    if isinstance(event, WorkCompleted):
        ended.append(("handle", before.clock_from))
    if isinstance(event, ResolutionVerified | ResolutionRejected):
        ended.append(("check", before.completed_at))
    return measured(fold, [(what, start, event.happened_at) for what, start in ended])


def measured(fold: Fold, ended: Iterable[tuple[str, datetime | None, datetime | None]]) -> list[Ended]:
    """Return the lengths of times that have both ends; what was recorded before it was filed took no time."""
    if not fold.effective:
        return []
    marks = labels(fold.after)
    return [(what, max(0.0, (end - start).total_seconds()), marks) for what, start, end in ended if start and end]


def labels(case: Case) -> dict[str, str]:
    """Return the few words that a time is counted under."""
    what = case.classification
    group, grade = (what.group, str(what.grade)) if what else ("", "")
    return {"group": group, "grade": grade, "department": case.department or ""}


def bucket(seconds: float) -> str:
    """Return the bucket of a time."""
    return str(min(bisect_left(BOUNDS, seconds), len(BOUNDS) - 1))


def quantile(histogram: Mapping[str, int], share: float) -> float | None:
    """Return the seconds that `share` of the times do not exceed, or None if there are no times.

    The time of rank ceil(share * count), as the middle (geometric mean) of its bucket, hence within sqrt(1.1) - 1 < 5 % of it.
    """
    total = sum(histogram.values())
    passed = 0
    for index in sorted(map(int, histogram)):
        passed += histogram[str(index)]
        if passed >= share * total:
            return BOUNDS[index] / sqrt(WIDTH) if index else BOUNDS[0]
    return None


def keys(fold: Fold, city: City) -> Iterable[str]:
    """Name the row of the cases that are like this one, if a time has ended."""
    ended = [*durations(fold), *stages(fold)]
    return ("\t".join(ended[0][2].values()),) if ended else ()


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    """Count the times that have ended."""
    old: dict[str, Histogram] = row["times"] if row else {}
    times = {what: dict(histogram) for what, histogram in old.items()}
    for what, seconds, _ in (*durations(fold), *stages(fold)):
        histogram = times.setdefault(what, {})
        histogram[bucket(seconds)] = histogram.get(bucket(seconds), 0) + 1
    return {**labels(fold.after), "times": times}


times = View("times", keys=keys, change=change)


def added_up(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], dict[str, Histogram]]:
    """Return the histograms of all cases, as ("all", ""), and of each group, grade and department, over all partitions."""
    sums: dict[tuple[str, str], dict[str, Histogram]] = {}
    for row in rows:
        for place in (("all", ""), *((kind, row[kind]) for kind in KINDS)):
            of = sums.setdefault(place, {})
            for what, histogram in row["times"].items():
                total = of.setdefault(what, {})
                for index, count in histogram.items():
                    total[index] = total.get(index, 0) + count
    return dict(sorted(sums.items()))
