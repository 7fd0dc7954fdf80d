"""Finding the requests that a list asks for: the newest first, ties by id, by the one index that leaves the least to look at.

Each field that is searched is one text, what it is found by and then the place in the order of the list, so that every server can walk it
by an index and stop where the page is full. Where a list needs several walks, their pages are merged.
"""

from asyncio import gather
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import h3

from services.intake.open311.asking import STATUSES, Asked, Box, Span
from services.intake.views.requests import CELL
from shared.stamps import stamp

Row = dict[str, Any]
Filter = dict[str, Any]
Find = Callable[[Filter, Sequence[tuple[str, int]], int, dict[str, bool] | None], Awaitable[list[Row]]]

AT_ONCE = 20  # searches for one id each
FEW = 2  # walks that read whole rows; of more, places are read first, and whole rows of the page alone
MOST_CELLS = 24  # a window of more cells is looked at row by row
LAST = "~"  # sorts behind every number
BARE = {"notes": False}
PLACE = {"number": True, "asked": True}


async def page(find: Find, asked: Asked) -> list[Row]:
    """Return the rows of the page."""
    if asked.ids:
        return await by_ids(find, asked)
    begin, end = (asked.page - 1) * asked.size, asked.page * asked.size
    wide = None if asked.extended else BARE
    if asked.page == 1 and not by_change(asked) and len(list(walks(asked))) <= FEW:
        return await newest(find, asked, end, wide)
    ids = [row["_id"] for row in (await newest(find, asked, end, PLACE))[begin:]]
    return sorted(await find({"_id": {"$in": ids}}, [], 0, wide), key=place, reverse=True) if ids else []


async def newest(find: Find, asked: Asked, most: int, wanted: dict[str, bool] | None) -> list[Row]:
    """Return at most so many rows that pass, in order; once there are so many, a further walk goes no further than to the last of them."""
    found: list[Row] = []
    for filter, key in walks(asked):
        if key is None:
            rows = await find(filter, [], 0, wanted)
        else:
            rows = await find(filter if len(found) < most else narrowed(filter, key, found[-1]), [(key, -1)], most, wanted)
        found = sorted([*found, *rows], key=place, reverse=True)[:most]
    return found


def narrowed(filter: Filter, key: str, last: Row) -> Filter:
    bounds = filter[key]
    named = bounds["$gte"].rpartition("/")[0]
    return {**filter, key: {**bounds, "$gte": max(bounds["$gte"], f"{named}/{place(last)}")}}


def place(row: Row) -> str:
    return f"{row['asked']}/{row['number']}"


async def by_ids(find: Find, asked: Asked) -> list[Row]:
    """Return the requests with these ids, those that are there, in the order of the list."""
    wide, found = None if asked.extended else BARE, list[Row]()
    for start in range(0, len(asked.ids), AT_ONCE):
        looks = (find({"number": number}, [], 1, wide) for number in asked.ids[start : start + AT_ONCE])
        found += [row for rows in await gather(*looks) for row in rows if row["listed"] is not None]
    return sorted(found, key=place, reverse=True)[(asked.page - 1) * asked.size : asked.page * asked.size]


def by_change(asked: Asked) -> bool:
    """Whether the list is found by the last change, which is another order than its own: all that is found has to be sorted."""
    return asked.updated is not None and not cells_of(asked.box)


def walks(asked: Asked) -> Iterator[tuple[Filter, str | None]]:
    """Yield the searches whose rows are the list: a filter, and the field in whose order to walk."""
    rest = others(asked)
    if cells := cells_of(asked.box):
        for cell in cells:
            yield {**rest, "celled": between(cell, asked.requested)}, "celled"
    elif asked.updated is not None:  # by_change
        yield {**rest, **when(asked.requested), "moved": moved(asked.updated)}, None
    elif asked.codes:
        for code in asked.codes:
            yield {**rest, "coded": between(code, asked.requested)}, "coded"
    else:
        rest.pop("status", None)
        for status in reversed(asked.statuses):  # most are closed
            yield {**rest, "listed": between(status, asked.requested)}, "listed"


def others(asked: Asked) -> Filter:
    """Return what the rows must pass besides the walk."""
    rest: Filter = {} if asked.statuses == STATUSES else {"status": {"$in": list(asked.statuses)}}
    if asked.codes:
        rest["code"] = {"$in": list(asked.codes)}
    if asked.updated is not None:
        rest["updated"] = {"$gte": stamp(asked.updated.start), "$lte": stamp(asked.updated.end)}
    if asked.box is not None:
        rest["lat"] = {"$gte": asked.box.south, "$lte": asked.box.north}
        rest["lon"] = {"$gte": asked.box.west, "$lte": asked.box.east}
    return rest


def between(named: str, span: Span | None) -> Filter:
    first, last = (stamp(span.start), stamp(span.end)) if span else ("", "")
    return {"$gte": f"{named}/{first}", "$lte": f"{named}/{last}{LAST}"}


def moved(span: Span) -> Filter:
    return {"$gte": f"u/{stamp(span.start)}", "$lte": f"u/{stamp(span.end)}{LAST}"}


def when(span: Span | None) -> Filter:
    return {"asked": {"$gte": stamp(span.start), "$lte": stamp(span.end)}} if span else {}


def cells_of(box: Box | None) -> list[str]:
    """Return the cells that cover a window of the map; none if they are too many to be worth it."""
    if box is None or (box.north - box.south) * (box.east - box.west) > 0.02:  # square degrees; far more than so many cells
        return []
    corners = [(box.south, box.west), (box.south, box.east), (box.north, box.east), (box.north, box.west)]
    cells = h3.h3shape_to_cells_experimental(h3.LatLngPoly(corners), CELL, contain="bbox_overlap")
    return sorted(cells) if len(cells) <= MOST_CELLS else []
