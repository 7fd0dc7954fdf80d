"""What handlers do with a case that they have taken on: go there, speak with the resident, stop, hand over, explain, finish."""

from datetime import datetime, timedelta
from typing import Any

from deploy.demo.plan import Plan
from deploy.demo.staff import head, in_shift, somebody
from shared.city import Role
from shared.terms import Grade

LONGEST_WORK = timedelta(hours=20)
SHORTEST_WORK = timedelta(minutes=10)
REMINDED = 0.5  # of the time that was left when the work began: who takes longer is reminded


def begun(made: Plan) -> None:
    """The handler goes there; emergencies are handled first and entered after."""
    case, hurry = made.case, made.grade is Grade.EMERGENCY
    at = made.later(0.02, 0.1) if hurry else in_shift(made.city.staff.get(made.who), made.later(0.1, 2.0), made.city)
    if made.likely(made.habits.noted):
        made.add("notes", made.later(0.05, 0.1), made.who, {"text": made.text("note")})
    if made.reachable and made.likely(made.habits.contacted):
        made.add(
            "contact", made.later(0.05, 0.5), made.who, {"how": made.dice.choice(["phone", "phone", "visit"]), "text": made.text("contact")}
        )
    if given_back(made):
        return
    if made.chance(made.habits.extended) and case.resolve_by is not None and case.resolve_by > at and case.extensions == 0:
        extended(made)
    if made.likely(made.habits.finished_at_once):
        finished(made, made.later(0.2, 0.8) if hurry else at + timedelta(hours=made.dice.uniform(0.5, 3)), late=hurry)
    else:
        made.add("start", at, made.who)


def given_back(made: Plan) -> bool:
    """The handler sees on site that it is not theirs to handle, and returns it."""
    if made.who == made.known.insisted_on or made.grade is Grade.EMERGENCY or not made.chance(made.habits.returned):
        return False
    made.add("return", made.later(0.1, 0.6), made.who, {"reason": made.text("return")})
    return True


def extended(made: Plan) -> None:
    """Somebody else approves a later deadline before the old one has passed."""
    officer = somebody(made.city, made.now, made.dice, Role.OPERATOR, Role.DUTY_OFFICER, but=made.case.assignee)
    if officer is not None and made.case.resolve_by is not None:
        moved = made.case.resolve_by + timedelta(days=made.dice.choice([1, 2, 3]))
        body = {"resolve_by": moved.isoformat(), "reason": made.text("extension"), "approved_by": officer.id}
        made.add("extension", made.later(0.02, 0.08), made.case.assignee or officer.id, body)


def worked(made: Plan) -> None:
    """The handler finishes, or finds a reason to stop the clock, or that another department must do it."""
    case = made.case
    left = min((case.resolve_by - made.now) if case.resolve_by else LONGEST_WORK, LONGEST_WORK)
    share = made.dice.uniform(1.05, 1.5) if made.likely(made.habits.overtime) else made.dice.uniform(0.15, 0.8)
    at = in_shift(made.city.staff.get(made.who), made.now + max(left * share, SHORTEST_WORK), made.city)
    officer = somebody(made.city, made.now, made.dice, Role.OPERATOR, Role.DUTY_OFFICER, but=made.who)
    elsewhere = [one for one in made.supporting if one != case.department]
    if officer is not None and made.city.pause_reasons and made.chance(made.habits.paused) and made.grade is not Grade.EMERGENCY:
        reason = made.dice.choice(sorted(made.city.pause_reasons))
        made.add("pause", made.later(0.1, 0.5), made.who, {"reason": reason, "approved_by": officer.id})
    elif elsewhere and made.chance(made.habits.transferred):
        body = {"department": made.dice.choice(elsewhere), "reason": made.text("transfer")}
        made.add("transfer", made.later(0.1, 0.5), made.who, body)
    else:
        finished(made, at)
        if share > REMINDED:
            explained(made, at)


def explained(made: Plan, until: datetime) -> None:
    """Whoever was reminded says why it takes so long: the handler, now and then the head of the unit."""
    if not made.likely(made.habits.explained):
        return
    boss = head(made.case, made.city)
    actor = boss.id if boss is not None and made.likely(made.habits.explained_by_head) else made.who
    at = made.now + (until - made.now) * made.dice.uniform(0.7, 0.95)
    made.add("explanation", at, actor, {"text": made.text("explanation")})


def resumed(made: Plan) -> None:
    """The reason to wait is gone."""
    made.add("resume", in_shift(made.city.staff.get(made.who), made.later(1, 8), made.city), made.who)


def finished(made: Plan, at: datetime, late: bool = False) -> None:
    """The handler enters what was done; after an emergency with the true times."""
    entered = timedelta(minutes=made.dice.uniform(2, 6)) if late else None
    if entered is None or not made.likely(made.habits.recorded):
        made.add("completion", at, made.who, result(made), entered)
        return
    done = at - entered
    times = {"started_at": (made.now + (done - made.now) * 0.3).isoformat(), "completed_at": done.isoformat()}
    made.add("record", at, made.who, {**times, **result(made)})


def result(made: Plan) -> dict[str, Any]:
    """Return what was done, with a photo where one is demanded, unless it was forgotten, and elsewhere now and then."""
    demanded = made.category is not None and made.category.result_photo
    shown = not made.chance(made.habits.photo_forgotten) if demanded else made.likely(made.habits.photographed)
    return {"outcome": made.text("outcome"), "media": made.photos() if shown else []}
