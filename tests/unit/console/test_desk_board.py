"""Whoever takes in the rows and then the changes has the board as they may see it, however cases go and however seldom they ask."""

import asyncio
from time import monotonic

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.desk.answers import RowAnswer
from services.console.desk.board import Board
from services.console.desk.rows import entry_of, row_of
from services.console.desk.serving import Looked, awaited, cursor_of, place_of
from shared.case import Case, Status
from shared.city import Placeholder
from shared.service import Fold
from shared.terms import Location
from tests.unit.console.desk_board import CALLERS, CITY, Page, belongs, fold_in, visible
from tests.unit.console.histories import MONDAY, classification, lives
from tests.unit.console.town import TOWN

EVERYTHING = frozenset({"all"})
HERE = Location(lat=30.0, lon=120.0)
SEEN = Case(id="a", status=Status.REPORTED, number="38204719963", reported_at=MONDAY, text="路灯" * 100, address="河沿路1号", location=HERE)


@given(lives, st.integers(1, 9), st.sampled_from([2, 5, 1000]))
def test_rows_and_changes_make_the_board_that_each_may_see(folds: list[Fold], every: int, remembered: int):
    board, cases = Board(remembered), dict[str, Case]()
    pages = [Page(of) for of in CALLERS]
    for nth, fold in enumerate(folds):
        fold_in(board, fold)
        cases[fold.after.id] = fold.after
        for page in pages:
            if nth % every == 0:
                page.poll(board)
                assert page.rows == visible(cases, page.of)
    assert remembered < 1000 or not any(page.resets for page in pages)


@given(lives)
def test_the_row_of_every_case_on_the_desk_is_as_documented(folds: list[Fold]):
    for fold in folds:
        if belongs(fold.after):
            found = RowAnswer.model_validate(orjson.loads(entry_of(fold.after, CITY, MONDAY).row))
            assert found.conf == (found.text is None)
            assert not found.conf or (found.addr, found.lat, found.lon) == (None, None, None)


def test_a_row_shows_the_number_as_people_read_it_and_the_beginning_of_the_text():
    row = row_of(SEEN, TOWN, MONDAY)
    assert (row["n"], row["text"], row["addr"], row["lat"], row["lon"]) == ("382 0471 9963", "路灯" * 80, "河沿路1号", 30.0, 120.0)


def test_a_default_point_is_no_place():
    city = TOWN.model_copy(update={"placeholders": (Placeholder(location=HERE),)})
    assert (row_of(SEEN, city, MONDAY)["lat"], row_of(SEEN, city, MONDAY)["lon"]) == (None, None)


def test_what_looks_the_same_is_no_change():
    board = Board()
    board.put([entry_of(SEEN, TOWN, MONDAY)])
    board.put([entry_of(SEEN.model_copy(update={"additions": 1}), TOWN, MONDAY)])
    assert board.seq == 1


def test_a_case_that_becomes_confidential_goes_away_without_a_word_of_what_it_is():
    board, operator, named = Board(), Page(CALLERS[0]), Page(CALLERS[1])
    board.put([entry_of(SEEN, CITY, MONDAY)])
    operator.load(board)
    named.load(board)
    sealed = SEEN.model_copy(update={"status": Status.TRIAGED, "version": 2, "classification": classification(4)})
    board.put([entry_of(sealed, CITY, MONDAY)])
    assert operator.poll(board) == ([], ["a"])
    changed = named.poll(board)
    assert changed is not None
    assert [orjson.loads(entry.row)["text"] for entry in changed.changed] == [None]


# -- cursors and waiting


@pytest.mark.parametrize("cursor", ["", "x", "x.1", ".1", "1", "x.1.2"])
def test_a_cursor_of_elsewhere_is_none(cursor: str):
    assert place_of(cursor, Board(), EVERYTHING) is None


def test_a_cursor_holds_for_one_board_and_for_what_somebody_reaches():
    board = Board()
    board.put([entry_of(SEEN, TOWN, MONDAY)])
    cursor = cursor_of(board, EVERYTHING)
    assert place_of(cursor, board, EVERYTHING) == 1
    assert place_of(cursor, board, frozenset({"all", "sealed/all"})) is None
    assert place_of(cursor, Board(), EVERYTHING) is None
    assert place_of(cursor.replace(".1", ".-1"), board, EVERYTHING) is None
    assert board.since(2, EVERYTHING) is None  # a number that there was not yet


async def test_a_poll_is_answered_as_soon_as_there_is_something_to_see():
    board = Board()
    waiting = asyncio.create_task(awaited(board, 0, EVERYTHING, within=60))
    hidden = asyncio.create_task(awaited(board, 0, frozenset({"by:somebody"}), within=60))
    await asyncio.sleep(0)
    board.put([entry_of(SEEN, TOWN, MONDAY)])
    board.publish()
    found = await asyncio.wait_for(waiting, 10)
    assert found is not None
    assert [entry.id for entry in found.changed] == ["a"]
    board.put([entry_of(SEEN.model_copy(update={"assignee": "somebody"}), TOWN, MONDAY)])
    board.publish()
    seen = await asyncio.wait_for(hidden, 10)
    assert seen is not None
    assert [entry.id for entry in seen.changed] == ["a"]


async def test_a_poll_ends_after_a_while_although_nothing_has_happened():
    began = monotonic()
    assert await awaited(Board(), 0, EVERYTHING, within=0.2) == ([], [])
    assert 0.2 <= monotonic() - began < 10


def test_each_version_of_a_confidential_case_is_recorded_once_for_everybody_who_sees_it():
    looked, case = Looked(remembered=2), SEEN.model_copy(update={"status": Status.TRIAGED, "classification": classification(4)})
    first, later = (entry_of(case.model_copy(update={"version": version}), CITY, MONDAY) for version in (1, 2))
    open_case = entry_of(SEEN, CITY, MONDAY)
    assert looked.unseen("x", [first, open_case]) == [first]
    looked.note("x", [first])
    assert (looked.unseen("x", [first]), looked.unseen("y", [first]), looked.unseen("x", [later])) == ([], [first], [later])
    looked.note("y", [first])
    looked.note("z", [first])
    assert looked.unseen("x", [first]) == [first]  # forgotten: rather twice than never


def test_a_note_changes_the_row_though_it_makes_no_new_version():
    case = Case(id="a", version=3, status=Status.WORKING, ids=("x", "y", "z"), classification=classification(), department="works")
    noted = case.model_copy(update={"ids": (*case.ids, "note"), "additions": 1})
    assert entry_of(case, CITY, MONDAY) != entry_of(noted, CITY, MONDAY)
    assert (row_of(noted, CITY, MONDAY)["v"], row_of(noted, CITY, MONDAY)["f"]) == (3, 4)
