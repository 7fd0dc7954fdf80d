"""What closure says by itself, and when it looks again."""

from datetime import timedelta

import pytest

from services.closure.decide import decide, due, fields
from shared.case import ENDS, Case, Status, evolve
from shared.events import (
    CaseClosed,
    CaseRated,
    CaseReopened,
    OutcomePublished,
    ResolutionRejected,
    ResolutionVerified,
)
from shared.service import World
from shared.stamps import stamp
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, after, said, small_city, triaged

WORLD = World(CITY)
DAY = timedelta(days=1)


def completed(code: str = "puddle") -> Case:
    done = {"status": Status.COMPLETED, "assignee": "drain-1", "completed_at": NOON, "outcome": "Pumped dry by Mr X."}
    return triaged(code).model_copy(update=done)


def confirmed(code: str = "puddle") -> Case:
    case = completed(code)
    return evolve(case, ResolutionVerified.of(case, **said("grid-1"), reason="seen"))


def closed(code: str = "puddle", world: World = WORLD) -> Case:
    return after(confirmed(code), decide(confirmed(code), world, NOON + 3 * DAY))


def shown(case: Case) -> Case:
    """Return the case as if the public page said how it stands."""
    return case.model_copy(update={"standing_at": NOON})


def rated(case: Case, solved: bool, by: str = "resident") -> Case:
    return evolve(case, CaseRated.of(case, **said(by, case.last_at), solved=solved, score=3, closing=case.closings))


def test_what_needs_no_eyes_is_confirmed_by_policy():
    [fact] = decide(completed("puddle"), WORLD, NOON)
    assert isinstance(fact, ResolutionVerified)
    assert "no check" in fact.reason
    assert decide(evolve(completed("puddle"), fact), WORLD, NOON) == []


def test_what_must_be_checked_waits_for_a_person():
    case = shown(completed("cover"))
    assert (decide(case, WORLD, NOON + 99 * DAY), due(case, WORLD, NOON)) == ([], None)
    assert fields(case, CITY)["waits_for"] == "check"
    assert fields(case, CITY)["waits_since"] == stamp(NOON)
    assert fields(confirmed("cover"), CITY)["waits_for"] is None


def test_a_confirmed_case_closes_once_nobody_has_objected_for_three_days():
    case = confirmed("cover")
    assert due(case, WORLD, NOON) == NOON + 3 * DAY
    assert decide(case, WORLD, NOON + 3 * DAY - HOUR) == []
    [fact] = decide(case, WORLD, NOON + 3 * DAY)
    assert isinstance(fact, CaseClosed)
    assert fact.outcome == "Pumped dry by Mr X."


def test_an_objection_sends_it_back_to_the_handler():
    [fact] = decide(rated(confirmed(), solved=False), WORLD, NOON)
    assert isinstance(fact, ResolutionRejected)
    assert "not solved" in fact.reason
    back = shown(evolve(rated(confirmed(), solved=False), fact))
    assert (back.status, back.assignee, decide(back, WORLD, NOON + 9 * DAY)) == (Status.ACCEPTED, "drain-1", [])


def test_a_content_resident_changes_nothing():
    assert decide(rated(confirmed(), solved=True), WORLD, NOON) == []


def test_the_outcome_is_published_in_the_words_of_the_category():
    case = closed()
    assert due(case, WORLD, NOON + 3 * DAY) == NOON + 4 * DAY
    assert decide(case, WORLD, NOON + 4 * DAY - HOUR) == []
    [fact] = decide(case, WORLD, NOON + 4 * DAY)
    assert isinstance(fact, OutcomePublished)
    assert (fact.id, fact.closing) == ("c1/published/1", 1)
    assert fact.text == "puddle is in order again.（中）\npuddle is in order again."
    published = evolve(case, fact)
    assert (decide(published, WORLD, NOON + 9 * DAY), due(published, WORLD, NOON + 4 * DAY)) == ([], None)


def test_publication_never_waits_longer_than_the_city_promises():
    world = World(small_city(publish_after_hours=24 * 30, publish_within_days=7))
    assert due(shown(closed()), world, NOON + 3 * DAY) == NOON + 10 * DAY
    assert due(closed(), world, NOON + 3 * DAY) == NOON + 6 * DAY, "nothing was published since it was filed"


def test_what_is_confidential_is_never_published():
    case = closed("visit")
    assert (decide(case, WORLD, NOON + 99 * DAY), due(case, WORLD, NOON + 3 * DAY)) == ([], None)


def test_a_category_that_the_city_no_longer_has_is_published_in_plain_words():
    world = World(small_city(categories={"leak": CITY.categories["leak"]}))
    [fact] = decide(closed(), world, NOON + 4 * DAY)
    assert isinstance(fact, OutcomePublished)
    assert fact.text == "该事项已办理。\nThe report was dealt with."


def test_not_solved_reopens_a_closed_case_with_new_deadlines():
    case = rated(closed(), solved=False)
    at = NOON + 4 * DAY
    [fact] = decide(case, WORLD, at)
    assert isinstance(fact, CaseReopened)
    assert (fact.respond_by, fact.resolve_by) == (at + 24 * HOUR, at + 6 * HOUR)  # four work hours from 12:00
    again = evolve(case, fact)
    assert (again.status, again.reopenings, decide(again, WORLD, at)) == (Status.TRIAGED, 1, [])


def test_not_solved_after_two_weeks_or_too_often_changes_nothing_by_itself():
    case = rated(closed(), solved=False).model_copy(update={"published": 1})
    assert decide(case, WORLD, NOON + 17 * DAY) == []
    often = case.model_copy(update={"reopenings": 3})
    assert (decide(often, WORLD, NOON + 4 * DAY), due(often, WORLD, NOON + 4 * DAY)) == ([], None)
    assert fields(often, CITY)["waits_for"] == "decision", "somebody with a name decides then"


def test_each_closing_is_published_once():
    case = closed().model_copy(update={"closings": 2, "published": 1})
    [fact] = decide(case, WORLD, NOON + 9 * DAY)
    assert isinstance(fact, OutcomePublished)
    assert (fact.id, fact.closing) == ("c1/published/2", 2)


@pytest.mark.parametrize("status", sorted({*ENDS, Status.REPORTED, Status.TRIAGED, Status.ASSIGNED, Status.ACCEPTED, Status.PAUSED}))
def test_is_silent_about_all_others(status):
    case = shown(completed()).model_copy(update={"status": status})
    assert (decide(case, WORLD, NOON + 99 * DAY), due(case, WORLD, NOON)) == ([], None)
    assert fields(case, CITY)["waits_for"] is None
