"""What people mean to do about a case as they see it: a pure function of what is seen, who knows what, and dice.

Each version of a case is planned once; every open case has somebody who will look at it again. Shares stand in habits.toml.
"""

from datetime import datetime
from random import Random

from deploy.demo.acts import Act, Seen
from deploy.demo.desk import apart, at_the_desk, corrected, given, insisted, looked_for
from deploy.demo.handling import begun, resumed, worked
from deploy.demo.offers import answered
from deploy.demo.plan import Known, Plan
from deploy.demo.results import afterwards, looked_at
from shared.case import IN_WORK, Status


def plan(case: Seen, known: Known, now: datetime, dice: Random) -> list[Act]:
    """Return what people will do about the case; for one that has ended nothing, unless it was merged."""
    made = Plan(case, known, now, dice)
    match case.status:
        case Status.REPORTED:
            if not looked_for(made):
                at_the_desk(made)
        case Status.TRIAGED:
            corrected(made)
            if not insisted(made):
                given(made)
        case Status.ASSIGNED:
            corrected(made)
            if not insisted(made):
                answered(made)
        case Status.ACCEPTED:
            begun(made)
        case Status.WORKING:
            worked(made)
        case Status.PAUSED:
            resumed(made)
        case Status.COMPLETED:
            looked_at(made)
        case Status.CLOSED:
            afterwards(made)
        case Status.MERGED:
            apart(made)
        case _:
            pass
    residents(made)
    return made.acts


def residents(made: Plan) -> None:
    """Reporters add something, or take the report back; now and then just when somebody is about to begin."""
    if made.known.report is None or made.calm or made.case.status not in {Status.REPORTED, Status.TRIAGED, *IN_WORK}:
        return
    if made.likely(made.habits.supplemented):
        made.add("supplements", made.later(0.05, 1), made.resident, {"text": made.text("supplement")})
    if made.case.status in (Status.ASSIGNED, Status.ACCEPTED) and made.chance(made.habits.withdrawn):
        made.add("withdrawal", made.later(0.02, 0.5), made.resident, {"reason": made.text("withdrawal")})
