"""Missed deadlines, and how far up the ladder they have brought a case.

The level that a case owes is computed from what it is now, so each step is taken once, in whatever order and however late it is noticed.
While a case is paused its clock stands still: nothing is missed and nothing climbs.
"""

from datetime import datetime

from shared.case import ALLOWED, Case, missed_key
from shared.city import City
from shared.events import CaseEscalated, DeadlineMissed
from shared.terms import Limit

CLOCKED = ALLOWED["deadline.missed"]  # where the clock runs against the city
RESPOND_LEVEL = 1  # where a case is at least known once nobody answered in time


def top(city: City) -> int:
    """Return the highest level of the ladder."""
    return len(city.levels) - 1


def missed(case: Case, now: datetime) -> list[DeadlineMissed]:
    """Return the deadlines that have passed and that nobody has stated yet."""
    return [
        DeadlineMissed.of(case, at=now, by="dispatch", id=f"{case.id}/missed/{missed_key(which, at)}", which=which, deadline=at)
        for which, at in (("respond", respond_by(case)), ("resolve", resolve_by(case)))
        if at is not None and at <= now
    ]


def respond_by(case: Case) -> datetime | None:
    """Return by when somebody must take the case on, unless that happened or was missed."""
    if case.respond_by is None or case.accepted_at is not None:
        return None
    return None if missed_key("respond", case.respond_by) in case.missed else case.respond_by


def resolve_by(case: Case) -> datetime | None:
    """Return by when the case must be handled, unless that was missed."""
    return None if case.overdue else case.resolve_by


def owed(case: Case, city: City, now: datetime) -> int:
    """Return the level that the missed deadlines demand by now; never above the top."""
    level = RESPOND_LEVEL if case.respond_by and missed_key("respond", case.respond_by) in case.missed else 0
    passed = [step for at, step in steps(case, city) if at <= now] if case.overdue else []
    return min(max([level, *passed]), top(city))


def steps(case: Case, city: City) -> list[tuple[datetime, int]]:
    """Return when the case reaches each level that it is still below, measured on its own clock."""
    if case.classification is None or case.resolve_by is None:
        return []
    return [
        (beyond(case.resolve_by, case.classification.limit, step.share - 1, city), step.level)
        for step in city.steps
        if step.share >= 1 and case.level < step.level <= top(city)
    ]


def beyond(deadline: datetime, limit: Limit, share: float, city: City) -> datetime:
    """Return when a further `share` of `limit` has been used up after `deadline`."""
    return city.calendar.add(deadline, limit, share) if share > 0 else deadline


def climb(case: Case, level: int, now: datetime, en: str, zh: str) -> CaseEscalated:
    return CaseEscalated.of(case, at=now, by="dispatch", level=level, reason=f"{en} / {zh}")


def moments(case: Case, city: City) -> list[datetime]:
    """Return when the clock will next call for something; what has passed is still in the list."""
    waiting = [at for at in (respond_by(case), resolve_by(case)) if at is not None]
    return [*waiting, *(at for at, _ in steps(case, city))]
