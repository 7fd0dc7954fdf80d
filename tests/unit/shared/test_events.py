"""Facts and their bytes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from pydantic import ValidationError

from shared.case import Case
from shared.events import (
    EVENT_TYPES,
    MAX_BYTES,
    MAX_TEXT,
    Addition,
    CaseClosed,
    CaseJoined,
    CaseReported,
    CaseRevived,
    Change,
    NoteAdded,
    decode,
    derived_id,
    encode,
)
from tests.unit.shared.histories import MONDAY, History, Step, steps

CASE = Case(id="case-001", version=4, last_at=MONDAY)


def test_there_are_43_types_each_a_change_or_an_addition():
    assert len(EVENT_TYPES) == 43
    assert all(issubclass(model, Change) != issubclass(model, Addition) for model in EVENT_TYPES.values())


@given(steps())
def test_every_fact_survives_the_way_through_the_log(drawn: list[Step]):
    history = History()
    for step in drawn:
        history.take(step)
    assert [decode(encode(event)) for event in history.log] == history.log


def test_a_derived_id_is_the_same_in_every_process():
    assert derived_id("case-001", "4", "case.revived") == "0b8b4a4e5e255094bc46330630f69584"


def test_a_change_without_an_id_is_named_by_case_version_and_type():
    first, again = (CaseRevived.of(CASE, at=MONDAY + timedelta(hours=late), by="triage") for late in (0, 3))
    assert first.id == again.id == derived_id("case-001", "4", "case.revived")
    assert first.on == 4
    moved_on = CASE.model_copy(update={"version": 5})
    assert CaseRevived.of(moved_on, at=MONDAY, by="triage").id != first.id
    assert CaseClosed.of(CASE, at=MONDAY, by="closure", outcome="").id != first.id


def test_a_fact_is_never_before_the_last_one_of_its_case():
    early = MONDAY - timedelta(days=1)
    assert CaseRevived.of(CASE, at=early, by="triage").at == MONDAY
    assert NoteAdded.of(CASE, at=early, by="operator-01", id="n", text="x").at == MONDAY


def test_times_are_utc_whatever_zone_they_came_in():
    china = timezone(timedelta(hours=8))
    event = CaseJoined(id="a->b/joined", case_id="b", at=datetime(2026, 3, 2, 9, tzinfo=china), by="triage", follower="a")
    assert event.at.tzinfo is UTC
    assert event.at == MONDAY


def test_a_time_without_a_zone_is_no_time():
    with pytest.raises(ValidationError, match="timezone"):
        CaseJoined(id="a->b/joined", case_id="b", at=datetime(2026, 3, 2, 9), by="triage", follower="a")  # noqa: DTZ001


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"type": "case.exploded", "id": "1", "case_id": "c", "at": "2026-03-02T00:00:00Z", "by": "x", "on": 1}',
        b'{"type": "case.revived", "id": "1", "case_id": "c", "at": "2026-03-02T00:00:00Z", "by": "x"}',
        b'{"type": "case.revived", "id": "1", "case_id": "", "at": "2026-03-02T00:00:00Z", "by": "x", "on": 1}',
        b'{"type": "case.revived", "id": "1", "case_id": "c", "at": "2026-03-02T00:00:00", "by": "x", "on": 1}',
        b'{"type": "case.revived", "id": "1", "case_id": "c", "at": "2026-03-02T00:00:00Z", "by": "x", "on": -1}',
    ],
)
def test_what_is_no_fact_is_refused(raw: bytes):
    with pytest.raises(ValidationError):
        decode(raw)


def test_a_text_has_a_limit_and_so_has_an_event():
    with pytest.raises(ValidationError, match="at most 4000"):
        NoteAdded.of(CASE, at=MONDAY, by="operator-01", id="n", text="字" * (MAX_TEXT + 1))
    attributes = {str(index): "字" * 1000 for index in range(100)}
    event = CaseReported.of(Case(id="c"), at=MONDAY, by="resident", id="r", number="N", text="", channel="web", attributes=attributes)
    with pytest.raises(ValueError, match=str(MAX_BYTES)):
        encode(event)


def test_a_fact_cannot_be_changed():
    event = CaseRevived.of(CASE, at=MONDAY, by="triage")
    with pytest.raises(ValidationError, match="frozen"):
        event.by = "somebody"  # type: ignore[misc]


def test_a_late_entry_older_than_what_the_case_was_told_keeps_its_true_time():
    early = MONDAY - timedelta(days=1)
    entry = NoteAdded.of(CASE, at=early, by="operator-01", id="n", text="x", late=True)
    assert (entry.at, entry.true_at, entry.happened_at) == (MONDAY, early, early)


@pytest.mark.parametrize(("late", "hours"), [(False, -1), (True, 0), (True, 1)])
def test_only_a_late_entry_that_is_out_of_turn_has_a_true_time(late: bool, hours: int):
    at = MONDAY + timedelta(hours=hours)
    entry = NoteAdded.of(CASE, at=at, by="operator-01", id="n", text="x", late=late)
    assert (entry.true_at, entry.happened_at) == (None, max(at, MONDAY))
