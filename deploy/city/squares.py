"""Grids from recorded places: squares of a lattice over the city, each in the neighbourhood that most of its cases name."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from deploy.city.names import Names
from deploy.replay.columns import Recorded
from shared.terms import Location

HIGH, WIDE = 0.01, 0.0135  # degrees: about 1.1 km each at the latitude of Boston
OFFSET = 0.00005  # recorded places have four decimals: none lies on a border
FEWEST = 5  # cases in a square that is a grid


class Cell(NamedTuple):
    row: int
    column: int


@dataclass(frozen=True)
class Square:
    """One grid. `number` counts those of its neighbourhood."""

    id: str
    cell: Cell
    area: str
    number: int


def cell_of(place: Location) -> Cell:
    return Cell(math.floor((place.lat - OFFSET) / HIGH), math.floor((place.lon - OFFSET) / WIDE))


def grids_of(records: Iterable[Recorded], names: Names) -> list[Square]:
    """Return the squares in which enough cases lie, from north-west to south-east."""
    votes: dict[Cell, Counter[str]] = defaultdict(Counter)
    for record in records:
        area = names.area_of(record.area)
        if record.location and area:
            votes[cell_of(record.location)][area] += 1
    numbers: Counter[str] = Counter()
    squares: list[Square] = []
    for cell in sorted((cell for cell, areas in votes.items() if areas.total() >= FEWEST), key=lambda cell: (-cell.row, cell.column)):
        area = min(votes[cell].items(), key=lambda pair: (-pair[1], pair[0]))[0]
        numbers[area] += 1
        squares.append(Square(f"S{len(squares) + 1:03d}", cell, area, numbers[area]))
    return squares


def write_grids(file: Path, squares: Sequence[Square], names: Names) -> None:
    """Write the squares as GeoJSON, one a line."""
    features = []
    for square in squares:
        south, west = square.cell.row * HIGH + OFFSET, square.cell.column * WIDE + OFFSET
        corners = ((west, south), (west + WIDE, south), (west + WIDE, south + HIGH), (west, south + HIGH), (west, south))
        ring = [[round(lon, 6), round(lat, 6)] for lon, lat in corners]
        name = {"zh": f"{names.neighbourhoods[square.area]}第{square.number}网格", "en": f"{square.area} {square.number}"}
        properties = {"id": square.id, **name, "community": area_id(square.area)}
        features.append({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    file.write_text(f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n', encoding="utf-8")


def area_id(name: str) -> str:
    """Return the id of a neighbourhood: the words of its first name."""
    return "-".join(name.split("/", maxsplit=1)[0].lower().split())
