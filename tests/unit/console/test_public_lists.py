"""The public lists: who stands in which, in which order, and what a filter leaves."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.console.public.board import NEVER, Board, Entry, entry_of
from services.console.public.lists import Asked, CasesTold, listed
from services.console.public.serving import publications
from shared.case import Case, Status, dump
from shared.city import Area, Grid
from shared.terms import Location
from tests.unit.console.histories import HOUR, MONDAY, classification
from tests.unit.console.test_public_told import OPEN_TOWN, SPOT, filed, sealed_town
from tests.unit.console.town import TOWN

pytestmark = pytest.mark.asyncio
SQUARE = ((120.0, 30.0), (120.1, 30.0), (120.1, 30.1), (120.0, 30.1), (120.0, 30.0))
CITY = OPEN_TOWN.model_copy(
    update={
        "grids": {"g1": Grid(id="g1", name=TOWN.title, community="c1", polygon=(SQUARE,))},
        "areas": {"c1": Area(id="c1", name=TOWN.title, level=0)},
    }
)
NOW = MONDAY + HOUR


def entry(nth: int = 1, choice: int = 0, **more: Any) -> Entry:
    case = filed(choice, id=f"case-{nth}", number=f"{nth:011d}", reported_at=MONDAY + timedelta(minutes=nth))
    made = entry_of(case, CITY)
    assert made is not None
    return made._replace(**more)


def of(*entries: Entry, **asked: Any) -> CasesTold:
    return listed(entries, Asked(**asked), CITY, "en", NOW)


def numbers(told: CasesTold) -> list[int]:
    return [int(row.number.replace(" ", "")) for row in told.items]


async def test_open_ones_stand_with_the_newest_first():
    assert numbers(of(entry(1), entry(3), entry(2))) == [3, 2, 1]


async def test_overdue_ones_stand_with_the_longest_overdue_first():
    late = [entry(nth, due=NOW.timestamp() - nth) for nth in (1, 3, 2)]
    told = of(*late, entry(4), show="overdue")
    assert numbers(told) == [3, 2, 1]
    assert told.counts == {"open": 4, "overdue": 3, "done": 0}
    assert {row.state for row in told.items} == {"over"}


async def test_what_is_on_hold_is_open_and_never_overdue():
    told = of(entry(1, status=Status.PAUSED, due=0.0))
    assert (told.counts["overdue"], told.items[0].state, told.items[0].deadline) == (0, "stands", None)


async def test_what_is_done_or_closed_stands_with_the_last_closed_first():
    closed = [entry(nth, status=Status.CLOSED, closed_at=float(nth)) for nth in (1, 2)]
    told = of(*closed, entry(3, status=Status.COMPLETED), show="done")
    assert numbers(told) == [3, 2, 1]
    assert {row.state for row in told.items} == {"done"}


async def test_filters_leave_what_fits_all_of_them():
    lamp, noise, elsewhere = entry(1), entry(2, choice=2), entry(3, grid="g2")
    assert numbers(of(lamp, noise, elsewhere, group="roads")) == [3, 1]
    assert numbers(of(lamp, noise, elsewhere, grid="g1")) == [1]
    assert numbers(of(lamp, noise, elsewhere, area="c1")) == [1]
    assert numbers(of(lamp, noise, elsewhere, group="roads", grid="g2")) == [3]
    assert numbers(of(lamp, noise, bbox="120.0,30.0,120.1,30.1")) == [1]
    assert numbers(of(lamp, bbox="121,31,122,32")) == []


async def test_near_me_the_nearest_stand_first_and_a_home_counts_as_the_middle_of_its_grid():
    far, close = entry(1, lat=30.02, lon=120.0), entry(2, lat=30.001, lon=120.0)
    home = entry(3, choice=2, grid="g1")
    told = of(far, home, close, near="30.0,120.0")
    assert numbers(told) == [2, 1, 3]
    assert [row.metres for row in told.items] == [111, 2224, None]


async def test_pages_follow_one_another():
    pages = [of(*map(entry, range(1, 6)), limit=2, page=page) for page in (1, 2, 3)]
    assert [numbers(page) for page in pages] == [[5, 4], [3, 2], [1]]
    assert [page.more for page in pages] == [True, True, False]


@pytest.mark.parametrize(
    "wrong", [{"near": "here"}, {"bbox": "1,2,3"}, {"page": 0}, {"limit": 5000}, {"show": "secret"}, {"near": "1,2;3"}]
)
async def test_what_cannot_be_understood_is_refused(wrong: dict[str, Any]):
    with pytest.raises(ValidationError):
        Asked(**wrong)


async def test_where_the_reader_is_is_made_coarse():
    assert Asked(near="30.123456,120.987654").here == Location(lat=30.123, lon=120.988)


@pytest.mark.parametrize(
    "case",
    [
        filed(4),
        filed().model_copy(update={"classification": None}),
        *(filed(status=status) for status in (Status.MERGED, Status.REJECTED, Status.WITHDRAWN)),
    ],
)
async def test_what_is_confidential_unfiled_or_ended_is_not_on_the_board(case: Case):
    assert entry_of(case, CITY) is None


class Saved:
    """What was saved, in memory."""

    def __init__(self, *cases: Case) -> None:
        self.cases = cases

    async def progress(self) -> dict[int, dict[str, Any]]:
        return {}

    async def find(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
        return self.documents()

    async def each(self, *_: Any, **__: Any) -> Any:
        yield self.documents()

    def documents(self) -> list[dict[str, Any]]:
        return [{"body": dump(case)} for case in self.cases]


async def test_a_case_that_becomes_confidential_leaves_the_board():
    board = Board(Saved(filed()), lambda: CITY, lambda: NOW)
    await board.load()
    assert set(board.entries) == {"a"}
    await board.put([{"body": dump(filed(4))}])
    assert board.entries == {}
    assert board.moves == {"38204719963": 1}


async def test_under_another_pack_all_is_read_anew():
    cities = [CITY]
    board = Board(Saved(filed()), lambda: cities[0], lambda: NOW)
    await board.load()
    await board.reached(NOW)
    assert set(board.entries) == {"a"}
    cities[0] = sealed_town("lamp")
    await board.reached(NOW)
    assert board.entries == {}


async def test_the_board_holds_nothing_by_which_a_person_or_a_home_could_be_found():
    held = repr([entry_of(filed(choice), CITY) for choice in (0, 2)])
    assert [secret for secret in ("SECRET", "W-1", str(SPOT.lat), str(SPOT.lon)) if secret in held] == []
    assert entry(1).closed_at == NEVER


async def test_what_was_published_is_told_of_public_cases_alone():
    def row(case: str) -> dict[str, Any]:
        return {"case": case, "type": "outcome.published", "at": MONDAY.isoformat(), "by": "closure", "text": "已处理\ndone"}

    cases = {"a": filed(), "b": filed(4, id="b")}
    told = publications([row("a"), row("b"), row("c")], cases, None, CITY, "en")
    assert [(one.number, one.text, one.final) for one in told] == [("382 0471 9963", "done", True)]
    assert publications([row("a")], cases, "g2", CITY, "en") == []
    assert classification(0).grid == told[0].grid
