"""Joins without a person by what was learned: only where the type allows them, and only by a ranking that has earned it."""

from datetime import timedelta
from typing import Any

import pytest

from services.triage.decide import decide, fields, look
from services.triage.likeness.automatic import repeats
from services.triage.likeness.cases import asked
from services.triage.likeness.near import FIELD, near
from services.triage.likeness.ranking import DEFAULT, Trees, dump
from shared.case import MAX_FOLLOWERS, Case
from shared.city import City
from shared.events import CaseMerged
from shared.service import World
from tests.unit.triage.town import NOON, TOWN, north, reported

MINUTE = timedelta(minutes=1)
EARLIER = reported("a", text="路灯不亮，三号楼前面", location=north(40))
NEARER = reported("b", text="三盏路灯不亮", at=NOON + MINUTE, location=north(15))
LATER = reported("c", text="学校门口的路灯闪个不停", at=NOON + 5 * MINUTE)


def learned(city: City = TOWN, **changed: Any) -> City:
    """Return the town with a ranking that gives every report 95.26 %, and whose joins at 90 % were right in 96 of 100 cases."""
    ranking = DEFAULT.model_copy(update={"trees": Trees(base=3.0), "automatic": 0.9, "precision": 0.96, **changed})
    return city.model_copy(update={"learned": {"duplicates.json": dump(ranking)}})


def merged(city: City, case: Case = LATER, others: tuple[Case, ...] = (EARLIER,)) -> CaseMerged | None:
    rows = {other.id: fields(other, city) for other in (case, *others)}
    return next((fact for fact in decide(case, World(city, rows), NOON + 6 * MINUTE) if isinstance(fact, CaseMerged)), None)


def test_what_no_rule_joins_is_joined_by_a_ranking_that_has_earned_it_and_the_fact_says_how_sure_it_was():
    assert merged(TOWN) is None
    fact = merged(learned())
    assert fact is not None
    assert fact.into == "a"
    assert fact.reason.endswith("same category, 40 m away, reported 5 minutes earlier; 95% sure by the city's history")
    assert "依本市历史判断，重复的把握为 95%" in fact.reason


def test_of_several_the_likeliest_survives():
    fact = merged(learned(), others=(EARLIER, NEARER))
    assert fact is not None
    assert fact.into == "b"


@pytest.mark.parametrize("precision", [None, 0.58, 0.9499])
def test_a_ranking_whose_joins_were_not_right_often_enough_joins_nothing(precision: float | None):
    assert merged(learned(precision=precision)) is None


def test_how_often_it_must_have_been_right_is_the_citys_choice():
    assert merged(learned(TOWN.model_copy(update={"automatic_precision": 0.99}))) is None
    assert merged(learned(TOWN.model_copy(update={"automatic_precision": 0.5}), precision=0.58)) is not None


def test_a_report_that_is_not_sure_enough_waits_for_a_person():
    assert merged(learned(automatic=0.96)) is None
    assert merged(learned(automatic=None)) is None


def test_a_type_that_may_not_be_merged_by_itself_is_not():
    asks = TOWN.categories["lamp"].duplicate
    assert asks is not None
    lamp = TOWN.categories["lamp"].model_copy(update={"duplicate": asks.model_copy(update={"automatic": False})})
    assert merged(learned(TOWN.model_copy(update={"categories": {**TOWN.categories, "lamp": lamp}}))) is None


@pytest.mark.parametrize(
    "other",
    [
        reported("a", text="垃圾", location=north(40)),  # another type
        reported("a", location=north(60)),  # outside the radius of the type
        reported("a", at=NOON - timedelta(hours=169), location=north(40)),  # and of its window
        reported("d", at=NOON + 6 * MINUTE, location=north(40)),  # reported later
        EARLIER.model_copy(update={"followers": tuple(map(str, range(MAX_FOLLOWERS)))}),  # full
    ],
)
def test_what_the_rule_of_the_type_leaves_out_is_left_out_however_sure_the_ranking_is(other: Case):
    assert merged(learned(), others=(other,)) is None


def test_what_is_near_is_looked_up_only_for_a_ranking_that_has_earned_it():
    assert [set(query) for query in look([LATER], TOWN, NOON)] == [{"cell"}]
    assert [set(query) for query in look([LATER], learned(precision=0.58), NOON)] == [{"cell"}]
    asks = look([LATER], learned(), NOON)
    assert [set(query) for query in asks] == [{"cell"}, {FIELD}]
    assert fields(EARLIER, TOWN)[FIELD] in asks[1][FIELD]


def test_the_probability_is_that_of_the_learned_trees():
    wanted = asked(LATER, "lamp", TOWN)
    around = near(wanted, {"a": fields(EARLIER, TOWN)}, TOWN)
    assert repeats(wanted, around, learned()) == pytest.approx(0.9526, abs=1e-4)
