"""What the phone of somebody in the field is told: what concerns them, nothing else, and all that they need on the way."""

from typing import Any

import pytest

from services.console.phone.errands import ON_MY_WAY, errand, kind_of, on_way
from services.console.phone.kit import kit_of
from services.console.phone.routes import near
from shared.access import Caller, Role
from shared.case import Case, Status
from shared.city import City, Person
from shared.city import Role as Post
from shared.photos_links import Links
from tests.unit.console.histories import HOUR, MONDAY, classification
from tests.unit.console.rows import entry
from tests.unit.console.town import TOWN, WORKER

PHOTO = f"{'a' * 26}.jpg"
LINKS = Links("http://photos.example", "secret")


def post(id: str, role: Post, **more: Any) -> Person:
    return WORKER.model_copy(update={"id": id, "role": role, **more})


WALKER = post("grid-01", Post.GRID_WORKER, grids=frozenset({"g1"}))
HEAD = post("works-head", Post.UNIT_HEAD)
OTHER_HEAD = post("fire-head", Post.UNIT_HEAD, department="fire")
OFFICER = post("officer-01", Post.DUTY_OFFICER, department="desk")
STAFF = {one.id: one for one in (WORKER, WALKER, HEAD, OTHER_HEAD, OFFICER)}
CITY: City = TOWN.model_copy(update={"staff": STAFF, "pause_reasons": {"weather": TOWN.groups["roads"]}})
LOOKED_AT = classification().model_copy(update={"check": True})  # in g1, of the works, to be checked by somebody else
WALKER_IN = Caller("grid-01", frozenset({Role.GRID_WORKER}), grids=WALKER.grids, signed_in=True)
WORKER_IN = Caller("W-1", frozenset({Role.UNIT}), unit="works", signed_in=True)
HEAD_IN = Caller("works-head", frozenset({Role.UNIT}), unit="works", signed_in=True)


def case(status: Status, **more: Any) -> Case:
    told: dict[str, Any] = {"number": "38204719963", "reported_at": MONDAY, "since": MONDAY, "text": "路灯不亮", "department": "works"}
    return Case(id="c", status=status, **{"classification": LOOKED_AT, **told, **more})


@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.ACCEPTED, Status.WORKING, Status.PAUSED])
def test_what_somebody_has_is_their_task(status: Status):
    assert kind_of(case(status, assignee="W-1"), WORKER, WORKER_IN, CITY) == "task"
    assert kind_of(case(status, assignee="W-2"), WORKER, WORKER_IN, CITY) is None


def test_an_emergency_that_somebody_is_told_of_is_no_task_of_theirs():
    assert kind_of(case(Status.WORKING, assignee="W-2", informed=("W-1",)), WORKER, WORKER_IN, CITY) == "told"


def test_a_look_before_filing_is_asked_for_until_somebody_has_looked():
    asked = case(Status.REPORTED, verifier="grid-01", verify_by=MONDAY + HOUR, classification=None)
    assert kind_of(asked, WALKER, WALKER_IN, CITY) == "look"
    assert kind_of(asked.model_copy(update={"looked": True}), WALKER, WALKER_IN, CITY) is None


def test_a_result_is_checked_by_who_looks_after_the_grid_or_heads_the_unit_and_never_by_the_handler():
    done = case(Status.COMPLETED, assignee="W-1", completed_at=MONDAY)
    assert kind_of(done, WALKER, WALKER_IN, CITY) == "check"
    assert kind_of(done, HEAD, HEAD_IN, CITY) == "check"
    assert kind_of(done, WORKER, WORKER_IN, CITY) is None
    assert kind_of(done.model_copy(update={"assignee": "grid-01"}), WALKER, WALKER_IN, CITY) is None
    elsewhere = LOOKED_AT.model_copy(update={"grid": "g2"})
    assert kind_of(done.model_copy(update={"classification": elsewhere}), WALKER, WALKER_IN, CITY) is None


def test_of_the_board_only_what_names_somebody_and_results_within_reach_is_read():
    mine = entry(case(Status.WORKING, assignee="W-1"), CITY)
    done = entry(case(Status.COMPLETED, assignee="W-2", completed_at=MONDAY), CITY)
    others = entry(case(Status.WORKING, assignee="W-2"), CITY)
    assert near([mine, done, others], WORKER, frozenset({"by:W-1", "unit:works"})) == [mine, done]
    assert near([mine, done, others], WORKER, frozenset({"by:W-1", "unit:fire"})) == [mine]


def note(text: str, by: str = "W-1", **more: Any) -> dict[str, Any]:
    row = {"type": "note.added", "by": by, "effective": True, "facts": {"text": text}}
    return {**row, "at": MONDAY.isoformat(), "true_at": None, "late": False, "repeated": False, "event": "e", "version": 1, **more}


def test_who_is_on_the_way_has_said_so_since_they_were_sent():
    said, sent = note(ON_MY_WAY), note("", type="case.assigned")
    assert on_way([sent, said], "W-1")
    assert not on_way([said, sent], "W-1")
    assert not on_way([sent, note(ON_MY_WAY, by="W-2")], "W-1")
    assert not on_way([sent, note("出发晚了")], "W-1")


def test_the_phone_has_what_is_needed_on_the_way():
    rows = [note("看", facts={"text": "看", "media": [PHOTO, "https://elsewhere.example/1.jpg"]})]
    told = errand(case(Status.ACCEPTED, assignee="W-1", resolve_by=MONDAY + 4 * HOUR), "task", WORKER, CITY, rows, LINKS, 0.0)
    assert (told.number, told.category, told.outcome) == ("382 0471 9963", TOWN.categories["lamp"].name, TOWN.categories["lamp"].outcome)
    assert told.due is not None
    [photo] = told.photos  # what stands elsewhere the phone does not ask for
    assert photo.thumb.startswith(f"/do/intake/photos/{PHOTO}/thumb?until=")
    assert [step.told.zh for step in told.steps] == ["备注：看"]


def test_a_pause_is_approved_by_the_own_head_or_the_desk_and_never_by_oneself():
    assert [one.id for one in kit_of(WORKER, CITY, MONDAY).approvers] == ["works-head", "officer-01"]
    assert [one.id for one in kit_of(HEAD, CITY, MONDAY).approvers] == ["officer-01"]
    assert [one.code for one in kit_of(WORKER, CITY, MONDAY).emergencies] == ["gas"]
