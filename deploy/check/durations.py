"""The four times of a case and its five stages, counted again while the log is folded, to be held against the console's histograms."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from deploy.check.blank import Case
from deploy.check.members import Fact

Times = dict[tuple[str, str], int]  # measure and bucket: how many times fell into it


def bounds(first: float = 1.0, ratio: float = 1.1, steps: int = 220) -> list[float]:
    """Return the upper bounds of the histograms in seconds: each a tenth more than the one before."""
    found = [first]
    for _ in range(steps):
        found.append(found[-1] * ratio)
    return found


BOUNDS = bounds()


LOOKED = frozenset({"resolution.verified", "resolution.rejected"})
FIRST = ("triaged_at", "assigned_at", "accepted_at")  # of a case, once and for all, or since it was reopened
KNOWN = (*FIRST, "reported_at", "clock_from", "completed_at", "reopenings", "closings")


@dataclass
class Durations:
    """How many times fell into which bucket, by row of the view: partition, and what cases have in common."""

    counts: dict[str, Times] = field(default_factory=dict)

    @staticmethod
    def before(case: Case) -> Case:
        """Return what must be known of a case before a fact changes it."""
        return {member: case[member] for member in KNOWN}

    def count(self, partition: int, before: Case, fact: Fact, case: Case) -> None:
        """Count the times that ended with the fact that made the case what it is; late entries ended them when they really happened."""
        now = fact["true_at"] or fact["at"]
        for measure, start in (*stages(before, fact["type"], case), *firsts(before, case)):
            self.add(partition, case, measure, start, now)
        if case["closings"] > before["closings"]:
            self.add(partition, case, "resolution", case["reported_at"], case["completed_at"])

    def add(self, partition: int, case: Case, measure: str, start: datetime | None, end: datetime | None) -> None:
        if start is None or end is None:
            return
        seconds = max(0.0, (end - start).total_seconds())
        bucket = str(min(bisect_left(BOUNDS, seconds), len(BOUNDS) - 1))
        what = case["classification"] or {"group": "", "grade": ""}
        row = f"{partition}/" + "\t".join((what["group"], what["grade"], case["department"] or ""))
        times = self.counts.setdefault(row, {})
        times[measure, bucket] = times.get((measure, bucket), 0) + 1


def begun(before: Case, case: Case, member: str) -> bool:
    """Whether the fact gave the case a first time of this kind."""
    return before[member] is None and case[member] is not None


def firsts(before: Case, case: Case) -> Iterator[tuple[str, datetime | None]]:
    """Yield the times until a case that was never reopened first had somebody, and from when each runs."""
    if before["reopenings"]:
        return
    if begun(before, case, "assigned_at"):
        yield "assignment", case["reported_at"]
    if begun(before, case, "accepted_at"):
        yield "acceptance", case["assigned_at"]
        yield "response", case["reported_at"]


def stages(before: Case, type: str, case: Case) -> Iterator[tuple[str, datetime | None]]:
    """Yield the stages that ended, and from when each runs."""
    if type == "report.verified":
        yield "verify", before["reported_at"]
    if begun(before, case, "triaged_at"):
        yield "accept", before["reported_at"]
    if begun(before, case, "assigned_at"):
        yield "dispatch", before["clock_from"]
    if type == "work.completed":
        yield "handle", before["clock_from"]
    if type in LOOKED:
        yield "check", before["completed_at"]
