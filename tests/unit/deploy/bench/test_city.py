"""The bench city: the demo city in which nothing waits."""

from datetime import UTC, datetime
from itertools import combinations, islice
from pathlib import Path

import pytest

from deploy.bench.city import bench_city
from deploy.bench.reports import Reports
from shared.city import City, metres
from shared.citypack import load_city

NIGHT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)  # three in the morning there


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city(bench_city(tmp_path_factory.mktemp("bench") / "city"))


def test_everybody_is_on_duty_at_night_with_room_for_all(city: City):
    assert {person.id for person in city.people(NIGHT)} == set(city.staff)
    assert min(person.capacity for person in city.staff.values()) >= 1_000_000


def test_nothing_waits_for_a_look_a_check_or_an_objection(city: City):
    assert not any(category.check_before or category.check_after for category in city.categories.values())
    assert city.objection_hours < 0.001


def test_the_city_is_replaced_by_the_next_bench(tmp_path: Path):
    (bench_city(tmp_path / "city") / "left.txt").write_text("")
    assert not (bench_city(tmp_path / "city") / "left.txt").exists()


def test_reports_use_every_category_and_never_repeat_a_place(city: City):
    reports = list(islice(Reports(city).facts(), 40 * len(city.categories)))
    assert {one.category for one in reports} == set(city.categories)
    code = reports[0].category
    places = [one.location for one in reports if one.category == code and one.location]
    assert min(metres(a, b) for a, b in combinations(places, 2)) > 50


def test_reports_come_from_all_over_the_city(city: City):
    reports = islice(Reports(city).facts(), 500)
    grids = {grid.id for one in reports if one.location and (grid := city.grid_at(one.location))}
    assert grids == set(city.grids)
