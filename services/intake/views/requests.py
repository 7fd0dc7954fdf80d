"""What the public may know of each case, one row a case, and a row for each time that this changed.

A change is public if it alters what `face` shows: what staff note, who was asked, ratings and publications do not. So the time of the last
public change is exact; of a closed case it is the time of its closing.
"""

from collections.abc import Iterable
from typing import Any

import h3

from shared.access import confidential
from shared.case import OPEN, Case, Status
from shared.city import City
from shared.events import CaseReported
from shared.question import Follow
from shared.service import Fold, View
from shared.stamps import stamp

CELL = 7  # resolution of H3: edges of about 1.2 km
MOST_NOTES = 100  # of one case; the oldest are dropped
INDEXES = (("number",), ("listed",), ("coded",), ("celled",), ("moved",))

Row = dict[str, Any]


def state_of(case: Case) -> Status:
    """Return where the case stands for the public: whom it is offered to is nobody's business until they accept."""
    return Status.TRIAGED if case.status is Status.ASSIGNED else case.status


def code_of(case: Case) -> str:
    return case.classification.category if case.classification else case.wish or ""


def hidden(case: Case, city: City) -> bool:
    """Whether the case is in no list: a confidential one, one that is followed by nobody, or one whose id does not exist yet."""
    category = city.categories.get(code_of(case))
    follow = category.open311 if category else Follow.REALTIME
    unknown = not code_of(case)  # nobody has said what it is: it may be confidential
    return unknown or confidential(case, city) or follow is Follow.BLACKBOX or (follow is Follow.BATCH and case.status is Status.REPORTED)


def face(case: Case) -> tuple[object, ...]:
    """Return what tells a public change from one that is not."""
    what = case.classification
    reason = case.outcome if case.status is Status.REJECTED else ""
    return state_of(case), code_of(case), what and what.confidential, case.department, case.resolve_by, reason, case.reopenings


def public(fold: Fold) -> bool:
    return fold.effective and face(fold.before) != face(fold.after)


def touched(fold: Fold, city: City) -> Iterable[str]:
    return (fold.event.case_id,) if public(fold) else ()


def changed(row: Row | None, key: str, fold: Fold, city: City) -> Row:
    """Return the row after a public change; the photo is the one that came with the report."""
    event, at = fold.event, stamp(fold.event.at)
    told = row or {"media": next(iter(event.media), None) if isinstance(event, CaseReported) else None, "notes": []}
    note = [at, str(state_of(fold.after)), said(fold.after)]
    return {**shown(fold.after, city, at), "media": told["media"], "notes": [*told["notes"], note][-MOST_NOTES:]}


def said(case: Case) -> str:
    """Return what a person said to the reporter with the last change: why it is not taken up."""
    return case.outcome if case.status is Status.REJECTED else ""


def shown(case: Case, city: City, updated: str) -> Row:
    """Return the row of a case, without photo and notes: what is shown, and what it is found by."""
    code, asked, status = code_of(case), stamp(case.reported_at), "open" if case.status in OPEN else "closed"
    place, secret = f"{asked}/{case.number}", hidden(case, city)
    at = case.location if city.located(case.location) else None
    cell = h3.latlng_to_cell(at.lat, at.lon, CELL) if at else ""
    return {
        "case": case.id,
        "number": case.number,
        "listed": None if secret else f"{status}/{place}",
        "coded": None if secret else f"{code}/{place}",
        "celled": None if secret else f"{cell}/{place}",
        "moved": None if secret else f"u/{updated}/{case.number}",
        "asked": asked,
        "updated": updated,
        "status": status,
        "state": str(state_of(case)),
        "reason": said(case),
        "code": code,
        "condition": case.classification.condition if case.classification else "",
        "department": case.department or "",
        "expected": stamp(case.resolve_by) if case.resolve_by else None,
        "text": case.text,
        "channel": case.channel,
        "address": case.address,
        "lat": at.lat if at else None,
        "lon": at.lon if at else None,
        "attributes": dict(case.attributes),
    }


def moment(fold: Fold, city: City) -> Iterable[str]:
    return (str(fold.offset),) if public(fold) else ()


def told(row: Row | None, key: str, fold: Fold, city: City) -> Row:
    """Return the row of one public change: what a program that follows all cases has not heard yet."""
    return {
        "at": f"t/{stamp(fold.event.at)}/{fold.event.id}",
        "case": fold.event.case_id,
        "update": fold.event.id,
        "state": str(state_of(fold.after)),
        "status": "open" if fold.after.status in OPEN else "closed",
        "reason": said(fold.after),
    }


requests = View("requests", keys=touched, change=changed, indexes=INDEXES)
updates = View("updates", keys=moment, change=told, indexes=(("at",),), by_offset=True)
