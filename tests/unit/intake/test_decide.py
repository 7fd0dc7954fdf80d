"""Scheduled work comes again, once, and as long after the closing as its category says."""

from datetime import datetime, timedelta

import pytest

from services.intake.decide import BY, decide, due, fields, look, next_id
from shared.case import Case, Status, evolve
from shared.events import OWNERS, CaseReopened, CaseReported, CaseWithdrawn
from shared.number import number_of
from shared.service import World
from tests.unit.intake.village import HERE, NOON, VILLAGE, closed, reported, triaged, working

WEEK = timedelta(days=7)
WORLD = World(VILLAGE)
VISIT = closed(working(triaged(reported(text="探访独居老人"), "X10302")))


def there(case: Case) -> World:
    return World(VILLAGE, {next_id(case): {"number": "1"}})


def test_a_closed_visit_is_followed_by_the_next_one_a_week_later():
    [fact] = decide(VISIT, WORLD, NOON + WEEK)
    assert isinstance(fact, CaseReported)
    assert (fact.case_id, fact.follows, fact.channel, fact.by) == (next_id(VISIT), VISIT.id, "system", BY)
    assert (fact.text, fact.location, fact.category, fact.reporter) == ("探访独居老人", HERE, "X10302", None)
    assert fact.number == number_of(fact.case_id)
    assert OWNERS[fact.type] == BY


def test_not_before_its_time():
    assert decide(VISIT, WORLD, NOON + WEEK - timedelta(seconds=1)) == []


def test_it_is_due_when_its_time_comes():
    assert due(VISIT, WORLD, NOON) == NOON + WEEK


def test_until_the_next_one_is_seen_somebody_looks_again():
    later = NOON + WEEK
    assert decide(VISIT, WORLD, later) == decide(VISIT, WORLD, later)
    again = due(VISIT, WORLD, later)
    assert again is not None
    assert again > later


def test_once_the_next_one_is_there_it_is_settled():
    assert decide(VISIT, there(VISIT), NOON + WEEK) == []
    assert due(VISIT, there(VISIT), NOON + WEEK) is None


def test_the_next_one_takes_effect_and_leads_on():
    [fact] = decide(VISIT, WORLD, NOON + WEEK)
    following = evolve(Case(id=fact.case_id), fact)
    assert following.status is Status.REPORTED
    second = closed(working(triaged(following, "X10302")), NOON + WEEK)
    [third] = decide(second, WORLD, NOON + 2 * WEEK)
    assert third.case_id not in (VISIT.id, following.id)


def test_said_at_another_time_it_is_the_same_fact():
    [one], [other] = decide(VISIT, WORLD, NOON + WEEK), decide(VISIT, WORLD, NOON + 2 * WEEK)
    assert (one.id, one.case_id) == (other.id, other.case_id)


def test_a_reopened_visit_waits_for_its_next_closing():
    reopened = evolve(VISIT, CaseReopened.of(VISIT, at=NOON, by="resident", reason="没来", respond_by=NOON + WEEK, resolve_by=NOON + WEEK))
    assert decide(reopened, WORLD, NOON + 2 * WEEK) == []
    assert due(reopened, WORLD, NOON) is None
    again = closed(working(reopened), NOON + timedelta(days=2))
    assert due(again, WORLD, NOON + timedelta(days=2)) == NOON + timedelta(days=9)


def withdrawn() -> Case:
    case = triaged(reported(), "X10302")
    return evolve(case, CaseWithdrawn.of(case, at=NOON, by="resident", reason="不用了"))


@pytest.mark.parametrize(
    "case",
    [Case(id="A"), reported(), triaged(reported(), "X10302"), withdrawn(), closed(working(triaged(reported())))],
    ids=["unknown", "reported", "open", "withdrawn", "of another kind"],
)
@pytest.mark.parametrize("now", [NOON, NOON + 10 * WEEK])
def test_nothing_else_comes_again(case: Case, now: datetime):
    assert decide(case, WORLD, now) == []
    assert due(case, WORLD, now) is None
    assert look([case], VILLAGE, now) == []


def test_a_category_that_the_city_has_given_up_does_not_come_again():
    without = VILLAGE.model_copy(update={"categories": {"03001": VILLAGE.categories["03001"]}})
    assert decide(VISIT, World(without), NOON + WEEK) == []


def test_it_looks_for_the_next_cases_by_id():
    assert look([VISIT, reported("B")], VILLAGE, NOON) == [{"_id": (next_id(VISIT),)}]


def test_a_case_is_found_by_its_number():
    assert fields(VISIT, VILLAGE) == {"number": VISIT.number}
