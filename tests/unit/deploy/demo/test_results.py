"""After a result: an operator calls back, a late objection is decided, and a meeting decides a remedy."""

from datetime import timedelta

from deploy.demo.day import Report
from deploy.demo.lists import LOOKS
from shared.case import Status
from shared.city import City, Role
from tests.unit.deploy.demo.seen import NOON, acts_of, case

LEAK = {"category": "X10201", "grade": "normal", "department": "property", "assignee": "property-worker-01"}


def test_reporters_are_called_back_and_some_are_not_reached_or_say_that_it_is_not_solved(demo_city: City):
    for seen in (case(Status.CLOSED), case(Status.COMPLETED, **LEAK)):
        bodies = [act.body for act in acts_of("callback", seen, demo_city) if act.body]
        assert {(body["reached"], body.get("solved")) for body in bodies} == {(False, None), (True, True), (True, False)}
        assert {body.get("satisfied") for body in bodies if body.get("solved")} == {True, False}


def test_the_handler_never_calls_back(demo_city: City):
    for handler in ("operator-01", "duty-officer-01"):
        acts = acts_of("callback", case(Status.CLOSED, assignee=handler), demo_city)
        assert {demo_city.staff[act.actor].role for act in acts} <= {Role.OPERATOR, Role.DUTY_OFFICER}
        assert handler not in {act.actor for act in acts}


def test_who_left_no_number_is_not_called(demo_city: City):
    nameless = Report("20260308-1-1", NOON, {"language": "en"}, "X10201")
    assert not acts_of("callback", case(Status.CLOSED), demo_city, report=nameless)


def test_where_the_word_of_the_reporter_is_needed_the_case_is_looked_at_again_when_it_must_be_closed(demo_city: City):
    waits = timedelta(hours=demo_city.objection_hours + demo_city.call_back_hours)
    assert all(act.at > NOON + waits for act in acts_of("", case(Status.COMPLETED, **LEAK), demo_city))
    assert all(act.latest < NOON + waits for act in acts_of("callback", case(Status.COMPLETED, **LEAK), demo_city))


def test_an_objection_that_comes_too_late_for_a_reopening_is_decided_by_somebody_with_a_name(demo_city: City):
    over = NOON + timedelta(days=demo_city.reopen_days)
    decisions = acts_of("decision", case(Status.CLOSED), demo_city)
    assert decisions
    objections = [act for act in acts_of("rating", case(Status.CLOSED), demo_city) if act.at > over]
    assert len(objections) >= len(decisions)
    assert all(act.body and not act.body["solved"] for act in objections)
    assert max(act.latest for act in objections) < min(act.at for act in decisions)


def test_a_meeting_decides_what_is_done_about_what_came_back_more_often_than_elsewhere(demo_city: City):
    once, again = (acts_of("remedy", case(Status.CLOSED, reopenings=n), demo_city) for n in (0, 1))
    assert 0 < len(once) < len(again)
    assert {demo_city.staff[act.actor].role for act in again} == {Role.LEADER}


def test_who_reacts_to_a_list_looks_at_it_before():
    assert {"confirmation", "explanation", "ruling", "decision", "callback"} <= LOOKS.keys()
