"""What was published about cases, in the order in which it was: how they stood, and what became of them. One row a publication."""

from collections.abc import Iterable
from typing import Any

from services.console.fields import digits
from shared.city import City
from shared.events import OutcomePublished, StandingPublished
from shared.service import Fold, View


def keys(fold: Fold, city: City) -> Iterable[str]:
    return (str(fold.offset),) if fold.effective and isinstance(fold.event, OutcomePublished | StandingPublished) else ()


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    event = fold.event
    return {
        "by_time": f"{digits(event.at)}/{event.case_id}/{fold.offset:018d}",
        "case": event.case_id,
        "type": event.type,
        "at": event.at.isoformat(),
        "by": event.by,
        "text": getattr(event, "text", ""),
    }


published = View("published", keys=keys, change=change, indexes=(("by_time",),), by_offset=True)
