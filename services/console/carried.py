"""What the row of a case carries for the figures: a short text of what the case remembers of its times and of its present round.

Times of the clock are whole seconds since 1970 (0: not yet), lengths of time are buckets of the view `times`. What a case has forgotten,
because it was reopened or reworked, is in the view `past`.
"""

from datetime import datetime
from typing import NamedTuple, Self

from services.console.views.rates import standing
from services.console.views.times import MEASURES, STAGES, bucket
from shared.case import Case, Status

MEASURED = (*MEASURES, *STAGES)  # all times that are measured, in the order of the table's columns
REMEMBERED = ("assignment", "acceptance", "response", "resolution", "accept", "dispatch", "handle")
STANDING = ("assessed", "contacted", "answered", "due_first", "done_first", "due_current", "done_current")  # bits, the first the lowest


def seconds(at: datetime | None) -> int:
    """Return whole seconds since 1970, 0 for no time."""
    return int(at.timestamp()) if at else 0


def bits(case: Case) -> int:
    """Return what the present round of a case counts in the rates, one bit for each of STANDING."""
    counts = standing(case)
    return sum(1 << place for place, name in enumerate(STANDING) if counts.get(name))


def remembered(case: Case) -> dict[str, str]:
    """Return the bucket of each time that can be told from what the case is now; a late entry may have measured another."""
    first = case.reopenings == 0
    ends: dict[str, tuple[datetime | None, datetime | None]] = {
        "assignment": (case.reported_at, case.assigned_at if first else None),
        "acceptance": (case.assigned_at, case.accepted_at if first else None),
        "response": (case.reported_at, case.accepted_at if first else None),
        "resolution": (case.reported_at, case.completed_at if case.status is Status.CLOSED else None),
        "accept": (case.reported_at, case.triaged_at),
        "dispatch": (case.clock_from, case.assigned_at),
        "handle": (case.clock_from, case.completed_at),
    }
    return {what: bucket(max(0.0, (end - start).total_seconds())) for what, (start, end) in ends.items() if start and end}


class Carried(NamedTuple):
    """What the text says."""

    reported: int
    closed: int  # 0 unless the case is closed now
    began: int  # the present round: the filing, or the last reopening
    done: int  # the completion of the present round
    standing: int
    named: bool  # whether the reporter left a contact
    round: int  # how often it was reopened
    remembered: dict[str, str]

    @classmethod
    def of(cls, case: Case) -> Self:
        closed = case.closed_at if case.status is Status.CLOSED else None
        return cls(
            reported=seconds(case.reported_at),
            closed=seconds(closed),
            began=seconds(case.clock_from),
            done=seconds(case.completed_at),
            standing=bits(case),
            named=case.reporter is not None,
            round=case.reopenings,
            remembered=remembered(case),
        )

    @property
    def text(self) -> str:
        plain = (self.reported, self.closed, self.began, self.done, self.standing, int(self.named), self.round)
        return ",".join([*map(str, plain), *(self.remembered.get(what, "") for what in REMEMBERED)])

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what a text that was saved says."""
        parts = text.split(",")
        reported, closed, began, done, standing, named, round = map(int, parts[:7])
        kept = {what: bucket for what, bucket in zip(REMEMBERED, parts[7:], strict=True) if bucket}
        return cls(reported, closed, began, done, standing, bool(named), round, kept)
