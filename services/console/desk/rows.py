"""A case as one compact row of the board, made ready to be sent: JSON, and by whom it may be seen."""

import sys
from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import Any, NamedTuple

import orjson

from services.console.desk.due import next_due, whole
from services.console.desk.waiting import again_at, on_desk, waits_for
from services.console.views.totals import is_overdue
from shared.access import confidential, marks_of
from shared.case import Case, load
from shared.city import City
from shared.number import shown
from shared.store import Document

TEXT = 160  # characters


class Entry(NamedTuple):
    """A row of the board. `again` is the second at which it must be made anew although nothing happens to the case."""

    id: str
    version: int
    marks: tuple[str, ...]
    sealed: bool
    row: bytes
    again: int | None


def entry_of(case: Case, city: City, now: datetime) -> Entry:
    again = again_at(case, now)
    return Entry(
        id=case.id,
        version=case.version,
        marks=tuple(map(sys.intern, sorted(marks_of(case, city)))),
        sealed=confidential(case, city),
        row=bytes(memoryview(orjson.dumps(row_of(case, city, now)))),  # copied: what orjson returns keeps 8 KB of room
        again=None if again is None else ceil(again.timestamp()),
    )


def row_of(case: Case, city: City, now: datetime) -> dict[str, Any]:
    """Return what the desk shows of a case; nothing of a confidential one that could say who it is about."""
    what, due = case.classification, next_due(case, city)
    return {
        "id": case.id,
        "n": shown(case.number),
        "v": case.version,
        "f": len(case.ids),
        "st": case.status.value,
        "g": what.grade.value if what else None,
        "cat": what.category if what else None,
        "cond": what.condition if what else None,
        "dept": case.department,
        "grid": what.grid if what else None,
        "who": case.assignee,
        "role": case.role,
        "ch": case.channel,
        "at": whole(case.reported_at),
        "since": whole(case.since),
        "due": due and due._asdict(),
        "over": is_overdue(case),
        "lvl": case.level,
        "refusals": case.refusals,
        "again": case.reopenings,
        "reminders": len(case.reminded),
        "waits": waits_for(case, city, now),
        "n_same": len(case.followers),
        **about(case, city),
    }


def about(case: Case, city: City) -> dict[str, Any]:
    """Return what was reported and where."""
    if confidential(case, city):
        return {"text": None, "addr": None, "lat": None, "lon": None, "conf": True}
    place = case.location if city.located(case.location) else None
    return {
        "text": case.text[:TEXT],
        "addr": case.address,
        "lat": round(place.lat, 6) if place else None,
        "lon": round(place.lon, 6) if place else None,
        "conf": False,
    }


def read(documents: Iterable[Document], city: City, now: datetime) -> tuple[list[Entry], list[str]]:
    """Return the rows of the cases on the desk among those that were saved, and the ids of the others."""
    entries, ended = list[Entry](), list[str]()
    for document in documents:
        case = load(document["body"])
        if on_desk(case):
            entries.append(entry_of(case, city, now))
        else:
            ended.append(case.id)
    return entries, ended
