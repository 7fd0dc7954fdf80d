"""The queue holds what no rule could place, oldest first, with what an operator needs to decide."""

from datetime import timedelta

from services.triage.actions import Correction
from services.triage.answers import Suggestion, suggestions, waiting
from services.triage.assessing import assessed_text
from services.triage.decide import decide, fields, queued
from services.triage.model.assess import SHOWN
from services.triage.routes import wrong
from shared.case import evolve
from shared.service import World
from tests.unit.triage.town import LAMP, NOON, TOWN, TOWN_HALL, reported


def suggested(text: str) -> list[Suggestion]:
    return suggestions(assessed_text(text, "chat", True, NOON, TOWN), TOWN)


def test_what_waits_is_found_oldest_first():
    cases = [reported("b", at=NOON), reported("a", at=NOON), reported("0", at=NOON + timedelta(microseconds=1))]
    assert sorted(cases, key=queued) == [cases[1], cases[0], cases[2]]
    assert all(fields(case, TOWN)["queued"] == queued(case) for case in cases)


def test_what_was_placed_has_left_the_queue():
    case = reported()
    [fact] = decide(case, World(TOWN), NOON)
    assert fields(evolve(case, fact), TOWN)["queued"] == ""


def test_an_operator_sees_the_best_three_and_the_words_that_were_found():
    found = suggested("煤气味、垃圾、路灯不亮、井盖")
    assert len(found) == SHOWN
    assert (found[0].category, found[0].condition, found[0].words) == ("gas", "leak", ("煤气味",))
    assert suggested("你好") == []


def test_a_hint_is_shown_although_it_decides_nothing():
    assert {one.category for one in suggested("It is broken")} == {"cover", "gas-cover"}


def test_an_operator_is_told_when_the_place_is_none():
    assert waiting(reported(), TOWN).located
    assert not waiting(reported(location=TOWN_HALL), TOWN).located
    assert not waiting(reported(location=None), TOWN).located


def test_a_correction_names_what_the_city_does_not_have():
    assert [fault.field for fault in wrong(Correction(category="99999"), TOWN)] == ["category"]
    [fault] = wrong(Correction(category="lamp", condition="flooded"), TOWN)
    assert (fault.field, fault.en) == ("condition", "One of out, rust, wire is needed.")
    assert wrong(Correction(category="lamp", condition=LAMP.conditions[0].key), TOWN) == []
