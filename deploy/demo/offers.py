"""What the person does who is asked to take a case: accept, decline, not look at all, appeal, or say that it is done already."""

from datetime import datetime, timedelta

from deploy.demo.desk import A_MOMENT
from deploy.demo.handling import result
from deploy.demo.plan import Plan
from deploy.demo.staff import judge, looker
from shared.terms import Grade

LATEST_ANSWER = 0.85  # of the time for which an offer stands


def answered(made: Plan) -> None:
    """The person who is asked accepts, refuses with a reason, or does not look at all."""
    case, within = made.case, made.city.answer_within[made.grade]
    at, latest = made.now + within * made.dice.uniform(0.05, 0.5), made.now + within * LATEST_ANSWER
    made.wake(case.since + within + A_MOMENT)
    insisted = case.assignee is not None and case.assignee == made.known.insisted_on
    if made.grade is Grade.EMERGENCY and made.likely(made.habits.handled_before):
        handled_before(made, at, latest)
    elif insisted:
        appealed(made, at)
        made.add("acceptance", at, made.who, latest=latest)
    elif made.chance(made.habits.unanswered):
        return
    elif made.chance(made.habits.refused):
        made.add("refusal", at, made.who, {"reason": made.text("refusal")}, latest=latest)
    else:
        made.add("acceptance", at, made.who, latest=latest)


def handled_before(made: Plan, at: datetime, latest: datetime) -> None:
    """Whoever was on the spot, the grid worker or the person who is asked, has dealt with it before, and records it now."""
    passer = looker(made.case, made.city, at)
    actor = passer.id if passer is not None and made.likely(0.5) else made.who
    done = at - timedelta(minutes=made.dice.uniform(1, 5))
    begun = done - timedelta(minutes=made.dice.uniform(5, 40))
    times = {"started_at": begun.isoformat(), "completed_at": done.isoformat()}
    made.add("record", at, actor, {**times, **result(made)}, latest=latest)


def appealed(made: Plan, at: datetime) -> None:
    """The unit on which an operator insists appeals; the next level up decides within hours, while the clock goes on."""
    case, later = made.case, at + timedelta(hours=made.dice.uniform(0.2, 3))
    leader = judge(case, made.city, later, made.dice)
    if leader is None or made.calm or not made.likely(made.habits.appealed):
        return
    made.add("appeal", made.now + (at - made.now) * 0.5, made.who, {"reason": made.text("appeal")}, latest=at)
    elsewhere = [one for one in made.supporting or sorted(made.city.departments) if one != case.department]
    upheld = bool(elsewhere) and made.likely(made.habits.upheld)
    body = {"upheld": upheld, "reason": made.text("upheld" if upheld else "dismissed")}
    made.add("ruling", later, leader.id, {**body, "department": made.dice.choice(elsewhere)} if upheld else body)
