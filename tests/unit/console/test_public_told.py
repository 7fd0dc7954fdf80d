"""What everybody is told about a case: where it stands, in both languages; nothing that a person wrote, no home, nothing confidential."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

from services.console.pages.catalogue import chinese
from services.console.public.place import at_home, point, public
from services.console.public.story import STEPS, WITHOUT, Step, published, story
from services.console.public.told import told
from services.console.views.timeline import timeline
from services.console.words import Lang
from shared.case import Case, Status
from shared.city import City
from shared.events import EVENT_TYPES
from shared.service import Fold
from shared.terms import Location
from tests.unit.console.histories import HOUR, MONDAY, classification, folded, lives
from tests.unit.console.town import TOWN

OPEN_TOWN = TOWN.model_copy(update={"homes": frozenset({"life"})})
SPOT = Location(lat=30.012345, lon=120.054321)
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


def sealed_town(category: str) -> City:
    codes = {code: one.model_copy(update={"confidential": code == category}) for code, one in TOWN.categories.items()}
    return TOWN.model_copy(update={"categories": codes})


def filed(choice: int = 0, **more: Any) -> Case:
    """Return a case that was filed: of a lamp for 0, gas for 1, noise for 2."""
    usual: dict[str, Any] = {
        "id": "a",
        "number": "38204719963",
        "status": Status.ASSIGNED,
        "reported_at": MONDAY,
        "text": "SECRET text",
        "address": "SECRET street 1",
        "location": SPOT,
        "reporter": "SECRET token",
        "role": "unit_worker",
        "assignee": "W-1",
        "department": "works",
        "resolve_by": MONDAY + 4 * HOUR,
        "outcome": "SECRET outcome",
        "classification": classification(choice),
    }
    return Case(**(usual | more))


def rows(folds: list[Fold]) -> list[dict[str, Any]]:
    return [timeline.change(None, "", fold, TOWN) for fold in folds]


def test_a_point_is_rounded_to_about_a_hundred_metres():
    assert point(filed(0), OPEN_TOWN) == Location(lat=30.012, lon=120.054)


def test_where_a_home_is_concerned_there_is_no_point_but_the_grid():
    answer = told(filed(2), None, OPEN_TOWN, "en", MONDAY)
    assert point(filed(2), OPEN_TOWN) is None
    assert (answer.location, answer.category) == (None, "Noise")


def test_a_city_that_does_not_say_which_groups_concern_homes_shows_no_point_at_all():
    assert [at_home(code, TOWN) for code in TOWN.categories] == [True, True, True]
    assert at_home("no such category", OPEN_TOWN)
    assert point(filed(0), TOWN) is None


def test_what_is_not_filed_has_no_point():
    assert point(filed(0).model_copy(update={"classification": None}), OPEN_TOWN) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_says_where_it_stands_by_when_and_who_has_it_by_role(lang: Lang):
    answer = told(filed(), None, OPEN_TOWN, lang, MONDAY + HOUR, reports=3)
    zh = lang == "zh"
    assert answer.handler == ("处置人员" if zh else "field worker")
    assert answer.department == ("市政" if zh else "Public works")
    assert answer.category == ("路灯" if zh else "Street lamp")
    assert (answer.overdue, answer.state, answer.reports) == (False, "open", 3)
    assert answer.deadline is not None
    assert answer.deadline.isoformat() == "2026-03-02T20:00:00+08:00"


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.UNKNOWN])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_that_a_person_wrote_is_told_wherever_it_stands(status: Status, lang: Lang):
    case = filed(status=status, pause_reason="SECRET reason", closed_at=MONDAY, completed_at=MONDAY, handled_by="W-1")
    answer = told(case, None, OPEN_TOWN, lang, MONDAY + 9 * HOUR).model_dump_json()
    assert [secret for secret in ("SECRET", "W-1", "30.0123", "120.0543") if secret in answer] == []


def test_it_is_overdue_once_the_deadline_has_passed_while_the_clock_runs():
    late = MONDAY + 4 * HOUR + timedelta(seconds=1)
    assert told(filed(), None, OPEN_TOWN, "en", late).state == "over"
    assert told(filed(status=Status.PAUSED), None, OPEN_TOWN, "en", late).state == "stands"
    assert not told(filed(status=Status.COMPLETED), None, OPEN_TOWN, "en", late).overdue


@pytest.mark.parametrize(
    ("case", "city"),
    [
        (filed(4), OPEN_TOWN),  # filed as confidential
        (filed(0), sealed_town("lamp")),  # confidential by the pack in force
        (filed(0).model_copy(update={"classification": None, "wish": "lamp"}), sealed_town("lamp")),  # as its reporter chose
    ],
)
def test_of_a_confidential_case_the_status_alone_is_told(case: Case, city: City):
    answer = told(case, None, city, "en", MONDAY, reports=2)
    assert answer.model_dump(exclude_defaults=True) == {
        "number": "382 0471 9963",
        "status": Status.ASSIGNED,
        "status_text": "Offered to a handler, who has yet to confirm",
        "sealed": True,
    }
    assert not public(case, city)


def test_of_a_case_that_is_handled_with_a_confidential_one_the_status_alone_is_told():
    answer = told(filed(status=Status.MERGED), filed(4, id="b"), OPEN_TOWN, "en", MONDAY)
    assert answer.model_dump(exclude_defaults=True).keys() == {"number", "status", "status_text", "sealed"}


def test_a_joined_case_tells_of_the_one_that_it_is_handled_with():
    survivor = filed(1, id="b", number="20000000005", status=Status.WORKING)
    answer = told(filed(status=Status.MERGED), survivor, OPEN_TOWN, "en", MONDAY)
    assert (answer.status, answer.joined, answer.category) == (Status.MERGED, "200 0000 0005", "Gas")


def test_what_is_not_filed_yet_stands_in_no_list():
    assert not public(filed().model_copy(update={"classification": None}), OPEN_TOWN)
    assert public(filed(), OPEN_TOWN)


# -- the story


def test_a_whole_life_reads_as_a_story():
    kinds = ("case.reported", "case.triaged", "case.assigned", "assignment.accepted", "work.started", "work.completed", "case.closed")
    steps = story(rows(folded([("a", kind, 0, 1) for kind in kinds])), (), TOWN, "en")
    assert [step.said for step in steps] == [
        "Somebody reported it.",
        "Filed: Street lamp, for Public works.",
        "A handler was asked: field worker.",
        "The handler took it on.",
        "Work began.",
        "The work is done and waits for a check.",
        "Closed.",
    ]
    assert [one.at < other.at for one, other in pairwise(steps)] == [True] * 6


@pytest.mark.parametrize("lang", LANGUAGES)
@given(folds=lives)
def test_no_story_holds_what_people_wrote(lang: Lang, folds: list[Fold]):
    secret = [{**row, "facts": hushed(row["facts"])} for row in rows(folds)]
    steps = story(secret, {"a", "b", "c"}, TOWN, lang)
    assert [
        step for step in steps if "SECRET" in step.said or (step.text and "SECRET" in step.text and not step.text.endswith("text"))
    ] == []


def hushed(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts as if people had written secrets wherever they can write."""
    own = ("text", "reason", "outcome", "address", "comment")
    return {name: f"SECRET {name}" if name in own else value for name, value in facts.items()}


def row(kind: str, **facts: Any) -> dict[str, Any]:
    return {"type": kind, "at": MONDAY.isoformat(), "true_at": None, "by": "closure", "effective": True, "facts": facts}


def only(rows: list[dict[str, Any]], lang: Lang = "en", known: tuple[str, ...] = ()) -> list[Step]:
    return story(rows, known, TOWN, lang)


def test_what_had_no_effect_is_not_told():
    assert only([row("work.started") | {"effective": False}]) == []


def test_who_was_asked_and_did_not_take_it_is_not_told():
    asked = [row("case.assigned", assignee="W-1", role=role) for role in ("grid_worker", "unit_worker")]
    assert [step.said for step in only(asked)] == ["A handler was asked: field worker."]


def test_only_those_who_joined_and_are_not_confidential_are_told_of():
    joined = [row("case.joined", follower=one) for one in ("b", "c")]
    assert len(only(joined, known=("c",))) == 1


def test_what_it_was_taken_for_before_is_not_told_if_that_is_confidential():
    facts = {"classification": classification(0).model_dump(mode="json") | {"confidential": True}, "reason": "SECRET"}
    assert [step.said for step in only([row("case.triaged", **facts)])] == ["Filed."]


def test_a_reason_from_the_list_of_the_city_is_told_and_no_other():
    town = TOWN.model_copy(update={"pause_reasons": {"weather": TOWN.title}})
    paused = row("work.paused", reason="weather", look_again_at=(MONDAY + HOUR).isoformat())
    other = row("work.paused", reason="SECRET", look_again_at=(MONDAY + HOUR).isoformat())
    assert [step.said for step in story([paused, other], (), town, "en")] == [
        "On hold: Small town. Looked at again 2026-03-02 17:00.",
        "On hold. Looked at again 2026-03-02 17:00.",
    ]


def test_a_late_entry_stands_at_its_true_time():
    late = row("work.started") | {"true_at": (MONDAY - HOUR).isoformat()}
    assert only([late])[0].at == MONDAY - HOUR


def test_a_published_text_of_closure_is_read_in_the_language_of_the_reader_and_one_of_staff_as_it_is():
    assert [published("已处理\ndone", "closure", lang) for lang in LANGUAGES] == ["已处理", "done"]
    assert published("两行\n文字", "operator-01", "en") == "两行\n文字"


def test_every_step_is_an_event_and_has_its_chinese():
    assert STEPS.keys() <= EVENT_TYPES.keys()
    assert WITHOUT.keys() <= STEPS.keys()
    assert {message for message in (*STEPS.values(), *WITHOUT.values()) if message not in chinese()} == set()
