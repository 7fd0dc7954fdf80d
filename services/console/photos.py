"""The photos of a case, before and after, as staff see them side by side."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.console.views.timeline import LAST, place
from shared.photos_links import Links, is_own

FROZEN = ConfigDict(frozen=True)
STEPS = {"case.reported": "report", "case.supplemented": "supplement", "note.added": "on_site", "work.completed": "result"}
AFTER = "result"
WEB = ("https://", "http://")


class PhotoAnswer(BaseModel):
    """One picture. Links to photos of ours work for an hour; what another system keeps may have no address."""

    model_config = FROZEN

    name: str
    step: str = Field(description="report, supplement, on_site or result")
    at: datetime
    by: str
    url: str | None
    thumb: str | None


class PhotosAnswer(BaseModel):
    """What the matter looked like, and what it looks like now; each in the order of the log."""

    model_config = FROZEN

    before: tuple[PhotoAnswer, ...] = ()
    after: tuple[PhotoAnswer, ...] = ()


def showing(case_id: str) -> dict[str, Any]:
    """Return the filter that finds the rows of the timeline in which photos may stand."""
    return {"place": {"$gt": place(case_id, -1), "$lt": place(case_id, LAST)}, "type": {"$in": sorted(STEPS)}}


def photos_of(rows: Iterable[dict[str, Any]], links: Links, now: float) -> PhotosAnswer:
    """Return the photos that rows of the timeline tell of, with links made at `now` (Unix seconds)."""
    found = [answer(name, row, links, now) for row in rows if row["effective"] for name in row["facts"].get("media", ())]
    before = tuple(photo for photo in found if photo.step != AFTER)
    return PhotosAnswer(before=before, after=tuple(photo for photo in found if photo.step == AFTER))


def answer(name: str, row: dict[str, Any], links: Links, now: float) -> PhotoAnswer:
    own, web = is_own(name), name if name.startswith(WEB) else None
    return PhotoAnswer(
        name=name,
        step=STEPS[row["type"]],
        at=row["true_at"] or row["at"],
        by=row["by"],
        url=links.photo(name, now) if own else web,
        thumb=links.thumb(name, now) if own else web,
    )
