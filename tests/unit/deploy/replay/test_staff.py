"""The staff of the record do what it says, when it says so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from pathlib import Path

import pytest

from deploy.replay.pack import write_pack
from deploy.replay.staff import wanted
from shared.case import Case, Status, evolve, unknown
from shared.city import City
from shared.events import (
    AnyEvent,
    AssignmentAccepted,
    CaseAssigned,
    CaseReported,
    CaseTriaged,
    Classification,
    DeadlineMissed,
    WorkCompleted,
)
from shared.terms import Clock, Grade, Limit
from tests.unit.deploy.replay.recordings import DAY, HOUR, NOON, lamp

DESK = "desk-001"
DEADLINE = NOON + 10 * DAY


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder: Path = tmp_path_factory.mktemp("pack")
    return write_pack(folder, [lamp()], "UTC")


def told(case: Case, facts: Sequence[AnyEvent]) -> Case:
    return reduce(evolve, facts, case)


def offered(check: bool = False) -> Case:
    """Return a lamp that was offered to its desk at the moment when it was opened."""
    what = Classification(
        category="street-light-outages",
        group="public-works",
        condition="any",
        grade=Grade.NORMAL,
        department="pwdx",
        grid=None,
        confidential=False,
        check=check,
        limit=Limit(amount=10, clock=Clock.NATURAL_DAYS),
        respond_by=NOON + 7 * DAY,
        resolve_by=DEADLINE,
        rules="1",
    )
    case = unknown("c1")
    case = evolve(case, CaseReported.of(case, at=NOON, by="replay", number="1", text="dark", channel="import", source="101"))
    case = evolve(case, CaseTriaged.of(case, at=NOON, by="triage", classification=what, reason="chosen"))
    fact = CaseAssigned.of(case, at=NOON, by="dispatch", assignee=DESK, role="unit_worker", answer_by=NOON + 365 * DAY, reason="next")
    return evolve(case, fact)


def overdue(case: Case) -> Case:
    missed = DeadlineMissed.of(case, at=DEADLINE, by="dispatch", id="c1/missed", which="resolve", deadline=DEADLINE)
    return evolve(case, missed)


def acted(case: Case, city: City, until: datetime, now: datetime = NOON, closed: datetime | None = NOON + 2 * DAY) -> list[AnyEvent]:
    return wanted(case, lamp(closed=closed), until, now, city)


def test_a_case_is_taken_on_at_the_moment_of_its_offer(city: City):
    [fact] = acted(offered(), city, NOON)
    assert isinstance(fact, AssignmentAccepted)
    assert (fact.at, fact.by, fact.late) == (NOON, DESK, False)


def test_a_case_is_finished_at_the_recorded_time(city: City):
    facts = acted(offered(), city, NOON + 3 * DAY)
    case = told(offered(), facts)
    assert [type(fact) for fact in facts] == [AssignmentAccepted, WorkCompleted]
    assert (case.status, case.completed_at, case.outcome) == (Status.COMPLETED, NOON + 2 * DAY, "Fixed")


def test_nothing_is_said_before_its_time_or_twice(city: City):
    case = told(offered(), acted(offered(), city, NOON))
    assert acted(case, city, NOON + 2 * DAY - HOUR) == []
    done = told(case, acted(case, city, NOON + 2 * DAY))
    assert acted(done, city, NOON + 9 * DAY) == []


def test_a_case_that_was_never_closed_stays_open(city: City):
    case = told(offered(), acted(offered(), city, NOON, closed=None))
    assert acted(case, city, NOON + 900 * DAY, closed=None) == []


def test_a_late_closing_waits_until_the_deadline_was_said_to_be_missed(city: City):
    case = told(offered(), acted(offered(), city, NOON))
    late = DEADLINE + timedelta(seconds=1)
    assert acted(case, city, late, closed=late) == []
    [fact] = acted(overdue(case), city, late, closed=late)
    assert fact.at == late


def test_a_closing_at_the_deadline_itself_is_in_time(city: City):
    case = told(offered(), acted(offered(), city, NOON))
    assert len(acted(case, city, DEADLINE, closed=DEADLINE)) == 1


def test_what_is_said_after_the_clock_has_passed_it_is_late(city: City):
    [accepted, done] = acted(offered(), city, NOON + 3 * DAY, now=NOON + 3 * DAY)
    assert (accepted.late, done.late) == (True, True)


def test_where_the_pack_asks_for_a_check_somebody_else_is_asked(city: City):
    two = city.model_copy(update={"staff": {**city.staff, "other": city.staff[DESK].model_copy(update={"id": "other"})}})
    done = told(offered(check=True), acted(offered(check=True), two, NOON + 3 * DAY))
    assert done.verified
    [*_, fact] = acted(offered(check=True), two, NOON + 3 * DAY)
    assert fact.by == "other"


def test_telephone_numbers_in_the_record_do_not_enter_the_log(city: City):
    record = lamp(outcome="Call 617-555-0123 for more")
    [*_, fact] = wanted(offered(), record, NOON + 3 * DAY, NOON, city)
    assert isinstance(fact, WorkCompleted)
    assert "555" not in fact.outcome
