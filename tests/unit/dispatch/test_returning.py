"""Giving a case back, insisting, appealing, and who rules about it."""

import pytest

from services.dispatch.actions import accept, decline
from services.dispatch.decide import decide, waits_for
from services.dispatch.requests import Assignment, Refusal, Ruling
from services.dispatch.returning import appeal, give_back, rule
from services.dispatch.steering import assign
from shared.case import Case, Refused, Status, evolve
from shared.events import AnyEvent, CaseAssigned, CaseReturned
from shared.service import World
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, after, said, triaged

NOT_MINE = Refusal(reason="it belongs to the gas works")
INSIST = Assignment(person="drain-1", reason="it is a drain", insist=True)


def taken() -> Case:
    case = after(triaged("cover"), decide(triaged("cover"), World(CITY), NOON))
    return evolve(case, accept(case, None, said("drain-1"), CITY))


def returned() -> Case:
    return evolve(taken(), give_back(taken(), NOT_MINE, said("drain-1", NOON + HOUR), CITY))


def insisted() -> Case:
    return after(returned(), assign(returned(), INSIST, said("operator-1", NOON + HOUR), CITY))


def appealed() -> Case:
    return evolve(insisted(), appeal(insisted(), NOT_MINE, said("drain-1", NOON + HOUR), CITY))


def rule_against(case: Case) -> list[AnyEvent]:
    """Return an appeal and that it was turned down."""
    made = appeal(case, NOT_MINE, said("drain-1", NOON + 2 * HOUR), CITY)
    return [made, *rule(evolve(case, made), Ruling(upheld=False, reason="it is a drain"), said("leader-1", NOON + 2 * HOUR), CITY)]


def test_a_handler_gives_a_case_back_and_its_clock_goes_on():
    fact = give_back(taken(), NOT_MINE, said("drain-1"), CITY)
    assert isinstance(fact, CaseReturned)
    case = returned()
    assert (case.status, case.assignee, case.refusals, case.resolve_by) == (Status.TRIAGED, None, 1, taken().resolve_by)


def test_a_returned_case_goes_to_somebody_else():
    [offer] = [fact for fact in decide(returned(), World(CITY), NOON + HOUR) if isinstance(fact, CaseAssigned)]
    assert offer.assignee != "drain-1" or returned().offered == ()


@pytest.mark.parametrize("who", ["drain-2", "operator-1"])
def test_only_the_handler_gives_a_case_back(who: str):
    with pytest.raises(Refused, match="with somebody else"):
        give_back(taken(), NOT_MINE, said(who), CITY)


def test_only_work_that_was_taken_on_is_given_back():
    with pytest.raises(Refused, match="Only a task in work"):
        give_back(returned(), NOT_MINE, said("drain-1"), CITY)


def test_an_operator_may_insist_only_where_somebody_has_refused():
    with pytest.raises(Refused, match="nothing to insist on"):
        assign(triaged("cover"), INSIST, said("operator-1"), CITY)
    assert insisted().insisted


def test_on_whom_an_operator_insists_can_neither_decline_nor_return_it():
    with pytest.raises(Refused, match="you can appeal"):
        decline(insisted(), NOT_MINE, said("drain-1"), CITY)
    case = evolve(insisted(), accept(insisted(), None, said("drain-1", NOON + HOUR), CITY))
    with pytest.raises(Refused, match="you can appeal"):
        give_back(case, NOT_MINE, said("drain-1"), CITY)


def test_an_appeal_waits_for_a_ruling_and_the_clock_goes_on():
    case = appealed()
    assert (case.status, case.appealed_at, waits_for(case), case.resolve_by) == (Status.ASSIGNED, NOON + HOUR, "ruling", taken().resolve_by)


def test_only_the_one_who_is_insisted_on_appeals_and_only_once():
    with pytest.raises(Refused, match="with somebody else"):
        appeal(insisted(), NOT_MINE, said("drain-2"), CITY)
    with pytest.raises(Refused, match="Nobody insists"):
        appeal(taken(), NOT_MINE, said("drain-1"), CITY)
    with pytest.raises(Refused, match="waits for a decision"):
        appeal(appealed(), NOT_MINE, said("drain-1"), CITY)


def test_an_appeal_is_made_within_a_work_day_or_not_at_all():
    case = insisted().model_copy(update={"insisted_at": NOON + 3 * HOUR})  # Monday, 15:00
    assert appeal(case, NOT_MINE, said("drain-1", NOON + 27 * HOUR), CITY).type == "appeal.made"
    with pytest.raises(Refused, match="ended on 2026-10-13 15:00"):
        appeal(case, NOT_MINE, said("drain-1", NOON + 27.1 * HOUR), CITY)


def test_taking_the_case_on_does_not_lengthen_the_time_to_appeal():
    case = evolve(insisted(), accept(insisted(), None, said("drain-1", NOON + 2 * HOUR), CITY))
    assert case.insisted_at == NOON + HOUR
    again = after(case, rule_against(case))
    assert again.insisted_at == NOON + HOUR


@pytest.mark.parametrize("who", ["duty-1", "leader-1", "leader-2"])
def test_the_next_level_up_or_a_duty_officer_decides_and_if_it_is_not_upheld_the_handler_keeps_the_case(who: str):
    case = after(appealed(), rule(appealed(), Ruling(upheld=False, reason="it is a drain"), said(who, NOON + HOUR), CITY))
    assert (case.assignee, case.appealed_at, waits_for(case)) == ("drain-1", None, None)


def test_if_it_is_upheld_another_department_takes_over_and_the_clock_goes_on():
    ruling = Ruling(upheld=True, department="gas", reason="it is a gas pipe")
    case = after(appealed(), rule(appealed(), ruling, said("leader-1", NOON + HOUR), CITY))
    assert (case.status, case.department, case.assignee, case.insisted) == (Status.TRIAGED, "gas", None, False)
    assert (case.appealed_at, case.resolve_by) == (None, taken().resolve_by)


@pytest.mark.parametrize("department", [None, "unheard-of", "drainage"])
def test_an_upheld_appeal_names_another_department(department: str | None):
    with pytest.raises(Refused, match="which other department"):
        rule(appealed(), Ruling(upheld=True, department=department, reason="no"), said("leader-1"), CITY)


@pytest.mark.parametrize(("who", "why"), [("operator-1", "next level up"), ("drain-1", "next level up"), ("nobody", "no member of staff")])
def test_nobody_else_rules_about_an_appeal(who: str, why: str):
    with pytest.raises(Refused, match=why):
        rule(appealed(), Ruling(upheld=False, reason="no"), said(who), CITY)


def test_a_leader_of_the_same_level_does_not_rule():
    high = appealed().model_copy(update={"level": 1})
    with pytest.raises(Refused, match="next level up decides: county"):
        rule(high, Ruling(upheld=False, reason="no"), said("leader-1"), CITY)


def test_without_an_appeal_there_is_nothing_to_rule_about():
    with pytest.raises(Refused, match="no appeal"):
        rule(insisted(), Ruling(upheld=False, reason="no"), said("leader-1"), CITY)
