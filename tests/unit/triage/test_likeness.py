"""Which earlier cases a report may repeat: places, words, candidates and suggestions with reasons."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.triage.likeness.cases import asked, asked_before, saved
from services.triage.likeness.cells import REACH_M, cell_of, cells_around, default_points, located
from services.triage.likeness.features import NAMES, PAIR_NAMES, features, pairs
from services.triage.likeness.near import FIELD, Wanted, fields_of, near
from services.triage.likeness.ranking import DEFAULT, Ranking, Trees, dump
from services.triage.likeness.suggestions import suggestions
from services.triage.likeness.wording import likeness
from shared.case import Case, Status
from shared.city import metres
from shared.service import Fields
from shared.stamps import stamp
from shared.terms import Location
from tests.unit.triage.town import NOON, SQUARE, TOWN, TOWN_HALL, north

HOUR = timedelta(hours=1)
LAMP = Wanted(SQUARE, NOON, "lamp", "roads", "路灯不亮了", "中山路 1 号", "web", "c9")


def row(at: Location = SQUARE, *, code: str = "lamp", hours: float = 3, text: str = "", followers: tuple[str, ...] = ()) -> Fields:
    return {
        FIELD: cell_of(at),
        "lat": at.lat,
        "lon": at.lon,
        "reported": stamp(NOON - hours * HOUR),
        "followers": followers,
        "type": code,
        "words": text,
        "address": "",
        "source": "web",
    }


@given(
    st.floats(min_value=-70, max_value=70),
    st.floats(min_value=-179, max_value=179),
    st.floats(min_value=-1, max_value=1),
    st.floats(min_value=-1, max_value=1),
)
def test_all_that_is_within_reach_stands_in_the_cells_around(lat: float, lon: float, up: float, right: float):
    here = Location(lat=lat, lon=lon)
    there = Location(lat=lat + up * REACH_M / 111_195, lon=lon + right * REACH_M / 111_195)
    if metres(here, there) <= REACH_M:
        assert cell_of(there) in cells_around(here)


def test_a_look_is_a_few_cells():
    assert 3 <= len(cells_around(SQUARE)) <= 12


def test_a_point_that_stands_for_not_located_is_found_without_its_name():
    lamp_post, hall = north(10), Location(lat=1, lon=2)
    history = [(lamp_post, "lamp", "Lamp Street 1")] * 30
    history += [(hall, f"type {nth % 12}", "") for nth in range(40)]
    history += [(north(nth), "lamp", "") for nth in range(100, 900)]
    assert default_points(history) == [hall]


def test_a_default_coordinate_is_no_place():
    assert located(TOWN_HALL, TOWN) is None
    assert located(SQUARE, TOWN, [SQUARE]) is None
    assert located(SQUARE, TOWN) == SQUARE


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("路灯不亮了", "路灯不亮", 0.8, 1.0),
        ("路灯不亮了", "楼道有垃圾", 0.0, 0.1),
        ("The street lamp is out", "street lamp out", 0.7, 1.0),
        ("The street lamp is out", "the stret lamp is out", 0.8, 1.0),
        ("ＬＡＭＰ out", "lamp OUT", 1.0, 1.0),
        ("", "lamp", 0.0, 0.0),
    ],
)
def test_wording_is_compared_without_needing_blanks(one: str, other: str, least: float, most: float):
    assert least <= likeness(one, other) <= most


def test_only_open_cases_at_a_place_are_found():
    case = Case(id="c1", status=Status.TRIAGED, reported_at=NOON, text="路灯不亮", location=SQUARE)
    assert fields_of(case, "lamp", SQUARE)[FIELD] == cell_of(SQUARE)
    assert fields_of(case, "lamp", None)[FIELD] is None
    assert fields_of(case.model_copy(update={"status": Status.CLOSED}), "lamp", SQUARE)[FIELD] is None


def test_only_earlier_cases_within_reach_are_near_and_never_the_case_itself():
    others = {"c1": row(), "c2": row(north(400)), "c3": row(hours=-1), "c9": row(), "c5": row(hours=0), "d5": row(hours=0)}
    assert near(LAMP, others, TOWN).ids == ("c1", "c5")


def test_the_likeliest_three_come_first_with_reasons_in_both_languages():
    others = {
        "far": row(north(200)),
        "same": row(north(12), text="路灯不亮"),
        "cover": row(code="cover"),
        "other": row(north(20), text="电线杆歪了"),
        "old": row(north(15), hours=400),
    }
    found = suggestions(LAMP, others, TOWN)
    assert len(found) == 3
    assert found[0].id == "same"
    assert found[0].reason.zh.startswith("同类问题，相距 12 米，早 3 小时上报，文字约")
    assert found[0].reason.en.startswith("same type, 12 m away, reported 3 hours earlier")
    assert "3 open reports at this place" in found[0].reason.en


def test_a_report_without_a_type_is_compared_all_the_same():
    asked = Wanted(SQUARE, NOON, text="路灯不亮了")
    assert [one.id for one in suggestions(asked, {"c1": row(text="路灯不亮"), "c2": row(north(240), code="cover")}, TOWN)][:1] == ["c1"]


def test_a_report_without_a_place_and_a_case_that_is_full_get_no_suggestion():
    assert suggestions(Wanted(None, NOON, "lamp"), {"c1": row()}, TOWN) == []
    assert suggestions(LAMP, {"c1": row(followers=tuple(map(str, range(100_000))))}, TOWN) == []


def test_a_type_of_another_group_that_it_is_often_confused_with_is_related():
    confused = TOWN.categories["lamp"].model_copy(update={"family": frozenset({"gas"})})
    city = TOWN.model_copy(update={"categories": {**TOWN.categories, "lamp": confused}})
    others = {"c1": row(code="gas"), "c2": row(code="cover"), "c3": row(code="rubbish"), "c4": row(code="")}
    assert near(LAMP, others, TOWN).same_family.tolist() == [False, True, False, False]
    assert near(LAMP, others, city).same_family.tolist() == [True, True, False, False]
    assert {one.id: one.reason.en.split(",")[0] for one in suggestions(LAMP, others, city)}["c1"] == "related type"


def test_the_names_of_the_numbers_are_as_many_as_the_numbers():
    around = near(LAMP, {"c1": row(), "c2": row(north(80), code="cover")}, TOWN)
    assert len(features(LAMP, around, NOON, {})) == len(NAMES)
    assert pairs(around).shape == (2, len(PAIR_NAMES))


def test_trees_are_walked_to_their_leaves():
    trees = Trees(base=-1, roots=(0,), feature=(0, -1, -1), threshold=(0.5, 0, 0), left=(1, 1, 2), right=(2, 1, 2), value=(0, -1.0, 1.0))
    ranking = Ranking.of(DEFAULT.model_copy(update={"trees": trees}))
    assert ranking.repeated([0.5]) == pytest.approx(0.1192, abs=1e-4)
    assert ranking.repeated([0.6]) == pytest.approx(0.5)


def test_a_ranking_that_was_learned_with_other_features_is_refused():
    with pytest.raises(ValueError, match="learn again"):
        Ranking.load(dump(DEFAULT.model_copy(update={"names": ("one",)})))


def test_a_saved_case_is_found_by_what_a_later_report_asks():
    earlier = Case(id="c1", status=Status.TRIAGED, reported_at=NOON - HOUR, text="路灯不亮", location=north(8))
    asks = asked_before("路灯不亮了", SQUARE, NOON, TOWN, code="lamp")
    others = {"c1": saved(earlier, "lamp", TOWN)}
    assert others["c1"][FIELD] in asks.query[FIELD]
    assert [one.id for one in suggestions(asks, others, TOWN)] == ["c1"]
    later = earlier.model_copy(update={"id": "c2", "reported_at": NOON})
    assert [one.id for one in suggestions(asked(later, "lamp", TOWN), others, TOWN)] == ["c1"]


def test_nothing_is_asked_at_a_default_coordinate_even_one_that_was_only_found():
    learned = DEFAULT.model_copy(update={"points": (north(50),)})
    city = TOWN.model_copy(update={"learned": {"duplicates.json": dump(learned)}})
    assert asked_before("lamp", TOWN_HALL, NOON, city).query == {}
    assert asked_before("lamp", north(50), NOON, city).query == {}
    assert asked_before("lamp", SQUARE, NOON, city).query != {}
