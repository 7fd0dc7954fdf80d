"""What is due next of an open case, and when: of all that is still owed what comes first, however long ago it was due.

Each limit runs on a clock of its own. `half` and `most` say when 50 % and 80 % of it are used up on that clock: of the work by the clock
of the case, which stands still while it is paused; of everything else by the calendar alone.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from shared.case import CLOCKED, Case, Status
from shared.city import City
from shared.deadline import moment
from shared.demands import category_of
from shared.stages import stage_of
from shared.terms import Clock, Limit

What = Literal["answer", "verify", "respond", "dispatch", "resolve", "check", "look"]
HALF, MOST = 0.5, 0.8
STRAIGHT = {Clock.URGENT_HOURS: timedelta(hours=1), Clock.NATURAL_DAYS: timedelta(days=1)}  # clocks that never stand still


class Due(NamedTuple):
    """What is due, in whole seconds since 1970; `half` and `most` are None if it is not known when the limit began."""

    at: int
    what: What
    clock: Clock
    half: int | None
    most: int | None


class Owed(NamedTuple):
    """What is owed by when, on which clock, and when a share of its limit is used up."""

    at: datetime
    what: What
    clock: Clock
    used_up: Callable[[float], datetime | None]


def whole(at: datetime) -> int:
    """Return whole seconds since 1970."""
    return int(at.timestamp())


def next_due(case: Case, city: City) -> Due | None:
    """Return what is due first of all that is still owed; None if nothing of the case has a time."""
    first = min(owed(case, city), key=lambda one: one.at, default=None)
    if first is None:
        return None
    half, most = first.used_up(HALF), first.used_up(MOST)
    return Due(whole(first.at), first.what, first.clock, whole(half) if half else None, whole(most) if most else None)


def owed(case: Case, city: City) -> Iterator[Owed]:
    """Yield everything that the case waits for by a certain time."""
    if case.status is Status.REPORTED and case.verify_by is not None and not case.looked:
        yield look_before(case.verify_by, city)
    if case.status is Status.ASSIGNED and case.answer_by is not None:
        yield straight("answer", case.since, case.answer_by, Clock.URGENT_HOURS)
    if case.status is Status.PAUSED and case.look_again_at is not None:
        yield straight("look", case.paused_at or case.since, case.look_again_at, Clock.NATURAL_DAYS)
    if case.status in CLOCKED and case.classification is not None:
        if case.respond_by is not None and case.accepted_at is None:
            yield run("respond", answered_from(case), respond_limit(case, city), case.respond_by, city)
        if case.resolve_by is not None:
            clock = case.classification.limit.clock
            yield Owed(case.resolve_by, "resolve", clock, lambda share: moment(case, city.calendar, share))
    stage = stage_of(case, city)
    if stage is not None:
        what: What = "dispatch" if stage.which == "dispatch" else "check"
        yield run(what, stage.start, stage.limit, city.calendar.add(stage.start, stage.limit), city)


def look_before(at: datetime, city: City) -> Owed:
    """Return by when somebody must have looked before filing; the case does not say when they were asked."""
    limit = city.verify_within
    unit = STRAIGHT.get(limit.clock)
    return straight("verify", at - limit.amount * unit, at, limit.clock) if unit else Owed(at, "verify", limit.clock, lambda share: None)


def answered_from(case: Case) -> datetime:
    """Return since when the reporter waits for somebody to take the case on: the report, or its reopening."""
    return case.clock_from if case.reopenings and case.clock_from else case.reported_at


def respond_limit(case: Case, city: City) -> Limit:
    what, category = case.classification, category_of(case, city)
    if what is None:
        raise ValueError(f"case {case.id} was not classified")
    return city.respond_limit(category, what.condition, what.grade) if category else city.respond_within[what.grade]


def run(what: What, start: datetime, limit: Limit, at: datetime, city: City) -> Owed:
    """Return what is owed when a limit that began at `start` ends, which is `at`."""
    return Owed(at, what, limit.clock, lambda share: min(at, city.calendar.add(start, limit, share)))


def straight(what: What, start: datetime, at: datetime, clock: Clock) -> Owed:
    """Return what is owed at the end of a stretch of time in which no clock stands still."""
    return Owed(at, what, clock, lambda share: start + share * (at - start))
