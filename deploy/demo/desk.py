"""What happens to a case before somebody takes it on: it is looked at, classified, merged, separated, and given to somebody."""

from datetime import timedelta

from deploy.demo.plan import Plan
from deploy.demo.staff import handler, looker, somebody
from shared.city import Role
from shared.terms import Grade

A_MOMENT = timedelta(minutes=1)
PATIENCE = {Grade.EMERGENCY: 0.4, Grade.URGENT: 1.0, Grade.NORMAL: 14.0, Grade.SERVICE: 20.0}  # hours until an operator decides
LATEST_LOOK = 0.85  # of the time for which a look before filing is waited for


def looked_for(made: Plan) -> bool:
    """The grid worker of the place looks whether it is so, if the type asks for it; nobody may come, then it is filed all the same."""
    case, report = made.case, made.known.report
    category = made.city.categories.get(report.category or "") if report else None
    worker = looker(case, made.city, made.now)
    ends = made.city.calendar.add(case.since, made.city.verify_within)
    if category is None or not category.check_before or worker is None or made.known.attempt or ends <= made.now:
        return False
    made.wake(ends + A_MOMENT)
    if made.likely(made.habits.unlooked):
        return True
    left = ends - made.now
    at, latest = made.now + left * made.dice.uniform(0.2, 0.6), made.now + left * LATEST_LOOK
    step = "rejection" if made.chance(made.habits.unfounded) else "confirmation"
    made.add(step, at, worker.id, {"reason": made.text("unfounded" if step == "rejection" else step)}, latest=latest)
    return True


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
    elif made.known.original is not None and made.likely(made.habits.remerged):
        made.add("merge", at, operator.id, {"into": made.known.original, "reason": made.text("merge")})
    elif made.case.category != report.category and made.likely(made.habits.reclassified):
        made.add("classification", at, operator.id, {"category": report.category, "reason": made.text("classification")})


def apart(made: Plan) -> None:
    """An operator separates a case that was merged into one of something else; now and then also one that was merged rightly."""
    at = made.later(0.3, 6)
    operator = somebody(made.city, at, made.dice, Role.OPERATOR)
    wrong = made.known.report is not None and made.known.original is None
    if operator is not None and made.chance(made.habits.separated if wrong else made.habits.parted):
        made.add("separation", at, operator.id, {"reason": made.text("separation")})


def insisted(made: Plan) -> bool:
    """An operator insists on the person who has given the case back, before somebody else is on the way."""
    person = made.known.given_back_by
    if person is None or person in (made.case.assignee, made.known.insisted_on) or not made.chance(made.habits.insisted):
        return False
    at = made.later(0.01, 0.05)
    operator = somebody(made.city, at, made.dice, Role.OPERATOR, Role.DUTY_OFFICER, but=person)
    if operator is None:
        return False
    body = {"person": person, "reason": made.text("insistence"), "force": True, "insist": True}
    made.add("assignment", at, operator.id, body)
    made.wake(made.now + made.city.answer_within[made.grade] + A_MOMENT)
    return True


def given(made: Plan) -> None:
    """An operator gives the case to somebody whom no rule has found in time."""
    at = made.now + timedelta(hours=PATIENCE[made.grade] * made.dice.uniform(0.8, 1.2))
    operator = somebody(made.city, at, made.dice, Role.OPERATOR, Role.DUTY_OFFICER)
    person = handler(made.case, made.city, at, made.dice)
    if operator is not None and person is not None:
        made.add("assignment", at, operator.id, {"person": person.id, "reason": made.text("assignment"), "force": True})
