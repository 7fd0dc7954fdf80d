"""Reminders: each once for a share of a deadline, to whom they belong, before the deadline and never after it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.dispatch.actions import explain, pause, resume
from services.dispatch.decide import decide, due, waits_for
from services.dispatch.ladder import owed
from services.dispatch.requests import Extension, Note, Pause
from services.dispatch.steering import extend
from shared.case import Case, evolve, missed_key
from shared.city import City, Role
from shared.events import AnyEvent, AssignmentAccepted, CaseTransferred, DeadlineCorrected, ReminderSent
from shared.places import Recipient, Step
from shared.service import World
from shared.terms import Clock, Grade, Limit
from tests.unit.dispatch.small_city import HOUR, NOON, STAFF, after, person, said, small_city, triaged

HANDLER, HEAD = Recipient.HANDLER, Recipient.HEAD
STEPS = (
    Step(share=0.5, level=0, who=(HANDLER,)),
    Step(share=0.8, level=0, who=(HANDLER, HEAD)),
    Step(share=1.0, level=1),
    Step(share=1.5, level=2),
)
HASTY = tuple(Step(share=share, level=0, who=(HANDLER,), grade=Grade.EMERGENCY) for share in (0.25, 0.5))
HEADS = (person("head-1", Role.UNIT_HEAD, "drainage"), person("head-2", Role.UNIT_HEAD, "gas"))
REMINDING = small_city(steps=(*STEPS, *HASTY), staff={one.id: one for one in (*STAFF, *HEADS)})
WORLD = World(REMINDING)
MINUTE = timedelta(minutes=1)
RAIN = Pause(reason="weather", approved_by="leader-1")


def taken(code: str = "cover", at: datetime = NOON, **more: Any) -> Case:
    """Return a case that drain-1 has taken on; a cover is due two hours after it was filed."""
    case = triaged(code, at=at, **more)
    case = after(case, decide(case, WORLD, at))
    return evolve(case, AssignmentAccepted.of(case, **said(case.assignee or "", at)))


def reminders(case: Case, at: datetime, city: City = REMINDING) -> list[ReminderSent]:
    return [fact for fact in decide(case, World(city), at) if isinstance(fact, ReminderSent)]


def told(case: Case, at: datetime) -> Case:
    """Return the case after all that dispatch says at one time."""
    facts: list[AnyEvent] = decide(case, WORLD, at)
    return after(case, facts)


def test_the_handler_is_reminded_when_half_of_the_time_is_used_up():
    case = taken()
    assert due(case, WORLD, NOON) == NOON + HOUR
    assert reminders(case, NOON + HOUR - MINUTE) == []
    [fact] = decide(case, WORLD, NOON + HOUR)
    assert isinstance(fact, ReminderSent)
    assert (fact.share, fact.deadline, fact.to) == (0.5, NOON + 2 * HOUR, ("drain-1",))


def test_the_head_of_the_unit_is_reminded_with_the_handler_when_time_is_nearly_up():
    case = told(taken(), NOON + HOUR)
    [fact] = decide(case, WORLD, NOON + 96 * MINUTE)
    assert isinstance(fact, ReminderSent)
    assert (fact.share, fact.to) == (0.8, ("drain-1", "head-1"))


def test_a_case_that_nobody_has_is_reminded_of_to_the_head_of_its_department():
    [fact] = reminders(triaged("cover", department="gas"), NOON + HOUR)
    assert fact.to == ("head-2",)


def test_where_a_department_has_no_head_the_leader_of_the_level_is_told():
    leaders = [person(f"leader-0-{grid}", Role.LEADER, "street", grids=frozenset({grid})) for grid in ("G1", "G2")]
    city = small_city(steps=STEPS, staff={one.id: one for one in (*STAFF, *leaders)})
    [_, last] = reminders(taken(), NOON + timedelta(minutes=97), city)
    assert last.to == ("drain-1", "leader-0-G1"), "who looks after the grid"


def test_each_reminder_is_sent_once_however_often_the_case_is_looked_at():
    case = told(taken(), NOON + HOUR)
    assert reminders(case, NOON + HOUR) == reminders(case, NOON + HOUR + MINUTE) == []
    assert case.reminded == (f"0.5/{(NOON + 2 * HOUR).isoformat()}",)


def test_decided_again_after_a_crash_a_reminder_is_the_same_fact():
    case = taken()
    before, again = reminders(case, NOON + HOUR), reminders(case, NOON + HOUR + 5 * MINUTE)
    assert [fact.id for fact in before] == [fact.id for fact in again]
    reminded = evolve(case, before[0])
    assert evolve(reminded, again[0]) is reminded


def test_reminders_noticed_late_but_before_the_deadline_are_both_sent():
    assert [fact.share for fact in reminders(taken(), NOON + 119 * MINUTE)] == [0.5, 0.8]


def test_after_the_deadline_there_is_nothing_left_to_remind_of():
    for at in (NOON + 2 * HOUR, NOON + 9 * HOUR):
        assert reminders(taken(), at) == []
        assert "deadline.missed" in [fact.type for fact in decide(taken(), WORLD, at)]


def test_a_reminder_whose_case_was_told_something_later_than_now_never_bears_a_time_after_the_deadline():
    case = taken().model_copy(update={"last_at": NOON + 2 * HOUR})
    assert reminders(case, NOON + HOUR) == []


def test_a_paused_case_is_reminded_of_nothing():
    case = taken()
    case = evolve(case, pause(case, RAIN, said("drain-1", NOON + MINUTE), REMINDING))
    assert (decide(case, WORLD, NOON + 90 * MINUTE), due(case, WORLD, NOON + MINUTE)) == ([], None)


def test_after_a_pause_the_shares_go_on_where_they_stood_still_for_the_new_deadline():
    case = told(taken(), NOON + HOUR)
    case = evolve(case, pause(case, RAIN, said("drain-1", NOON + HOUR), REMINDING))
    case = evolve(case, resume(case, None, said("drain-1", NOON + 5 * HOUR), REMINDING))
    assert case.resolve_by == NOON + 6 * HOUR
    assert [fact.share for fact in reminders(case, NOON + 5 * HOUR)] == [0.5], "once for each deadline"
    assert [fact.share for fact in reminders(told(case, NOON + 5 * HOUR), NOON + 5 * HOUR + 36 * MINUTE)] == [0.8]


def test_after_an_extension_the_shares_are_those_of_the_new_deadline():
    case = told(taken(), NOON + HOUR)
    more = Extension(resolve_by=NOON + 10 * HOUR, reason="parts", approved_by="leader-1")
    case = evolve(case, extend(case, more, said("operator-1", NOON + HOUR), REMINDING))
    assert reminders(case, NOON + 5 * HOUR - MINUTE) == []
    [fact] = reminders(case, NOON + 5 * HOUR)
    assert (fact.share, fact.deadline) == (0.5, NOON + 10 * HOUR)


def test_after_a_correction_of_the_calendar_each_reminder_is_sent_once_for_the_new_deadline():
    case = told(taken("puddle"), NOON + 4 * HOUR)  # 4 work hours from 12:00: half of them at 16:00
    later: dict[str, Any] = {"respond_by": case.respond_by, "resolve_by": NOON + 28 * HOUR, "calendar": REMINDING.calendar_version}
    case = evolve(case, DeadlineCorrected.of(case, at=NOON + 5 * HOUR, by="dispatch", reason="a holiday", **later))
    sent = []
    for hour in range(5, 28):
        found = reminders(case, NOON + hour * HOUR)
        sent += [(fact.share, fact.deadline) for fact in found]
        case = after(case, list(found))
    assert sent == [(0.5, case.resolve_by), (0.8, case.resolve_by)]


def test_an_emergency_has_steps_of_its_own_in_minutes():
    case = taken("leak")
    assert [fact.share for fact in reminders(case, NOON + 15 * MINUTE)] == [0.25]
    assert [fact.share for fact in reminders(case, NOON + 30 * MINUTE)] == [0.25, 0.5]


def test_shares_of_working_time_are_not_reached_at_night():
    case = taken("puddle", at=NOON + 5 * HOUR, limit=Limit(amount=2, clock=Clock.WORK_HOURS), resolve_by=NOON + 21 * HOUR)
    assert reminders(case, NOON + 5 * HOUR + 59 * MINUTE) == []
    assert [fact.share for fact in reminders(case, NOON + 6 * HOUR)] == [0.5]
    case = told(case, NOON + 6 * HOUR)
    assert reminders(case, NOON + 18 * HOUR) == []
    assert [fact.share for fact in reminders(case, NOON + 20 * HOUR + 36 * MINUTE)] == [0.8]


# -- what a reminder and supervision ask for


def reminded() -> Case:
    case = told(taken(), NOON + HOUR)
    assert case.awaits == NOON + HOUR
    assert waits_for(case) == "reaction"
    return case


def test_a_reminder_and_supervision_wait_for_one_reaction_since_the_first_of_them():
    case = told(reminded(), NOON + 2 * HOUR)
    assert (case.awaits, case.overdue, case.level) == (NOON + HOUR, True, 1)


def test_an_explanation_is_a_reaction():
    case = evolve(reminded(), explain(reminded(), Note(text="the part comes at five"), said("drain-1", NOON + HOUR), REMINDING))
    assert (case.awaits, waits_for(case)) == (None, None)


def test_a_new_handler_is_a_reaction():
    case = reminded()
    case = evolve(case, CaseTransferred.of(case, **said("operator-1", NOON + HOUR), department="gas", reason="theirs"))
    assert case.awaits is None


def test_accepting_is_a_reaction():
    case = triaged("cover")
    case = after(case, decide(case, WORLD, NOON + HOUR))
    assert case.awaits is None, "the offer that followed the reminder is a new handler"
    climbed = case.model_copy(update={"awaits": NOON})
    assert evolve(climbed, AssignmentAccepted.of(climbed, **said("drain-1", NOON + HOUR))).awaits is None


@pytest.mark.parametrize("by", ["drain-1", "head-1"])
def test_after_a_reaction_the_next_reminder_waits_for_another(by: str):
    case = evolve(reminded(), explain(reminded(), Note(text="soon"), said(by, NOON + HOUR), REMINDING))
    case = told(case, NOON + 96 * MINUTE)
    assert case.awaits == NOON + 96 * MINUTE


def test_refusals_move_a_case_up_from_where_its_lateness_has_brought_it():
    case = triaged("cover", at=NOON).model_copy(update={"refusals": 2})
    assert owed(case, REMINDING, NOON) == 1
    late = case.model_copy(update={"missed": (missed_key("respond", case.respond_by or NOON),)})
    assert owed(late, REMINDING, NOON) == 2
