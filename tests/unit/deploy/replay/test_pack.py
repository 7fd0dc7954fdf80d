"""A city is made from its records."""

from datetime import timedelta
from pathlib import Path

from deploy.replay.pack import write_pack
from deploy.replay.points import default_points
from shared.terms import Clock, Location
from tests.unit.deploy.replay.recordings import DAY, NOON, lamp

CITY_HALL = Location(lat=42.3594, lon=-71.0587)


def test_each_type_is_a_category_with_the_median_of_its_targets(tmp_path: Path):
    spans = (1, 3, 11)
    city = write_pack(tmp_path, [lamp(str(days), target=NOON + days * DAY) for days in spans], "America/New_York")
    category = city.categories["street-light-outages"]
    assert (category.name.en, category.department, category.group) == ("Street Light Outages", "pwdx", "public-works")
    assert (category.conditions[0].limit.amount, category.conditions[0].limit.clock) == (3.0, Clock.NATURAL_DAYS)


def test_a_type_without_targets_has_the_usual_limit(tmp_path: Path):
    city = write_pack(tmp_path, [lamp("1"), lamp("2", category="Praise", target=None)], "UTC")
    assert city.categories["praise"].conditions[0].limit.amount == 10


def test_nothing_is_merged_by_rule_and_nobody_checks(tmp_path: Path):
    [category] = write_pack(tmp_path, [lamp()], "UTC").categories.values()
    assert category.duplicate is None
    assert not category.check_after


def test_each_type_has_a_desk_of_its_own_that_is_always_on_duty(tmp_path: Path):
    city = write_pack(tmp_path, [lamp("1"), lamp("2", category="Rats")], "UTC")
    for hour in range(0, 24 * 7, 5):
        assert len(city.people(NOON + timedelta(hours=hour))) == 2
    assert len({person.department for person in city.staff.values()}) == 2


def test_names_without_latin_letters_get_codes_of_their_own(tmp_path: Path):
    records = [lamp("1", category="路灯", department="照明所"), lamp("2", category="井盖", department="排水中心", group="市政")]
    city = write_pack(tmp_path, records, "Asia/Shanghai")
    assert len(city.categories) == 2
    assert len({category.department for category in city.categories.values()}) == 2


def test_a_point_that_too_many_share_is_no_place(tmp_path: Path):
    records = [lamp(str(n), location=CITY_HALL if n % 3 else Location(lat=42.3 + n / 10_000, lon=-71.0)) for n in range(90)]
    assert default_points(records) == [CITY_HALL]
    city = write_pack(tmp_path, records, "UTC")
    assert not city.located(CITY_HALL)
    assert city.grid_at(records[0].location) is not None


def test_records_without_places_still_make_a_city(tmp_path: Path):
    assert write_pack(tmp_path, [lamp(location=None, target=None)], "UTC").grids
