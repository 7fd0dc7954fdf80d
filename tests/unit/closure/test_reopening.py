"""A reopened case goes on where its clock stood when the work was completed, with a rest that the city grants at least."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.closure.actions import reopen
from services.closure.requests import Reopening
from services.dispatch.actions import accept, complete, pause, resume
from services.dispatch.decide import decide
from services.dispatch.requests import Completion, Extension, Pause
from services.dispatch.steering import extend
from services.triage.actions import Correction, reclassify
from shared.calendar import Calendar
from shared.case import Case, Status, evolve
from shared.city import City
from shared.deadline import corrected, used
from shared.events import AnyEvent, CaseReopened, ReminderSent
from shared.places import Recipient, Step
from shared.service import World
from shared.terms import Clock, Limit
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, after, said, small_city, triaged

AGAIN = NOON + timedelta(days=2)  # Wednesday, 12:00
REMINDING = small_city(steps=tuple(Step(share=share, level=0, who=(Recipient.HANDLER,)) for share in (0.5, 0.8)))


def working(code: str = "cover", city: City = CITY, **more: Any) -> Case:
    case = triaged(code, **more)
    case = after(case, [fact for fact in decide(case, World(city), NOON) if fact.type == "case.assigned"])
    return evolve(case, accept(case, None, said(case.assignee or ""), city))


def done(case: Case, at: datetime, city: City = CITY) -> Case:
    """Return the case as it is when the work was completed at `at`, and closed."""
    work = complete(case, Completion(outcome="done", media=("photo",)), said(case.assignee or "", at), city)
    return after(case, work).model_copy(update={"status": Status.CLOSED, "closings": 1, "closed_at": at})


def reopened(case: Case, at: datetime = AGAIN, city: City = CITY) -> CaseReopened:
    return reopen(case, Reopening(reason="it still leaks"), said("resident", at), city)


@pytest.mark.parametrize(
    ("minutes", "left"), [(0, 120), (30, 90), (60, 60), (89, 31), (90, 30), (120, 30), (600, 30)]
)  # of two urgent hours, of which a quarter is left at least
def test_the_limit_goes_on_where_it_stood_and_the_time_since_the_work_was_done_does_not_count(minutes: int, left: int):
    fact = reopened(done(working(), NOON + timedelta(minutes=minutes)))
    assert abs(fact.resolve_by - (AGAIN + timedelta(minutes=left))) < timedelta(seconds=1)
    assert fact.respond_by == AGAIN + 24 * HOUR, "somebody answers the resident anew"


def test_working_hours_go_on_in_working_hours():
    case = working("puddle")  # four work hours from Monday 12:00: they begin at 14:00
    fact = reopened(done(case, NOON + 5 * HOUR))  # 17:00: three are used up
    assert fact.resolve_by == AGAIN + 3 * HOUR, "one work hour from Wednesday 12:00"


@pytest.mark.parametrize(("rest", "left"), [(1.0, 2.0), (0.5, 1.0), (0.001, 0.002)])
def test_how_much_is_left_at_least_is_the_citys_choice_and_the_whole_limit_is_a_new_clock(rest: float, left: float):
    city = small_city(reopen_rest=rest)
    fact = reopened(done(working(), NOON + 2 * HOUR), city=city)
    assert abs(fact.resolve_by - (AGAIN + left * HOUR)) < timedelta(seconds=1)


def test_a_pause_and_an_extension_count_as_they_did():
    case = working()
    case = evolve(case, pause(case, Pause(reason="weather", approved_by="leader-1"), said("drain-1", NOON + HOUR), CITY))
    case = evolve(case, resume(case, None, said("drain-1", NOON + 20 * HOUR), CITY))
    assert reopened(done(case, NOON + 20 * HOUR)).resolve_by == AGAIN + HOUR
    longer = Extension(resolve_by=NOON + 23 * HOUR, reason="parts", approved_by="leader-1")  # four hours of the clock in all
    case = evolve(case, extend(case, longer, said("drain-1", NOON + 20 * HOUR), CITY))
    assert reopened(done(case, NOON + 20 * HOUR)).resolve_by == AGAIN + 1.5 * HOUR, "three quarters of the limit itself"


def test_reopened_twice_the_clock_goes_on_twice():
    first = done(working(), NOON + HOUR / 2)
    case = evolve(first, reopened(first))
    case = after(case, [fact for fact in decide(case, World(CITY), AGAIN) if fact.type == "case.assigned"])
    case = evolve(case, accept(case, None, said(case.assignee or "", AGAIN), CITY))
    second = done(case, AGAIN + HOUR / 2)
    fact = reopened(second, AGAIN + 24 * HOUR)
    assert (fact.spent, fact.resolve_by) == (0.5, AGAIN + 25 * HOUR)


@given(st.integers(0, 600), st.integers(0, 3_000))
def test_what_was_used_is_the_same_share_before_and_after_the_reopening(worked: int, later: int):
    """Until the rest is what the city grants at least, closing and reopening are as if they had not been."""
    case = done(working(), NOON + timedelta(minutes=worked))
    share = used(case, CITY.calendar, case.completed_at or NOON)
    fact = reopened(case, NOON + timedelta(minutes=worked + later))
    again = evolve(case, fact)
    assert share is not None
    assert used(again, CITY.calendar, fact.at) == pytest.approx(min(share, 0.75), abs=1e-5)
    assert used(again, CITY.calendar, fact.resolve_by) == pytest.approx(1)
    assert corrected(again, CITY.calendar) == fact.resolve_by


def reminders(case: Case, at: datetime) -> list[float]:
    return [fact.share for fact in decide(case, World(REMINDING), at) if isinstance(fact, ReminderSent)]


def test_a_reminder_whose_share_was_used_up_before_is_not_sent_again_and_the_next_one_comes_in_its_time():
    case = done(working(), NOON + timedelta(minutes=72))  # 60 %
    case = evolve(case, reopened(case))
    assert reminders(case, AGAIN) == []
    assert reminders(case, AGAIN + timedelta(minutes=23)) == []
    assert reminders(case, AGAIN + timedelta(minutes=25)) == [0.8]  # 24 minutes are 20 %


def test_supervision_and_the_ladder_belong_to_the_new_deadline():
    case = done(working(), NOON + 2 * HOUR)
    case = evolve(case, reopened(case))
    kinds = [fact.type for fact in decide(case, World(CITY), AGAIN + HOUR / 2)]
    assert kinds[0] == "deadline.missed"
    missed = after(case, [fact for fact in decide(case, World(CITY), AGAIN + HOUR / 2) if fact.type == "deadline.missed"])
    assert missed.overdue
    climbs = [(fact.at, fact.type) for fact in decide(missed, World(CITY), AGAIN + 1.5 * HOUR) if fact.type == "case.escalated"]
    assert climbs, "half as long again as the whole limit: level 2"


def test_another_condition_after_the_reopening_takes_over_the_share_that_was_used_up():
    case = done(working(), NOON + HOUR)
    case = evolve(case, reopened(case))
    how = said("operator-1", AGAIN)
    fact = reclassify(case, Correction(category="puddle", reason="a puddle"), how, CITY)
    assert fact.classification.resolve_by == CITY.calendar.add(AGAIN, Limit(amount=2, clock=Clock.WORK_HOURS))


def test_a_corrected_calendar_moves_the_deadline_of_a_reopened_case_by_what_is_left_of_it():
    case = done(working("puddle"), NOON + 4 * HOUR)  # two of four work hours
    case = evolve(case, reopened(case))
    holiday = Calendar.model_validate({**vars(CITY.calendar), "holidays": frozenset({AGAIN.date()})})
    assert case.resolve_by == AGAIN + 4 * HOUR
    assert corrected(case, holiday) == AGAIN + 22 * HOUR, "Thursday 10:00"


def test_an_old_reopening_begins_a_new_clock_as_it_did():
    case = done(working(), NOON + HOUR)
    old: AnyEvent = CaseReopened.of(case, at=AGAIN, by="closure", reason="no", respond_by=AGAIN + HOUR, resolve_by=AGAIN + 2 * HOUR)
    again = evolve(case, old)
    assert (again.spent, again.resolve_by, corrected(again, CITY.calendar)) == (0, AGAIN + 2 * HOUR, AGAIN + 2 * HOUR)
