"""`gridcase city`: what it says of a pack, and the packs that it begins."""

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner, Result

from deploy.city.begin import TEMPLATE
from deploy.city.command import city
from deploy.city.kinds import target_of
from deploy.city.names import read_names
from deploy.city.squares import cell_of, grids_of
from deploy.replay.columns import MAPPINGS, read_layout
from deploy.replay.run import own_city
from shared.citypack import FILES, load_city
from shared.terms import Grade, Location
from tests.unit.deploy.replay.recordings import DAY, NOON, lamp

NAMES = read_names(TEMPLATE.with_name("names") / "boston.toml")
HEADER = "CASE_ENQUIRY_ID OPEN_DT TARGET_DT CLOSED_DT TYPE SUBJECT REASON Department LATITUDE LONGITUDE neighborhood".split()  # noqa: SIM905


def gridcase(*words: str | Path) -> Result:
    return CliRunner().invoke(city, [str(word) for word in words], catch_exceptions=False)


def test_a_new_pack_is_valid_and_has_the_name_of_its_folder(tmp_path: Path) -> None:
    made = gridcase("new", tmp_path / "Riverside 2")
    assert made.exit_code == 0, made.output
    loaded = load_city(tmp_path / "Riverside 2")
    assert loaded.name == "riverside-2"
    assert {category.grade for category in loaded.categories.values()} >= {Grade.EMERGENCY, Grade.NORMAL, Grade.SERVICE}
    checked = gridcase("check", tmp_path / "Riverside 2")
    assert (checked.exit_code, loaded.version in checked.output) == (0, True)


def test_a_pack_says_in_both_languages_what_it_is() -> None:
    for name in ("city.toml", "categories.toml", "calendar.toml"):
        comments = "".join(line.partition("#")[2] for line in (TEMPLATE / name).read_text(encoding="utf-8").splitlines())
        assert any("\u4e00" <= sign <= "\u9fff" for sign in comments)
        assert any(sign.isascii() and sign.isalpha() for sign in comments)


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    refused = gridcase("new", tmp_path)
    assert (refused.exit_code, "not empty" in refused.output) == (1, True)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_every_fault_is_printed_with_file_line_and_field(tmp_path: Path) -> None:
    gridcase("new", tmp_path / "pack")
    for name, old, new in (("categories.toml", '"2 work days"', '"2 wrk days"'), ("staff.csv", ",unit_worker,", ",wizard,")):
        file = tmp_path / "pack" / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    checked = gridcase("check", tmp_path / "pack")
    assert checked.exit_code == 1
    assert "categories.toml:34: category street-light conditions.0.limit: '2 wrk days' is no limit" in checked.output
    assert "staff.csv:3: post unit-worker-01 role" in checked.output


def test_a_city_that_comes_with_the_product_is_checked_by_its_name() -> None:
    assert "63 in 19 groups" in gridcase("check", "demo").output


def test_a_folder_that_is_none_has_all_its_files_missing(tmp_path: Path) -> None:
    checked = gridcase("check", tmp_path / "nowhere")
    assert (checked.exit_code, checked.output.count("the file is missing")) == (1, len(FILES))


def test_a_pack_is_made_from_recorded_cases(tmp_path: Path) -> None:
    file = tmp_path / "record.csv"
    places = [(42.30 + 0.0001 * n, -71.06) for n in range(50)]
    lamps = [
        (
            n,
            "01/16/2015 08:30:00 AM",
            "01/26/2015 08:30:00 AM",
            "",
            "Street Light Outages",
            "Works",
            "Street Lights",
            "PWDx",
            *at,
            "Dorchester",
        )
        for n, at in enumerate(places)
    ]
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([HEADER, *lamps])
    made = gridcase("new", tmp_path / "pack", "--from", file, "--names", TEMPLATE.with_name("names") / "boston.toml")
    assert made.exit_code == 0, made.output
    loaded = load_city(tmp_path / "pack")
    [category] = loaded.categories.values()
    assert (category.name.zh, category.department, category.group) == ("路灯不亮", "public-works", "lighting")
    assert (category.condition(None).limit.amount, list(loaded.groups)) == (10, ["lighting"])
    assert loaded.staff["public-works-dorchester-01"].grids == set(loaded.grids)


def test_a_name_that_is_missing_is_told(tmp_path: Path) -> None:
    file = tmp_path / "record.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([HEADER, (1, "01/16/2015 08:30:00 AM", "", "", "Dragons", "", "Myths", "PWDx", 42.3, -71.1, "")])
    made = gridcase("new", tmp_path / "pack", "--from", file, "--names", TEMPLATE.with_name("names") / "boston.toml")
    assert (made.exit_code, "types: Dragons; reasons: Myths" in made.output) == (1, True)


def test_the_limit_of_a_type_is_the_median_of_its_targets_or_a_proposal() -> None:
    lamps = [lamp(str(days), target=NOON + days * DAY) for days in (1, 3, 11)]
    assert target_of(lamps, NAMES) == (3 * DAY, False)
    few = [lamps[0], *(lamp(str(n), target=None) for n in range(20))]
    assert target_of(few, NAMES) == (timedelta(days=NAMES.usual_days), True)


def test_a_square_belongs_to_the_neighbourhood_that_most_of_its_cases_name() -> None:
    here = replace(lamp(location=Location(lat=42.301, lon=-71.06)), area="Dorchester")
    records = [*[here] * 4, *[replace(here, area="Roxbury")] * 2, *[replace(here, area="Mars")] * 9, replace(here, location=None)]
    [square] = grids_of(records, NAMES)
    assert (square.area, square.cell) == ("Dorchester", cell_of(Location(lat=42.301, lon=-71.06)))


def test_a_file_with_a_pack_of_its_own_is_replayed_with_it_if_the_pack_knows_its_types() -> None:
    layout = read_layout(MAPPINGS / "boston.toml")
    assert own_city(layout, [lamp()]) == "boston"
    assert own_city(layout, [lamp(), lamp("2", category="Dragons")]) == ""
    assert own_city(read_layout(MAPPINGS / "georeport.toml"), [lamp()]) == ""
