"""What operators and leaders may do, and what they are refused."""

import pytest

from services.dispatch.actions import accept, pause, resume
from services.dispatch.decide import decide
from services.dispatch.requests import Assignment, Extension, Pause, Transfer
from services.dispatch.steering import assign, extend, transfer
from shared.case import Case, Refused, Status, evolve
from shared.deadline import limit_ends
from shared.events import CaseAssigned
from shared.service import World
from shared.terms import Clock, Limit
from tests.unit.dispatch.small_city import CITY, HOUR, NIGHT, NOON, after, said, small_city, triaged


def offered() -> Case:
    return after(triaged(), decide(triaged(), World(CITY), NOON))


def accepted() -> Case:
    case = offered()
    return evolve(case, accept(case, None, said("drain-1"), CITY))


def paused() -> Case:
    case = accepted()
    return evolve(case, pause(case, Pause(reason="weather", approved_by="leader-1"), said("drain-1"), CITY))


def order(person: str, force: bool = False) -> Assignment:
    return Assignment(person=person, reason="knows the place", force=force)


def test_an_operator_gives_a_case_to_a_person():
    case = triaged()
    [fact] = assign(case, order("drain-3"), said("operator-1"), CITY)
    assert isinstance(fact, CaseAssigned)
    assert (fact.assignee, fact.by, fact.reason) == ("drain-3", "operator-1", "knows the place")
    assert evolve(case, fact).status is Status.ASSIGNED


@pytest.mark.parametrize("case", [offered(), accepted(), paused()], ids=["offered", "accepted", "paused"])
def test_whoever_has_the_case_is_released_first(case):
    how = said("operator-1", NOON + HOUR)
    facts = assign(case, order("drain-3"), how, CITY)
    assert len({fact.id for fact in facts}) == len(facts)
    assert facts[-1].id == how["id"]
    now = after(case, facts)
    assert (now.status, now.assignee, now.department) == (Status.ASSIGNED, "drain-3", "drainage")


def test_a_paused_clock_runs_again_before_the_case_goes_to_somebody_else():
    now = after(paused(), assign(paused(), order("drain-3"), said("operator-1", NOON + 5 * HOUR), CITY))
    assert (now.resolve_by, now.paused_at) == (NOON + 7 * HOUR, None)


def test_the_one_who_has_it_is_not_asked_again():
    with pytest.raises(Refused, match="already"):
        assign(accepted(), order("drain-1"), said("operator-1"), CITY)


def test_nobody_unknown_or_off_duty_is_asked_unless_it_must_be():
    with pytest.raises(Refused, match="no member of staff"):
        assign(triaged(), order("drain-9"), said("operator-1"), CITY)
    with pytest.raises(Refused, match="not on duty"):
        assign(triaged(), order("drain-1"), said("operator-1", NIGHT), CITY)
    [fact] = assign(triaged(), order("drain-1", force=True), said("operator-1", NIGHT), CITY)
    assert isinstance(fact, CaseAssigned)


@pytest.mark.parametrize("who", ["drain-2", "resident"])
def test_only_those_who_direct_assign(who):
    with pytest.raises(Refused):
        assign(triaged(), order("drain-1"), said(who), CITY)


def test_a_finished_case_is_not_assigned():
    for status in (Status.COMPLETED, Status.CLOSED, Status.MERGED, Status.REPORTED):
        with pytest.raises(Refused, match="cannot be assigned"):
            assign(triaged().model_copy(update={"status": status}), order("drain-1"), said("operator-1"), CITY)


def test_the_duty_officer_hears_of_an_emergency_that_an_operator_assigns():
    [fact] = assign(triaged("leak"), order("drain-1"), said("operator-1"), CITY)
    assert isinstance(fact, CaseAssigned)
    assert fact.informed == ("duty-1",)


@pytest.mark.parametrize("case", [triaged(), offered(), accepted(), paused()], ids=["triaged", "offered", "accepted", "paused"])
def test_a_case_is_handed_to_another_department_and_its_clock_goes_on(case):
    how = said("operator-1", NOON + HOUR)
    facts = transfer(case, Transfer(department="gas", reason="a gas cover"), how, CITY)
    now = after(case, facts)
    assert (now.department, now.status, now.assignee, facts[-1].id) == ("gas", Status.TRIAGED, None, how["id"])
    assert now.resolve_by == (NOON + 3 * HOUR if case.status is Status.PAUSED else NOON + 2 * HOUR)


@pytest.mark.parametrize(("department", "why"), [("nowhere", "no department"), ("drainage", "already")])
def test_a_case_is_handed_only_to_a_department_that_exists_and_does_not_have_it(department, why):
    with pytest.raises(Refused, match=why):
        transfer(accepted(), Transfer(department=department, reason="theirs"), said("operator-1"), CITY)


def extension(hours: float, approved_by: str = "operator-1") -> Extension:
    return Extension(resolve_by=NOON + hours * HOUR, reason="a part is missing", approved_by=approved_by)


def test_the_deadline_moves_before_it_passes():
    case = accepted()
    case = evolve(case, extend(case, extension(5), said("drain-1"), CITY))
    assert (case.resolve_by, case.first_resolve_by, case.extensions) == (NOON + 5 * HOUR, NOON + 2 * HOUR, 1)


@pytest.mark.parametrize(
    ("hours", "approved_by", "at", "why"),
    [
        (5, "operator-1", 2, "has passed"),
        (2, "operator-1", 0, "later than the present"),
        (5, "drain-1", 0, "other than the handler"),
        (5, "nobody", 0, "no member of staff"),
    ],
)
def test_an_extension_is_refused_with_the_reason(hours, approved_by, at, why):
    with pytest.raises(Refused, match=why):
        extend(accepted(), extension(hours, approved_by), said("drain-1", NOON + at * HOUR), CITY)


def test_an_extension_cannot_be_dated_back_behind_a_missed_deadline():
    late = after(accepted(), decide(accepted(), World(CITY), NOON + 2 * HOUR))
    with pytest.raises(Refused, match="has passed"):
        extend(late, extension(5), said("drain-1", NOON + HOUR), CITY)


def test_a_second_extension_needs_the_next_level_and_a_third_is_too_many():
    case = accepted()
    case = evolve(case, extend(case, extension(5), said("drain-1"), CITY))
    with pytest.raises(Refused, match="street"):
        extend(case, extension(9), said("drain-1"), CITY)
    case = evolve(case, extend(case, extension(9, "leader-1"), said("drain-1"), CITY))
    with pytest.raises(Refused, match="as often as is allowed"):
        extend(case, extension(12, "leader-2"), said("drain-1"), CITY)


def test_a_paused_deadline_is_not_moved_and_a_city_may_allow_no_extension():
    with pytest.raises(Refused, match="does not run"):
        extend(paused(), extension(5), said("drain-1"), CITY)
    with pytest.raises(Refused, match="as often"):
        extend(accepted(), extension(5), said("drain-1"), small_city(max_extensions=0))


@pytest.mark.parametrize(("hours", "allowed"), [(6, True), (6.1, False)])
def test_extensions_never_make_a_limit_longer_than_its_condition_allows(hours: float, allowed: bool):
    cover = CITY.categories["cover"]
    most = Limit(amount=6, clock=Clock.URGENT_HOURS)
    condition = cover.condition(None).model_copy(update={"at_most": most})
    city = CITY.model_copy(update={"categories": {**CITY.categories, "cover": cover.model_copy(update={"conditions": (condition,)})}})
    wanted = Extension(resolve_by=NOON + hours * HOUR, reason="parts", approved_by="leader-1")
    if allowed:
        assert extend(accepted(), wanted, said("drain-1"), city).resolve_by == NOON + 6 * HOUR
        return
    with pytest.raises(Refused, match="by 2026-10-12 18:00 at the latest"):
        extend(accepted(), wanted, said("drain-1"), city)


def test_a_pause_is_not_counted_against_the_longest_limit():
    case = paused()
    case = evolve(case, resume(case, None, said("drain-1", NOON + 2 * HOUR), CITY))
    assert limit_ends(case, Limit(amount=6, clock=Clock.URGENT_HOURS), CITY.calendar) == NOON + 8 * HOUR
