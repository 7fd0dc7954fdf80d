"""The row that the public sees of a case changes when something public does, and at no other time."""

from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from services.intake.open311.showing import visible
from services.intake.views.requests import requests, updates
from shared.case import Case, evolve
from shared.city import City
from shared.events import (
    AnyEvent,
    AssignmentAccepted,
    CaseAssigned,
    CaseClosed,
    CaseRated,
    CaseRejected,
    CaseReopened,
    CaseReported,
    CaseTriaged,
    DeadlineExtended,
    NoteAdded,
    OutcomePublished,
    WorkCompleted,
)
from shared.question import Follow
from shared.service import Fold
from shared.stamps import stamp
from tests.unit.intake.village import HERE, NOON, NOWHERE, VILLAGE, reported, triaged

HOUR = timedelta(hours=1)
REPORT = CaseReported.of(Case(id="A"), at=NOON, by="resident", number="20000000000", text="灯坏了", channel="web", location=HERE)


def rows(*events: AnyEvent, city: City = VILLAGE) -> list[dict[str, Any]]:
    """Return the row after each event, the same one again where it was not touched."""
    case, row, found = Case(id=events[0].case_id), None, []
    for offset, event in enumerate(events):
        before, case = case, evolve(case, event)
        fold = Fold(before, event, case, 0, offset)
        if list(requests.keys(fold, city)):
            row = requests.change(row, case.id, fold, city)
        assert bool(list(updates.keys(fold, city))) is bool(list(requests.keys(fold, city)))
        found.append(row or {})
    return found


def life() -> list[AnyEvent]:
    """Return what is said about a case from the report to the closing, an hour apart."""
    said: list[AnyEvent] = [REPORT]
    filed = triaged(reported())
    case = filed

    def say(event: AnyEvent) -> None:
        nonlocal case
        said.append(event)
        case = evolve(case, event)

    say(CaseAssigned.of(case, at=NOON + HOUR, by="dispatch", assignee="W-17", role="grid_worker", answer_by=NOON + 2 * HOUR, reason="near"))
    say(AssignmentAccepted.of(case, at=NOON + 2 * HOUR, by="W-17"))
    say(NoteAdded.of(case, at=NOON + 3 * HOUR, by="W-17", id="note", text="inside the house"))
    say(
        DeadlineExtended.of(
            case, at=NOON + 4 * HOUR, by="operator", resolve_by=NOON + 48 * HOUR, reason="parts", approved_by="operator-head"
        )
    )
    say(WorkCompleted.of(case, at=NOON + 5 * HOUR, by="W-17", outcome="new bulb"))
    say(CaseClosed.of(case, at=NOON + 6 * HOUR, by="closure", outcome="new bulb"))
    say(CaseRated.of(case, at=NOON + 7 * HOUR, by="resident", id="rating", solved=True, score=5, closing=1))
    say(OutcomePublished.of(case, at=NOON + 8 * HOUR, by="closure", id="published", text="done", closing=1))
    return said


def times() -> list[datetime]:
    return [NOON + hours * HOUR for hours in (0, 0, 0, 2, 2, 4, 5, 6, 6, 6)]


def triage_of(case: Case) -> CaseTriaged:
    filed = triaged(case)
    assert filed.classification is not None
    return CaseTriaged.of(case, at=NOON, by="triage", classification=filed.classification, reason="灯")


def whole() -> list[AnyEvent]:
    report, *rest = life()
    return [report, triage_of(reported()), *rest]


def test_only_public_changes_move_the_time_of_the_last_one():
    assert [row["updated"] for row in rows(*whole())] == [stamp(at) for at in times()]


def test_a_closed_request_keeps_the_time_of_its_closing_until_it_is_reopened():
    events = whole()
    *_, last = rows(*events)
    assert (last["status"], last["updated"]) == ("closed", stamp(NOON + 6 * HOUR))
    case = reduce(evolve, events, Case(id="A"))
    again = CaseReopened.of(
        case, at=NOON + 9 * HOUR, by="resident", reason="dark again", respond_by=NOON + 30 * HOUR, resolve_by=NOON + 60 * HOUR
    )
    assert [rows(*events, again)[-1][name] for name in ("status", "updated")] == ["open", stamp(NOON + 9 * HOUR)]


def test_the_notes_tell_each_public_change_and_nothing_that_staff_wrote():
    *_, last = rows(*whole())
    assert [state for _, state, _ in last["notes"]] == ["reported", "triaged", "accepted", "accepted", "completed", "closed"]
    assert not any(words in str(last) for words in ("inside the house", "new bulb", "W-17", "near"))


def test_why_a_report_is_not_taken_up_is_told():
    refused = CaseRejected.of(reported(), at=NOON + HOUR, by="operator", reason="Private ground")
    last = rows(REPORT, refused)[-1]
    assert (last["status"], last["reason"]) == ("closed", "Private ground")


def test_a_confidential_case_can_be_found_by_nothing():
    wished = REPORT.model_copy(update={"category": "X10302"})
    filed = triage_of(reported())
    secret = filed.model_copy(update={"classification": filed.classification.model_copy(update={"confidential": True})})
    for row in (rows(wished)[-1], rows(REPORT, secret)[-1]):
        assert [row[name] for name in ("listed", "coded", "celled", "moved")] == [None] * 4


def test_what_nobody_has_filed_and_whose_reporter_chose_no_category_is_in_no_list():
    unfiled, filed = rows(REPORT, triage_of(reported()))
    assert [unfiled[name] for name in ("listed", "coded", "celled", "moved")] == [None] * 4
    assert not visible(unfiled, VILLAGE)
    assert None not in [filed[name] for name in ("listed", "coded", "celled", "moved")]
    assert visible(filed, VILLAGE)
    assert rows(REPORT.model_copy(update={"category": "03001"}))[-1]["listed"] is not None


def test_a_batch_request_is_listed_once_it_is_filed_and_a_blackbox_one_never():
    def city(follow: Follow) -> City:
        lamp = VILLAGE.categories["03001"].model_copy(update={"open311": follow})
        return VILLAGE.model_copy(update={"categories": {**VILLAGE.categories, "03001": lamp}})

    chosen = REPORT.model_copy(update={"category": "03001"})
    events: list[AnyEvent] = [chosen, triage_of(reported(wish="03001"))]
    assert [row["listed"] is not None for row in rows(*events, city=city(Follow.BATCH))] == [False, True]
    assert [row["listed"] is not None for row in rows(*events, city=city(Follow.BLACKBOX))] == [False, False]
    assert [row["listed"] is not None for row in rows(*events)] == [True, True]


def test_a_default_coordinate_is_no_place():
    row = rows(REPORT.model_copy(update={"location": NOWHERE}))[-1]
    assert (row["lat"], row["lon"]) == (None, None)


def test_the_photo_of_the_report_stays():
    shown = REPORT.model_copy(update={"media": ("https://example.org/1.jpg", "https://example.org/2.jpg")})
    assert {row["media"] for row in rows(shown, *whole()[1:])} == {"https://example.org/1.jpg"}
