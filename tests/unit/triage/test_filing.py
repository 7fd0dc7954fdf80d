"""A report is classified once, by the reporter's choice or its words."""

from datetime import timedelta

import pytest

from services.triage.decide import decide, due
from shared.case import Case, Status, evolve
from shared.events import AnyEvent, CaseJoined, CaseRejected, CaseRevived, CaseTriaged, CaseWithdrawn
from shared.service import World
from shared.terms import Grade, Location
from tests.unit.triage.town import NOON, TOWN, TOWN_HALL, reported

WORLD = World(TOWN)


def triaged(case: Case, now=NOON) -> CaseTriaged:
    [fact] = decide(case, WORLD, now)
    assert isinstance(fact, CaseTriaged)
    return fact


def test_a_gas_smell_is_an_emergency():
    what = triaged(reported(text="I smell gas in the hall")).classification
    assert (what.category, what.group, what.grade, what.department) == ("gas", "safety", Grade.EMERGENCY, "gas")


def test_the_reporters_choice_comes_before_the_words():
    fact = triaged(reported(text="路灯不亮", category="rubbish"))
    assert fact.classification.category == "rubbish"
    assert "chosen by the reporter" in fact.reason


def test_a_choice_that_the_city_does_not_know_is_no_choice():
    assert triaged(reported(text="路灯不亮", category="99999")).classification.category == "lamp"


def test_what_no_words_name_waits_for_a_person():
    case = reported(text="请帮帮我")
    assert decide(case, WORLD, NOON) == []
    assert due(case, WORLD, NOON) is None


def test_the_condition_may_raise_the_grade_and_sets_the_limit():
    what = triaged(reported(text="路灯漏电，危险")).classification
    assert (what.condition, what.grade) == ("wire", Grade.URGENT)
    assert what.resolve_by == NOON + timedelta(hours=2)


def test_the_handling_limit_runs_from_the_filing_and_the_answer_from_the_report():
    later = NOON + timedelta(hours=3)
    what = triaged(reported(text="井盖没了"), later).classification
    assert what.respond_by == NOON + timedelta(hours=24)
    assert what.resolve_by == later + timedelta(hours=2)


def test_working_time_limits_follow_the_calendar():
    what = triaged(reported(text="路灯不亮")).classification  # two work days from Monday 12:00: the break does not count
    assert TOWN.local(what.resolve_by).isoformat() == "2026-10-14T12:00:00+08:00"


def test_a_first_step_sets_the_answer():
    what = triaged(reported(text="老人没见")).classification
    assert what.respond_by == NOON + timedelta(minutes=30)
    assert what.confidential


def test_grid_check_and_rules_go_with_the_classification():
    what = triaged(reported()).classification
    assert (what.grid, what.check, what.rules) == ("g1", True, "town-1")


@pytest.mark.parametrize("location", [None, TOWN_HALL, Location(lat=10, lon=10)])
def test_what_lies_in_no_grid_is_classified_all_the_same(location):
    assert triaged(reported(location=location)).classification.grid is None


def test_the_reason_names_the_words_that_decided():
    assert triaged(reported(text="路灯不亮")).reason == "依据词语：路灯、不亮 / by the words: 路灯, 不亮"


def test_says_nothing_twice():
    case = reported(text="煤气味")
    assert decide(evolve(case, triaged(case)), WORLD, NOON) == []


def test_the_same_question_has_the_same_fact_as_answer():
    case = reported()
    assert triaged(case) == triaged(case)


def test_a_revived_case_keeps_its_classification():
    case = reported()
    first = triaged(case)
    case = evolve(case, first)
    case = evolve(case, CaseWithdrawn.of(case, at=NOON, by="resident", reason="solved"))
    joined = CaseJoined(id="b->a/joined", case_id="a", at=NOON, by="triage", follower="b")
    case = evolve(case, joined)
    later = NOON + timedelta(days=1)
    [revived] = decide(case, WORLD, later)
    assert revived.type == "case.revived"
    again = triaged(evolve(case, revived), later)
    assert again.classification == first.classification


def test_a_revived_case_goes_on_with_the_clock_and_the_deadlines_that_it_had():
    case = evolve(reported(), triaged(reported()))
    moved = case.model_copy(update={"resolve_by": NOON + timedelta(days=9), "extensions": 1, "followers": ("b",)})
    withdrawn = moved.model_copy(update={"status": Status.WITHDRAWN})
    later = NOON + timedelta(days=1)
    revived = evolve(withdrawn, CaseRevived.of(withdrawn, at=later, by="triage"))
    again = evolve(revived, triaged(revived, later))
    assert (again.resolve_by, again.respond_by, again.clock_from) == (moved.resolve_by, moved.respond_by, NOON)


def test_a_withdrawn_case_without_followers_stays_withdrawn():
    case = reported()
    case = evolve(case, CaseWithdrawn.of(case, at=NOON, by="resident", reason="solved"))
    assert decide(case, WORLD, NOON) == []


def test_a_rejected_case_stays_rejected_whoever_follows():
    case = reported()
    facts: list[AnyEvent] = [
        CaseRejected.of(case, at=NOON, by="operator-1", reason="not for the city"),
        CaseJoined(id="b->a/joined", case_id="a", at=NOON, by="triage", follower="b"),
    ]
    for fact in facts:
        case = evolve(case, fact)
    assert case.followers == ("b",)
    assert decide(case, WORLD, NOON) == []


def test_a_case_that_was_never_reported_is_none():
    assert decide(Case(id="a"), WORLD, NOON) == []


def test_a_fact_is_never_older_than_what_the_case_knows():
    case = reported(at=NOON + timedelta(minutes=1))
    assert triaged(case, NOON).at == NOON + timedelta(minutes=1)
