"""When two reports are the same case by rule: one category, near in place and time, nearly certainly one thing, the earlier one still open.

Each open case that takes part has a `cell`: its category and a square of a grid that is wide against the radius of the
category's rule. What the rule allows stands in the one square, seldom two or four, that the radius touches. So a look reads
a neighbourhood of open cases, however many cases are stored. The date line is not crossed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.triage.assessing import category_of
from services.triage.likeness.wording import likeness
from shared.case import IN_WORK, MAX_FOLLOWERS, Case, Status
from shared.city import City, DuplicateRule, metres, plain
from shared.places import EARTH_RADIUS_M
from shared.service import Fields
from shared.stamps import unstamped
from shared.terms import Location

JOINABLE = frozenset({Status.REPORTED, Status.TRIAGED, *IN_WORK})  # what others may still be merged into
SPOT_M = 10.0  # as exact as a telephone knows where it is
ALIKE = 0.5  # share of the words in common; a proposal
MOST_TEXT = 300  # characters of a text that are compared
CELL_RADII = 8  # how many radii wide a cell is: a look then needs 1.6 of them on average
DEGREE_M = math.radians(EARTH_RADIUS_M)  # metres of one degree of latitude
MARGIN = 1.001  # against rounding, and for the curve of the earth


@dataclass(frozen=True)
class Place:
    """Where and when a case stands among those that a rule may merge it with."""

    case: Case
    at: Location
    code: str
    rule: DuplicateRule

    @property
    def cell(self) -> str:
        row = self._row(self.at.lat)
        return self._key(row, self._column(self.at.lon, row))

    @property
    def around(self) -> tuple[str, ...]:
        """All cells in which an earlier case of the same kind can stand."""
        lat, lon = self.at.lat, self.at.lon
        reach = self.rule.radius_m / DEGREE_M * MARGIN
        sideways = reach / _shrink(abs(lat) + reach) * MARGIN
        return tuple(
            self._key(row, column)
            for row in range(self._row(lat - reach), self._row(lat + reach) + 1)
            for column in range(self._column(lon - sideways, row), self._column(lon + sideways, row) + 1)
        )

    @property
    def _height(self) -> float:
        return CELL_RADII * self.rule.radius_m / DEGREE_M

    def _row(self, lat: float) -> int:
        return math.floor(lat / self._height)

    def _column(self, lon: float, row: int) -> int:
        return math.floor(lon / self._height * _shrink(row * self._height))

    def _key(self, row: int, column: int) -> str:
        return f"{self.code}/{row}/{column}"


@dataclass(frozen=True)
class Original:
    """The earlier case that a case is a duplicate of."""

    id: str
    reported_at: datetime
    metres: float
    chance: float | None = None  # that it is one, where this was learned


def place_of(case: Case, city: City) -> Place | None:
    """Return where the case stands; nothing if no rule may ever merge it: a default coordinate is no place."""
    category = category_of(case, city) if case.location else None
    if category is None or category.duplicate is None or not category.duplicate.automatic:
        return None
    if case.location is None or not city.located(case.location):
        return None
    return Place(case, case.location, category.code, category.duplicate)


def original(place: Place, others: Mapping[str, Fields]) -> Original | None:
    """Return the earliest open case that `place` is a duplicate of. Everybody who sees the same cases finds the same one."""
    cells = frozenset(place.around)
    near = (_original(place, id, fields) for id, fields in others.items() if fields.get("cell") in cells)
    return min(filter(None, near), key=lambda one: (one.reported_at, one.id), default=None)


def _original(place: Place, id: str, fields: Fields) -> Original | None:
    reported_at = unstamped(fields["reported"])
    age = place.case.reported_at - reported_at
    distance = metres(place.at, Location(lat=fields["lat"], lon=fields["lon"]))
    earlier = (reported_at, id) < (place.case.reported_at, place.case.id)
    near = distance <= place.rule.radius_m and age <= timedelta(hours=place.rule.window_hours)
    room = len(fields["followers"]) < MAX_FOLLOWERS
    return Original(id, reported_at, distance) if earlier and near and room and certain(place.case, distance, fields) else None


def certain(case: Case, distance: float, fields: Fields) -> bool:
    """Whether two reports of one type near each other are nearly certainly one thing: one spot, one address, or much the same words.

    Type, 50 m and 7 days alone are right in 12 of 100 cases (Boston, first half of 2015, by the staff's closing texts).
    """
    here = plain(case.address or "")
    return distance <= SPOT_M or bool(here and here == fields["address"]) or likeness(case.text[:MOST_TEXT], fields["words"]) >= ALIKE


def _shrink(lat: float) -> float:
    """Return how long a degree of longitude is against one of latitude; near the poles a little of it is left."""
    return max(math.cos(math.radians(min(abs(lat), 90.0))), 0.01)
