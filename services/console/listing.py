"""One page of the list of cases: whatever changes between two pages, no case that keeps its place is skipped or shown twice."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from services.console.asking import Asked, Filter, Place, read_cursor, stretches, to_filter
from services.console.search import holds, sought
from shared.case import Case

Find = Callable[[Filter, list[tuple[str, int]], int], Awaitable[list[Case]]]
Count = Callable[[Filter], Awaitable[int]]

LOOKED_AT_ONCE = 400  # candidates of a text search
LOOKED_AT_MOST = 4_000  # before a page ends early, with a cursor to go on from
GRAMS_COMPARED = 4  # of what is sought, to find the rarest


class Page(NamedTuple):
    """Some cases, and where to go on if there may be more."""

    cases: list[Case]
    rest: Place | None


async def page(find: Find, count: Count, asked: Asked) -> Page:
    """Return the cases that pass; with a text, a page may hold fewer than `limit` although more follow."""
    some = {**to_filter(asked), **(await rarest(count, asked.text) if asked.text else {})}
    place, found, looked = read_cursor(asked), list[Case](), 0
    while True:
        wanted = LOOKED_AT_ONCE if asked.text else asked.limit + 1
        rows = await following(find, asked, some, place, wanted)
        for case in rows:
            if asked.text is None or holds(case, asked.text):
                if len(found) == asked.limit:
                    return Page(found, Place.of(found[-1], asked))
                found.append(case)
            place = Place.of(case, asked)
        looked += len(rows)
        if len(rows) < wanted or looked >= LOOKED_AT_MOST:
            return Page(found, None if len(rows) < wanted else place)


async def following(find: Find, asked: Asked, some: Filter, place: Place | None, wanted: int) -> list[Case]:
    """Return up to `wanted` rows behind `place`."""
    rows: list[Case] = []
    for where, order in stretches(asked, some, place):
        if len(rows) < wanted:
            rows += await find(where, order, wanted - len(rows))
    return rows


async def rarest(count: Count, text: str) -> Filter:
    """Return the query for the piece of the text that the fewest cases have, of the longest few; none if it has no piece."""
    asked: list[Filter] = [{"grams": {"$in": [gram]}} for gram in sorted(sought(text), key=len, reverse=True)[:GRAMS_COMPARED]]
    if len(asked) < 2:
        return asked[0] if asked else {}
    counts = [await count(where) for where in asked]
    return asked[counts.index(min(counts))]
