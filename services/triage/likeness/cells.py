"""The cells of the H3 grid by which cases near a place are found, and the coordinates that are no place.

Cells have resolution 9: edges of about 200 m (0.1 km2). What lies within `REACH_M` of a place stands in its cell or in one of about
six others, so that one look is as many searches for equality on one field, however many cases are stored.
"""

import math
from collections import Counter
from collections.abc import Iterable

import h3

from shared.city import City, metres
from shared.terms import Location

RESOLUTION = 9
DISTRICT = 7  # cells of about 5 km2
REACH_M = 250.0
LONGEST = 1.3  # the longest way from a cell's centre to a corner, against the average edge; cells differ over the earth
SHORTEST = 0.7
DEFAULT_SHARE, DEFAULT_ROWS = 0.001, 20  # of all cases, at one point, to look twice at it
MANY = 10  # so many types, or addresses, seldom come together at one point


def cell_of(at: Location) -> str:
    return str(h3.latlng_to_cell(at.lat, at.lon, RESOLUTION))


def district_of(at: Location | None) -> str:
    """Return the large cell in which rates are learned; empty for no place."""
    return str(h3.latlng_to_cell(at.lat, at.lon, DISTRICT)) if at else ""


def cells_around(at: Location, reach_m: float = REACH_M) -> tuple[str, ...]:
    """Return all cells in which something within `reach_m` metres can stand."""
    edge = h3.average_hexagon_edge_length(RESOLUTION, unit="m")
    rings = max(1, math.ceil((reach_m / (SHORTEST * edge) + 0.5) / 1.5))  # k rings reach (1.5 k - 0.5) edges beyond any point of the cell
    disk = h3.grid_disk(h3.latlng_to_cell(at.lat, at.lon, RESOLUTION), rings)
    return tuple(sorted(cell for cell in disk if metres(at, centre(cell)) <= reach_m + LONGEST * edge))


def centre(cell: str) -> Location:
    lat, lon = h3.cell_to_latlng(cell)
    return Location(lat=lat, lon=lon)


def located(at: Location | None, city: City, points: Iterable[Location] = ()) -> Location | None:
    """Return `at` if it is a place, neither a default coordinate of the city's nor one of the found `points`."""
    if at is None or not city.located(at) or any(metres(at, point) <= 1 for point in points):
        return None
    return at


def default_points(cases: Iterable[tuple[Location | None, str, str]]) -> list[Location]:
    """Return the points that stand for "not located" in a history of places, types and addresses, the most frequent first.

    At a real place a few kinds of thing recur, under one address. A point is a default if more than a thousandth of all cases, and more
    than 20, have it, and either they are of ten types, or of ten addresses, or half of them have none. Names and known points play no part.
    """
    rows = [row for row in cases if row[0] is not None]
    counts = Counter(at for at, _, _ in rows)
    often = {at for at, count in counts.items() if count > max(DEFAULT_ROWS, DEFAULT_SHARE * len(rows))}
    seen: dict[Location | None, list[tuple[str, str]]] = {}
    for at, kind, address in rows:
        if at in often:
            seen.setdefault(at, []).append((kind, address.strip()))
    return [at for at, _ in counts.most_common() if at in often and at is not None and _many(seen[at])]


def _many(rows: list[tuple[str, str]]) -> bool:
    kinds, addresses = {kind for kind, _ in rows}, {address for _, address in rows if address}
    nameless = sum(not address for _, address in rows)
    return len(kinds) >= MANY or len(addresses) >= MANY or 2 * nameless >= len(rows)
