"""A list is what it was asked for, in order, whatever the way by which it is found, and its pages are the whole list."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.open311.asking import Asked, Box, Span
from services.intake.open311.listing import Filter, Row, page, place
from services.intake.views.requests import shown
from shared.case import Case, Status
from shared.stamps import stamp
from shared.terms import Location
from tests.unit.intake.village import NOON, VILLAGE

HOUR = timedelta(hours=1)
CASES = st.builds(
    lambda nth, hours, closed, wish, lat: (nth, hours, closed, wish, lat),
    st.integers(0, 10**6),
    st.integers(0, 6),
    st.booleans(),
    st.sampled_from(["03001", "X2", "X10302"]),
    st.sampled_from([30.01, 30.05, 30.4, None]),
)


def row(nth: int, hours: int, closed: bool, wish: str, lat: float | None) -> Row:
    at = NOON + hours * HOUR
    case = Case(
        id=str(nth),
        number=f"{nth:07d}",
        status=Status.CLOSED if closed else Status.TRIAGED,
        reported_at=at,
        text="灯坏了",
        wish=wish,
        location=Location(lat=lat, lon=104.02) if lat else None,
    )
    return {**shown(case, VILLAGE, stamp(at + nth % 5 * HOUR)), "_id": str(nth), "media": None, "notes": []}


class Kept:
    """Rows that are found as the store finds them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows

    async def find(self, filter: Filter, sort: Sequence[tuple[str, int]], limit: int, wanted: Mapping[str, bool] | None) -> list[Row]:
        found = [row for row in self.rows if all(fits(row[name], asked) for name, asked in filter.items())]
        for name, way in sort:
            found.sort(key=lambda row, name=name: row[name], reverse=way < 0)  # type: ignore[misc]
        return found[: limit or None]


def fits(value: Any, asked: Any) -> bool:
    if not isinstance(asked, dict):
        return bool(value == asked)
    if "$in" in asked:
        return value in asked["$in"]
    return value is not None and asked["$gte"] <= value <= asked["$lte"]


def wanted(row: Row, asked: Asked) -> bool:
    """Whether the row belongs to the list, by the words of the contract."""

    def within(name: str, span: Span | None) -> bool:
        return span is None or stamp(span.start) <= row[name] <= stamp(span.end)

    box = asked.box
    return (
        row["code"] != "X10302"  # confidential
        and row["status"] in asked.statuses
        and (not asked.codes or row["code"] in asked.codes)
        and within("asked", asked.requested)
        and within("updated", asked.updated)
        and (box is None or (row["lat"] is not None and box.south <= row["lat"] <= box.north and box.west <= row["lon"] <= box.east))
    )


SPANS = st.none() | st.builds(lambda a, b: Span(NOON + min(a, b) * HOUR, NOON + max(a, b) * HOUR), st.integers(0, 6), st.integers(0, 6))
ASKED = st.builds(
    Asked,
    codes=st.sampled_from([(), ("03001",), ("03001", "X2"), ("nothing",), ("X10302",)]),
    statuses=st.sampled_from([("open", "closed"), ("open",), ("closed",)]),
    requested=SPANS,
    updated=SPANS,
    box=st.sampled_from([None, Box(104, 30, 104.05, 30.06), Box(-180, -90, 180, 90)]),
    size=st.integers(1, 4),
)


@given(st.lists(CASES, max_size=14, unique_by=lambda one: one[0]), ASKED)
async def test_the_pages_are_the_whole_list_in_order(cases: list[tuple[int, int, bool, str, float | None]], asked: Asked):
    rows = [row(*one) for one in cases]
    expected = [one["number"] for one in sorted(rows, key=place, reverse=True) if wanted(one, asked)]
    found: list[str] = []
    for number in range(1, len(rows) // asked.size + 3):
        some = await page(Kept(rows).find, Asked(**{**vars(asked), "page": number}))
        assert len(some) <= asked.size
        found += [one["number"] for one in some]
    assert found == expected


@pytest.mark.parametrize("ids", [("0000002", "0000001", "0000009"), ("0000001",)])
async def test_ids_override_every_other_filter(ids: tuple[str, ...]):
    rows = [row(nth, nth, True, "03001", None) for nth in range(1, 4)]
    found = await page(Kept(rows).find, Asked(ids=ids, codes=("nothing",), statuses=("open",), requested=Span(NOON, NOON)))
    assert [one["number"] for one in found] == sorted(set(ids) - {"0000009"}, reverse=True)


async def test_ids_show_nothing_that_is_confidential():
    assert await page(Kept([row(1, 1, False, "X10302", None)]).find, Asked(ids=("0000001",))) == []
