"""The board follows what is saved, together with the table of figures, and by itself where time alone changes a row."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
import pytest

from services.console.desk.feed import Feed
from services.console.following import Following, followed
from services.console.stats.copy import Copy
from shared.case import Case, Status
from shared.city import City
from shared.events import CaseReported
from shared.service import Fold
from shared.store import Document
from tests.eventually import it_holds
from tests.unit.console.desk_board import CALLERS, CITY, Page, visible
from tests.unit.console.histories import HOUR, MONDAY, life, seeded
from tests.unit.console.test_stats_copy import Rows, expected, figures

NAMED = CALLERS[1]


@dataclass
class Town:
    """A clock and a pack that a test moves on."""

    at: datetime = MONDAY
    city: City = CITY

    def feed(self, rows: Rows) -> Feed:
        return Feed(rows, lambda: self.city, lambda: self.at)

    def following(self, rows: Rows, *copies: Any) -> Following:
        return Following(rows, lambda: self.at, copies)


def present(folds: Sequence[Fold]) -> dict[str, Case]:
    return {fold.after.id: fold.after for fold in folds}


def row(feed: Feed, id: str = "a") -> Any:
    return orjson.loads(feed.board.entries[id].row)


@pytest.mark.parametrize("seed", range(10))
async def test_board_and_figures_follow_by_one_loop(seed: int):
    rows, town, page = Rows(seeded(seed)), Town(at=MONDAY - 99 * HOUR), Page(NAMED)
    feed, copy = town.feed(rows), Copy(rows)
    follows = town.following(rows, feed, copy)
    rows.saved, rows.while_reading = 10, 20
    await follows.load()
    page.load(feed.board)
    for saved in range(20, len(rows.folds) + 1, 7):
        rows.saved = saved
        await follows.follow()
        page.poll(feed.board)
        there = visible(present(rows.folds[:saved]), NAMED)
        assert {id: one["v"] for id, one in page.rows.items()} == {id: one["v"] for id, one in there.items()}
        assert await figures(copy) == expected(rows.folds[:saved])
    assert page.resets == 0


async def test_a_report_that_nobody_places_comes_to_wait_for_an_operator_by_itself():
    rows, town = Rows(life("case.reported")), Town(at=MONDAY + HOUR)
    rows.saved = 1
    feed = town.feed(rows)
    follows = town.following(rows, feed)
    await follows.load()
    assert row(feed)["waits"] is None
    seq, moved = feed.board.seq, feed.board.moved
    town.at += HOUR / 100
    await follows.follow()
    assert (row(feed)["waits"], feed.board.seq, moved.is_set()) == ("place", seq + 1, True)
    await follows.follow()
    assert feed.board.seq == seq + 1


async def test_another_pack_makes_all_rows_anew():
    rows, town = Rows(life("case.reported", "case.triaged")), Town()
    rows.saved = len(rows.folds)
    feed = town.feed(rows)
    follows = town.following(rows, feed)
    await follows.load()
    before = row(feed)["waits"]
    town.city = CITY.model_copy(update={"staff": {}, "version": "2"})
    await follows.follow()
    assert (before, row(feed)["waits"]) == (None, "assign")


@dataclass
class Slow:
    """A copy that takes its time to load."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    known: dict[str, Document] = field(default_factory=dict)
    begun: bool = False
    as_of: datetime | None = None
    fields: Sequence[str] = ("status",)

    async def load(self) -> None:
        self.begun = True
        await self.go_on.wait()

    async def put(self, rows: Sequence[Document]) -> None:
        self.known |= {row["_id"]: row for row in rows}

    async def reached(self, as_of: datetime) -> None:
        self.as_of = as_of


async def test_the_board_is_live_while_the_figures_are_still_read_and_they_miss_nothing():
    rows, town, slow = Rows(life("case.reported", "case.triaged", "case.assigned")), Town(), Slow()
    rows.saved = 1
    feed = town.feed(rows)
    async with followed(town.following(rows, feed, slow)):
        await it_holds(lambda: slow.begun, 10)
        rows.saved = 2
        await it_holds(lambda: row(feed)["st"] == "triaged", 10)
        assert slow.as_of is None
        slow.go_on.set()
        await it_holds(lambda: slow.as_of, 10)
        assert slow.known["a"]["status"] == Status.TRIAGED
        rows.saved = 3
        await it_holds(lambda: slow.known["a"]["status"] == Status.ASSIGNED, 10)


async def test_a_case_that_nobody_has_reported_is_not_on_the_board():
    [fold] = life("case.reported")
    assert isinstance(fold.event, CaseReported)
    rows, town = Rows([Fold(fold.before, fold.event, fold.before, 0, 0)]), Town()
    rows.saved = 1
    feed = town.feed(rows)
    await town.following(rows, feed).load()
    assert feed.board.entries == {}
