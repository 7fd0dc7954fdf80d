"""What a case waits for from an operator, and when that changes by itself."""

from datetime import timedelta
from typing import Any

import pytest

from services.console.desk.waiting import again_at, waits_for
from shared.case import Case, Status
from tests.unit.console.histories import HOUR, MONDAY, classification
from tests.unit.console.town import TOWN

NOW = MONDAY + HOUR
FILED: dict[str, Any] = {"reported_at": MONDAY, "classification": classification(), "department": "works"}
SEEN = classification().model_copy(update={"check": True})
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (Case(id="a", status=Status.REPORTED, reported_at=MONDAY), "place"),
        (Case(id="a", status=Status.REPORTED, reported_at=NOW - SECOND), None),
        (Case(id="a", status=Status.REPORTED, **FILED), None),
        (Case(id="a", status=Status.REPORTED, reported_at=MONDAY, verify_by=NOW), None),
        (Case(id="a", status=Status.TRIAGED, **FILED), None),
        (Case(id="a", status=Status.TRIAGED, offered=("W-1",), **FILED), "assign"),
        (Case(id="a", status=Status.TRIAGED, offered=("x", "y", "z"), **FILED), "assign"),
        (Case(id="a", status=Status.TRIAGED, asks=True, offered=("W-1",), **FILED), "doubt"),
        (Case(id="a", status=Status.WORKING, asks=True, appealed_at=MONDAY, **FILED), "ruling"),
        (Case(id="a", status=Status.WORKING, awaits=MONDAY, **FILED), "reaction"),
        (Case(id="a", status=Status.WORKING, **FILED), None),
        (Case(id="a", status=Status.PAUSED, look_again_at=NOW, **FILED), "look"),
        (Case(id="a", status=Status.PAUSED, look_again_at=NOW + SECOND, **FILED), None),
        (Case(id="a", status=Status.COMPLETED, **{**FILED, "classification": SEEN}), "check"),
        (Case(id="a", status=Status.COMPLETED, verified=True, **{**FILED, "classification": SEEN}), None),
        (Case(id="a", status=Status.COMPLETED, **FILED), None),
        (Case(id="a", status=Status.CLOSED, **FILED), None),
        (Case(id="a", status=Status.CLOSED, unsolved=True, **FILED), "decision"),
    ],
)
def test_one_thing_that_an_operator_owes(case: Case, expected: str | None):
    assert waits_for(case, TOWN, NOW) == expected


def test_a_case_that_nobody_there_can_handle_waits_for_an_operator():
    case = Case(id="a", status=Status.TRIAGED, **{**FILED, "department": "fire"})
    assert waits_for(case, TOWN, NOW) == "assign"


@pytest.mark.parametrize(
    "case",
    [
        Case(id="a", status=Status.REPORTED, reported_at=NOW),
        Case(id="a", status=Status.PAUSED, look_again_at=NOW + HOUR, **FILED),
    ],
)
def test_what_changes_by_itself_says_when(case: Case):
    again = again_at(case, NOW)
    assert again is not None
    assert waits_for(case, TOWN, again - SECOND / 10) is None
    assert waits_for(case, TOWN, again) is not None
    assert again_at(case, again) is None
