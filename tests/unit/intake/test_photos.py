"""Which photo belongs to which case, and who sees it."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.faults import faults_of
from services.intake.report import ReportBody, read_report
from services.intake.showing import Area, Decision, Releasing, is_public
from services.intake.views.photos import photos
from shared.case import Case, evolve
from shared.events import AnyEvent, CaseReported, CaseSupplemented, NoteAdded, WorkCompleted
from shared.photos_links import named
from shared.service import Fold
from tests.unit.intake.village import NOON, VILLAGE, closed, reported, triaged, working

NAME, OTHER = named(bytes(16)), named(bytes(15) + b"\x01")
SHOW, HIDE = Decision(shown=True, by="operator-1", at=NOON, cases=("A",)), Decision(shown=False, by="operator-1", at=NOON, reason="face")
REPORT = {"text": "灯坏了", "location": {"lat": 30.01, "lon": 104.02}}


def published(case: Case) -> Case:
    return case.model_copy(update={"published": case.closings})


def confidential() -> Case:
    return published(closed(working(triaged(reported(), "X10302"))))


PLAIN = triaged(reported())
DONE = published(closed(working(triaged(reported()))))


@pytest.mark.parametrize(
    ("step", "case", "decision", "public"),
    [
        ("report", PLAIN, None, False),
        ("report", PLAIN, SHOW, True),
        ("report", DONE, None, False),
        ("on_site", DONE, None, False),
        ("result", closed(working(PLAIN)), None, False),
        ("result", DONE, None, True),
        ("result", DONE, HIDE, False),
        ("result", confidential(), None, False),
        ("result", confidential(), SHOW, False),
        ("report", reported(wish="X10302"), SHOW, False),
    ],
)
def test_everybody_sees_published_results_and_what_was_released_but_nothing_confidential(
    step: str, case: Case, decision: Decision | None, public: bool
):
    assert is_public(step, case, None, decision, VILLAGE) is public


def test_what_is_handled_with_a_confidential_case_is_not_public():
    assert not is_public("report", PLAIN, confidential(), SHOW, VILLAGE)
    assert is_public("report", PLAIN, DONE, SHOW, VILLAGE)


def test_a_release_is_for_the_case_that_showed_the_photo_and_a_refusal_for_all():
    elsewhere = triaged(reported("B"))
    assert not is_public("supplement", elsewhere, None, SHOW, VILLAGE)
    done = published(closed(working(elsewhere)))
    assert is_public("result", done, None, SHOW, VILLAGE)
    assert not is_public("result", done, None, HIDE, VILLAGE)


@pytest.mark.parametrize("area", [{"left": 0.5, "right": 0.5, "top": 0, "bottom": 1}, {"left": 0, "right": 1, "top": 0.9, "bottom": 0.1}])
def test_an_area_has_an_inside(area: dict[str, float]):
    with pytest.raises(ValidationError) as caught:
        Releasing.model_validate({"hide": [area]})
    [fault] = faults_of(caught.value)
    assert (fault.field, "left" in fault.en, "left" in fault.zh) == ("hide.0", True, True)
    assert Area(left=0, right=0.1, top=0, bottom=0.1).left == 0


def rows(*events: AnyEvent) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    case = Case(id="A")
    for offset, event in enumerate(events):
        before, case = case, evolve(case, event)
        fold = Fold(before, event, case, 0, offset)
        for key in photos.keys(fold, VILLAGE):
            found[key] = photos.change(found.get(key), key, fold, VILLAGE)
    return found


def told(*media: str) -> CaseReported:
    return CaseReported.of(Case(id="A"), at=NOON, by="resident", number="20000000000", text="灯坏了", channel="web", media=media)


def test_each_photo_has_a_row_that_tells_where_it_was_shown_first():
    report = told(NAME, NAME, "https://example.org/1.jpg")
    more = CaseSupplemented.of(reported(), at=NOON, by="resident", id="S", text="", media=(NAME,))
    note = NoteAdded.of(reported(), at=NOON, by="W-17", id="N", text="?", media=(OTHER,))
    found = rows(report, more, note)
    assert {key: (row["name"], row["case"], row["step"]) for key, row in found.items()} == {
        f"A/{NAME}": (NAME, "A", "report"),
        f"A/{OTHER}": (OTHER, "A", "on_site"),
    }


def test_what_had_no_effect_shows_nothing():
    early = WorkCompleted.of(reported(), at=NOON, by="W-17", outcome="?", media=(OTHER,))
    assert rows(told(), early) == {}


def test_a_report_can_show_photos_and_says_which_are_wrong():
    body = read_report({**REPORT, "media": [NAME, "https://example.org/a b.jpg"]}, VILLAGE, NOON)
    assert isinstance(body, ReportBody)
    assert body.media == (NAME, "https://example.org/a%20b.jpg")
    faults = read_report({**REPORT, "media": [NAME, "../../etc/passwd", "javascript:alert(1)", 7]}, VILLAGE, NOON)
    assert isinstance(faults, list)
    assert [fault.field for fault in faults] == ["media.1", "media.2", "media.3"]
    assert all("POST /photos" in fault.en and "POST /photos" in fault.zh for fault in faults)
    assert isinstance(read_report({**REPORT, "media": None}, VILLAGE, NOON), ReportBody)
