"""The four times of a case, counted again while the log is folded, to be held against the console's histograms."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from deploy.check.fold import Case

Times = dict[tuple[str, str], int]  # measure and bucket: how many times fell into it


def bounds(first: float = 1.0, ratio: float = 1.1, steps: int = 220) -> list[float]:
    """Return the upper bounds of the histograms in seconds: each a tenth more than the one before."""
    found = [first]
    for _ in range(steps):
        found.append(found[-1] * ratio)
    return found


BOUNDS = bounds()


class Before(NamedTuple):
    """What a fact may change of the four times."""

    reopened: bool
    assigned: bool
    accepted: bool
    closings: int


@dataclass
class Durations:
    """How many times fell into which bucket, by row of the view: partition, and what cases have in common."""

    counts: dict[str, Times] = field(default_factory=dict)

    @staticmethod
    def before(case: Case) -> Before:
        """Return what must be known of a case before a fact changes it."""
        return Before(case["reopenings"] > 0, case["assigned_at"] is not None, case["accepted_at"] is not None, case["closings"])

    def count(self, partition: int, before: Before, case: Case) -> None:
        """Count the times that ended with the fact that made the case what it is."""
        what = case["classification"]
        if what is None:
            return
        if not before.reopened and not before.assigned:
            self.add(partition, case, "assignment", case["reported_at"], case["assigned_at"])
        if not before.reopened and not before.accepted:
            self.add(partition, case, "acceptance", case["assigned_at"], case["accepted_at"])
            self.add(partition, case, "response", case["reported_at"], case["accepted_at"])
        if case["closings"] > before.closings:
            self.add(partition, case, "resolution", case["reported_at"], case["completed_at"])

    def add(self, partition: int, case: Case, measure: str, start: datetime | None, end: datetime | None) -> None:
        if start is None or end is None:
            return
        seconds = max(0.0, (end - start).total_seconds())
        bucket = str(min(bisect_left(BOUNDS, seconds), len(BOUNDS) - 1))
        what = case["classification"]
        row = f"{partition}/" + "\t".join((what["group"], what["grade"], case["department"] or ""))
        times = self.counts.setdefault(row, {})
        times[measure, bucket] = times.get((measure, bucket), 0) + 1
