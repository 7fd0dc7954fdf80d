"""Whom an operator may send, best first: chosen by what dispatch itself chooses by, so the first is whom it would ask.

Of a case that somebody has it is told who could take it instead. Who was asked already stands behind the others, and who is off duty
is only there if nobody is on duty.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.dispatch.candidates import Candidate, members, nearest, on_duty, posts_for, posts_of, with_room, worded
from services.dispatch.matching import whom
from services.dispatch.nearby import in_hand, look
from services.dispatch.reasons import Standing
from services.dispatch.workload import Wanted, Workload, counted
from shared.case import IN_HAND, IN_WORK, Case, evolve
from shared.city import City, Person, Role, Words
from shared.events import CaseTransferred
from shared.service import Query

MOST = 8


class Proposal(BaseModel):
    """Somebody who could take the case: how many tasks they have in hand (null for an office, where nobody counts them) and room for,
    how far away they are as far as is known, whether they were asked already, and what speaks for them."""

    model_config = ConfigDict(frozen=True)

    person: str
    title: Words
    role: Role
    department: str
    on_duty: bool
    load: int | None
    capacity: int
    metres: int | None
    offered: bool
    reason: Words


def freed(case: Case, now: datetime) -> Case:
    """Return the case as it would be if whoever has it were released, as `assign` does; they and who was asked are not asked again."""
    if case.status not in IN_WORK or case.assignee is None:
        return case
    fact = CaseTransferred.of(case, at=now, by="dispatch", department=case.department or "", reason="released")
    return evolve(case, fact).model_copy(update={"offered": tuple(dict.fromkeys((*case.offered, case.assignee)))})


def behind(case: Case, city: City, now: datetime) -> tuple[Person, ...]:
    """Return who is listed behind those whom dispatch may ask: who was asked already or, if nobody is on duty, whoever may ever be."""
    present = on_duty(case, city, now)
    others = [one for one in present or members(case, city) if one.id != case.assignee and (not present or one.id in case.offered)]
    return nearest(Wanted.of(case, city), others, city, now, MOST)


def queries(case: Case, city: City, now: datetime) -> list[Query]:
    """Ask for what dispatch would look at before it chooses, and for what the others have in hand."""
    if case.status not in IN_HAND:
        return []
    return [*look([freed(case, now)], city, now), *in_hand(behind(case, city, now), city)]


def proposals(case: Case, city: City, load: Workload, now: datetime) -> list[Proposal]:
    """Return at most eight people who could take the case, the best first; nobody while it cannot be assigned."""
    if case.status not in IN_HAND:
        return []
    found = [*askable(freed(case, now), city, load, now), *others(case, city, load, now)]
    return [proposal(one, case, city, now) for one in found[:MOST]]


def askable(case: Case, city: City, load: Workload, now: datetime) -> list[Candidate]:
    """Return whom dispatch may ask; first of all whom it would, which depends on what else waits."""
    wanted, chosen = Wanted.of(case, city), whom(case, city, load, now)
    ordered = with_room(wanted, posts_of(case, city, load, now), city, load, now)
    found = [worded(wanted, city, ordered, position) for position in range(len(ordered))]
    return sorted(found, key=lambda one: one != chosen)


def others(case: Case, city: City, load: Workload, now: datetime) -> list[Candidate]:
    """Return who is listed behind; who was asked already is the last."""
    wanted, standing = Wanted.of(case, city), Standing.ASKED if on_duty(case, city, now) else Standing.AWAY
    ordered = with_room(wanted, posts_for(behind(case, city, now), city, load, now), city, load, now)
    found = [worded(wanted, city, ordered, position, standing) for position in range(len(ordered))]
    return sorted(found, key=lambda one: one.person.id in case.offered)


def proposal(one: Candidate, case: Case, city: City, now: datetime) -> Proposal:
    person = one.person
    return Proposal(
        person=person.id,
        title=person.title,
        role=person.role,
        department=person.department,
        on_duty=person.on_duty(city.local(now)),
        load=one.rank.load if counted(person) else None,
        capacity=person.capacity,
        metres=None if one.cost.way is None else round(one.cost.way),
        offered=person.id in case.offered,
        reason=one.words,
    )
