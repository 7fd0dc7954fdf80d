"""When two reports are the same case by rule: one category, near in place, near in time, the earlier one still open.

Each case that takes part has a `cell`: category, H3 cell and period of its report. Cells are so wide, and periods so
long, that whatever the category's rule allows stands in the case's own cell or one around it, in the same period or the
one before. So a look reads a neighbourhood, however many cases are stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import h3

from services.triage.classify import category_of
from shared.case import IN_WORK, MAX_FOLLOWERS, Case, Status
from shared.city import City, DuplicateRule, metres
from shared.service import Fields
from shared.terms import Location

JOINABLE = frozenset({Status.REPORTED, Status.TRIAGED, *IN_WORK})  # what others may still be merged into
SAFE_EDGES = 2 / 3  # of the average edge: no point in a cell is nearer to what lies beyond the cells around it


@dataclass(frozen=True)
class Place:
    """Where and when a case stands among those that a rule may merge it with."""

    case: Case
    at: Location
    code: str
    rule: DuplicateRule

    @property
    def cell(self) -> str:
        return f"{self.code}/{self._hexagon}/{self._period}"

    @property
    def around(self) -> tuple[str, ...]:
        """All cells in which an earlier case of the same kind can stand."""
        cells, period = h3.grid_disk(self._hexagon, 1), self._period
        return tuple(f"{self.code}/{cell}/{when}" for cell in cells for when in (period, period - 1))

    @property
    def _hexagon(self) -> str:
        return str(h3.latlng_to_cell(self.at.lat, self.at.lon, resolution(self.rule.radius_m)))

    @property
    def _period(self) -> int:
        return int(self.case.reported_at.timestamp() // (self.rule.window_hours * 3600))


@dataclass(frozen=True)
class Original:
    """The earlier case that a case is a duplicate of."""

    id: str
    reported_at: datetime
    metres: float


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
    reported_at = told(fields["reported"])
    age = place.case.reported_at - reported_at
    distance = metres(place.at, Location(lat=fields["lat"], lon=fields["lon"]))
    earlier = (reported_at, id) < (place.case.reported_at, place.case.id)
    near = distance <= place.rule.radius_m and age <= timedelta(hours=place.rule.window_hours)
    room = len(fields["followers"]) < MAX_FOLLOWERS
    return Original(id, reported_at, distance) if earlier and near and room else None


@lru_cache(maxsize=64)
def resolution(radius_m: float) -> int:
    """Return the finest H3 resolution at which a cell and those around it hold everything within `radius_m` of it."""
    fine = (level for level in range(15, 0, -1) if h3.average_hexagon_edge_length(level, "m") * SAFE_EDGES >= radius_m)
    return next(fine, 0)


def moment(at: datetime) -> str:
    """Return a time as text that sorts like the time and keeps its microseconds, which a database date would lose."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def told(moment: str) -> datetime:
    return datetime.fromisoformat(moment)
