"""Emergencies are handled on site first and recorded after: the steps are entered later, with their true times, marked as late."""

from datetime import datetime

from services.dispatch.actions import must_be_staff, must_show
from services.dispatch.decide import assigned
from services.dispatch.requests import Handled
from services.dispatch.steering import release
from shared.case import CLOCKED, IN_WORK, Case, Refused, Status, evolve
from shared.city import City
from shared.events import AnyEvent, AssignmentAccepted, Said, WorkCompleted, WorkStarted, derived_id
from shared.terms import Grade

REASON = "handled on site first, recorded after / 先处置后补录"


def record(case: Case, body: Handled, said: Said, city: City) -> list[AnyEvent]:
    """Record what you have already handled: the steps that are missing until the result, each at its true time."""
    must_be_staff(said["by"], city)
    if case.grade is not Grade.EMERGENCY:
        raise Refused("Only an emergency may be handled first and recorded after.", "只有突发事件可以先处置后补录。")
    if case.status not in CLOCKED:
        raise Refused("The handling of this case cannot be recorded now.", "该案件目前不能补录处置。")
    if not body.started_at <= body.completed_at <= said["at"]:
        raise Refused("The work begins before it ends, and ended before now.", "开始时间须早于完成时间，且均不晚于现在。")
    must_show(case, body.media, city)
    facts = taken_on(case, body.started_at, said, city)
    for fact in facts:
        case = evolve(case, fact)
    done = WorkCompleted.of(case, **entered(said, "completed", body.completed_at, last=True), outcome=body.outcome, media=body.media)
    return [*facts, done]


def taken_on(case: Case, at: datetime, said: Said, city: City) -> list[AnyEvent]:
    """Return the steps until the caller is at work; whoever else has the case is released."""
    facts: list[AnyEvent] = []

    def add(*more: AnyEvent) -> None:
        nonlocal case
        for fact in more:
            facts.append(fact)
            case = evolve(case, fact)

    if case.status in IN_WORK and case.assignee != said["by"]:
        add(*release(case, case.department or "", REASON, entered(said, "released", said["at"]), city))
    if case.status is Status.TRIAGED:
        add(assigned(case, city, city.staff[said["by"]], REASON, **entered(said, "assigned", at)))
    if case.status is Status.ASSIGNED:
        add(AssignmentAccepted.of(case, **entered(said, "accepted", at)))
    if case.status is Status.ACCEPTED:
        add(WorkStarted.of(case, **entered(said, "started", at)))
    return facts


def entered(said: Said, step: str, at: datetime, last: bool = False) -> Said:
    """Return how a step is said: late, at its own time, with an id that follows from that of the command."""
    return Said(id=said["id"] if last else derived_id(said["id"], step), at=at, by=said["by"], late=True)
