"""What is due next of an open case, and when: of all that is still owed what comes first, however long ago it was due.

Each limit runs on a clock of its own. `half` and `most` say when 50 % and 80 % of it are used up on that clock: of the work by the clock
of the case, which stands still while it is paused; of everything else by the calendar alone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Self

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

    @classmethod
    def of(cls, what: What, at: datetime, clock: Clock, half: datetime | None = None, most: datetime | None = None) -> Self:
        return cls(whole(at), what, clock, whole(half) if half else None, whole(most) if most else None)


def whole(at: datetime) -> int:
    """Return whole seconds since 1970."""
    return int(at.timestamp())


def next_due(case: Case, city: City) -> Due | None:
    """Return what is due first of all that is still owed; None if nothing of the case has a time."""
    return min(owed(case, city), default=None)


def owed(case: Case, city: City) -> Iterator[Due]:
    """Yield everything that the case waits for by a certain time."""
    if case.status is Status.REPORTED and case.verify_by is not None and not case.looked:
        yield look_before(case.verify_by, city)
    if case.status is Status.ASSIGNED and case.answer_by is not None:
        yield straight("answer", case.since, case.answer_by, Clock.URGENT_HOURS)
    if case.status is Status.PAUSED and case.look_again_at is not None:
        yield straight("look", case.paused_at or case.since, case.look_again_at, Clock.NATURAL_DAYS)
    if case.status in CLOCKED and case.respond_by is not None and case.accepted_at is None:
        yield first_response(case, case.respond_by, city)
    if case.status in CLOCKED and case.resolve_by is not None and case.classification is not None:
        clock, calendar = case.classification.limit.clock, city.calendar
        yield Due.of("resolve", case.resolve_by, clock, moment(case, calendar, HALF), moment(case, calendar, MOST))
    yield from stage(case, city)


def stage(case: Case, city: City) -> Iterator[Due]:
    """Yield the end of the stage in which the case is, if it has a clock of its own."""
    found = stage_of(case, city)
    if found is not None:
        what: What = "dispatch" if found.which == "dispatch" else "check"
        yield run(what, found.start, found.limit, city, city.calendar.add(found.start, found.limit))


def look_before(at: datetime, city: City) -> Due:
    """Return by when somebody must have looked before filing; the case does not say when they were asked."""
    limit = city.verify_within
    unit = STRAIGHT.get(limit.clock)
    return straight("verify", at - limit.amount * unit, at, limit.clock) if unit else Due.of("verify", at, limit.clock)


def first_response(case: Case, at: datetime, city: City) -> Due:
    """Return by when somebody must take the case on."""
    what, category = case.classification, category_of(case, city)
    if what is None:
        return Due.of("respond", at, Clock.URGENT_HOURS)
    limit = city.respond_limit(category, what.condition, what.grade) if category else city.respond_within[what.grade]
    start = case.clock_from if case.reopenings and case.clock_from else case.reported_at
    return run("respond", start, limit, city, at)


def run(what: What, start: datetime, limit: Limit, city: City, at: datetime) -> Due:
    """Return what is due when a limit that began at `start` ends, which is `at`."""
    half, most = (min(at, city.calendar.add(start, limit, share)) for share in (HALF, MOST))
    return Due.of(what, at, limit.clock, half, most)


def straight(what: What, start: datetime, at: datetime, clock: Clock) -> Due:
    """Return what is due at the end of a stretch of time in which no clock stands still."""
    return Due.of(what, at, clock, start + HALF * (at - start), start + MOST * (at - start))
