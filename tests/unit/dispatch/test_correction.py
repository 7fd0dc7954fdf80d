"""A corrected calendar moves the deadlines of open cases that it made, and says so."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.dispatch.actions import pause, resume
from services.dispatch.decide import decide
from services.dispatch.requests import Extension, Pause
from services.dispatch.steering import extend
from shared.case import Case, Status, evolve
from shared.city import City
from shared.events import AnyEvent, AssignmentAccepted, CaseTriaged, DeadlineCorrected
from shared.service import World
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, after, classification, reported, said, small_city

TUESDAY = date(2026, 10, 13)
OFF = CITY.calendar.model_copy(update={"holidays": CITY.calendar.holidays | {TUESDAY}})
OLD, NEW = CITY, small_city(calendar=OFF)
EVENING = NOON + 5 * HOUR  # Monday 17:00: four work hours end on Tuesday at 11:00
RAIN = Pause(reason="weather", approved_by="leader-1")


def filed(at: datetime = EVENING, code: str = "puddle", **more: Any) -> Case:
    case = reported(at)
    what = classification(code, at, **{"calendar": OLD.calendar_version, **more})
    return evolve(case, CaseTriaged.of(case, at=at, by="triage", classification=what, reason="words"))


def taken(case: Case, at: datetime = EVENING) -> Case:
    case = after(case, decide(case, World(OLD), at))
    return evolve(case, AssignmentAccepted.of(case, **said(case.assignee or "", at)))


def corrections(case: Case, city: City = NEW, at: datetime = EVENING + HOUR) -> list[DeadlineCorrected]:
    facts: list[AnyEvent] = decide(case, World(city), at)
    return [fact for fact in facts if isinstance(fact, DeadlineCorrected)]


def test_the_deadline_of_an_open_case_is_computed_anew_and_the_change_recorded():
    [fact] = corrections(taken(filed()))
    case = evolve(taken(filed()), fact)
    assert (fact.resolve_by, fact.calendar) == (EVENING + 42 * HOUR, NEW.calendar_version)  # Wednesday 11:00
    assert (case.resolve_by, case.calendar, case.first_resolve_by) == (EVENING + 42 * HOUR, NEW.calendar_version, EVENING + 18 * HOUR)
    assert corrections(case) == [], "said once"


def test_what_happens_now_is_decided_by_the_corrected_deadline():
    after_the_old_one = EVENING + 20 * HOUR
    facts = decide(taken(filed()), World(NEW), after_the_old_one)
    assert [fact.type for fact in facts] == ["deadline.corrected"]


def test_a_limit_that_counts_every_hour_does_not_move():
    assert corrections(taken(filed(code="cover"))) == []


def test_less_than_a_second_is_rounding():
    nearly = EVENING + 42 * HOUR + timedelta(milliseconds=600)
    assert corrections(taken(filed(resolve_by=nearly, respond_by=EVENING + 24 * HOUR))) == []


def test_under_the_same_calendar_or_an_unknown_one_nothing_moves():
    assert corrections(taken(filed()), city=OLD) == []
    assert corrections(taken(filed(calendar=""))) == []


def test_a_deadline_that_a_person_set_stays():
    case = taken(filed())
    more = Extension(resolve_by=EVENING + 99 * HOUR, reason="parts", approved_by="leader-1")
    case = evolve(case, extend(case, more, said("operator-1", EVENING), OLD))
    assert corrections(case) == []


def test_a_paused_case_is_corrected_when_it_is_resumed():
    case = taken(filed())
    case = evolve(case, pause(case, RAIN, said("drain-1", EVENING), OLD))
    assert decide(case, World(NEW), EVENING + HOUR) == []
    wednesday = EVENING + 39 * HOUR  # 08:00
    case = evolve(case, resume(case, None, said("drain-1", wednesday), NEW))
    [*_, last] = [case, *(evolve(case, fact) for fact in corrections(case, at=wednesday))]
    assert last.resolve_by == wednesday + 4 * HOUR, "all four hours of work are left"


def test_a_deadline_that_was_missed_by_the_old_calendar_is_owed_anew():
    case = taken(filed())
    case = after(case, decide(case, World(OLD), EVENING + 18 * HOUR))
    assert (case.overdue, case.level) == (True, 1)
    case = after(case, decide(case, World(NEW), EVENING + 19 * HOUR))
    assert (case.overdue, case.resolve_by) == (False, EVENING + 42 * HOUR)
    assert decide(case, World(NEW), EVENING + 42 * HOUR)[0].type == "deadline.missed"


@pytest.mark.parametrize("status", [Status.REPORTED, Status.COMPLETED, Status.CLOSED, Status.MERGED, Status.REJECTED])
def test_a_case_whose_clock_does_not_run_is_left_alone(status: Status):
    assert corrections(taken(filed()).model_copy(update={"status": status, "verified": True})) == []
