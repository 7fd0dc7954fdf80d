"""What handlers may do, and what they are refused."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from services.dispatch.actions import accept, complete, decline, note, pause, resume, start
from services.dispatch.decide import decide
from services.dispatch.requests import Completion, Note, Pause, Refusal
from shared.case import Case, Refused, Status, evolve
from shared.events import AssignmentAccepted, CaseReported, Said, WorkCompleted
from shared.service import World
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, after, said, triaged

DONE = Completion(outcome="Replaced.", media=("photo-1",))
RAIN = Pause(reason="weather", approved_by="leader-1")


def offered(code: str = "cover", at: datetime = NOON) -> Case:
    case = triaged(code, at=at)
    return after(case, decide(case, World(CITY), at))


def accepted(code: str = "cover", at: datetime = NOON) -> Case:
    case = offered(code, at)
    return evolve(case, accept(case, None, said(case.assignee or "", at), CITY))


def paused(code: str = "cover", at: datetime = NOON, begun: datetime = NOON) -> Case:
    case = accepted(code, begun)
    return evolve(case, pause(case, RAIN, said(case.assignee or "", at), CITY))


def resumed(case: Case, at: datetime) -> Case:
    return evolve(case, resume(case, None, said(case.assignee or "", at), CITY))


def test_the_assignee_takes_the_task_on():
    case = accepted()
    assert (case.status, case.assignee, case.accepted_at) == (Status.ACCEPTED, "drain-1", NOON)


@pytest.mark.parametrize(
    "act",
    [
        lambda other: accept(offered(), None, other, CITY),
        lambda other: decline(offered(), Refusal(reason="no"), other, CITY),
        lambda other: start(accepted(), None, other, CITY),
        lambda other: pause(accepted(), RAIN, other, CITY),
        lambda other: complete(accepted(), DONE, other, CITY),
    ],
)
def test_nobody_else_acts_on_the_task(act):
    with pytest.raises(Refused, match="somebody else"):
        act(said("drain-2"))


def test_only_what_is_offered_is_taken_or_refused():
    for case in (triaged(), accepted()):
        with pytest.raises(Refused, match="No offer"):
            accept(case, None, said("drain-1"), CITY)
        with pytest.raises(Refused, match="No offer"):
            decline(case, Refusal(reason="no"), said("drain-1"), CITY)


def test_a_refusal_says_why_and_frees_the_case():
    case = offered()
    fact = decline(case, Refusal(reason=" not our cover "), said("drain-1"), CITY)
    assert fact.reason == "not our cover"
    assert evolve(case, fact).status is Status.TRIAGED
    with pytest.raises(ValidationError):
        Refusal(reason="  ")


def test_only_an_accepted_task_is_started():
    case = accepted()
    assert evolve(case, start(case, None, said("drain-1"), CITY)).status is Status.WORKING
    with pytest.raises(Refused, match="accepted"):
        start(offered(), None, said("drain-1"), CITY)


def test_a_pause_needs_a_reason_from_the_list():
    with pytest.raises(Refused, match="one of: weather"):
        pause(accepted(), Pause(reason="tired", approved_by="leader-1"), said("drain-1"), CITY)


@pytest.mark.parametrize(("approver", "why"), [("drain-1", "other than the handler"), ("nobody", "no member of staff")])
def test_a_pause_is_approved_by_somebody_else(approver, why):
    with pytest.raises(Refused, match=why):
        pause(accepted(), Pause(reason="weather", approved_by=approver), said("drain-1"), CITY)


def test_a_pause_is_looked_at_again_ahead_of_now():
    case = accepted()
    assert pause(case, RAIN, said("drain-1"), CITY).look_again_at == NOON + 7 * 24 * HOUR
    past = Pause(reason="weather", approved_by="leader-1", look_again_at=NOON)
    with pytest.raises(Refused, match="ahead"):
        pause(case, past, said("drain-1"), CITY)


def test_resuming_gives_back_what_was_left():
    case = resumed(paused(at=NOON + HOUR), NOON + 50 * HOUR)
    assert (case.status, case.resolve_by) == (Status.WORKING, NOON + 51 * HOUR)


def test_resuming_gives_back_what_was_left_on_the_clock_of_the_case():
    morning = datetime(2026, 10, 12, 0, 0, tzinfo=UTC)  # Monday 08:00; 4 work hours end at 12:00
    case = paused("puddle", at=morning + HOUR, begun=morning)
    case = resumed(case, morning + 33 * HOUR)  # Tuesday 17:00, three work hours left: Wednesday 10:00
    assert case.resolve_by == morning + 50 * HOUR


def test_a_pause_in_which_the_clock_did_not_run_changes_nothing():
    night = datetime(2026, 10, 12, 11, 0, tzinfo=UTC)  # Monday 19:00
    before = paused("puddle", at=night, begun=night)
    assert resumed(before, night + 2 * HOUR).resolve_by == before.resolve_by


def test_the_deadline_of_an_overdue_case_stays_the_one_that_was_missed():
    case = resumed(paused(at=NOON + 3 * HOUR), NOON + 13 * HOUR)
    assert case.resolve_by == NOON + 2 * HOUR


def test_only_staff_resume_and_only_what_is_paused():
    with pytest.raises(Refused, match="no member of staff"):
        resume(paused(), None, said("resident"), CITY)
    with pytest.raises(Refused, match="not paused"):
        resume(accepted(), None, said("drain-1"), CITY)


def test_completion_says_what_was_done():
    case = accepted()
    [fact] = complete(case, DONE, said("drain-1"), CITY)
    assert isinstance(fact, WorkCompleted)
    done = evolve(case, fact)
    assert (done.status, done.outcome, fact.media) == (Status.COMPLETED, "Replaced.", ("photo-1",))


def test_an_emergency_is_handled_first_and_recorded_after():
    case, how = offered("leak"), Said(id="late", at=NOON + HOUR, by="gas-1", late=True)
    first, last = complete(case, DONE, how, CITY)
    assert isinstance(first, AssignmentAccepted)
    assert (first.late, last.late, last.id) == (True, True, how["id"])
    assert after(case, [first, last]).status is Status.COMPLETED


def test_said_again_the_late_entry_is_the_same_facts():
    case, how = offered("leak"), said("gas-1")
    assert [fact.id for fact in complete(case, DONE, how, CITY)] == [fact.id for fact in complete(case, DONE, how, CITY)]


def test_nothing_but_an_emergency_skips_the_acceptance():
    with pytest.raises(Refused, match="accepted"):
        complete(offered("cover"), DONE, said("drain-1"), CITY)


def test_somebody_else_does_not_record_an_emergency():
    with pytest.raises(Refused, match="somebody else"):
        complete(offered("leak"), DONE, said("gas-2"), CITY)


def test_staff_add_notes_at_any_time():
    case = accepted()
    assert evolve(case, note(case, Note(text="Key is with the porter"), said("operator-1"), CITY)).additions == 1
    with pytest.raises(Refused, match="no member of staff"):
        note(case, Note(text="hello"), said("resident"), CITY)
    with pytest.raises(Refused, match="no such case"):
        note(Case(id="nothing"), Note(text="hello"), said("operator-1"), CITY)


def test_every_refusal_speaks_both_languages():
    with pytest.raises(Refused) as refused:
        accept(triaged(), None, said("drain-1"), CITY)
    assert refused.value.zh.endswith("。")
    assert CaseReported.model_fields["type"].default not in refused.value.en
