"""Handlers show the result, speak with the resident, explain delays, give back what is not theirs; and emergencies are recorded after."""

from datetime import datetime, timedelta

from deploy.demo.day import Report
from shared.case import Status
from shared.city import City, Role
from tests.unit.deploy.demo.seen import NOON, acts_of, case, steps

DONE = Status.ACCEPTED, Status.WORKING


def test_a_result_has_a_photo_where_one_is_demanded_but_for_a_few_that_are_sent_again(demo_city: City):
    for status in DONE:
        acts = acts_of("completion", case(status), demo_city)
        shown = [act for act in acts if act.body and act.body["media"]]
        assert 0.9 < len(shown) / len(acts) <= 1
        assert all(name.startswith("photo:10002-") for act in shown if act.body for name in act.body["media"])
        again = acts_of("completion", case(status), demo_city, attempt=1)
        assert all(act.body and act.body["media"] for act in again)


def test_a_reporter_who_left_a_number_is_called_and_one_who_did_not_cannot_be(demo_city: City):
    assert {act.actor for act in acts_of("contact", case(Status.ACCEPTED), demo_city)} == {"drainage-worker-02"}
    nameless = Report("20260308-1-1", NOON, {"language": "en"}, "01002")
    assert not acts_of("contact", case(Status.ACCEPTED), demo_city, report=nameless)


def test_whoever_takes_long_explains_it_before_the_work_is_done(demo_city: City):
    acts = acts_of("explanation", case(Status.WORKING), demo_city)
    assert {act.actor for act in acts} == {"drainage-worker-02", "drainage-centre-head-01"}
    assert all(act.version is None for act in acts)


def test_what_is_not_theirs_is_given_back_but_not_by_whom_an_operator_insists_on(demo_city: City):
    assert "return" in steps(case(Status.ACCEPTED), demo_city)
    assert "return" not in steps(case(Status.ACCEPTED), demo_city, insisted_on="drainage-worker-02")
    assert "return" not in steps(case(Status.ACCEPTED, grade="emergency"), demo_city)


def test_a_unit_appeals_takes_the_case_on_all_the_same_and_somebody_above_decides(demo_city: City):
    seen = case(Status.ASSIGNED, level=1)
    knows = {"insisted_on": "drainage-worker-02"}
    assert {"appeal", "acceptance", "ruling"} <= steps(seen, demo_city, **knows)
    assert not {"refusal", "appeal"} <= steps(seen, demo_city, **knows)
    rulings = acts_of("ruling", seen, demo_city, **knows)
    for person in (demo_city.staff[act.actor] for act in rulings):
        assert person.role is Role.DUTY_OFFICER or (person.role is Role.LEADER and person.level >= 2)
    bodies = [act.body for act in rulings if act.body]
    assert {body["upheld"] for body in bodies} == {True, False}
    assert all(body["department"] not in ("drainage-centre", None) for body in bodies if body["upheld"])


def test_emergencies_are_recorded_after_with_the_true_times(demo_city: City):
    for status in (Status.ASSIGNED, Status.ACCEPTED):
        acts = acts_of("record", case(status, grade="emergency"), demo_city)
        assert acts
        for act in acts:
            assert act.body
            begun, done = (datetime.fromisoformat(act.body[name]) for name in ("started_at", "completed_at"))
            assert NOON - timedelta(hours=1) < begun < done < act.at
            assert act.body["outcome"]
        assert not acts_of("record", case(status), demo_city)
    assert {act.actor for act in acts_of("record", case(Status.ASSIGNED, grade="emergency"), demo_city)} == {
        "grid-worker-01",
        "drainage-worker-02",
    }
