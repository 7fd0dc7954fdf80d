"""Every folder in `deploy/cities` is a city that works: each category has words, limits, a department and people."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from shared.city import Category, City, Role, plain
from shared.citypack import city_folder, load_city
from shared.terms import Clock, Grade, Limit, Location

CITIES = {folder.name: load_city(folder) for folder in sorted(city_folder("demo").parent.iterdir()) if folder.is_dir()}
EVERY_CITY = pytest.mark.parametrize("city", CITIES.values(), ids=CITIES)
EVERY_CATEGORY = pytest.mark.parametrize(
    ("city", "category"),
    [pytest.param(city, category, id=f"{name}-{category.code}") for name, city in CITIES.items() for category in city.categories.values()],
)


def chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


@EVERY_CATEGORY
def test_a_category_has_names_words_and_an_outcome_in_both_languages(city: City, category: Category) -> None:
    for name in (category.name, category.outcome, *(condition.name for condition in category.conditions)):
        assert chinese(name.zh)
        assert not chinese(name.en)
    assert {chinese(word) for word in category.words} == {True, False}


@EVERY_CATEGORY
def test_a_category_has_a_limit_and_a_deadline(city: City, category: Category) -> None:
    start = datetime(2026, 9, 30, 10, tzinfo=UTC)
    for condition in category.conditions:
        assert city.calendar.add(start, condition.limit) > start
        grade = category.grade_of(condition.key)
        assert city.calendar.add(start, city.respond_limit(category, condition.key, grade)) > start


@EVERY_CATEGORY
def test_a_category_has_a_department_and_somebody_with_its_skills(city: City, category: Category) -> None:
    assert {category.department, *category.supporting} <= set(city.departments)
    able = [person for person in city.staff.values() if category.skills <= person.skills]
    assert category.department in {person.department for person in able}


@EVERY_CATEGORY
def test_a_category_is_reached_by_words_that_no_other_has(city: City, category: Category) -> None:
    others = {plain(word) for other in city.categories.values() if other is not category for word in other.words}
    own = [word for word in category.words if plain(word) not in others]
    assert {chinese(word) for word in own} == {True, False}


@EVERY_CITY
def test_a_group_is_used(city: City) -> None:
    assert {category.group for category in city.categories.values()} == set(city.groups)


@EVERY_CITY
def test_somebody_able_is_on_duty_for_every_emergency_at_every_hour(city: City) -> None:
    monday = datetime(2026, 9, 7, tzinfo=UTC)
    emergencies = [one for one in city.categories.values() if one.grade is Grade.EMERGENCY]
    for half_hour in range(7 * 48):
        on_duty = city.people(monday + half_hour * timedelta(minutes=30))
        for category in emergencies:
            assert any(category.skills <= person.skills for person in on_duty), (category.code, half_hour)


@EVERY_CITY
def test_a_duty_officer_is_there_at_every_hour(city: City) -> None:
    monday = datetime(2026, 9, 7, tzinfo=UTC)
    assert all(city.duty_officers(monday + hour * timedelta(hours=1)) for hour in range(7 * 24))


@EVERY_CITY
def test_grids_do_not_overlap_and_each_is_looked_after(city: City) -> None:
    for one, other in combinations(city.grids.values(), 2):
        assert one.shape.intersection(other.shape).area < 0.001 * min(one.shape.area, other.shape.area)
    looked_after: dict[Role, set[str]] = defaultdict(set)
    for person in city.staff.values():
        looked_after[person.role] |= person.grids
    assert looked_after[Role.GRID_WORKER] == set(city.grids)


@EVERY_CITY
def test_a_grid_is_found_by_a_point_in_it_and_leads_up_the_ladder(city: City) -> None:
    for grid in city.grids.values():
        inside = grid.shape.representative_point()
        assert city.grid_at(Location(lat=inside.y, lon=inside.x)) is grid
        levels = [area.level for area in city.areas_of(grid.id)]
        assert levels == sorted(set(levels))
        assert levels[0] == 0


@EVERY_CITY
def test_the_ladder_has_a_leader_on_each_level(city: City) -> None:
    assert all(city.leaders(level) for level in range(len(city.levels)))


def test_the_demo_city_carries_the_whole_taxonomy() -> None:
    city = CITIES["demo"]
    assert len(city.categories) == 63
    assert sum(category.proposal for category in city.categories.values()) == 19
    assert len(city.grids) == 15
    assert all(sum(map(chinese, one.words)) >= 8 for one in city.categories.values())
    assert all(sum(not chinese(word) for word in one.words) >= 8 for one in city.categories.values())


def test_the_demo_city_knows_the_holidays_and_make_up_days_of_2026() -> None:
    calendar = CITIES["demo"].calendar
    october = [day for day in range(1, 19) if calendar.works(datetime(2026, 10, day, tzinfo=UTC).date())]
    assert october == [8, 9, 10, 12, 13, 14, 15, 16]


def test_private_matters_of_the_demo_city_are_confidential() -> None:
    categories = CITIES["demo"].categories
    assert {code for code, one in categories.items() if one.confidential} >= {"X10204", "X10202", "X10302"}
    assert categories["X10302"].repeat_days == 7


def test_only_single_public_things_are_merged_by_rule() -> None:
    for category in CITIES["demo"].categories.values():
        if category.duplicate and category.duplicate.automatic:
            assert category.duplicate.radius_m <= 50
            assert not category.confidential
            assert category.group not in {"noise", "neighbours", "protection", "care"}


def test_boston_carries_what_its_record_has_and_nothing_of_the_demo_city() -> None:
    boston, demo = CITIES["boston"], CITIES["demo"]
    assert (len(boston.categories), len(boston.departments), len(boston.groups)) == (155, 17, 24)
    assert not boston.categories.keys() & demo.categories.keys()
    assert not boston.grids.keys() & demo.grids.keys()
    lamp = boston.categories["street-light-outages"]
    assert (lamp.name.zh, lamp.department, round(lamp.condition(None).limit.amount)) == ("路灯不亮", "public-works", 15)
    assert sum(category.proposal for category in boston.categories.values()) == 46, "types without targets"


def test_the_default_coordinates_of_boston_are_no_places() -> None:
    boston = CITIES["boston"]
    for lat, lon in ((42.3594, -71.0587), (42.3601, -71.0579), (42.3595, -71.0588)):
        assert not boston.located(Location(lat=lat, lon=lon))
    assert boston.located(Location(lat=42.2877, lon=-71.1067)), "a crossing with many cases is a place"


def test_boston_keeps_the_holidays_of_massachusetts_and_its_summer_time() -> None:
    calendar = CITIES["boston"].calendar
    assert not calendar.works(datetime(2015, 4, 20, tzinfo=UTC).date()), "Patriots' Day"
    spring = calendar.add(datetime(2015, 3, 6, 21, 0, tzinfo=UTC), Limit(amount=2, clock=Clock.WORK_HOURS))
    assert spring == datetime(2015, 3, 9, 14, 0, tzinfo=UTC), "Friday 16:00 and two work hours: Monday 10:00 in summer time"
