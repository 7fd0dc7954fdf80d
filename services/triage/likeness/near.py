"""A report, the open cases near it, and what there is to say about each: metres, hours, type, address, channel and words.

The numbers are the same for a look at run time and for learning from a history, so that what was judged is what runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from services.triage.duplicates import JOINABLE, MOST_TEXT
from services.triage.likeness.cells import REACH_M, cell_of, cells_around
from shared.case import Case
from shared.city import City, plain
from shared.places import EARTH_RADIUS_M
from shared.service import Fields, Query
from shared.stamps import stamp, unstamped
from shared.terms import Location

FIELD = "near"  # the one field by which rows are found: the cell of an open case at a place
HOUR = timedelta(hours=1)
Numbers = NDArray[np.float64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Wanted:
    """A report, filed or not yet, whose earlier likes are wanted. `at` is None where no place is known; `code` is empty for no type."""

    at: Location | None
    reported_at: datetime
    code: str = ""
    group: str = ""
    text: str = ""
    address: str = ""
    source: str = ""
    id: str = ""

    @property
    def query(self) -> Query:
        return {FIELD: cells_around(self.at)} if self.at else {}


@dataclass(frozen=True)
class Near:
    """The open cases near a report, one in each position of every array; `hours` is how long before it they were reported."""

    ids: tuple[str, ...]
    metres: Numbers
    hours: Numbers
    same_type: Marks
    same_family: Marks  # of the same group, or often confused with it
    same_address: Marks
    same_source: Marks

    def __len__(self) -> int:
        return len(self.ids)


def wanted_of(case: Case, code: str, at: Location | None, city: City) -> Wanted:
    """Return what is wanted for a case of that type, at that place."""
    category = city.categories.get(code)
    return Wanted(
        at=at,
        reported_at=case.reported_at,
        code=code,
        group=category.group if category else "",
        text=case.text[:MOST_TEXT],
        address=plain(case.address or ""),
        source=case.channel,
        id=case.id,
    )


def fields_of(case: Case, code: str, at: Location | None) -> Fields:
    """Return what a case is found and compared by; none that are found if it cannot take followers or has no place."""
    open = case.status in JOINABLE and at is not None
    return {
        FIELD: cell_of(at) if open and at else None,
        "lat": at.lat if at else None,
        "lon": at.lon if at else None,
        "reported": stamp(case.reported_at),
        "followers": case.followers,
        "type": code,
        "words": case.text[:MOST_TEXT] if open else "",
        "address": plain(case.address or "") if open else "",
        "source": case.channel,
    }


def near(wanted: Wanted, others: Mapping[str, Fields], city: City) -> Near:
    """Return the open cases within reach that were reported before, of equal times those with a smaller id."""
    found = [(id, one) for id, one in sorted(others.items()) if one.get(FIELD) and id != wanted.id] if wanted.at else []
    away = distances(wanted.at, [(one["lat"], one["lon"]) for _, one in found]) if wanted.at else np.zeros(0)
    ago = [(wanted.reported_at - unstamped(one["reported"])) / HOUR for _, one in found]
    kept = [nth for nth, (id, _) in enumerate(found) if away[nth] <= REACH_M and (ago[nth] > 0 or (ago[nth] == 0 and _before(id, wanted)))]
    rows = [found[nth][1] for nth in kept]
    family = city.family_of(wanted.code) if wanted.code in city.categories else frozenset[str]()
    return Near(
        ids=tuple(found[nth][0] for nth in kept),
        metres=away[np.array(kept, dtype=np.int64)],
        hours=np.array([ago[nth] for nth in kept], dtype=np.float64),
        same_type=np.array([bool(wanted.code) and one["type"] == wanted.code for one in rows], dtype=np.bool_),
        same_family=np.array([one["type"] in family for one in rows], dtype=np.bool_),
        same_address=np.array([bool(wanted.address) and one["address"] == wanted.address for one in rows], dtype=np.bool_),
        same_source=np.array([bool(wanted.source) and one["source"] == wanted.source for one in rows], dtype=np.bool_),
    )


def distances(at: Location, points: Sequence[tuple[float, float]]) -> Numbers:
    """Return the metres from `at` to points of latitude and longitude, as `shared.places.metres` has them, for many at once."""
    lat, lon = np.radians(np.array(points, dtype=np.float64).reshape(-1, 2)).T
    here_lat, here_lon = np.radians(at.lat), np.radians(at.lon)
    chord = np.sin((lat - here_lat) / 2) ** 2 + np.cos(here_lat) * np.cos(lat) * np.sin((lon - here_lon) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, chord))), dtype=np.float64)


def _before(id: str, wanted: Wanted) -> bool:
    return not wanted.id or id < wanted.id
