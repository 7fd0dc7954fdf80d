"""Dispatch finds somebody for each triaged case, watches the clocks, and lets a case climb when nobody keeps them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.dispatch import ladder, nearby
from services.dispatch.candidates import loads, members, on_duty
from services.dispatch.correction import corrections
from services.dispatch.matching import whom
from services.dispatch.stages import stage_deadlines, stages_missed
from shared.case import CLOCKED, IN_HAND, IN_WORK, OPEN, Case, Status, evolve
from shared.city import City, Person
from shared.events import AnyEvent, AssignmentExpired, CaseAssigned
from shared.service import Fields, Query, World
from shared.terms import Grade

WATCHED = CLOCKED | {Status.COMPLETED}  # where dispatch keeps a clock
ROOM_AGAIN = timedelta(seconds=60)  # when all are busy, somebody may have room by then
QUARTER = timedelta(minutes=15)  # shifts begin on quarter hours


def decide(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Correct the deadlines, state those missed, remind of the others, then take the one step that the case needs."""
    if case.status not in WATCHED:
        return []
    facts: list[AnyEvent] = list(corrections(case, world.city, now)) if case.status in CLOCKED else []
    case = evolve(case, facts[0]) if facts else case
    owed: list[AnyEvent] = [*ladder.missed(case, now), *stages_missed(case, world.city, now), *ladder.reminded(case, world.city, now)]
    for fact in owed:
        case = evolve(case, fact)
    return [*facts, *owed, *step(case, world, now)]


def step(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Climb, end an offer, or make one."""
    level = ladder.owed(case, world.city, now)
    if case.status in CLOCKED and level > case.level:
        return [ladder.climb(case, level, now, *ladder.why(case, world.city, level, now))]
    if case.status is Status.ASSIGNED and case.answer_by is not None and now >= case.answer_by:
        return [AssignmentExpired.of(case, at=now, by="dispatch")]
    return offer(case, world, now) if case.status is Status.TRIAGED else []


def offer(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Ask the best person who was not asked yet; once enough were asked, let the next level look at it."""
    city = world.city
    if exhausted(case, city, on_duty(case, city, now)):
        if case.level >= ladder.top(city):
            return []  # an operator must decide
        return [ladder.climb(case, case.level + 1, now, "nobody took it on", "无人接单")]
    one = whom(case, city, loads(world.others), now)
    return [assigned(case, city, one.person, one.reason, at=now, by="dispatch")] if one else []


def exhausted(case: Case, city: City, present: Sequence[Person]) -> bool:
    """Whether enough people, or all who are on duty, were asked since somebody last decided about the case."""
    if len(case.offered) >= city.max_offers:
        return True
    return bool(present) and all(person.id in case.offered for person in present)


def assigned(
    case: Case,
    city: City,
    person: Person,
    reason: str,
    *,
    at: datetime,
    by: str,
    id: str | None = None,
    late: bool = False,
    insists: bool = False,
) -> CaseAssigned:
    """Word the offer of the case to a person."""
    return CaseAssigned.of(
        case,
        at=at,
        by=by,
        id=id,
        late=late,
        assignee=person.id,
        role=person.role.value,
        answer_by=max(at, case.last_at) + city.answer_within[case.grade or Grade.NORMAL],
        informed=informed(case, city, person.id, at),
        insists=insists,
        reason=reason,
    )


def informed(case: Case, city: City, assignee: str, now: datetime) -> tuple[str, ...]:
    """Return who is told of an emergency besides the person who is asked: the duty officers."""
    if case.grade is not Grade.EMERGENCY:
        return ()
    return tuple(officer.id for officer in city.duty_officers(now) if officer.id != assignee)


def due(case: Case, world: World, now: datetime) -> datetime | None:
    """Return when to look again: at the next deadline or step of the ladder, at the end of an offer, or when somebody may have room."""
    if case.status not in WATCHED:
        return None
    moments = [*(ladder.moments(case, world.city) if case.status in CLOCKED else ()), *(at for _, at in stage_deadlines(case, world.city))]
    if case.status is Status.ASSIGNED and case.answer_by is not None:
        moments.append(case.answer_by)
    if case.status is Status.TRIAGED and (again := look_again(case, world.city, now)):
        moments.append(again)
    return min((moment for moment in moments if moment > now), default=None)


def look_again(case: Case, city: City, now: datetime) -> datetime | None:
    """Return when the world may have somebody for a triaged case, or None if only a person can help."""
    present = on_duty(case, city, now)
    if present and not exhausted(case, city, present):
        return now + ROOM_AGAIN
    asked_enough = len(case.offered) >= city.max_offers
    if asked_enough or all(person.id in case.offered for person in members(case, city)):
        return None
    return now + QUARTER - (now - datetime.min.replace(tzinfo=now.tzinfo)) % QUARTER


def look(cases: Sequence[Case], city: City, now: datetime) -> list[Query]:
    """Ask for what must be known to choose for the cases that nobody has."""
    return nearby.look(cases, city, now)


def fields(case: Case, city: City) -> Fields:
    """Name what dispatch finds cases by; what the choice of a person needs is in `nearby`."""
    return {
        **nearby.fields(case, city),
        "number": case.number,
        "status": case.status.value,
        "assignee": case.assignee if case.status in IN_WORK else None,
        "informed": case.informed if case.status in IN_WORK else (),
        "department": case.department if case.status in OPEN else None,
        "grade": case.grade.value if case.grade else None,
        "level": case.level,
        "resolve_by": case.resolve_by,
        "look_again_at": case.look_again_at,
        "waits_for": waits_for(case),
    }


def waits_for(case: Case) -> str | None:
    """Return what a person owes the case besides the work: a ruling on an appeal, or a reaction to a reminder."""
    if case.appealed_at is not None and case.status in IN_HAND | {Status.COMPLETED}:
        return "ruling"
    return "reaction" if case.awaits is not None and case.status in CLOCKED else None
