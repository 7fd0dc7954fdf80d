"""When a share of a case's limit is used up, on the clock of the case: pauses do not count, nights not for work hours.

The limit runs from `clock_from`; of a reopened case a share of it was `spent` before. The deadline of a case that was never extended is
where its limit ends; an extension makes the limit as long as the clock of the case runs until the new deadline.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.calendar import Calendar
from shared.case import Case
from shared.terms import Clock, Limit

Pauses = Iterable[tuple[datetime, datetime]]
ROUNDING = 1e-6  # of an hour or a day: less is none


def ends(start: datetime, limit: Limit, pauses: Pauses, calendar: Calendar, share: float = 1.0) -> datetime:
    """Return when `share` of `limit`, begun at `start`, is used up, in UTC; `pauses` are in order of time and do not overlap."""
    left, since = limit.amount * share, start
    for begun, ended in pauses:
        ran = calendar.elapsed(since, begun, limit.clock)
        if ran >= left - ROUNDING:
            break
        left, since = left - ran, max(ended, since)
    return calendar.add(since, Limit(amount=left, clock=limit.clock))


def ran(start: datetime, end: datetime, clock: Clock, pauses: Pauses, calendar: Calendar) -> float:
    """Return how much of `clock`, in its own unit, ran between the two beside the pauses."""
    stood = sum(calendar.elapsed(max(begun, start), min(ended, end), clock) for begun, ended in pauses)
    return max(0.0, calendar.elapsed(start, end, clock) - stood)


@dataclass(frozen=True)
class Run:
    """The clock of a case that is running: from when, how long, when it stood still, and when it ends by now."""

    start: datetime
    amount: float
    clock: Clock
    pauses: tuple[tuple[datetime, datetime], ...]
    deadline: datetime
    extended: bool
    spent: float  # share of the limit that was used up before `start`


def run_of(case: Case) -> Run | None:
    """Return the clock of the case; None while it is paused, or before it was filed."""
    if case.classification is None or case.resolve_by is None or case.clock_from is None or case.paused_at is not None:
        return None
    limit = case.classification.limit
    return Run(case.clock_from, limit.amount, limit.clock, case.pauses, case.resolve_by, case.extensions > 0, case.spent)


def moment(case: Case, calendar: Calendar, share: float) -> datetime | None:
    """Return when `share` of the time until the present deadline is used up; None while it is paused, or before it was filed."""
    run = run_of(case)
    return reached(run, calendar, share) if run else None


def reached(run: Run, calendar: Calendar, share: float) -> datetime:
    """Return when `share` of the time until the deadline is used up; `run.start` if it was before then."""
    if share == 1.0:
        return run.deadline
    before = run.spent * run.amount
    whole = before + ran(run.start, run.deadline, run.clock, run.pauses, calendar) if run.extended else run.amount
    left = share * (whole or run.amount) - before
    return ends(run.start, Limit(amount=left, clock=run.clock), run.pauses, calendar) if left > ROUNDING else run.start


def used(case: Case, calendar: Calendar, now: datetime) -> float | None:
    """Return what share of the time until the present deadline is used up at `now`; while it is paused, at its beginning."""
    if case.classification is None or case.resolve_by is None or case.clock_from is None:
        return None
    clock, before = case.classification.limit.clock, case.spent * case.classification.limit.amount
    whole = before + ran(case.clock_from, case.resolve_by, clock, case.pauses, calendar)
    at = min(now, case.paused_at) if case.paused_at else now
    return (before + ran(case.clock_from, at, clock, case.pauses, calendar)) / whole if whole else 1.0


def limit_ends(case: Case, limit: Limit, calendar: Calendar) -> datetime | None:
    """Return when `limit` is used up on the clock of the case, as much of it gone before as of its own; None if its clock never began."""
    return None if case.clock_from is None else ends(case.clock_from, limit, case.pauses, calendar, 1 - case.spent)


def corrected(case: Case, calendar: Calendar) -> datetime | None:
    """Return the deadline under `calendar`; None if it was set by a person, or there is none."""
    if case.classification is None or case.clock_from is None or case.resolve_by is None or case.extensions:
        return None
    return limit_ends(case, case.classification.limit, calendar)


def resumed_deadline(case: Case, at: datetime, calendar: Calendar) -> datetime | None:
    """Return the deadline of a paused case whose clock runs again from `at`, with exactly what was left of it when it was paused."""
    if case.classification is None or case.resolve_by is None or case.paused_at is None:
        return None
    clock = case.classification.limit.clock
    left = calendar.elapsed(case.paused_at, case.resolve_by, clock)
    return max(case.resolve_by, calendar.add(at, Limit(amount=left, clock=clock))) if left > ROUNDING else case.resolve_by
