"""Places, posts and look-ups of a city."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.city import City, Grid, Person, RateWeights, Recipient, Role, Shift, Step, Words, metres, plain
from shared.citypack import city_folder, load_city
from shared.terms import Clock, Grade, Limit, Location

CITY = load_city(city_folder("demo"))
HALL = CITY.placeholders[0].location
NOON = datetime(2026, 9, 9, 4, tzinfo=UTC)  # a Wednesday, 12:00 in the city
LOCATIONS = st.builds(Location, lat=st.floats(-90, 90), lon=st.floats(-180, 180))


def test_a_degree_of_latitude_is_111_km() -> None:
    assert metres(Location(lat=30, lon=104), Location(lat=31, lon=104)) == pytest.approx(111_195, abs=1)
    assert metres(Location(lat=60, lon=10), Location(lat=60, lon=11)) == pytest.approx(55_597, rel=1e-3)


@given(LOCATIONS, LOCATIONS)
def test_distance_is_the_same_both_ways_and_at_most_half_the_earth(one: Location, other: Location) -> None:
    assert metres(one, other) == pytest.approx(metres(other, one))
    assert 0 <= metres(one, other) <= 20_015_200


def test_a_default_coordinate_is_no_place() -> None:
    assert not CITY.located(HALL)
    assert not CITY.located(None)
    assert CITY.grid_at(HALL) is None
    near = Location(lat=HALL.lat + 0.0002, lon=HALL.lon)
    assert CITY.located(near)
    assert CITY.grid_at(near) is not None


def test_outside_the_city_there_is_no_grid() -> None:
    assert CITY.grid_at(Location(lat=31, lon=104)) is None
    assert CITY.grid_at(None) is None


def test_a_point_on_a_common_border_belongs_to_the_first_grid() -> None:
    lon, lat = CITY.grids["G01"].polygon[0][1]
    assert CITY.grid_at(Location(lat=lat, lon=lon)) is CITY.grids["G01"]
    assert CITY.grids["G02"].contains(Location(lat=lat, lon=lon))


def test_a_hole_in_a_grid_is_not_in_it() -> None:
    square = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0))
    hole = ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0))
    grid = Grid(id="g", name=Words(zh="格", en="grid"), community="c", polygon=(square, hole))
    assert grid.contains(Location(lat=3, lon=3))
    assert not grid.contains(Location(lat=1.5, lon=1.5))


@pytest.mark.parametrize(
    "rings",
    [(), [[(0, 0), (1, 1)]], [[(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)]], [[(30, 104), (30, 105), (31, 105), (30, 104)]]],
)
def test_a_polygon_that_is_none_is_refused(rings: object) -> None:
    with pytest.raises(ValueError, match="polygon"):
        Grid.model_validate({"id": "g", "name": {"zh": "格", "en": "g"}, "community": "c", "polygon": rings})


def test_a_grid_leads_up_to_the_city() -> None:
    assert [area.id for area in CITY.areas_of("G01")] == ["community-1", "street-1", "district", "city"]
    assert CITY.areas_of(None) == []


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    night = Shift(days=frozenset({4}), start=time(22), end=time(6))  # Friday
    friday = datetime(2026, 9, 11, 22, tzinfo=UTC)
    assert night.covers(friday)
    assert night.covers(friday + timedelta(hours=7, minutes=59))
    assert not night.covers(friday + timedelta(hours=8))
    assert not night.covers(friday - timedelta(hours=17))


def test_a_whole_day_has_no_gap() -> None:
    [always] = CITY.staff["city-leader-01"].shifts
    assert all(always.covers(NOON + timedelta(minutes=minute)) for minute in range(0, 7 * 1440, 10))


def test_who_is_on_duty_follows_the_clocks_of_the_city() -> None:
    assert CITY.staff["lighting-worker-01"] in CITY.people(NOON)
    assert CITY.staff["lighting-worker-01"] not in CITY.people(NOON + timedelta(hours=9))
    assert {person.role for person in CITY.duty_officers(NOON)} == {Role.DUTY_OFFICER}


def test_a_copy_with_other_posts_forgets_the_roster() -> None:
    assert CITY.people(NOON)
    assert CITY.model_copy(update={"staff": {}}).people(NOON) == []
    assert CITY.people(NOON)


def test_a_condition_that_is_not_named_is_the_first_one() -> None:
    lift = CITY.categories["01076"]
    assert lift.condition(None).key == lift.condition("unheard of").key == "trapped"
    assert lift.grade_of("trapped") is Grade.EMERGENCY
    assert lift.grade_of("out-of-order") is Grade.NORMAL


def test_the_first_step_of_a_condition_goes_before_what_the_grade_demands() -> None:
    elder, gas = CITY.categories["X10301"], CITY.categories["Y05-02"]
    assert CITY.respond_limit(elder, None, elder.grade) == Limit(amount=0.5, clock=Clock.URGENT_HOURS)
    assert CITY.respond_limit(gas, None, gas.grade) == Limit(amount=2, clock=Clock.URGENT_HOURS)


def test_beyond_the_ladder_is_its_top() -> None:
    assert CITY.level_name(0).en == "Community"
    assert CITY.level_name(9) == CITY.level_name(3)


def test_words_are_compared_in_any_case_and_width() -> None:
    assert plain("ＭＡＮＨＯＬＥ  Cover\n井盖") == "manhole cover 井盖"


def test_a_limit_for_each_grade_is_demanded() -> None:
    within = {grade: limit for grade, limit in CITY.respond_within.items() if grade is not Grade.URGENT}
    with pytest.raises(ValueError, match="there is none for urgent"):
        City.model_validate({**dict(CITY), "respond_within": within})


def test_a_post_is_frozen() -> None:
    person: Person = CITY.staff["grid-worker-01"]
    with pytest.raises(ValueError, match="frozen"):
        person.capacity = 100


def test_a_grade_has_steps_of_its_own_or_those_of_all() -> None:
    assert [step.share for step in CITY.steps_of(Grade.NORMAL)] == [0.5, 0.8, 1.0, 1.5, 2.0]
    assert [step.share for step in CITY.steps_of(Grade.EMERGENCY)] == [0.25, 0.5, 0.8, 1.0, 1.25, 1.5]
    assert {step.grade for step in CITY.steps_of(Grade.URGENT)} == {None}


def test_a_step_before_the_end_is_a_reminder_and_the_handler_hears_of_it() -> None:
    assert (Step(share=0.5, level=0).who, Step(share=1, level=1).who) == ((Recipient.HANDLER,), (Recipient.LEVEL,))
    for share, level in ((0.5, 1), (1.0, 0)):
        with pytest.raises(ValidationError):
            Step(share=share, level=level)


def test_a_family_is_the_same_from_either_side() -> None:
    lane, clutter = CITY.categories["09012"], CITY.categories["06036"]
    one_way = CITY.model_copy(update={"categories": {**CITY.categories, "06036": clutter.model_copy(update={"family": frozenset()})}})
    assert lane.code in one_way.family_of(clutter.code)
    assert clutter.code in one_way.family_of(lane.code)


def test_a_group_is_a_family_and_what_is_confused_with_one_joins_it() -> None:
    roads = {code for code, category in CITY.categories.items() if category.group == CITY.categories["10001"].group}
    assert CITY.family_of("10001") == roads
    assert CITY.family_of("Y05-06") == roads | {"Y05-01", "Y05-03", "06030"}


def test_old_periods_keep_their_weights() -> None:
    old, new = (RateWeights(since=since, weights={"response": 0.2, "call_back": 0.8}) for since in (date(2025, 1, 1), date(2026, 7, 1)))
    city = CITY.model_copy(update={"rate_weights": (old, new)})
    assert [city.weights_on(day) for day in (date(2024, 1, 1), date(2026, 6, 30), date(2026, 7, 1))] == [old, old, new]
