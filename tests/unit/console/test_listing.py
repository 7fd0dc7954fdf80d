"""A list of cases is read page by page: each case once, in order, whatever is asked."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.asking import Asked, Sort, place_of, wrong
from services.console.fields import EPOCH, NEVER, digits, fields, sort_keys
from services.console.listing import Page, page
from services.console.stats.dimensions import Dimension
from services.console.stats.periods import Period
from services.console.stats.question import Question
from services.console.stats.telling import stats
from shared.case import Case, Status
from shared.service import Fold
from tests.unit.console.histories import HOUR, MONDAY, classification, histories
from tests.unit.console.rows import present
from tests.unit.console.stats_town import PLACES, asking, table_of
from tests.unit.console.town import TOWN


class Shelf:
    """Cases that can be found as a database finds them."""

    def __init__(self, cases: list[Case]) -> None:
        self.cases = {case.id: case for case in cases}

    async def find(self, where: dict[str, Any], order: list[tuple[str, int]], limit: int) -> list[Case]:
        rows = [(fields(case, TOWN), case) for case in self.cases.values()]
        found = [row for row in rows if all(fits(row[0][name], asked) for name, asked in where.items())]
        for name, way in reversed(order):
            found.sort(key=lambda row: row[0][name], reverse=way < 0)
        return [case for _, case in found[:limit]]

    async def ids(self, where: dict[str, Any], order: list[tuple[str, int]], limit: int) -> list[str]:
        return [case.id for case in await self.find(where, order, limit)]

    def page(self, **asked: Any) -> Page:
        return asyncio.run(page(self.find, self.ids, Asked(**asked), PLACES))

    def walk(self, **asked: Any) -> list[Case]:
        """Return the cases of all pages."""
        found, cursor = [], asked.pop("cursor", None)
        while True:
            cases, cursor = self.page(**asked, cursor=cursor)
            found += cases
            if cursor is None:
                return found


def fits(value: Any, asked: Any) -> bool:
    if not isinstance(asked, dict):
        return bool(value == asked)
    tests: dict[str, Callable[[Any], bool]] = {
        "$in": lambda limit: any(one in limit for one in (value if isinstance(value, tuple) else (value,))),
        "$gt": lambda limit: value > limit,
        "$gte": lambda limit: value >= limit,
        "$lt": lambda limit: value < limit,
    }
    return all(tests[operator](limit) for operator, limit in asked.items())


def case(id: str, hours: int = 0, **more: Any) -> Case:
    return Case(id=id, version=1, status=Status.REPORTED, reported_at=MONDAY + hours * HOUR, since=MONDAY, **more)


SORTS = st.sampled_from(get_args(Sort))
shelves = st.lists(
    st.builds(
        lambda id, hours, choice: case(id, hours, classification=classification(choice) if choice else None),
        st.text("abcdef", min_size=1, max_size=4),
        st.integers(0, 3),
        st.integers(0, 9),
    ),
    max_size=25,
    unique_by=lambda case: case.id,
)


@given(shelves, SORTS, st.integers(1, 7))
def test_paging_shows_every_case_once_and_in_order(cases: list[Case], sort: Sort, limit: int):
    shown = Shelf(cases).walk(sort=sort, limit=limit)
    asked = Asked(sort=sort)
    assert shown == sorted(cases, key=lambda case: sort_keys(case)[asked.key], reverse=asked.way < 0)


@given(shelves, st.data())
def test_a_case_that_stays_is_shown_once_although_others_come_and_go(cases: list[Case], data: st.DataObject):
    shelf = Shelf(cases)
    first, onward = shelf.page(limit=3)
    gone = {case.id for case in cases if data.draw(st.booleans())}
    for id in gone:
        del shelf.cases[id]
    shelf.cases["new"] = case("new", hours=9)
    after = shelf.walk(limit=3, cursor=onward) if onward else []
    shown = [case.id for case in [*first, *after]]
    assert len(shown) == len(set(shown))
    assert {case.id for case in cases} - gone <= set(shown)


@given(histories)
def test_open_and_overdue_are_what_the_totals_count(folds: list[Fold]):
    cases = [case for case in present(folds) if case.status is not Status.UNKNOWN]
    shelf = Shelf(cases)
    late = {case.id for case in shelf.walk(overdue=True)}
    assert late <= {case.id for case in shelf.walk(open=True)}
    assert {case.id for case in shelf.walk(open=False)} == {case.id for case in cases} - {case.id for case in shelf.walk(open=True)}


FILTERS: tuple[tuple[Dimension, str], ...] = (
    ("grid", "g1"), ("community", "c2"), ("street", "s1"), ("county", "k1"), ("department", "fire"), ("group", "life"), ("category", "gas"),
    ("grade", "urgent"), ("channel", "phone"),
)  # fmt: skip


@given(histories, st.sampled_from(FILTERS), st.integers(0, 12), st.integers(1, 12))
def test_whoever_asks_as_the_figures_are_asked_finds_the_cases_that_they_count(
    folds: list[Fold], some: tuple[Dimension, str], begin: int, hours: int
):
    shelf = Shelf([case for case in present(folds) if case.status is not Status.UNKNOWN])
    filters, period = {some[0]: [some[1]]}, Period(MONDAY + begin * HOUR, MONDAY + (begin + hours) * HOUR)
    told = stats(table_of(folds), asking(Question(filters, period, "reported")))["figures"]
    when: dict[str, Any] = {"reported_after": period.after, "reported_before": period.before, some[0]: [some[1]]}
    for figure, more in (("reported", {}), ("open", {"open": True}), ("overdue", {"overdue": True}), ("closed", {"status": ["closed"]})):
        assert len(shelf.walk(**when, **more)) == told[figure]
    closed = stats(table_of(folds), asking(Question(filters, period, "closed")))["figures"]["closed"]
    assert len(shelf.walk(status=["closed"], since_after=period.after, since_before=period.before, **filters)) == closed


def test_an_area_holds_the_cases_of_its_grids_and_another_grid_holds_none_of_them():
    shelf = Shelf([case("a", classification=classification(0)), case("b", classification=classification(1)), case("c")])
    assert {case.id for case in shelf.walk(street=["s1"])} == {"a", "b"}
    assert [case.id for case in shelf.walk(street=["s1"], grid=["g2"])] == ["b"]
    assert shelf.walk(community=["c1"], grid=["g2"]) == []


def test_several_values_of_one_filter_let_any_of_them_pass():
    shelf = Shelf([case("a", classification=classification(0)), case("b", classification=classification(1)), case("c")])
    assert {case.id for case in shelf.walk(category=["lamp", "gas"])} == {"a", "b"}
    assert [case.id for case in shelf.walk(category=["lamp", "gas"], grid=["g2"])] == ["b"]


def test_the_most_urgent_come_first_and_the_ungraded_last():
    shelf = Shelf([case("none"), *(case(str(n), classification=classification(n)) for n in (3, 1, 0, 2))])
    assert [case.id for case in shelf.walk(sort="grade", limit=2)] == ["0", "1", "2", "3", "none"]


def test_a_window_of_reports_begins_at_its_start_and_ends_before_its_end():
    shelf = Shelf([case(str(hours), hours) for hours in range(5)])
    window = {"reported_after": MONDAY + HOUR, "reported_before": MONDAY + 3 * HOUR}
    assert [case.id for case in shelf.walk(**window, limit=1)] == ["2", "1"]
    assert [case.id for case in shelf.walk(**window, limit=1, sort="reported_at")] == ["1", "2"]


def test_a_search_goes_on_from_page_to_page():
    shelf = Shelf([case(str(n), n, text="路灯不亮" if n % 2 else "灯笼") for n in range(9)])
    assert [case.id for case in shelf.walk(text="路灯", limit=2)] == ["7", "5", "3", "1"]


def test_a_single_character_is_looked_for_row_by_row():
    shelf = Shelf([case(str(n), n, text="灯坏了" if n % 3 else "井盖") for n in range(7)])
    assert [case.id for case in shelf.walk(text="灯", limit=2)] == ["5", "4", "2", "1"]


def test_cases_reported_at_the_same_time_are_told_apart_by_id():
    shelf = Shelf([case(id) for id in "cab"])
    assert [case.id for case in shelf.walk(sort="reported_at", limit=1)] == ["a", "b", "c"]


def test_a_text_sorts_as_times_do():
    times = [EPOCH, MONDAY, MONDAY + timedelta(microseconds=1), NEVER]
    assert [digits(at) for at in times] == sorted({digits(at) for at in times})


@pytest.mark.parametrize("cursor", ["", "x", "!!", "WyJzaW5jZSIsMSwiYSJd", "bm9uc2Vuc2U", "W10", "W1tdXQ"])
def test_a_cursor_from_elsewhere_is_a_fault(cursor: str):
    assert [fault.field for fault in wrong(Asked(cursor=cursor), TOWN)] == ["cursor"]


def test_a_cursor_fits_only_the_sort_that_it_was_made_for():
    onward = Shelf([case("a"), case("b")]).page(limit=1, sort="since").next
    assert onward is not None
    assert place_of(Asked(sort="since", cursor=onward)) == sort_keys(case("a"))["by_change"]
    assert [fault.field for fault in wrong(Asked(sort="-since", cursor=onward), TOWN)] == ["cursor"]


def test_every_wrong_parameter_is_named():
    asked = Asked(
        category=["lamp", "lantern"],
        department=["circus"],
        grid=["nowhere"],
        text="?!",
        reported_after=MONDAY,
        reported_before=MONDAY,
        cursor="x",
    )
    named = {fault.field for fault in wrong(asked, TOWN)}
    assert named == {"category", "department", "grid", "text", "reported_before", "cursor"}
    areas = Asked(group=["circus"], community=["s1"], street=["s1"], county=["c1"], since_after=MONDAY, since_before=EPOCH)
    assert [fault.field for fault in wrong(areas, PLACES)] == ["group", "community", "county", "since_before"]
