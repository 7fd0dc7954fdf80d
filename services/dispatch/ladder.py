"""Missed deadlines and reminders, and how far up the ladder a case has come.

What a case owes is computed from what it is now, so each step is taken once, in whatever order and however late it is noticed.
Shares are measured on the clock of the case. While it is paused its clock stands still: nothing is missed and nothing climbs.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from shared.calendar import Calendar
from shared.case import CLOCKED, Case, missed_key, reminded_key
from shared.city import City, Person, Role, Step
from shared.deadline import Run, reached, run_of
from shared.events import CaseEscalated, DeadlineMissed, ReminderSent
from shared.places import Recipient
from shared.terms import Grade

RESPOND_LEVEL = 1  # where a case is at least known once nobody answered in time


def top(city: City) -> int:
    """Return the highest level of the ladder."""
    return len(city.levels) - 1


def missed(case: Case, now: datetime) -> list[DeadlineMissed]:
    """Return the public deadlines that have passed and that nobody has stated yet."""
    return [
        statement(case, which, at, now) for which, at in (("respond", respond_by(case)), ("resolve", resolve_by(case))) if at and at <= now
    ]


def statement(case: Case, which: str, at: datetime, now: datetime) -> DeadlineMissed:
    """Word that a deadline was missed: once for each."""
    return DeadlineMissed.of(case, at=now, by="dispatch", id=f"{case.id}/missed/{missed_key(which, at)}", which=which, deadline=at)


def respond_by(case: Case) -> datetime | None:
    """Return by when somebody must take the case on, unless that happened or was missed."""
    if case.status not in CLOCKED or case.respond_by is None or case.accepted_at is not None:
        return None
    return None if case.has_missed("respond", case.respond_by) else case.respond_by


def resolve_by(case: Case) -> datetime | None:
    """Return by when the case must be handled, unless that was missed."""
    return None if case.status not in CLOCKED or case.overdue else case.resolve_by


def owed(case: Case, city: City, now: datetime) -> int:
    """Return the level that the case has come to by now: by its missed deadlines, and one more for each few refusals."""
    return min(late_level(case, city, now) + refused_levels(case, city), top(city))


def late_level(case: Case, city: City, now: datetime) -> int:
    """Return the level that the missed deadlines demand by now."""
    level = RESPOND_LEVEL if case.has_missed("respond", case.respond_by) else 0
    passed = [step.level for at, step in steps(case, city) if at <= now] if case.overdue else []
    return max([level, *passed])


def refused_levels(case: Case, city: City) -> int:
    """Return by how many levels refusals have moved the case up: one for each second one, where the city says so."""
    return case.refusals // city.refusals_to_climb


def why(case: Case, city: City, level: int, now: datetime) -> tuple[str, str]:
    """Say what brings the case to `level`, in English and Chinese."""
    if late_level(case, city, now) < level:
        return f"refused {case.refusals} times", f"已被退回{case.refusals}次"
    return "a deadline was missed", "超过期限"


def steps(case: Case, city: City) -> list[tuple[datetime, Step]]:
    """Return when the case reaches each level that it is still below."""
    ahead = [step for step in city.steps_of(case.grade or Grade.NORMAL) if not step.reminder and case.level < step.level <= top(city)]
    return timed(case, city, ahead)


def reminders(case: Case, city: City) -> list[tuple[datetime, Step]]:
    """Return when the handler is reminded of the present deadline, so far as that has not happened, nor before the case was reopened."""
    if case.status not in CLOCKED or case.resolve_by is None or case.overdue:
        return []
    kept = frozenset(case.reminded)
    still = [
        step
        for step in city.steps_of(case.grade or Grade.NORMAL)
        if step.reminder and reminded_key(step.share, case.resolve_by) not in kept
    ]
    return [(at, step) for at, step in timed(case, city, still) if case.clock_from is None or at > case.clock_from]


def timed(case: Case, city: City, found: list[Step]) -> list[tuple[datetime, Step]]:
    run = run_of(case)
    if run is None:
        return []
    days = Days(city.calendar_version, city.calendar)
    return [(remembered(run, step.share, days), step) for step in found]


@dataclass(frozen=True)
class Days:
    """A calendar; its version stands for it."""

    version: str
    calendar: Calendar = field(compare=False, repr=False)


@lru_cache(maxsize=16_384)
def remembered(run: Run, share: float, days: Days) -> datetime:
    """Return when a share is used up. Asked for at each event of a case, and seldom another answer."""
    return reached(run, days.calendar, share)


def reminded(case: Case, city: City, now: datetime) -> list[ReminderSent]:
    """Return the reminders that are due and were not sent; once the deadline has passed there is nothing left to remind of."""
    if case.resolve_by is None or max(now, case.last_at) >= case.resolve_by:
        return []
    return [
        ReminderSent.of(
            case,
            at=now,
            by="dispatch",
            id=f"{case.id}/reminded/{reminded_key(step.share, case.resolve_by)}",
            share=step.share,
            deadline=case.resolve_by,
            to=recipients(case, step, city),
        )
        for at, step in reminders(case, city)
        if at <= now
    ]


def recipients(case: Case, step: Step, city: City) -> tuple[str, ...]:
    """Return who is reminded; where nobody has the case yet, the head of the department; where it has none, who leads the case's level."""
    found = {case.assignee} if case.assignee and Recipient.HANDLER in step.who else set()
    if Recipient.HEAD in step.who or not found:
        heads = [one for one in city.staff.values() if one.role is Role.UNIT_HEAD and one.department == case.department]
        found |= {one.id for one in heads or leading(case, city)}
    return tuple(sorted(found))


def leading(case: Case, city: City) -> list[Person]:
    """Return who leads the level of the case: where leaders look after grids, the one of its grid."""
    leaders = city.leaders(case.level)
    grid = case.classification.grid if case.classification else None
    return [one for one in leaders if grid in one.grids] or leaders


def climb(case: Case, level: int, now: datetime, en: str, zh: str) -> CaseEscalated:
    return CaseEscalated.of(case, at=now, by="dispatch", level=level, reason=f"{en} / {zh}")


def moments(case: Case, city: City) -> list[datetime]:
    """Return when the clock will next call for something; what has passed is still in the list."""
    waiting = [at for at in (respond_by(case), resolve_by(case)) if at is not None]
    return [*waiting, *(at for at, _ in steps(case, city)), *(at for at, _ in reminders(case, city))]
