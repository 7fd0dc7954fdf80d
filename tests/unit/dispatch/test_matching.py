"""Who gets whom when not everybody can be served."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.candidates import candidates, loads
from services.dispatch.cost import post_of
from services.dispatch.matching import matched, whom
from services.dispatch.nearby import fields
from services.dispatch.workload import Wanted, Workload
from shared.case import Case, Status
from shared.city import City, Role
from shared.service import Fields
from shared.terms import Location
from tests.unit.dispatch.small_city import CITY, GATE, NOON, person, small_city, triaged

PAIR = small_city(staff={one.id: one for one in [person(id, Role.UNIT_WORKER, "drainage", "drainage", capacity=1) for id in "ab"]})
ALONE = small_city(staff={"a": PAIR.staff["a"]})


def wanted(id: str, code: str = "cover", east: float = 0.0, **more: Any) -> Case:
    """Return a triaged case so many kilometres east of the gate."""
    place = Location(lat=GATE.lat, lon=GATE.lon + east / 96.3)
    return triaged(code, location=place, **more).model_copy(update={"id": id})


def world(*cases: Case, city: City = CITY) -> dict[str, Fields]:
    return {case.id: fields(case, city) for case in cases}


def settled(cases: list[Case], city: City) -> Mapping[str, str | None]:
    """Decide about the cases in this order, each seeing what was decided before, as a service does."""
    rows, found = world(*cases, city=city), {}
    for case in cases:
        chosen = whom(case, city, loads(rows), NOON)
        found[case.id] = chosen.person.id if chosen else None
        if chosen:
            taken = {"status": Status.ASSIGNED, "assignee": chosen.person.id}
            rows[case.id] = fields(case.model_copy(update=taken), city)
    return found


def test_a_case_that_waits_alone_gets_its_best_candidate():
    case = triaged("cover")
    assert whom(case, CITY, loads(world(case)), NOON) == candidates(case, CITY, loads({}), NOON)[0]
    assert whom(case, CITY, Workload(), NOON) == candidates(case, CITY, Workload(), NOON)[0]


def test_while_there_is_room_for_all_each_gets_its_best_candidate():
    cases = [wanted("1"), wanted("2")]
    assert whom(cases[1], CITY, loads(world(*cases)), NOON) == candidates(cases[1], CITY, Workload(), NOON)[0]


def test_a_free_person_goes_to_the_most_urgent_case_in_whatever_order_they_are_looked_at():
    cases = [wanted("1", "puddle"), wanted("2", "cover"), wanted("3", "puddle", resolve_by=NOON + timedelta(hours=1))]
    for order in permutations(cases):
        assert settled(list(order), ALONE) == {"1": None, "2": "a", "3": None}


def test_of_one_grade_the_next_deadline_goes_first():
    cases = [wanted("1", resolve_by=NOON + timedelta(hours=2)), wanted("2", resolve_by=NOON + timedelta(hours=1))]
    for order in permutations(cases):
        assert settled(list(order), ALONE) == {"1": None, "2": "a"}


def test_the_pairs_are_the_cheapest_together():
    near = person("near", Role.UNIT_WORKER, "drainage", "drainage", capacity=1)
    far = person("far", Role.UNIT_WORKER, "drainage", "drainage", east=9.0, capacity=1)
    city = small_city(staff={"near": near, "far": far})
    cases = [wanted("1", east=1.0), wanted("2", east=-5.0), wanted("3", "puddle")]  # both would rather have the near one
    for order in permutations(cases):
        assert settled(list(order), city) == {"1": "far", "2": "near", "3": None}


def test_two_emergencies_at_once_go_to_two_people():
    cases = [wanted("1", "leak", east=1.0), wanted("2", "leak", east=1.1)]
    assert set(settled(cases, CITY).values()) == {"gas-1", "gas-2"}


def test_an_emergency_does_not_wait_for_cases_that_are_none():
    cases = [wanted(str(n), "puddle") for n in range(40)]
    leak = wanted("leak", "leak")
    assert whom(leak, CITY, loads(world(leak, *cases)), NOON) == candidates(leak, CITY, Workload(), NOON)[0]


def test_whoever_gets_another_person_than_the_nearest_is_told_where_they_stand():
    cases = [wanted("1", resolve_by=NOON + timedelta(hours=1)), wanted("2", resolve_by=NOON + timedelta(hours=2)), wanted("3", "puddle")]
    [first, second] = [whom(case, PAIR, loads(world(*cases, city=PAIR)), NOON) for case in cases[:2]]
    assert first is not None
    assert second is not None
    assert {first.person.id, second.person.id} == {"a", "b"}
    assert "number 2 of 2 on duty" in second.reason + first.reason


def test_whoever_was_asked_already_is_not_given_again():
    case, other = wanted("1").model_copy(update={"offered": ("a",)}), wanted("2", "puddle")
    assert settled([case, other], ALONE) == {"1": None, "2": "a"}


@given(
    st.lists(st.tuples(st.sampled_from(["cover", "puddle"]), st.floats(-9, 9), st.integers(1, 50)), min_size=2, max_size=7), st.randoms()
)
def test_nobody_gets_more_than_fits_and_the_order_does_not_matter(drawn, dice):
    people = [person(f"p{n}", Role.UNIT_WORKER, "drainage", "drainage", east=n * 2.0, capacity=1) for n in range(3)]
    city = small_city(staff={one.id: one for one in people})
    cases = [wanted(str(n), code, east, resolve_by=NOON + timedelta(hours=hours)) for n, (code, east, hours) in enumerate(drawn)]
    rows = [Wanted.of(case, city) for case in cases]
    posts = [post_of(one, Workload(), city.local(NOON), city.dispatch.weights) for one in people]
    given_to = matched(rows, posts, city, NOON)
    served = sorted(rows, key=lambda one: one.turn)[:3]
    assert set(given_to) == {one.id for one in served}
    assert len({post.person.id for post in given_to.values()}) == len(served)
    dice.shuffle(rows)
    assert {id: post.person.id for id, post in matched(rows, posts, city, NOON).items()} == {
        id: post.person.id for id, post in given_to.items()
    }


def test_a_case_is_the_same_for_everybody_who_sees_the_same_world():
    cases = [wanted(str(n), "puddle", n / 3) for n in range(9)]
    rows = world(*cases, city=PAIR)
    chosen = {case.id: whom(case, PAIR, loads(rows), NOON) for case in cases}
    served = [one.person.id for one in chosen.values() if one]
    assert sorted(served) == ["a", "b"]
