"""Who is asked first, and why."""

from datetime import timedelta

from services.dispatch.candidates import candidates, loads, members, on_duty
from shared.case import Case, evolve
from shared.city import Role
from shared.events import CaseAssigned, CaseTransferred
from shared.terms import Grade, Location
from tests.unit.dispatch.small_city import ALWAYS, CITY, NIGHT, NOON, STAFF, person, small_city, triaged


def names(case: Case, load: dict[str, int] | None = None, most: int = 9) -> list[str]:
    return [one.person.id for one in candidates(case, CITY, load or {}, NOON, most)]


def transferred(case: Case, department: str) -> Case:
    return evolve(case, CaseTransferred.of(case, at=NOON, by="operator-1", department=department, reason="theirs"))


def test_the_nearest_of_the_department_comes_first():
    assert names(triaged("cover")) == ["drain-1", "drain-2", "drain-3", "handy-1"]


def test_the_reason_is_stated_in_plain_words_of_both_languages():
    [best] = candidates(triaged("cover"), CITY, {"drain-1": 1}, NOON)
    assert best.reason == (
        "nearest of 3 on duty with skill 'drainage', 300 m away, 1 of 2 tasks"
        " / 3名在岗且具备“drainage”技能的人员中距离最近，距离300米，手头任务1/2"
    )


def test_the_next_best_say_where_they_stand():
    reasons = [one.reason for one in candidates(triaged("cover"), CITY, {}, NOON, 4)]
    assert reasons[1].startswith("number 2 by distance of 3 on duty")
    assert reasons[3].startswith("nearest of 1 on duty")


def test_whoever_has_no_room_is_left_out():
    assert names(triaged("cover"), {"drain-1": 2, "drain-2": 1}) == ["drain-2", "drain-3", "handy-1"]


def test_another_department_with_the_skill_helps_only_when_one_s_own_is_full():
    full = {"drain-1": 2, "drain-2": 2, "drain-3": 2}
    assert names(triaged("cover"), full) == ["handy-1"]


def test_whoever_looks_after_the_grid_comes_before_the_nearest():
    [best, _] = candidates(triaged("visit"), CITY, {}, NOON, 2)
    assert best.person.id == "grid-1"
    assert best.reason.startswith("nearest of 1 on duty with skill 'care', looks after grid G1, 5000 m away")
    assert names(triaged("visit", grid="G2"))[0] == "grid-2"


def test_without_a_place_the_least_busy_comes_first():
    case = triaged("cover", location=None)
    assert names(case, {"drain-1": 1}) == ["drain-2", "drain-3", "drain-1", "handy-1"]
    [best] = candidates(case, CITY, {"drain-1": 1}, NOON)
    assert best.reason.startswith("least busy of 3 on duty with skill 'drainage', 0 of 2 tasks")


def test_a_default_coordinate_is_no_place():
    nowhere = Location(lat=1.0, lon=1.0)
    city = small_city(placeholders=({"location": {"lat": 1.0, "lon": 1.0}},))
    [best] = candidates(triaged("cover", location=nowhere), city, {"drain-1": 1}, NOON)
    assert (best.person.id, best.rank.away) == ("drain-2", None)


def test_an_emergency_goes_to_the_nearest_however_busy_and_then_to_the_duty_officer():
    assert names(triaged("leak"), {"gas-1": 9}) == ["gas-1", "gas-2", "duty-1"]


def test_equal_distance_is_decided_by_load_and_then_by_id():
    twins = [person(id, Role.UNIT_WORKER, "drainage", "drainage", east=1.0) for id in ("b", "a")]
    city = small_city(staff={one.id: one for one in twins})
    case = triaged("cover")
    assert [one.person.id for one in candidates(case, city, {}, NOON, 2)] == ["a", "b"]
    assert [one.person.id for one in candidates(case, city, {"a": 1}, NOON, 2)] == ["b", "a"]


def test_nobody_is_asked_twice_before_somebody_decides():
    case = triaged("cover")
    offer = CaseAssigned.of(case, at=NOON, by="dispatch", assignee="drain-1", role="unit_worker", answer_by=NOON, reason="near")
    asked = evolve(case, offer)
    assert "drain-1" not in names(asked)


def test_nobody_is_asked_off_duty():
    assert on_duty(triaged("cover"), CITY, NIGHT) == ()
    assert candidates(triaged("cover"), CITY, {}, NIGHT) == []


def test_after_a_transfer_only_the_new_department_is_asked():
    assert names(transferred(triaged("cover"), "gas")) == ["gas-1", "gas-2"]
    assert names(transferred(triaged("cover"), "parks")) == ["handy-1"]
    assert names(transferred(triaged("cover"), "empty")) == []


def test_operators_leaders_and_duty_officers_do_not_handle_ordinary_cases():
    skilled = [person(role.value, role, "drainage", "drainage", shifts=(ALWAYS,)) for role in Role]
    city = small_city(staff={one.id: one for one in skilled})
    asked = {one.id for one in members(triaged("cover"), city)}
    assert asked == {role.value for role in Role} - {"operator", "leader", "duty_officer"}


def test_a_category_that_the_city_no_longer_has_goes_to_anybody_of_the_department():
    city = small_city(categories={"leak": CITY.categories["leak"]})
    assert [one.id for one in members(triaged("cover"), city)] == ["drain-1", "drain-2", "drain-3"]


def test_two_cities_of_one_version_are_not_mixed_up():
    other = small_city(staff={one.id: one for one in STAFF if one.id != "drain-1"})
    assert members(triaged("cover"), CITY)[0].id == "drain-1"
    assert members(triaged("cover"), other)[0].id == "drain-2"


def test_the_load_counts_open_tasks_of_other_cases():
    others: dict[str, dict[str, str | None]] = {"a": {"assignee": "gas-1"}, "b": {"assignee": "gas-1"}, "c": {"assignee": None}}
    assert loads(others) == {"gas-1": 2}


def test_duty_changes_with_the_minute():
    case = triaged("cover")
    evening = NOON + timedelta(hours=7, minutes=59)  # 19:59
    assert on_duty(case, CITY, evening)
    assert not on_duty(case, CITY, evening + timedelta(minutes=1))


def test_the_grade_alone_decides_about_hurry():
    urgent_leak = triaged("leak", grade=Grade.NORMAL)
    assert names(urgent_leak, {"gas-1": 2}) == ["gas-2"]
