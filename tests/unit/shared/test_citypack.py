"""A folder becomes a city, or a list of all that is wrong with it, each fault with file, line and field."""

import shutil
from datetime import date
from pathlib import Path
from shutil import rmtree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.city import City
from shared.citypack import FILES, MOST_BYTES, CityInvalid, Fault, city_folder, load_city

DEMO = city_folder("demo")
WEIGHTS = "[[weights]]"
RATE = """[[rate]]
id = "content"
name = { zh = "认可率", en = "Content" }
since = 2026-01-01
numerator = ["solved"]
denominator = ["asked_solved"]

"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return shutil.copytree(DEMO, tmp_path / "pack")


def change(pack: Path, file: str, old: str, new: str) -> None:
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(pack: Path) -> tuple[Fault, ...]:
    with pytest.raises(CityInvalid) as invalid:
        load_city(pack)
    return invalid.value.faults


def read_or_faults(pack: Path) -> City | tuple[Fault, ...]:
    try:
        return load_city(pack)
    except CityInvalid as invalid:
        return invalid.faults


def line_of(pack: Path, file: str, text: str) -> int:
    lines = (pack / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def test_a_city_that_comes_with_the_product_is_found_by_name_and_others_by_path(tmp_path: Path) -> None:
    assert (DEMO / "city.toml").is_file()
    assert city_folder(str(tmp_path)) == tmp_path


def test_the_same_files_have_the_same_version_and_others_another(pack: Path) -> None:
    assert load_city(pack).version == load_city(DEMO).version
    change(pack, "categories.toml", 'limit = "2 urgent hours"', 'limit = "3 urgent hours"')
    assert load_city(pack).version != load_city(DEMO).version


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "message", "at"),
    [
        ("categories.toml", '"2 urgent hours"', '"2 hours"', "01001 conditions.0.limit", "is no limit", '"2 hours"'),
        ("categories.toml", '"22:00-06:00"', '"22-6"', "06028-L conditions.1.hours", "are no hours", ""),
        ("categories.toml", '"22:00-06:00"', '"06:00-06:00"', "06028-L conditions.1.hours", "the whole day", ""),
        (
            "categories.toml",
            'first_step = "24 urgent hours", words = ["吵"',
            'hours = "06:00-22:00", words = ["吵"',
            "06028-L conditions",
            "no hours",
            "",
        ),
        ("categories.toml", '"water-utility"', '"waters"', "01001 department", "no department 'waters'", '"waters"'),
        ("categories.toml", 'group = "manhole"', 'group = "man"', "01001 group", "no group 'man'", 'group = "man"'),
        ("categories.toml", 'grade = "urgent"', 'grade = "high"', "01001 grade", "'emergency'", 'grade = "high"'),
        ("categories.toml", "check_before", "chek_before", "01001 chek_before", "not permitted", "chek_before"),
        ("categories.toml", 'code = "01002"', 'code = "01001"', "01001 code", "stands there twice", ""),
        ("categories.toml", 'skills = ["water"]', 'skills = ["magic"]', "01001 skills", "nobody", '"magic"'),
        ("categories.toml", '"供水井盖"', '"自来水井盖"', "01001 words", "twice", "words = ["),
        ("categories.toml", "radius_m = 50", "radius_m = -1", "01001 duplicate.radius_m", "greater", "radius_m = -1"),
        ("categories.toml", "radius_m = 50", "radius_m = inf", "01001 duplicate.radius_m", "finite", "radius_m = inf"),
        ("city.toml", 'urgent = "24 urgent hours"\n', "", "respond_within", "none for urgent", "[respond_within]"),
        ("city.toml", 'homes = ["noise"', 'homes = ["noises"', "homes", "no group 'noises'", 'homes = ["noises"'),
        ("city.toml", "\ndrainage = {", "\ndrain = {", "skills", "no category asks for the skill 'drain'", ""),
        ("city.toml", "\ndrainage = {", "\ndrain = {", "skills", "skill 'drainage' has no name", ""),
        ("city.toml", '"Asia/Shanghai"', '"Mars"', "zone", "not a time zone", "zone ="),
        ("city.toml", "share = 1.5", "share = 2.5", "step 5 share", "must rise", "share = 2.0"),
        ("city.toml", "share = 1.5", "share = 0.9", "step 4", "is a reminder", ""),
        ("city.toml", "share = 0.25", "share = 0.6", "step 7 share", "must rise", ""),
        ("city.toml", 'who = ["handler"]', 'who = ["mayor"]', "step 1 who.0", "'handler'", 'who = ["mayor"]'),
        ("city.toml", "satisfaction = 0.35", "satisfaction = 0.5", "weights 1", "add up to 1", ""),
        ("city.toml", "resolution = 0.35", "resolved = 0.35", "weights 1 resolved", "no rate 'resolved'", "resolved ="),
        ("city.toml", WEIGHTS, RATE.replace("solved", "sold") + WEIGHTS, "rate 1 numerator.0", "'solved'", 'numerator = ["sold"]'),
        (
            "city.toml",
            "[[weights]]",
            RATE + RATE + WEIGHTS,
            "rate 2 since",
            "rise",
            "",
        ),
        ("city.toml", '["X10401"]', '["X99999"]', "rates excluded", "no category 'X99999'", "excluded ="),
        ("city.toml", "anonymous = false", 'anonymous = "maybe"', "rates.anonymous", "boolean", ""),
        ("categories.toml", 'family = ["01002"', 'family = ["99999"', "01001 family", "no category '99999'", "family ="),
        ("city.toml", 'parent = "street-1"', 'parent = "street-7"', "area community-1 parent", "no area", "street-7"),
        ("city.toml", "max_offers = 3", "max_offers = 0", "max_offers", "greater", "max_offers"),
        ("city.toml", '"3 minutes"', '"3 work days"', "answer_within.emergency", "without a break", 'emergency = "3 work days"'),
        ("city.toml", "ahead_s = 2700", "ahead_s = -1", "dispatch.weights.ahead_s", "greater", "ahead_s = -1"),
        ("city.toml", "ahead_s = 2700", "ahed_s = 1", "dispatch.weights.ahed_s", "not permitted", "ahed_s = 1"),
        ("city.toml", "volunteer = 1.3", "volunteer = 0", "dispatch.weights.speeds.volunteer", "greater", "volunteer = 0"),
        ("city.toml", "spare = 0.25", "spare = 1.0", "dispatch.weights.spare", "less", "spare = 1.0"),
        ("city.toml", "max_offers = 3", "max_ofers = 3", "max_ofers", "not permitted", "max_ofers"),
        ("calendar.toml", '"mon-fri"', '"mon-fry"', "working_days", "no weekdays", "working_days"),
        ("calendar.toml", '"08:00-12:00"', '"8-12"', "working_hours.0", "are no hours", "working_hours"),
        ("calendar.toml", "chinesecalendar", "almanac", "library", "chinesecalendar", "library ="),
        ("calendar.toml", "holidays = []", "holidays = [[1]]", "holidays.0", "date", "holidays ="),
        ("departments.toml", "供水公司", "", "water-utility name.zh", "at least 1", 'zh = ""'),
        ("staff.csv", "grid_worker", "wizard", "grid-worker-01 role", "grid_worker", "wizard"),
        ("staff.csv", ",G01,", ",G99,", "grid-worker-01 grids", "no grid 'G99'", "G99"),
        ("staff.csv", "daily 07:30-19:30", "daily 7-19", "grid-worker-01 shifts.0", "are no hours", "daily 7-19"),
        ("staff.csv", ",8,30.", ",many,30.", "grid-worker-01 capacity", "integer", "many"),
        ("grids.geojson", "community-1", "community-x", "G01 community", "no area 'community-x'", "community-x"),
        ("grids.geojson", '"G02"', '"G01"', "G01 id", "stands there twice", "第2网格"),
    ],
)
def test_a_fault_names_file_line_and_field(pack: Path, file: str, old: str, new: str, place: str, message: str, at: str) -> None:
    change(pack, file, old, new)
    hits = [one for one in faults(pack) if one.file == file and one.place.endswith(place) and message in one.message]
    assert hits, [str(one) for one in faults(pack)]
    if at:
        assert hits[0].line == line_of(pack, file, at)


def test_all_faults_are_told_at_once(pack: Path) -> None:
    change(pack, "city.toml", "max_offers = 3", "max_offers = -3")
    change(pack, "categories.toml", '"2 urgent hours"', '"two hours"')
    change(pack, "calendar.toml", '"mon-fri"', '"weekdays"')
    change(pack, "departments.toml", 'en = "Water utility"', 'de = "Wasserwerk"')
    change(pack, "staff.csv", "grid_worker", "wizard")
    change(pack, "grids.geojson", "community-1", "community-x")
    assert {fault.file for fault in faults(pack)} == set(FILES)
    assert "categories.toml" in str(CityInvalid(pack, list(faults(pack))))


def test_a_broken_entry_is_not_missed_by_others(pack: Path) -> None:
    change(pack, "departments.toml", 'en = "Water utility"', 'en = ""')
    assert [fault.file for fault in faults(pack)] == ["departments.toml"]


def test_the_skill_of_a_category_that_is_at_fault_is_not_said_to_be_asked_for_by_none(pack: Path) -> None:
    change(pack, "categories.toml", 'skills = ["lift"]', 'skills = ["lift"]\nunknown = true')
    assert [(fault.file, fault.place.rpartition(" ")[2]) for fault in faults(pack)] == [("categories.toml", "unknown")]


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_a_fault_of_that_file(pack: Path, file: str) -> None:
    (pack / file).unlink()
    assert ("the file is missing", "the whole file") in [(fault.message, fault.place) for fault in faults(pack) if fault.file == file]


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_not_text_is_a_fault_of_that_file(pack: Path, file: str) -> None:
    (pack / file).write_bytes(b"\xff\xfe\x00{")
    assert any("not UTF-8" in fault.message for fault in faults(pack) if fault.file == file)


def test_a_file_that_cannot_be_parsed_names_the_line(pack: Path) -> None:
    change(pack, "categories.toml", 'code = "01001"', "code = 01001")
    [fault] = [fault for fault in faults(pack) if fault.file == "categories.toml"]
    assert fault.line == line_of(pack, "categories.toml", "code = 01001")


def test_an_emergency_that_nobody_answers_at_night_is_a_fault(pack: Path) -> None:
    rows = (pack / "staff.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.startswith("gas-worker-03")]
    (pack / "staff.csv").write_text("\n".join(kept), encoding="utf-8")
    [fault] = faults(pack)
    assert fault.place == "category Y05-02 skills"
    assert fault.message == "nobody with gas is on duty on Monday at 16:00"


def test_reminders_that_nobody_would_hear_of_are_a_fault_of_each_department_without_a_head(pack: Path) -> None:
    rows = (pack / "staff.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.startswith("community-director")]
    assert len(kept) < len(rows)
    (pack / "staff.csv").write_text("\n".join(kept), encoding="utf-8")
    found = {fault.place: fault for fault in faults(pack)}
    assert "department parks id" in found
    assert "department municipal id" not in found, "it has a head"
    assert found["department parks id"].file == "departments.toml"
    assert found["department parks id"].line == line_of(pack, "departments.toml", 'id = "parks"')
    assert "no unit_head" in found["department parks id"].message


def test_overlapping_grids_are_a_fault(pack: Path) -> None:
    rows = (pack / "grids.geojson").read_text(encoding="utf-8").splitlines()
    rows[2] = rows[1].replace('"G01"', '"G02"')
    (pack / "grids.geojson").write_text("\n".join(rows), encoding="utf-8")
    assert [(fault.line, fault.message) for fault in faults(pack)] == [(3, "it overlaps grid G01")]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(FILES),
    st.integers(min_value=0),
    st.sampled_from(["", "x", "[[area]]", "id = 3", "a,b", "{}", "[1]", 'name = "x"', '"', "null,", "zone = 1", "\x00"]),
)
def test_whatever_is_wrong_the_answer_is_a_city_or_its_faults(tmp_path: Path, file: str, line: int, instead: str) -> None:
    pack = tmp_path / "pack"
    shutil.rmtree(pack, ignore_errors=True)
    shutil.copytree(DEMO, pack)
    rows = (pack / file).read_text(encoding="utf-8").splitlines()
    rows[line % len(rows)] = instead
    (pack / file).write_text("\n".join(rows), encoding="utf-8")
    read = read_or_faults(pack)
    assert isinstance(read, City) or (read and all(fault.file in FILES and fault.message for fault in read))


def test_what_was_learned_comes_with_the_city_and_is_part_of_its_version(pack: Path) -> None:
    rmtree(pack / "models")
    before = load_city(pack)
    assert before.learned == {}
    (pack / "models").mkdir()
    assert load_city(pack).version == before.version
    (pack / "models" / "triage.bin").write_bytes(b"\x00\x01")
    (pack / "models" / ".half-written").write_bytes(b"\x00")
    learned = load_city(pack)
    assert learned.learned == {"triage.bin": b"\x00\x01"}
    assert learned.version != before.version
    assert learned.calendar_version == before.calendar_version


def test_a_learned_file_that_is_too_large_or_no_file_is_a_fault(pack: Path) -> None:
    (pack / "models" / "folder").mkdir(parents=True)
    with (pack / "models" / "large.bin").open("wb") as large:
        large.truncate(MOST_BYTES + 1)
    assert [fault.file for fault in faults(pack)] == ["models/folder", "models/large.bin"]


def test_only_another_calendar_has_another_calendar_version(pack: Path) -> None:
    before = load_city(pack)
    change(pack, "calendar.toml", "holidays = []", "holidays = [2026-12-24]")
    after = load_city(pack)
    assert (after.calendar_version != before.calendar_version, after.version != before.version) == (True, True)


def test_a_library_knows_the_holidays_of_a_country(pack: Path) -> None:
    change(pack, "calendar.toml", '"chinesecalendar"', '"holidays"\ncountry = "US"\nsubdivision = "MA"')
    calendar = load_city(pack).calendar
    assert not calendar.works(date(2015, 4, 20)), "Patriots' Day"
    assert calendar.works(date(2015, 4, 21))


@pytest.mark.parametrize(
    ("place", "field"), [('country = "XX"', "country"), ('country = "US"\nsubdivision = "XX"', "subdivision"), ("", "country")]
)
def test_an_unknown_country_or_part_of_one_is_a_fault(pack: Path, place: str, field: str) -> None:
    change(pack, "calendar.toml", '"chinesecalendar"', f'"holidays"\n{place}')
    [fault] = faults(pack)
    assert (fault.file, field in fault.message) == ("calendar.toml", True)
