"""What people do with a result: check it, rate it, call the reporter back, publish, reopen, object too late, and learn from it."""

from datetime import datetime, timedelta

from deploy.demo.desk import A_MOMENT
from deploy.demo.plan import Plan
from deploy.demo.staff import checker, somebody
from shared.city import Role

TOO_LATE_DAYS, DECIDED_DAYS = (0.5, 2.0), (2.5, 4.0)  # after the time to reopen
MEETING_HOURS = (12.0, 90.0)


def looked_at(made: Plan) -> None:
    """Somebody else checks the result where that is asked for; elsewhere the resident has the say. Then the time to object runs."""
    city, category = made.city, made.category
    waits = category is not None and category.reporter_word and made.reachable
    made.wake(made.now + timedelta(hours=city.objection_hours + (city.call_back_hours if waits else 0)) + A_MOMENT)
    if waits:
        called_back(made, made.later(0.3 * city.objection_hours, city.objection_hours + 0.5 * city.call_back_hours))
    if category is not None and not category.check_after:
        rated(made, made.habits.rated, 1, 60)
        return
    at = made.later(0.25, 1.5)
    person = checker(made.case, city, at, made.dice)
    if person is not None:
        step = "rework" if made.chance(made.habits.reworked) else "verification"
        made.add(step, at, person.id, {"reason": made.text("check" if step == "verification" else step)})


def called_back(made: Plan, at: datetime) -> None:
    """An operator, never the handler, calls a reporter who has not said anything yet."""
    operator = somebody(made.city, at, made.dice, Role.OPERATOR, Role.DUTY_OFFICER, but=made.case.assignee)
    if operator is None or not made.reachable or not made.likely(made.habits.called_back):
        return
    if made.likely(made.habits.unreachable):
        made.add("callback", at, operator.id, {"reached": False})
        return
    solved = not made.chance(made.habits.unsolved_on_call)
    satisfied = solved and not made.likely(made.habits.unsatisfied)
    said = {"solved": solved, "satisfied": satisfied, "comment": made.text("solved" if solved else "unsolved")}
    made.add("callback", at, operator.id, {"reached": True, **said})


def rated(made: Plan, share: float, shortest: float, longest: float) -> None:
    """A resident says whether it is solved: an objection sends it back."""
    if made.calm or not made.likely(share):
        return
    solved = not made.chance(made.habits.unsolved)
    score = made.dice.choice([3, 4, 5, 5]) if solved else made.dice.choice([1, 1, 2])
    body = {"solved": solved, "score": score, "comment": made.text("solved" if solved else "unsolved")}
    made.add("rating", made.later(shortest, longest), made.resident, body)


def afterwards(made: Plan) -> None:
    """Residents rate or want it reopened; an operator publishes in words of their own, unless the rule is faster, and calls back."""
    case, category = made.case, made.category
    made.wake(made.now + timedelta(hours=made.city.publish_after_hours) + A_MOMENT)
    at = made.later(1, made.city.publish_after_hours)
    operator = somebody(made.city, at, made.dice, Role.OPERATOR)
    if operator is not None and not case.confidential and not made.calm and made.likely(made.habits.published):
        made.add("publication", at, operator.id, {"text": made.text("publication")})
    called_back(made, made.later(2, 40))
    remedied(made)
    if made.chance(made.habits.reopened) and case.reopenings == 0:
        made.add("reopening", made.later(2, 72), made.resident, {"reason": made.text("unsolved")})
    elif made.known.report is not None and not made.calm and made.likely(made.habits.objected):
        objected(made)
    elif category is not None and category.check_after:
        rated(made, made.habits.rated_closed, 1, 20)


def objected(made: Plan) -> None:
    """The reporter says that it is not solved when it can no longer be reopened by itself: then somebody with a name decides."""
    since = made.now + timedelta(days=made.city.reopen_days)
    said, decided = (since + timedelta(days=made.dice.uniform(*span)) for span in (TOO_LATE_DAYS, DECIDED_DAYS))
    body = {"solved": False, "score": 2, "comment": made.text("unsolved")}
    made.add("rating", said, made.resident, body)
    operator = somebody(made.city, decided, made.dice, Role.OPERATOR, Role.LEADER, but=made.case.assignee)
    if operator is not None and made.likely(made.habits.decided):
        made.add("decision", decided, operator.id, {"reason": made.text("decision")})


def remedied(made: Plan) -> None:
    """A meeting decides what is done so that it does not come back, and names who does it by when."""
    at = made.later(*MEETING_HOURS)
    leader = somebody(made.city, at, made.dice, Role.LEADER)
    share = made.habits.remedied_again if made.case.reopenings else made.habits.remedied
    if leader is None or made.calm or made.case.department is None or not made.likely(share):
        return
    until = at + timedelta(days=made.dice.choice([14, 30, 60]))
    body = {"text": made.text("remedy"), "handler": made.case.department, "remedy_by": until.isoformat()}
    made.add("remedy", at, leader.id, body)
