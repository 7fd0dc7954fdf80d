"""What must never have happened to a case is caught, whatever the table lets pass; and what is right is not."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy.check.blank import blank
from deploy.check.fold import take
from deploy.check.referee import Seen, faults
from deploy.check.shapes import read_fact
from tests.unit.deploy.check.town import LIFE, Message, accepted, assigned, closed, completed, fact, reported, triaged, what

TAKEN = (reported(), triaged(), assigned(), accepted())  # to be answered by 10:00, done by 12:00; version 4


def at(clock: str) -> str:
    return f"2026-03-02T{clock}:00Z"


def judged(*messages: Message) -> list[tuple[int, str]]:
    """Return what the referee says of the last of the facts; those before it must be right."""
    seen, case, found = Seen(), blank("a"), list[tuple[int, str]]()
    for _, _, value in messages:
        assert found == []
        told = read_fact(value)
        take(case, told)
        found = list(faults(seen, told, case["status"]))
    return found


def numbers(*messages: Message) -> list[int]:
    return [number for number, _ in judged(*messages)]


def reminder(clock: str = "11:00", share: float = 0.5, deadline: str = "12:00") -> Message:
    return fact("reminder.sent", at=clock, id=f"{share}/{clock}", by="dispatch", share=share, deadline=at(deadline), to=["worker-1"])


def stated(which: str, clock: str, deadline: str) -> Message:
    return fact("deadline.missed", at=clock, id=f"{which}/{clock}", by="dispatch", which=which, deadline=at(deadline))


def paused(clock: str = "10:00", on: int = 4, approved_by: str = "head-1") -> Message:
    told = {"reason": "weather", "approved_by": approved_by, "look_again_at": at("23:00")}
    return fact("work.paused", at=clock, by="worker-1", on=on, **told)


def resumed(clock: str, resolve: str, on: int = 5) -> Message:
    return fact("work.resumed", at=clock, by="worker-1", on=on, resolve_by=at(resolve))


def corrected(resolve: str, respond: str = "10:00", on: int = 4) -> Message:
    told = {"respond_by": at(respond), "resolve_by": at(resolve), "calendar": "new", "reason": "a holiday"}
    return fact("deadline.corrected", at="09:10", by="dispatch", on=on, **told)


def extended(by: str = "head-1") -> Message:
    told = {"resolve_by": at("15:00"), "reason": "parts", "approved_by": by}
    return fact("deadline.extended", at="09:05", by="operator-1", on=4, **told)


# -- reminders and stages


def test_a_reminder_before_its_deadline_is_right():
    assert numbers(*TAKEN, reminder(), reminder("11:36", 0.8)) == []


@pytest.mark.parametrize("clock", ["12:00", "13:00"])
def test_a_reminder_at_or_after_its_deadline_is_caught(clock: str):
    assert numbers(*TAKEN, reminder(clock)) == [8]


def test_a_reminder_said_twice_of_one_deadline_is_caught():
    assert numbers(*TAKEN, reminder(), reminder("11:10")) == [8]


def test_a_reminder_of_another_deadline_is_caught():
    assert numbers(*TAKEN, reminder(deadline="13:00")) == [8]


def test_a_reminder_or_a_missed_deadline_while_the_clock_stands_still_is_caught():
    assert numbers(*TAKEN, paused(), reminder()) == [8]
    assert numbers(*TAKEN, paused(), stated("resolve", "12:01", "12:00")) == [8]


@pytest.mark.parametrize(
    ("before", "which", "right"),
    [
        ((reported(), triaged()), "dispatch", True),
        ((reported(), triaged(), assigned()), "dispatch", False),
        ((reported(), triaged(), assigned()), "respond", True),
        (TAKEN, "respond", False),
        ((*TAKEN, completed()), "check", True),
        (TAKEN, "check", False),
    ],
)
def test_a_deadline_is_missed_only_while_what_it_asks_for_has_not_happened(before: tuple[Message, ...], which: str, right: bool):
    assert numbers(*before, stated(which, "10:00", "10:00")) == ([] if right else [8])


def test_a_stage_missed_twice_or_before_its_time_is_caught():
    once = (reported(), triaged(), stated("dispatch", "10:00", "10:00"))
    assert numbers(*once, stated("dispatch", "10:05", "10:00")) == [8]
    assert numbers(reported(), triaged(), stated("dispatch", "09:59", "10:00")) == [8]


# -- pauses and corrections


def test_what_was_left_when_a_case_was_paused_is_given_back():
    assert numbers(*TAKEN, paused("10:00"), resumed("14:00", "16:00")) == []


@pytest.mark.parametrize("resolve", ["12:00", "15:59", "16:01"])
def test_less_or_more_than_was_left_is_caught(resolve: str):
    [(number, sentence)] = judged(*TAKEN, paused("10:00"), resumed("14:00", resolve))
    assert number == 8
    assert sentence.endswith("expected 2026-03-02T16:00:00+00:00")


def test_a_deadline_that_had_passed_when_the_case_was_paused_stays():
    assert numbers(*TAKEN, paused("12:30"), resumed("14:00", "12:00")) == []
    assert numbers(*TAKEN, paused("12:30"), resumed("14:00", "15:00")) == [8]


def test_of_working_time_a_pause_never_takes_anything_away():
    slow = fact("case.triaged", at="09:01", by="triage", on=1, reason="lamp", classification=working())
    before = (reported(), slow, assigned(), accepted(), paused("10:00"))
    assert numbers(*before, resumed("14:00", "20:00")) == []
    assert numbers(*before, resumed("14:00", "11:00")) == [8]


def working() -> dict[str, Any]:
    return {**what(), "limit": {"amount": 2.0, "clock": "work_hours"}}


def reopened(resolve: str, spent: float) -> Message:
    told: dict[str, Any] = {"reason": "it flickers", "respond_by": at("20:00"), "resolve_by": at(resolve), "spent": spent}
    return fact("case.reopened", at="14:00", by="resident", on=6, **told)


@pytest.mark.parametrize(
    ("resolve", "spent", "right"),
    [
        ("15:30", 0.25, True),  # three quarters of two hours
        ("15:00", 0.5, False),
        ("15:30", 0.5, False),
        ("17:00", 0.25, False),
    ],
)
def test_a_reopened_case_has_the_rest_of_its_limit_and_never_less_than_was_left(resolve: str, spent: float, right: bool):
    late = (*TAKEN, completed(at="10:30"), closed(at="10:40"))  # an hour and a half before the deadline
    assert (judged(*late, reopened(resolve, spent)) == []) is right


def test_a_reopening_that_begins_a_new_clock_is_right_as_it_was():
    assert judged(*TAKEN, completed(at="10:30"), closed(at="10:40"), reopened("20:00", 0.0)) == []


def test_a_correction_moves_what_the_calendar_made():
    assert numbers(*TAKEN, corrected("13:00")) == []


def test_a_correction_of_nothing_or_of_what_a_person_set_or_of_a_paused_case_is_caught():
    assert numbers(*TAKEN, corrected("12:00")) == [8]
    assert numbers(*TAKEN, extended(), corrected("16:00", on=5)) == [8]
    assert numbers(*TAKEN, extended(), corrected("15:00", respond="11:00", on=5)) == []
    assert numbers(*TAKEN, paused("09:05"), corrected("13:00", on=5)) == [8]


# -- who does what


DONE = (*TAKEN, completed())


def judgement(type: str, by: str, on: int | None = None) -> Message:
    told: dict[str, Any] = {
        "resolution.verified": {"reason": "seen"},
        "resolution.rejected": {"reason": "bad"},
        "case.rated": {"solved": True, "score": 5, "closing": 0},
        "callback.recorded": {"reached": True, "solved": True, "closing": 0},
        "appeal.decided": {"upheld": False, "reason": "yours"},
    }
    more: dict[str, Any] = {} if on is None else {"on": on}
    return fact(type, at="09:35", by=by, **told[type], **more)


@pytest.mark.parametrize(
    ("type", "on"), [("resolution.verified", 5), ("resolution.rejected", 5), ("case.rated", None), ("callback.recorded", None)]
)
def test_whoever_judges_their_own_work_is_caught(type: str, on: int | None):
    assert numbers(*DONE, judgement(type, "worker-1", on)) == [11]
    assert numbers(*DONE, judgement(type, "worker-2", on)) == []


def test_a_decision_about_an_objection_to_ones_own_work_is_caught():
    objected = (*LIFE, fact("case.rated", at="10:00", by="resident", solved=False, score=1, closing=1))
    decided: dict[str, Any] = {"type": "objection.decided", "at": "10:05", "on": 6, "reason": "it stays"}
    assert numbers(*objected, fact(**decided, by="worker-1")) == [11]
    assert numbers(*objected, fact(**decided, by="duty-1")) == []


def test_a_closed_case_stays_closed_after_a_decision():
    objected = (*LIFE, fact("case.rated", at="10:00", by="resident", solved=False, score=1, closing=1))
    decided = fact("objection.decided", at="10:05", by="duty-1", on=6, reason="it stays")
    assert numbers(*objected, decided, closed(on=7, at="10:10")) == [3]


def test_a_pause_or_an_extension_approved_by_the_handler_is_caught():
    assert numbers(*TAKEN, paused(approved_by="worker-1")) == [11]
    assert numbers(*TAKEN, extended(by="worker-1")) == [11]


def test_a_refusal_by_whom_an_operator_insists_on_is_caught():
    insisted = (reported(), triaged(), assigned(insists=True))
    assert numbers(*insisted, fact("assignment.declined", at="09:05", by="worker-1", on=3, reason="no")) == [11]


def test_a_case_that_was_given_back_is_free_to_be_assigned():
    back = fact("case.returned", at="09:05", by="worker-1", on=4, reason="not mine")
    assert numbers(*TAKEN, back, assigned(at="09:06", on=5)) == []


def test_a_rule_that_merges_again_what_a_person_separated_is_caught():
    told = {"into": "0", "into_reported_at": at("08:00"), "reason": "the same"}
    apart = fact("case.separated", at="09:10", by="operator-1", on=2, reason="two lamps")
    before = (reported(), fact("case.merged", at="09:05", by="triage", on=1, **told), apart)
    assert numbers(*before, fact("case.merged", at="09:20", by="triage", on=3, **told)) == [11]
    assert numbers(*before, fact("case.merged", at="09:20", by="operator-1", on=3, **told)) == []


@pytest.mark.parametrize(("late", "hours", "right"), [(True, -1, True), (False, -1, False), (True, 1, False)])
def test_only_a_late_entry_has_a_true_time_and_only_an_earlier_one(late: bool, hours: int, right: bool):
    true_at = (datetime.fromisoformat(at("09:05")) + timedelta(hours=hours)).isoformat()
    note = fact("note.added", at="09:05", by="worker-1", text="x", late=late, true_at=true_at)
    assert numbers(*TAKEN, note) == ([] if right else [11])


def test_what_is_confidential_and_published_all_the_same_is_caught():
    secret = fact("case.triaged", at="09:01", by="triage", on=1, reason="care", classification={**what(), "confidential": True})
    shown = fact("standing.published", at="09:05", by="closure", text="it is being dealt with", round=0)
    assert numbers(reported(), secret, shown) == [12]
    assert numbers(reported(), triaged(), shown) == []
