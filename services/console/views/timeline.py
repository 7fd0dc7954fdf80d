"""What happened to a case: one row for every event of the log, also for those that had no effect.

A case lives in one partition, so its rows in order of offset are its history in the order of the log.
"""

from collections.abc import Iterable
from typing import Any

from shared.city import City
from shared.events import Addition, Change, Event
from shared.service import Fold, View

ENVELOPE = {*Event.model_fields, *Change.model_fields, *Addition.model_fields, "type", "reporter"}


LAST = 10**18 - 1


def place(case_id: str, offset: int) -> str:
    """Return what the rows of a case are found and sorted by; one text, which every server can walk by an index."""
    return f"{case_id}/{offset + 1:018d}"


def keys(fold: Fold, city: City) -> Iterable[str]:
    return (str(fold.offset),)


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    """Keep the event and what it did. Times are ISO 8601 texts: a database would cut them to milliseconds."""
    event = fold.event
    return {
        "place": place(event.case_id, fold.offset),
        "event": event.id,
        "type": event.type,
        "at": event.at.isoformat(),
        "by": event.by,
        "late": event.late,
        "true_at": event.true_at and event.true_at.isoformat(),
        "effective": fold.effective,
        "repeated": not fold.effective and event.id in fold.before.ids,
        "version": fold.after.version,
        "status": str(fold.after.status),
        "facts": event.model_dump(mode="json", exclude=ENVELOPE, exclude_none=True),
    }


timeline = View("timeline", keys=keys, change=change, indexes=(("place",),), by_offset=True)
