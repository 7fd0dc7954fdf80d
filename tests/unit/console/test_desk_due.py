"""What is due next of a case: each thing that is owed, on its own clock, and the first of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given

from services.console.desk.due import Due, next_due, owed
from shared.case import OPEN, Case, Status
from shared.events import Classification
from shared.service import Fold
from shared.terms import Clock, Grade, Limit
from tests.unit.console.histories import lives
from tests.unit.console.town import TOWN

TEN = datetime(2026, 3, 2, 2, tzinfo=UTC)  # Monday, 10:00 in the town, which works from 8 to 12 and from 14 to 18
HOUR = timedelta(hours=1)
WORK = Limit(amount=4, clock=Clock.WORK_HOURS)


def case(status: Status, limit: Limit = WORK, **more: Any) -> Case:
    """Return a case that was reported and filed at ten."""
    resolve_by = TOWN.calendar.add(TEN, limit)
    what = Classification(
        category="lamp", group="roads", condition="any", grade=Grade.NORMAL, department="works", grid=None, confidential=False, check=True,
        limit=limit, respond_by=TEN + HOUR, resolve_by=resolve_by, rules="1",
    )  # fmt: skip
    known = {"reported_at": TEN, "since": TEN, "classification": what, "clock_from": TEN, "triaged_at": TEN, "assigned_at": TEN}
    return Case(id="a", status=status, **{**known, "respond_by": TEN + HOUR, "resolve_by": resolve_by, "accepted_at": TEN, **more})


def told(case: Case) -> tuple[str, str, Clock, str | None, str | None]:
    """Return what is due, with the times on the clocks of the town."""
    due = next_due(case, TOWN)
    assert due is not None
    at, half, most = (None if one is None else f"{TOWN.local(datetime.fromtimestamp(one, UTC)):%d %H:%M}" for one in (due.at, *due[3:]))
    assert at is not None
    return due.what, at, due.clock, half, most


URGENT, WORKING, NATURAL = Clock.URGENT_HOURS, Clock.WORK_HOURS, Clock.NATURAL_DAYS


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (Case(id="a", status=Status.REPORTED), None),
        (
            Case(id="a", status=Status.REPORTED, verify_by=TEN + HOUR),
            ("verify", "02 11:00", URGENT, "02 10:45", "02 10:54"),
        ),
        (Case(id="a", status=Status.REPORTED, verify_by=TEN + HOUR, looked=True), None),
        (
            case(Status.TRIAGED, assigned_at=None, accepted_at=None, respond_by=TEN + 3 * HOUR),
            ("dispatch", "02 11:00", URGENT, "02 10:30", "02 10:48"),
        ),
        (case(Status.TRIAGED, assigned_at=None, accepted_at=None, respond_by=TEN), ("respond", "02 10:00", URGENT, "02 10:00", "02 10:00")),
        (
            case(Status.ASSIGNED, answer_by=TEN + HOUR / 2, accepted_at=None),
            ("answer", "02 10:30", URGENT, "02 10:15", "02 10:24"),
        ),
        (case(Status.ASSIGNED, answer_by=TEN + 2 * HOUR, accepted_at=None), ("respond", "02 11:00", URGENT, "02 10:30", "02 10:48")),
        (case(Status.ACCEPTED), ("resolve", "02 16:00", WORKING, "02 12:00", "02 15:12")),
        (case(Status.WORKING, pauses=((TEN, TEN + HOUR),)), ("resolve", "02 16:00", WORKING, "02 15:00", "02 16:12")),
        (
            case(Status.PAUSED, paused_at=TEN, look_again_at=TEN + 48 * HOUR),
            ("look", "04 10:00", NATURAL, "03 10:00", "04 00:24"),
        ),
        (case(Status.PAUSED, paused_at=TEN), None),
        (case(Status.COMPLETED, completed_at=TEN), ("check", "02 11:00", URGENT, "02 10:30", "02 10:48")),
        (case(Status.COMPLETED, completed_at=TEN, verified=True), None),
        (case(Status.CLOSED, closed_at=TEN), None),
    ],
    ids=lambda value: value.status.value if isinstance(value, Case) else "",
)
def test_the_first_of_what_is_owed(case: Case, expected: tuple[object, ...] | None):
    assert (told(case) if expected else next_due(case, TOWN)) == expected


def test_a_missed_deadline_of_the_work_stays_in_front():
    late = case(Status.ASSIGNED, Limit(amount=1, clock=URGENT), answer_by=TEN + 5 * HOUR, respond_by=TEN + 4 * HOUR, accepted_at=None)
    assert told(late)[:2] == ("resolve", "02 11:00")


def test_after_a_reopening_the_answer_is_due_anew():
    again = case(Status.ASSIGNED, accepted_at=None, reopenings=1, clock_from=TEN + 24 * HOUR, respond_by=TEN + 25 * HOUR, resolve_by=None)
    assert told(again) == ("respond", "03 11:00", URGENT, "03 10:30", "03 10:48")


def test_how_far_a_look_has_come_is_unknown_where_its_clock_stands_still():
    city = TOWN.model_copy(update={"verify_within": Limit(amount=1, clock=WORKING)})
    asked = Case(id="a", status=Status.REPORTED, verify_by=TEN + HOUR)
    assert next_due(asked, city) == Due(int((TEN + HOUR).timestamp()), "verify", WORKING, None, None)


@given(lives)
def test_whatever_happens_the_earliest_thing_owed_is_told(folds: list[Fold]):
    for fold in folds:
        due, all_owed = next_due(fold.after, TOWN), list(owed(fold.after, TOWN))
        assert (due is None) == (not all_owed)
        if due is not None:
            assert due.at == min(int(one.at.timestamp()) for one in all_owed)
            assert fold.after.status in OPEN
            if due.half is not None and due.most is not None:
                assert due.half <= due.most
