"""Who is asked first, and why."""

from datetime import timedelta
from typing import Any

from services.dispatch.candidates import asked, candidates, loads, members, on_duty
from services.dispatch.workload import Workload
from shared.case import Case, evolve
from shared.city import City, Role
from shared.events import CaseAssigned, CaseTransferred
from shared.sending import Sending, SendingWeights
from shared.terms import Grade, Location, Words
from tests.unit.dispatch.small_city import ALWAYS, CITY, GATE, NIGHT, NOON, STAFF, person, small_city, triaged

NOBODY = Workload()
LATE, SOON = "2/9/z", "0/1/a"  # turns behind and before everything else


def busy(turn: str = "2/2/before", **counts: int) -> Workload:
    """Return a workload in which people have so many tasks."""
    rows = {f"{name}/{n}": {"assignee": name.replace("_", "-"), "turn": turn} for name, count in counts.items() for n in range(count)}
    return loads(rows)


def doing(name: str, east: float, **more: Any) -> Workload:
    """Return a workload in which somebody has one task so many kilometres east of the gate."""
    return loads({"x": {"assignee": name, "turn": LATE, "lat": GATE.lat, "lon": GATE.lon + east / 96.3, **more}})


def names(case: Case, load: Workload = NOBODY, most: int = 9, city: City = CITY) -> list[str]:
    return [one.person.id for one in candidates(case, city, load, NOON, most)]


def transferred(case: Case, department: str) -> Case:
    return evolve(case, CaseTransferred.of(case, at=NOON, by="operator-1", department=department, reason="theirs"))


def test_the_nearest_of_the_department_comes_first():
    assert names(triaged("cover")) == ["drain-1", "drain-2", "drain-3", "handy-1"]


def test_the_reason_is_stated_in_plain_words_of_both_languages():
    [best] = candidates(triaged("cover"), CITY, busy(LATE, drain_2=1), NOON)
    assert best.reason == (
        "nearest of 4 on duty with skill 'drainage', 300 m away, 0 of 2 tasks"
        " / 4名在岗且具备“drainage”技能的人员中距离最近，距离300米，手头任务0/2"
    )


def test_skills_are_called_as_the_city_calls_them():
    city = CITY.model_copy(update={"skills": {"drainage": Words(zh="排水", en="drains")}})
    [best] = candidates(triaged("cover"), city, NOBODY, NOON)
    assert best.reason == (
        "nearest of 4 on duty with skill 'drains', 300 m away, 0 of 2 tasks"
        " / 4名在岗且具备“排水”技能的人员中距离最近，距离300米，手头任务0/2"
    )


def test_whoever_is_not_the_nearest_is_there_soonest():
    [best] = candidates(triaged("cover"), CITY, busy("1/1/before", drain_1=1), NOON)
    assert best.reason.startswith("free soonest of 4 on duty with skill 'drainage', 600 m away, 0 of 2 tasks / ")
    assert "可最早到场" in best.reason


def test_the_next_best_say_where_they_stand():
    reasons = [one.reason for one in candidates(triaged("cover"), CITY, NOBODY, NOON, 4)]
    assert reasons[1].startswith("number 2 of 4 on duty")
    assert "中排第4位" in reasons[3]


def test_whoever_has_no_room_is_left_out():
    assert names(triaged("cover"), busy(drain_1=2)) == ["drain-2", "drain-3", "handy-1"]


def test_a_free_person_farther_away_is_there_before_a_busy_one():
    assert names(triaged("cover"), busy("1/1/before", drain_1=1))[0] == "drain-2"


def test_a_task_that_is_done_later_keeps_nobody_from_coming_at_once_but_counts_a_little():
    city = small_city(staff={one.id: one for one in (*STAFF, person("far", Role.UNIT_WORKER, "drainage", "drainage", east=9.0))})
    assert names(triaged("cover"), busy(LATE, drain_1=1, drain_2=1, drain_3=1), city=city)[:3] == ["drain-1", "drain-2", "drain-3"]
    assert names(triaged("cover"), busy(LATE, drain_1=1))[0] == "drain-2"


def test_another_department_with_the_skill_helps_when_one_s_own_is_full():
    assert names(triaged("cover"), busy(drain_1=2, drain_2=2, drain_3=2)) == ["handy-1"]


def test_another_department_helps_when_that_saves_more_than_half_an_hour():
    assert names(triaged("cover"), busy(LATE, drain_1=1, drain_2=1, drain_3=1))[0] == "drain-1"
    assert names(triaged("cover"), busy("1/1/before", drain_1=1, drain_2=1, drain_3=1))[0] == "handy-1"


def test_some_room_is_kept_for_urgent_cases():
    roomy = small_city(staff={one.id: one.model_copy(update={"capacity": 4}) for one in STAFF})
    kept = int(4 * roomy.dispatch.weights.spare)
    full = busy(LATE, **dict.fromkeys(("drain_1", "drain_2", "drain_3", "handy_1"), 4 - kept))
    assert kept > 0
    assert names(triaged("puddle"), full, city=roomy) == []
    assert names(triaged("cover"), full, city=roomy) == ["drain-1", "drain-2", "drain-3", "handy-1"]


def test_whoever_comes_back_from_a_task_is_on_the_way_between_it_and_their_post():
    done = {"seen": "gas-2/now", "handler": "gas-2", "completed_at": NOON - timedelta(seconds=60), "lat": GATE.lat, "lon": GATE.lon}
    costs = {one.person.id: one.cost for one in candidates(triaged("leak"), CITY, loads({"x": done}), NOON, 9)}
    assert costs["gas-2"].way is not None
    assert 250 < costs["gas-2"].way < 400  # a minute at 7 m/s, by streets
    assert names(triaged("leak"), loads({"x": done}))[0] == "gas-2"


def test_a_task_that_is_nearly_done_counts_less():
    def way(minutes: int) -> float:
        since = NOON - timedelta(minutes=minutes)
        row = {"assignee": "drain-1", "turn": LATE, "status": "working", "since": since}
        return {one.person.id: one.cost.total for one in candidates(triaged("cover"), CITY, loads({"x": row}), NOON, 9)}["drain-1"]

    assert way(0) - way(20) == 1200
    assert way(60) == way(90) > 600


def test_whoever_looks_after_the_grid_is_worth_half_an_hour():
    near = {one.id: one.model_copy(update={"home": GATE}) if one.id == "grid-1" else one for one in STAFF}
    city = small_city(staff=near)
    [best, _] = candidates(triaged("visit"), city, NOBODY, NOON, 2)
    assert best.person.id == "grid-1"
    assert "looks after grid G1, 0 m away" in best.reason
    assert names(triaged("visit")) == ["grid-1", "grid-2"]  # 5 km and 0.1 km away
    assert names(triaged("visit", grid="G2"))[0] == "grid-2"


def test_whoever_has_a_task_nearby_only_makes_the_detour():
    workload = doing("drain-3", 0.1, status="accepted")
    costs = {one.person.id: one for one in candidates(triaged("cover"), CITY, workload, NOON, 9)}
    assert costs["drain-3"].cost.near is not None
    assert "has a task 100 m from there" in costs["drain-3"].reason
    assert "在100米外有在办任务" in costs["drain-3"].reason
    assert candidates(triaged("cover"), CITY, doing("drain-3", 0.5), NOON, 9)[-1].cost.near is None


def test_whoever_is_at_work_comes_from_there():
    costs = {one.person.id: one.cost for one in candidates(triaged("leak"), CITY, doing("gas-2", 0.2, status="working"), NOON, 9)}
    assert costs["gas-2"].way is not None
    assert 190 < costs["gas-2"].way < 210
    assert names(triaged("leak"), doing("gas-2", 0.2, status="working"))[0] == "gas-2"


def test_a_common_language_matters_most_where_talking_is_the_work():
    speaks = {"languages": frozenset({"zh", "ii"})}
    staff = {one.id: one.model_copy(update=speaks) if one.id in ("grid-2", "drain-3") else one for one in STAFF}
    city = small_city(staff=staff)
    visit, cover = (triaged(code).model_copy(update={"language": "ii"}) for code in ("visit", "cover"))
    assert names(visit, city=city)[0] == "grid-2"
    assert "speaks Sichuan Yi" in candidates(visit, city, NOBODY, NOON)[0].reason
    assert names(cover, busy(LATE, drain_3=1), city=city)[0] == "drain-1"
    assert "an interpreter for Sichuan Yi is needed" in candidates(cover, city, busy(LATE, drain_3=1), NOON)[0].reason


def test_without_a_place_the_least_busy_comes_first():
    case = triaged("cover", location=None)
    assert names(case, busy(drain_1=1)) == ["drain-2", "drain-3", "drain-1", "handy-1"]
    [best] = candidates(case, CITY, busy(drain_1=1), NOON)
    assert best.reason.startswith("least busy of 4 on duty with skill 'drainage', 0 of 2 tasks")


def test_a_default_coordinate_is_no_place():
    nowhere = Location(lat=1.0, lon=1.0)
    city = small_city(placeholders=({"location": {"lat": 1.0, "lon": 1.0}},))
    [best] = candidates(triaged("cover", location=nowhere), city, busy(drain_1=1), NOON)
    assert (best.person.id, best.cost.way) == ("drain-2", None)


def test_an_emergency_goes_to_the_nearest_however_busy_and_then_to_the_duty_officer():
    assert names(triaged("leak"), busy(gas_1=9)) == ["gas-1", "gas-2", "duty-1"]


def test_whoever_has_an_emergency_in_hand_is_not_asked_for_the_next_one_if_another_is_there_sooner():
    assert names(triaged("leak"), busy(SOON, gas_1=1)) == ["gas-2", "gas-1", "duty-1"]


def test_equal_cost_is_decided_by_id():
    twins = [person(id, Role.UNIT_WORKER, "drainage", "drainage", east=1.0) for id in ("b", "a")]
    city = small_city(staff={one.id: one for one in twins})
    assert names(triaged("cover"), city=city) == ["a", "b"]
    assert names(triaged("cover"), busy(a=1), city=city) == ["b", "a"]


def test_nobody_is_asked_twice_before_somebody_decides():
    case = triaged("cover")
    offer = CaseAssigned.of(case, at=NOON, by="dispatch", assignee="drain-1", role="unit_worker", answer_by=NOON, reason="near")
    assert "drain-1" not in names(evolve(case, offer))


def test_nobody_is_asked_off_duty():
    assert on_duty(triaged("cover"), CITY, NIGHT) == ()
    assert candidates(triaged("cover"), CITY, NOBODY, NIGHT) == []


def test_whose_shift_ends_before_they_could_begin_leaves_it_to_the_next_shift():
    evening = NOON + timedelta(hours=7, minutes=30)  # 19:30, half an hour before the end
    case, load = triaged("puddle", at=evening), busy("1/1/before", drain_1=1, drain_2=1, drain_3=1, handy_1=1)
    [best] = candidates(case, CITY, load, evening)
    assert best.cost.leaves
    assert "in the next shift" in best.reason
    night = person("night", Role.UNIT_WORKER, "drainage", "drainage", shifts=(ALWAYS.model_copy(update={"start": DUSK}),))
    relieved = small_city(staff={one.id: one for one in (*STAFF, night)})
    assert candidates(case, relieved, load, evening) == []
    assert candidates(case, relieved, load, evening + timedelta(minutes=30))[0].person.id == "night"


DUSK = (NOON + timedelta(hours=16)).replace(tzinfo=None).time()  # 20:00


def test_of_many_the_nearest_are_looked_at_first_and_more_the_longer_the_case_waits():
    crowd = [person(f"p{n:02}", Role.UNIT_WORKER, "drainage", "drainage", east=n / 10) for n in range(40)]
    city, case = small_city(staff={one.id: one for one in crowd}), triaged("cover")
    assert [one.id for one in asked(case, city, NOON)] == [f"p{n:02}" for n in range(8)]
    assert len(asked(case, city, NOON + timedelta(minutes=1))) == 16
    assert len(asked(case, city, NOON + timedelta(minutes=3))) == 40


def test_after_a_transfer_only_the_new_department_is_asked():
    assert names(transferred(triaged("cover"), "gas")) == ["gas-1", "gas-2"]
    assert names(transferred(triaged("cover"), "parks")) == ["handy-1"]
    assert names(transferred(triaged("cover"), "empty")) == []


def test_operators_leaders_and_duty_officers_do_not_handle_ordinary_cases():
    skilled = [person(role.value, role, "drainage", "drainage", shifts=(ALWAYS,)) for role in Role]
    city = small_city(staff={one.id: one for one in skilled})
    able = {one.id for one in members(triaged("cover"), city)}
    assert able == {role.value for role in Role} - {"operator", "leader", "duty_officer"}


def test_a_category_that_the_city_no_longer_has_goes_to_anybody_of_the_department():
    city = small_city(categories={"leak": CITY.categories["leak"]})
    assert [one.id for one in members(triaged("cover"), city)] == ["drain-1", "drain-2", "drain-3"]


def test_two_cities_of_one_version_are_not_mixed_up():
    other = small_city(staff={one.id: one for one in STAFF if one.id != "drain-1"})
    assert members(triaged("cover"), CITY)[0].id == "drain-1"
    assert members(triaged("cover"), other)[0].id == "drain-2"


def test_the_load_counts_open_tasks_of_other_cases():
    others: dict[str, dict[str, str | None]] = {"a": {"assignee": "gas-1"}, "b": {"assignee": "gas-1"}, "c": {"assignee": None}}
    assert (loads(others).load("gas-1"), loads(others).load("gas-2")) == (2, 0)


def test_duty_changes_with_the_minute():
    case = triaged("cover")
    evening = NOON + timedelta(hours=7, minutes=59)  # 19:59
    assert on_duty(case, CITY, evening)
    assert not on_duty(case, CITY, evening + timedelta(minutes=1))


def test_the_grade_alone_decides_about_hurry():
    normal_leak = triaged("leak", grade=Grade.NORMAL)
    assert names(normal_leak, busy(gas_1=2)) == ["gas-2"]


def test_the_weights_are_the_citys_own():
    load = busy("1/1/before", drain_1=1)
    assert names(triaged("cover"), load)[0] == "drain-2"
    patient = small_city(dispatch=Sending(weights=SendingWeights(ahead_s=0, open_s=0)))
    assert names(triaged("cover"), load, city=patient)[0] == "drain-1"


def test_speeds_of_roles_that_a_city_does_not_name_are_the_usual_ones():
    weights = SendingWeights.model_validate({"speeds": {"volunteer": 9}})
    assert (weights.speeds[Role.VOLUNTEER], weights.speeds[Role.GRID_WORKER]) == (9, 4)
