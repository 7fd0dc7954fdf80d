"""What a type demands before its case is closed: a photo of the result, the reporter's word; and objections that come after."""

import pytest

from services.closure.decide import decide, due, fields
from shared.case import Case, Status, evolve
from shared.events import CallbackRecorded, ObjectionDecided
from shared.service import World
from shared.stamps import stamp
from tests.unit.closure.test_decide import DAY, WORLD, closed, completed, confirmed, rated, shown
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, said, small_city


def demanding(**more: bool) -> World:
    """Return the city where a puddle demands more before its case is closed."""
    puddle = CITY.categories["puddle"].model_copy(update=more)
    return World(small_city(categories={**CITY.categories, "puddle": puddle}))


def known(case: Case) -> Case:
    return case.model_copy(update={"reporter": "r-1"})


def test_a_result_without_the_photo_that_is_demanded_is_not_confirmed_by_policy():
    world = demanding(result_photo=True)
    assert decide(shown(completed()), world, NOON + 9 * DAY) == []
    assert fields(completed(), world.city)["waits_for"] == "check"
    with_photo = completed().model_copy(update={"photos": 1})
    assert [fact.type for fact in decide(with_photo, world, NOON)] == ["resolution.verified"]


def test_the_reporters_word_is_waited_for_until_the_time_to_call_back_is_over():
    world, case = demanding(reporter_word=True), known(confirmed())
    assert due(case, world, NOON) == NOON + 4 * DAY  # three days to object, one to call back
    assert decide(case, world, NOON + 4 * DAY - HOUR) == []
    assert [fact.type for fact in decide(case, world, NOON + 4 * DAY)] == ["case.closed"]


def test_once_the_reporter_says_that_it_is_solved_nothing_more_is_waited_for():
    world, case = demanding(reporter_word=True), rated(known(confirmed()), solved=True)
    assert due(case, world, NOON) == NOON + 3 * DAY
    assert [fact.type for fact in decide(case, world, NOON + 3 * DAY)] == ["case.closed"]


@pytest.mark.parametrize("reached", [True, False])
def test_a_call_back_ends_the_waiting_whether_the_reporter_was_reached_or_not(reached: bool):
    world, case = demanding(reporter_word=True), known(confirmed())
    call = CallbackRecorded.of(case, **said("operator-1"), reached=reached, solved=True if reached else None, closing=0)
    assert due(evolve(case, call), world, NOON) == NOON + 3 * DAY


def test_the_word_of_nobody_is_not_waited_for():
    assert due(confirmed(), demanding(reporter_word=True), NOON) == NOON + 3 * DAY


def test_a_call_back_that_says_not_solved_sends_the_result_back():
    case = known(confirmed())
    call = CallbackRecorded.of(case, **said("operator-1"), reached=True, solved=False, closing=0)
    assert [fact.type for fact in decide(evolve(case, call), WORLD, NOON)] == ["resolution.rejected"]


def test_a_call_back_that_says_not_solved_reopens_a_closed_case():
    case = known(closed())
    call = CallbackRecorded.of(case, **said("operator-1", NOON + 3 * DAY), reached=True, solved=False, closing=1)
    assert [fact.type for fact in decide(evolve(case, call), WORLD, NOON + 3 * DAY)] == ["case.reopened"]


def test_whoever_can_be_called_and_has_not_said_what_they_think_is_in_the_list_of_the_unheard():
    case = known(confirmed())
    assert fields(case, CITY)["unheard"] == stamp(NOON)
    assert fields(rated(case, solved=True), CITY)["unheard"] == ""
    assert fields(confirmed(), CITY)["unheard"] == "", "nobody can be called"
    assert fields(known(completed("cover")), CITY)["unheard"] == "", "nobody has checked it yet"


# -- objections that come too late for a reopening


def test_an_objection_that_was_decided_leaves_the_case_closed():
    case = rated(closed(), solved=False).model_copy(update={"published": 1, "reopenings": 3})
    assert fields(case, CITY)["waits_for"] == "decision"
    decided = evolve(case, ObjectionDecided.of(case, **said("duty-1", NOON + 4 * DAY), reason="as the standard demands"))
    assert (decided.status, decided.unsolved, decided.closings) == (Status.CLOSED, False, 1)
    assert (fields(decided, CITY)["waits_for"], decide(decided, WORLD, NOON + 9 * DAY)) == (None, [])
