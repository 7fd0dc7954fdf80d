"""Calling the reporter back, deciding about an objection that came too late, and what is done for good about what keeps coming back."""

import pytest

from services.closure.actions import call_back, decide_objection, rate, remedy
from services.closure.requests import Callback, Decision, Remedy
from shared.case import Case, Refused, Status, evolve
from tests.unit.closure.test_actions import BAD, DAY, closed, completed
from tests.unit.dispatch.small_city import CITY, NOON, said

REACHED = Callback(reached=True, solved=False, satisfied=False, comment="it rattles")
STAYS = Decision(reason="as the standard demands")
FOR_GOOD = Remedy(text="a new kind of cover", handler="drainage", remedy_by=NOON + 90 * DAY)


def objected() -> Case:
    return evolve(closed(), rate(closed(), BAD, said("resident-7"), CITY))


@pytest.mark.parametrize("case", [completed(), closed()], ids=["completed", "closed"])
def test_an_operator_calls_the_reporter_back(case):
    fact = call_back(case, REACHED, said("operator-1"), CITY)
    assert (fact.reached, fact.solved, fact.satisfied, fact.closing) == (True, False, False, case.closings)
    after = evolve(case, fact)
    assert (after.called_back, after.unsolved) == (True, True)


def test_a_reporter_who_was_not_reached_has_said_nothing():
    before = objected()
    after = evolve(before, call_back(before, Callback(reached=False), said("operator-1"), CITY))
    assert (after.called_back, after.unsolved, after.solved) == (True, True, False)


@pytest.mark.parametrize("call", [Callback(reached=True), Callback(reached=False, solved=True)])
def test_a_call_back_says_whether_it_is_solved_if_the_reporter_was_reached_and_only_then(call):
    with pytest.raises(Refused, match="if the reporter was reached"):
        call_back(closed(), call, said("operator-1"), CITY)


@pytest.mark.parametrize("act", [lambda how: call_back(own(), REACHED, how, CITY), lambda how: decide_objection(own(), STAYS, how, CITY)])
def test_a_handler_neither_calls_back_nor_decides_about_their_own_work(act):
    with pytest.raises(Refused, match="their own work"):
        act(said("duty-1"))


def own() -> Case:
    """Return a closed case to which a resident objects, and which the duty officer has handled."""
    return objected().model_copy(update={"assignee": "duty-1"})


@pytest.mark.parametrize("who", ["resident", "drain-2", "grid-1"])
def test_nobody_but_those_who_operate_calls_back_decides_or_records_a_remedy(who):
    acts = (
        lambda how: call_back(objected(), REACHED, how, CITY),
        lambda how: decide_objection(objected(), STAYS, how, CITY),
        lambda how: remedy(objected(), FOR_GOOD, how, CITY),
    )
    for act in acts:
        with pytest.raises(Refused, match="Only an operator"):
            act(said(who))


def test_somebody_with_a_name_decides_that_a_case_stays_closed():
    fact = decide_objection(objected(), STAYS, said("duty-1"), CITY)
    assert (fact.by, fact.reason) == ("duty-1", STAYS.reason)
    assert not evolve(objected(), fact).unsolved
    with pytest.raises(Refused, match="Nobody objects"):
        decide_objection(closed(), STAYS, said("duty-1"), CITY)
    with pytest.raises(Refused, match="objection to a closed case"):
        decide_objection(completed(), STAYS, said("duty-1"), CITY)


def test_after_a_decision_the_resident_may_object_again_with_other_words():
    decided = evolve(objected(), decide_objection(objected(), STAYS, said("duty-1"), CITY))
    assert evolve(decided, rate(decided, BAD, said("resident-8"), CITY)).unsolved


@pytest.mark.parametrize("handler", ["drainage", "drain-1"])
def test_a_remedy_names_who_does_it_by_when_and_changes_nothing_else(handler):
    fact = remedy(closed(), FOR_GOOD.model_copy(update={"handler": handler}), said("operator-1"), CITY)
    assert (fact.handler, fact.remedy_by) == (handler, NOON + 90 * DAY)
    assert evolve(closed(), fact).status is Status.CLOSED


def test_a_remedy_by_nobody_is_refused():
    with pytest.raises(Refused, match="nobody and no department"):
        remedy(closed(), FOR_GOOD.model_copy(update={"handler": "ghost"}), said("operator-1"), CITY)
