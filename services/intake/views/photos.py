"""Which photo belongs to which case: one row for each photo of ours that a fact named, so that what becomes of the case counts for it."""

from collections.abc import Iterable
from typing import Any

from shared.city import City
from shared.events import AnyEvent, CaseReported, CaseSupplemented, NoteAdded, WorkCompleted
from shared.photos_links import is_own
from shared.service import Fold, View

RESULT = "result"


def step_of(event: AnyEvent) -> str | None:
    """Return at which step the event shows photos; None if it has none."""
    match event:
        case CaseReported():
            return "report"
        case CaseSupplemented():
            return "supplement"
        case NoteAdded():
            return "on_site"
        case WorkCompleted():
            return RESULT
        case _:
            return None


def media_of(event: AnyEvent) -> tuple[str, ...]:
    """Return what the event shows, of ours and of others."""
    match event:
        case CaseReported() | CaseSupplemented() | NoteAdded() | WorkCompleted():
            return event.media
        case _:
            return ()


def keys(fold: Fold, city: City) -> Iterable[str]:
    if not fold.effective:
        return ()
    return dict.fromkeys(f"{fold.event.case_id}/{name}" for name in media_of(fold.event) if is_own(name))


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    """Keep where the photo was shown first: the step says whether it shows the matter or the result."""
    case_id, _, name = key.partition("/")
    return row or {"name": name, "case": case_id, "step": step_of(fold.event), "at": fold.event.happened_at.isoformat()}


photos = View("photos", keys=keys, change=change, indexes=(("name",), ("case",)))
