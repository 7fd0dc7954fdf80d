"""Which cases are on the desk, and what each waits for from an operator: one thing, the one that nobody else can get out of the way first.

The services keep the same rules for their own queues (`queued`, `doubted`, `waits_for`); here they are told side by side.
"""

from datetime import datetime, timedelta
from typing import Literal

from shared.case import CLOCKED, IN_HAND, OPEN, Case, Status
from shared.city import Category, City, Person, Role
from shared.demands import category_of, must_be_seen
from shared.terms import Grade

Waits = Literal["place", "doubt", "ruling", "reaction", "check", "look", "assign", "decision"]
STEERING = frozenset({Role.OPERATOR, Role.LEADER, Role.DUTY_OFFICER})  # who is not asked to handle a case
A_MOMENT = timedelta(seconds=5)  # what is younger may still be placed by a rule


def on_desk(case: Case) -> bool:
    """Whether the case is on the desk: it is open, or somebody must decide about an objection."""
    return case.status in OPEN or objected(case)


def objected(case: Case) -> bool:
    """Whether a resident says of a closed case that it is not solved; while it can be reopened, closure does that at once."""
    return case.status is Status.CLOSED and case.unsolved


def waits_for(case: Case, city: City, now: datetime) -> Waits | None:
    """Return what the case waits for now."""
    if objected(case):
        return "decision"
    if case.status is Status.REPORTED:
        return "place" if unplaced(case) and now >= case.reported_at + A_MOMENT else None
    if case.appealed_at is not None and case.status in IN_HAND | {Status.COMPLETED}:
        return "ruling"
    if case.asks and case.status in IN_HAND:
        return "doubt"
    if case.status is Status.TRIAGED and asked_enough(case, city):
        return "assign"
    if case.status is Status.PAUSED and case.look_again_at is not None and now >= case.look_again_at:
        return "look"
    if case.status is Status.COMPLETED and not case.verified and must_be_seen(case, city):
        return "check"
    return "reaction" if case.awaits is not None and case.status in CLOCKED else None


def unplaced(case: Case) -> bool:
    """Whether no rule and nobody has said what the report is about, and nobody was asked to look."""
    return case.classification is None and case.verify_by is None


def again_at(case: Case, now: datetime) -> datetime | None:
    """Return when the case may wait for something else although nothing happens to it; None if only a fact can change that."""
    ahead = None
    if case.status is Status.REPORTED and unplaced(case):
        ahead = case.reported_at + A_MOMENT
    elif case.status is Status.PAUSED:
        ahead = case.look_again_at
    return ahead if ahead is not None and ahead > now else None


def asked_enough(case: Case, city: City) -> bool:
    """Whether as many were asked as may be, or all there are: also if there is nobody."""
    if len(case.offered) >= city.max_offers:
        return True
    category = category_of(case, city)
    return all(person.id in case.offered for person in city.staff.values() if may_handle(person, case, category))


def may_handle(person: Person, case: Case, category: Category | None) -> bool:
    """Whether somebody may ever be asked: of the department, or with the skills; a duty officer in an emergency."""
    if person.role in STEERING:
        return person.role is Role.DUTY_OFFICER and case.grade is Grade.EMERGENCY
    return person.department == case.department or (category is not None and category.skills <= person.skills)
