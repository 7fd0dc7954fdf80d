"""What people mean to do about a case as they see it: a pure function of what is seen, who knows what, and dice.

Each version of a case is planned once; every open case has somebody who will look at it again.
"""

from datetime import datetime, timedelta
from random import Random

from deploy.demo.acts import Act, Seen
from deploy.demo.plan import Known, Plan
from deploy.demo.staff import checker, handler, in_shift, somebody
from shared.case import IN_WORK, Status
from shared.city import Role
from shared.terms import Grade

LONGEST_WORK = timedelta(hours=20)
A_MOMENT = timedelta(minutes=1)
PATIENCE = {Grade.EMERGENCY: 0.4, Grade.URGENT: 1.0, Grade.NORMAL: 14.0, Grade.SERVICE: 20.0}  # hours until an operator decides
LATEST_ANSWER = 0.85  # of the time for which an offer stands


def plan(case: Seen, known: Known, now: datetime, dice: Random) -> list[Act]:
    """Return what people will do about the case; for a case that has ended, nothing."""
    made = Plan(case, known, now, dice)
    match case.status:
        case Status.REPORTED:
            at_the_desk(made)
        case Status.TRIAGED:
            corrected(made)
            given(made)
        case Status.ASSIGNED:
            corrected(made)
            answered(made)
        case Status.ACCEPTED:
            begun(made)
        case Status.WORKING:
            worked(made)
        case Status.PAUSED:
            made.add("resume", in_shift(made.city.staff.get(case.assignee or ""), made.later(1, 8), made.city), case.assignee or "")
        case Status.COMPLETED:
            looked_at(made)
        case Status.CLOSED:
            afterwards(made)
        case _:
            pass
    residents(made)
    return made.acts


def at_the_desk(made: Plan) -> None:
    """An operator reads what no rule could place, and says what it is."""
    at, report = made.later(0.05, 0.3), made.known.report
    operator = somebody(made.city, at, made.dice, Role.OPERATOR)
    if operator is None:
        return
    if report is not None and report.category is None:
        made.add("rejection", at, operator.id, {"reason": made.text("rejection")})
    elif made.known.original is not None and not made.calm:
        made.add("merge", at, operator.id, {"into": made.known.original, "reason": made.text("merge")})
    else:
        category = report.category if report is not None and report.category else sorted(made.city.categories)[0]
        made.add("classification", at, operator.id, {"category": category, "reason": made.text("classification")})


def corrected(made: Plan) -> None:
    """An operator notices that the rule was wrong, or that somebody had reported it before."""
    report, at = made.known.report, made.later(0.02, 0.15)
    operator = somebody(made.city, at, made.dice, Role.OPERATOR)
    if report is None or operator is None or made.calm:
        return
    if report.category is None:
        made.add("rejection", at, operator.id, {"reason": made.text("rejection")})
    elif made.known.original is not None and made.dice.random() < 0.5:
        made.add("merge", at, operator.id, {"into": made.known.original, "reason": made.text("merge")})
    elif made.case.category != report.category and made.dice.random() < 0.7:
        made.add("classification", at, operator.id, {"category": report.category, "reason": made.text("classification")})


def given(made: Plan) -> None:
    """An operator gives the case to somebody whom no rule has found in time."""
    at = made.now + timedelta(hours=PATIENCE[made.grade] * made.dice.uniform(0.8, 1.2))
    operator = somebody(made.city, at, made.dice, Role.OPERATOR, Role.DUTY_OFFICER)
    person = handler(made.case, made.city, at, made.dice)
    if operator is not None and person is not None:
        made.add("assignment", at, operator.id, {"person": person.id, "reason": made.text("assignment"), "force": True})


def answered(made: Plan) -> None:
    """The person who is asked accepts, refuses with a reason, or does not look at all."""
    case, within = made.case, made.city.answer_within[made.grade]
    at, latest = made.now + within * made.dice.uniform(0.05, 0.5), made.now + within * LATEST_ANSWER
    who = case.assignee or ""
    made.wake(case.since + within + A_MOMENT)
    if made.chance(0.09):
        return
    if made.chance(0.10):
        made.add("refusal", at, who, {"reason": made.text("refusal")}, latest=latest)
    else:
        made.add("acceptance", at, who, latest=latest)


def begun(made: Plan) -> None:
    """The handler goes there; emergencies are handled first and entered after."""
    case, who = made.case, made.case.assignee or ""
    hurry = made.grade is Grade.EMERGENCY
    at = made.later(0.02, 0.1) if hurry else in_shift(made.city.staff.get(who), made.later(0.1, 2.0), made.city)
    if made.dice.random() < 0.12:
        made.add("notes", made.later(0.05, 0.1), who, {"text": made.text("note")})
    if made.chance(0.05) and case.resolve_by is not None and case.resolve_by > at and case.extensions == 0:
        extended(made)
    if made.dice.random() < 0.2:
        finished(made, made.later(0.2, 0.8) if hurry else at + timedelta(hours=made.dice.uniform(0.5, 3)), late=hurry)
    else:
        made.add("start", at, who)


def extended(made: Plan) -> None:
    """Somebody else approves a later deadline before the old one has passed."""
    officer = somebody(made.city, made.now, made.dice, Role.OPERATOR, Role.DUTY_OFFICER, but=made.case.assignee)
    if officer is not None and made.case.resolve_by is not None:
        moved = made.case.resolve_by + timedelta(days=made.dice.choice([1, 2, 3]))
        body = {"resolve_by": moved.isoformat(), "reason": made.text("extension"), "approved_by": officer.id}
        made.add("extension", made.later(0.02, 0.08), made.case.assignee or officer.id, body)


def worked(made: Plan) -> None:
    """The handler finishes, or finds a reason to stop the clock, or that another department must do it."""
    case, who = made.case, made.case.assignee or ""
    left = min((case.resolve_by - made.now) if case.resolve_by else LONGEST_WORK, LONGEST_WORK)
    share = made.dice.uniform(0.15, 0.8) if made.dice.random() < 0.93 else made.dice.uniform(1.05, 1.5)
    at = in_shift(made.city.staff.get(who), made.now + max(left * share, timedelta(minutes=10)), made.city)
    officer = somebody(made.city, made.now, made.dice, Role.OPERATOR, Role.DUTY_OFFICER, but=who)
    if officer is not None and made.city.pause_reasons and made.chance(0.08) and made.grade is not Grade.EMERGENCY:
        reason = made.dice.choice(sorted(made.city.pause_reasons))
        made.add("pause", made.later(0.1, 0.5), who, {"reason": reason, "approved_by": officer.id})
    elif (elsewhere := others(made)) and made.chance(0.04):
        made.add("transfer", made.later(0.1, 0.5), who, {"department": made.dice.choice(elsewhere), "reason": made.text("transfer")})
    else:
        finished(made, at)


def others(made: Plan) -> list[str]:
    """Return the departments that could be responsible instead: those that help with the category."""
    category = made.city.categories.get(made.case.category or "")
    return [one for one in (category.supporting if category else ()) if one != made.case.department]


def finished(made: Plan, at: datetime, late: bool = False) -> None:
    entered = timedelta(minutes=made.dice.uniform(2, 6)) if late else None
    made.add("completion", at, made.case.assignee or "", {"outcome": made.text("outcome")}, entered)


def looked_at(made: Plan) -> None:
    """Somebody else checks the result where that is asked for; elsewhere the resident has the say. Then the time to object runs."""
    case = made.case
    category = made.city.categories.get(case.category or "")
    made.wake(made.now + timedelta(hours=made.city.objection_hours) + A_MOMENT)
    if category is not None and not category.check_after:
        rated(made, 0.4, 1, 60)
        return
    at = made.later(0.25, 1.5)
    person = checker(case, made.city, at, made.dice)
    if person is not None:
        step = "rework" if made.chance(0.1) else "verification"
        made.add(step, at, person.id, {"reason": made.text("check" if step == "verification" else step)})


def rated(made: Plan, share: float, shortest: float, longest: float) -> None:
    """A resident says whether it is solved: an objection sends it back."""
    if made.calm or made.dice.random() > share:
        return
    solved = not made.chance(0.15)
    score = made.dice.choice([3, 4, 5, 5]) if solved else made.dice.choice([1, 1, 2])
    body = {"solved": solved, "score": score, "comment": made.text("solved" if solved else "unsolved")}
    made.add("rating", made.later(shortest, longest), made.resident, body)


def afterwards(made: Plan) -> None:
    """Residents rate or want it reopened; an operator publishes in words of their own, unless the rule is faster."""
    case = made.case
    made.wake(made.now + timedelta(hours=made.city.publish_after_hours) + A_MOMENT)
    at = made.later(1, made.city.publish_after_hours)
    operator = somebody(made.city, at, made.dice, Role.OPERATOR)
    if operator is not None and not case.confidential and not made.calm and made.dice.random() < 0.2:
        made.add("publication", at, operator.id, {"text": made.text("publication")})
    if made.chance(0.06) and case.reopenings == 0:
        made.add("reopening", made.later(2, 72), made.resident, {"reason": made.text("unsolved")})
    elif (category := made.city.categories.get(case.category or "")) and category.check_after:
        rated(made, 0.25, 1, 20)


def residents(made: Plan) -> None:
    """Reporters add something, or take the report back; now and then just when somebody is about to begin."""
    if made.known.report is None or made.calm or made.case.status not in {Status.REPORTED, Status.TRIAGED, *IN_WORK}:
        return
    if made.dice.random() < 0.02:
        made.add("supplements", made.later(0.05, 1), made.resident, {"text": made.text("supplement")})
    if made.case.status in (Status.ASSIGNED, Status.ACCEPTED) and made.chance(0.02):
        made.add("withdrawal", made.later(0.02, 0.5), made.resident, {"reason": made.text("withdrawal")})
