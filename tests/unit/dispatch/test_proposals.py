"""Whom an operator may send: as dispatch itself would choose, with reasons, and of a case in work as well."""

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.candidates import loads
from services.dispatch.decide import decide
from services.dispatch.nearby import fields
from services.dispatch.proposals import Proposal, proposals, queries
from services.dispatch.reasons import joined
from shared.case import Case, Status, evolve
from shared.city import City, Role
from shared.events import AssignmentAccepted, AssignmentDeclined, CaseAssigned, CaseReturned, WorkCompleted, WorkPaused, WorkStarted
from shared.service import Fields, World
from shared.speaking import fits
from shared.terms import Location
from tests.unit.dispatch.small_city import CITY, GATE, NIGHT, NOON, STAFF, person, reported, small_city, triaged

CROWD = small_city(
    staff={one.id: one for one in [person(f"p{n:03}", Role.UNIT_WORKER, "drainage", "drainage", east=n) for n in range(150)]}
)


def listed(case: Case, rows: dict[str, Fields] | None = None, city: City = CITY, now: datetime = NOON) -> list[Proposal]:
    """Return who is proposed, by no more of the rows than is asked for."""
    asked = queries(case, city, now)
    seen = {id: row for id, row in (rows or {}).items() if any(fits(query, id, row) for query in asked)}
    return proposals(case, city, loads(seen), now)


def names(case: Case, rows: dict[str, Fields] | None = None, city: City = CITY, now: datetime = NOON) -> list[str]:
    return [one.person for one in listed(case, rows, city, now)]


def offered(who: str, case: Case | None = None) -> Case:
    case = case or triaged("cover")
    told: dict[str, Any] = {"role": "unit_worker", "answer_by": NOON, "reason": "nearest"}
    return evolve(case, CaseAssigned.of(case, at=NOON, by="dispatch", assignee=who, **told))


def declined(who: str, case: Case | None = None) -> Case:
    case = offered(who, case)
    return evolve(case, AssignmentDeclined.of(case, at=NOON, by=who, reason="too far"))


def accepted(who: str) -> Case:
    case = offered(who)
    return evolve(case, AssignmentAccepted.of(case, at=NOON, by=who))


def paused(who: str) -> Case:
    case = accepted(who)
    return evolve(case, WorkPaused.of(case, at=NOON, by=who, reason="weather", approved_by="duty-1", look_again_at=NIGHT))


def holding(who: str, count: int) -> dict[str, Fields]:
    """Return the rows of so many cases that somebody has."""
    return {f"{who}/{n}": fields(accepted(who).model_copy(update={"id": f"{who}/{n}"}), CITY) for n in range(count)}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Case, dict[str, Fields]]:
    """A case that waits, and what others have in hand or wait for."""
    codes = st.sampled_from(["cover", "puddle", "leak", "visit"])
    places = st.sampled_from([GATE, Location(lat=30.0, lon=104.005), Location(lat=30.004, lon=104.01), None])
    rows: dict[str, Fields] = {}
    for one in STAFF:
        rows |= holding(one.id, draw(st.integers(0, 2)))
    for n in range(draw(st.integers(0, 6))):
        rival = triaged(draw(codes), location=draw(places)).model_copy(update={"id": f"rival/{n}"})
        rows[rival.id] = fields(rival, CITY)
    case = triaged(draw(codes), location=draw(places))
    for name in draw(st.lists(st.sampled_from([one.id for one in STAFF]), max_size=2, unique=True)):
        case = declined(name, case)
    return case, rows


@given(worlds())
def test_the_first_is_whom_dispatch_itself_asks_and_for_the_same_reason(found: tuple[Case, dict[str, Fields]]):
    case, rows = found
    told = [fact for fact in decide(case, World(CITY, rows), NOON) if isinstance(fact, CaseAssigned)]
    first = listed(case, rows)[:1]
    for fact in told:
        assert [(one.person, joined(one.reason), one.offered) for one in first] == [(fact.assignee, fact.reason, False)]


def test_the_first_is_not_the_nearest_one_whom_a_more_urgent_case_needs():
    near, far = (person(id, Role.UNIT_WORKER, "drainage", "drainage", east=east, capacity=1) for id, east in (("near", 0.0), ("far", 9.0)))
    city = small_city(staff={"near": near, "far": far})
    own, rival, last = (triaged("cover", location=Location(lat=GATE.lat, lon=GATE.lon + east / 96.3)) for east in (1.0, -5.0, 30.0))
    waiting = {id: fields(case.model_copy(update={"id": id}), city) for id, case in (("a", rival), ("z", last))}
    assert names(own, {}, city) == ["near", "far"]
    assert names(own, waiting, city) == ["far", "near"]


def test_each_is_told_with_what_an_operator_must_know():
    first = listed(triaged("cover"), holding("drain-1", 1))[0]
    assert first.model_dump(exclude={"title", "reason"}) == {
        "person": "drain-2",
        "role": Role.UNIT_WORKER,
        "department": "drainage",
        "on_duty": True,
        "load": 0,
        "capacity": 2,
        "metres": 600,
        "offered": False,
    }
    assert first.title == CITY.staff["drain-2"].title
    assert first.reason.en == "free soonest of 4 on duty with skill 'drainage', 600 m away, 0 of 2 tasks"
    assert first.reason.zh == "4名在岗且具备“drainage”技能的人员中可最早到场，距离600米，手头任务0/2"
    assert {one.person: one.load for one in listed(triaged("cover"), holding("drain-1", 1))}["drain-1"] == 1


def test_who_was_asked_already_is_marked_and_stands_behind_the_others():
    found = listed(declined("drain-1"))
    assert [(one.person, one.offered) for one in found] == [("drain-2", False), ("drain-3", False), ("handy-1", False), ("drain-1", True)]
    assert found[-1].reason.en.startswith("was asked already, has skill 'drainage', 300 m away")
    assert found[-1].reason.zh.startswith("已派过单，具备“drainage”技能，距离300米")


def test_of_a_case_that_somebody_has_it_is_told_who_could_take_it_instead():
    for case in (offered("drain-1"), accepted("drain-1"), paused("drain-1")):
        assert names(case) == ["drain-2", "drain-3", "handy-1"], case.status
    assert names(offered("drain-2", declined("drain-1"))) == ["drain-3", "handy-1", "drain-1"]


def test_whoever_is_first_while_somebody_has_the_case_is_asked_once_they_give_it_back():
    held = accepted("drain-1")
    for case, back in ((offered("drain-1"), AssignmentDeclined), (held, CaseReturned)):
        free = evolve(case, back.of(case, at=NOON, by="drain-1", reason="not mine"))
        [fact] = decide(free, World(CITY), NOON)
        assert isinstance(fact, CaseAssigned)
        assert listed(case)[0].person == fact.assignee


def test_whoever_has_no_room_is_not_listed_but_for_an_emergency():
    assert names(triaged("cover"), holding("drain-1", 2)) == ["drain-2", "drain-3", "handy-1"]
    assert set(names(triaged("leak"), holding("gas-1", 2))) == {"gas-1", "gas-2", "duty-1"}
    assert names(declined("drain-1"), holding("drain-1", 2)) == ["drain-2", "drain-3", "handy-1"]


def test_who_is_off_duty_is_listed_only_when_nobody_is_on_duty():
    found = listed(triaged("cover"), now=NIGHT)
    assert [(one.person, one.on_duty) for one in found] == [(name, False) for name in ("drain-1", "drain-2", "drain-3", "handy-1")]
    assert found[0].reason.en.startswith("off duty, has skill 'drainage', 300 m away")
    assert found[0].reason.zh.startswith("不在岗，具备“drainage”技能，距离300米")
    assert names(declined("drain-1"), now=NIGHT)[-1] == "drain-1"
    late = {one.id: one for one in (*STAFF, person("night", Role.UNIT_WORKER, "drainage", "drainage", shifts=CITY.staff["gas-1"].shifts))}
    assert names(triaged("cover"), city=small_city(staff=late), now=NIGHT) == ["night"]


def test_there_are_at_most_eight_and_what_all_of_them_have_in_hand_is_asked_for():
    assert names(triaged("cover"), city=CROWD) == [f"p{n:03}" for n in range(8)]
    case = declined("p149", triaged("cover"))
    [wanted] = [set(query["assignee"]) for query in queries(case, CROWD, NOON)[-1:]]
    assert wanted == {"p149"}
    assert len(names(triaged("cover"), city=CROWD, now=NIGHT)) == 8


def test_an_office_has_no_number_of_tasks_and_a_case_without_place_no_way():
    office = small_city(staff={"o": person("o", Role.UNIT_WORKER, "drainage", "drainage", capacity=1000)})
    [only] = listed(triaged("puddle", location=None), city=office)
    assert (only.load, only.capacity, only.metres) == (None, 1000, None)


def test_nobody_is_listed_and_nothing_asked_for_while_a_case_cannot_be_assigned():
    working = accepted("drain-1")
    working = evolve(working, WorkStarted.of(working, at=NOON, by="drain-1"))
    done = evolve(working, WorkCompleted.of(working, at=NOON, by="drain-1", outcome="done"))
    assert (names(working), done.status) == (["drain-2", "drain-3", "handy-1"], Status.COMPLETED)
    for case in (reported(), done, done.model_copy(update={"status": Status.CLOSED})):
        assert (queries(case, CITY, NOON), names(case)) == ([], [])
