"""One page of the list of cases: whatever changes between two pages, no case that keeps its place is skipped or shown twice."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from services.console.asking import Asked, Filter, behind, cursor_behind, place_of, to_filter
from services.console.fields import sort_keys
from services.console.search import holds, sought
from shared.case import Case
from shared.city import City

Find = Callable[[Filter, list[tuple[str, int]], int], Awaitable[list[Case]]]
Ids = Callable[[Filter, list[tuple[str, int]], int], Awaitable[list[str]]]

LOOKED_AT_ONCE = 400  # candidates of a text search
LOOKED_AT_MOST = 4_000  # before a page ends early, with a cursor to go on from
GRAMS_COMPARED = 3  # of what is sought, to find the rarest
RARE_ENOUGH = 200  # rows; beyond, all pieces are equally frequent


class Page(NamedTuple):
    """Some cases, and the cursor to go on with if there may be more."""

    cases: list[Case]
    next: str | None


async def page(find: Find, ids: Ids, asked: Asked, city: City) -> Page:
    """Return the cases that pass; with a text, a page may hold fewer than `limit` although more follow."""
    some = {**to_filter(asked, city), **(await rarest(ids, asked.text) if asked.text else {})}
    place, found, looked = place_of(asked), list[Case](), 0
    wanted = LOOKED_AT_ONCE if asked.text else asked.limit + 1
    while True:
        rows = await find(behind(place, asked, some), [(asked.key, asked.way)], wanted)
        for case in rows:
            if asked.text is None or holds(case, asked.text):
                if len(found) == asked.limit:
                    return Page(found, cursor_behind(found[-1], asked))
                found.append(case)
        looked += len(rows)
        if len(rows) < wanted:
            return Page(found, None)
        if looked >= LOOKED_AT_MOST:
            return Page(found, cursor_behind(rows[-1], asked))
        place = sort_keys(rows[-1])[asked.key]


async def rarest(ids: Ids, text: str) -> Filter:
    """Return the query for the piece of the text that the fewest cases have, of the longest few; none if it has no piece."""
    asked: list[Filter] = [{"grams": {"$in": [gram]}} for gram in sorted(sought(text), key=len, reverse=True)[:GRAMS_COMPARED]]
    if len(asked) < 2:
        return asked[0] if asked else {}
    counts = [len(await ids(where, [], RARE_ENOUGH)) for where in asked]
    return asked[counts.index(min(counts))]
