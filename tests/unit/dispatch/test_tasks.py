"""The list of one person's tasks."""

from datetime import timedelta

from services.dispatch.tasks import tasks_of
from shared.case import Case, Status
from shared.terms import Location
from tests.unit.dispatch.small_city import CITY, GATE, HOUR, NOON, triaged

FAR = Location(lat=30.01, lon=104.01)
GAS = CITY.staff["gas-1"]


def task(id: str, hours: float, place: Location | None = GATE, **more: object) -> Case:
    case = triaged("leak", location=place)
    given = {"id": id, "status": Status.ACCEPTED, "assignee": "gas-1", "resolve_by": NOON + hours * HOUR, **more}
    return case.model_copy(update=given)


def listed(*cases: Case) -> list[str]:
    return [one.id for one in tasks_of(GAS, cases, CITY, NOON).tasks]


def test_the_next_deadline_comes_first_then_the_nearest():
    assert listed(task("c", 3), task("b", 2, FAR), task("a", 2), task("d", 2, None)) == ["a", "b", "d", "c"]


def test_an_offer_is_due_when_its_answer_is():
    offer = task("b", 9, status=Status.ASSIGNED, answer_by=NOON + timedelta(minutes=3))
    assert listed(task("a", 1), offer) == ["b", "a"]


def test_what_one_is_only_told_of_comes_last_and_says_so():
    told = task("a", 1, assignee="gas-2", informed=("gas-1",))
    answer = tasks_of(GAS, [told, task("b", 5)], CITY, NOON)
    assert [(one.id, one.informed) for one in answer.tasks] == [("b", False), ("a", True)]


def test_what_is_over_or_somebody_else_s_is_not_listed():
    assert listed(task("a", 1, status=Status.COMPLETED), task("b", 1, assignee="gas-2")) == []


def test_the_answer_says_how_far_it_is_and_whether_one_is_on_duty():
    answer = tasks_of(GAS, [task("a", 1)], CITY, NOON)
    assert (answer.person, answer.capacity, answer.on_duty, answer.tasks[0].metres) == ("gas-1", 2, True, 1000)
    assert answer.tasks[0].category == "leak"
