"""Before filing somebody looks, where the type asks for it; and an operator may insist on who has given a case back."""

from datetime import timedelta

from deploy.demo.day import Report
from shared.case import Status
from shared.city import City
from tests.unit.deploy.demo.seen import NOON, acts_of, case, plans, steps

DUMPING = Report("20260308-1-2", NOON, {"language": "zh"}, "06030")
NIGHT = NOON + timedelta(hours=14)


def reported(**more: object):
    return case(Status.REPORTED, version=2, category=None, grade=None, grid=None, assignee=None, **more)


def test_the_grid_worker_of_the_place_confirms_rejects_or_does_not_come(demo_city: City):
    found = plans(reported(), demo_city, report=DUMPING)
    said = [{act.step for act in acts} & {"confirmation", "rejection", "classification"} for acts in found]
    assert {frozenset(one) for one in said} == {frozenset({"confirmation"}), frozenset({"rejection"}), frozenset()}
    assert said.count(set()) > len(said) / 10
    assert {act.actor for act in acts_of("confirmation", reported(), demo_city, report=DUMPING)} == {"grid-worker-01"}


def test_a_look_comes_before_its_time_is_over(demo_city: City):
    acts = acts_of("confirmation", reported(), demo_city, report=DUMPING)
    assert all(NOON < act.at <= act.latest < NOON + timedelta(minutes=30) for act in acts)


def test_whom_nobody_asked_to_look_leaves_it_to_the_operator(demo_city: City):
    assert "classification" in steps(reported(), demo_city, report=DUMPING, attempt=1)
    assert "confirmation" not in steps(reported(location=None), demo_city, report=DUMPING)
    assert "confirmation" not in steps(reported(), demo_city)


def test_an_operator_insists_on_who_has_given_it_back(demo_city: City):
    for status in (Status.TRIAGED, Status.ASSIGNED):
        acts = acts_of("assignment", case(status), demo_city, given_back_by="drainage-worker-01")
        insisting = [act for act in acts if act.body and act.body.get("insist")]
        assert insisting
        assert {act.body["person"] for act in insisting if act.body} == {"drainage-worker-01"}
        assert not any(act.actor == "drainage-worker-01" for act in insisting)


def test_nobody_insists_twice_on_the_same_person_or_on_who_has_it(demo_city: City):
    for knows in ({"given_back_by": "drainage-worker-02"}, {"given_back_by": "x", "insisted_on": "x"}):
        acts = acts_of("assignment", case(Status.ASSIGNED), demo_city, **knows)
        assert not any(act.body and act.body.get("insist") for act in acts)
