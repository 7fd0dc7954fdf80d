"""What keeps coming back: the cases of one type at one place, and what a meeting decided about them.

A place is an H3 cell of resolution 10, about 130 m across; a default coordinate is no place. A row holds the cases of one cell and type
that live in one partition, the newest MOST of them one by one (older ones are only counted), so that rows of all partitions can be put
in order of time and asked what came after what. Duplicates (merged cases), rejected and withdrawn reports are not another time, and
confidential types stay out: a place with a type could say who it is about.
"""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from h3 import latlng_to_cell

from shared.case import ENDS, Case
from shared.city import City
from shared.events import RemedyDecided
from shared.service import Fold, View

RESOLUTION = 10  # of H3: hexagons with edges of about 76 m
MOST = 100  # cases of one row that are kept one by one
DECISIVE = attrgetter("classification", "completed_at", "reopenings", "department")  # of a case; most facts change none of it
BLANK: dict[str, Any] = {
    "grid": "",
    "department": "",
    "lat": None,
    "lon": None,
    "remedy": None,
    "cases": {},
    "older": 0,  # cases that are no longer kept one by one, and when the first and the last of them were reported
    "older_from": "",
    "older_until": "",
}


def spot(case: Case, city: City) -> str | None:
    """Return the cell and type of a case, None if it has no place, is not filed, or is confidential."""
    what, location = case.classification, case.location
    if what is None or what.confidential or location is None or not city.located(location):
        return None
    return f"{latlng_to_cell(location.lat, location.lon, RESOLUTION)}\t{what.category}"


def occurrence(case: Case) -> list[Any]:
    """Return what is kept of a case: when it was reported, when the work was done if it is, and how often it was reopened (ISO 8601)."""
    done = case.completed_at.isoformat() if case.completed_at else None
    return [case.reported_at.isoformat(), done, case.reopenings]


def counted(case: Case, city: City) -> tuple[str, list[Any], str, str, str] | None:
    """Return where a case counts and as what, with its month, grid and department; None if it does not count."""
    place = None if case.status in ENDS else spot(case, city)
    if place is None or case.classification is None:
        return None
    month = f"{city.local(case.reported_at):%Y-%m}"
    return place, occurrence(case), month, case.classification.grid or "", case.department or ""


def keys(fold: Fold, city: City) -> Iterable[str]:
    """Name the rows of the places that the case leaves, comes to, or is decided about."""
    if not fold.effective:
        return ()
    if isinstance(fold.event, RemedyDecided):
        place = spot(fold.after, city)
        return (place,) if place else ()
    if (fold.before.status in ENDS) is (fold.after.status in ENDS) and DECISIVE(fold.before) == DECISIVE(fold.after):
        return ()
    before, after = counted(fold.before, city), counted(fold.after, city)
    return () if before == after else dict.fromkeys(one[0] for one in (before, after) if one)


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    """Put the case in as it is now, or take it out; or keep what was decided, the newest decision alone."""
    cell, category = key.split("\t")
    new: dict[str, Any] = {"place": key, "cell": cell, "category": category, **BLANK, **(row or {})}
    if isinstance(fold.event, RemedyDecided):
        new["remedy"] = decided(fold.event)
    cases = {id: kept for id, kept in new["cases"].items() if id != fold.after.id}
    now, location = counted(fold.after, city), fold.after.location
    if now and location and now[0] == key and now[1][0] > new["older_until"]:
        cases[fold.after.id] = [*now[1], now[2]]
        new |= {"grid": now[3], "department": now[4], "lat": location.lat, "lon": location.lon}
    if len(cases) > MOST:
        oldest = cases.pop(min(cases, key=lambda id: (cases[id][0], id)))[0]
        new |= {"older": new["older"] + 1, "older_from": new["older_from"] or oldest, "older_until": oldest}
    return {**new, "cases": cases, "months": sorted({case[-1] for case in cases.values()})}


def decided(event: RemedyDecided) -> dict[str, str]:
    """Return a decision as it is kept."""
    times = {"at": event.happened_at.isoformat(), "remedy_by": event.remedy_by.isoformat()}
    return {"case": event.case_id, "text": event.text, "handler": event.handler, **times}


recurring = View("recurring", keys=keys, change=change, indexes=(("place",), ("months",)))
