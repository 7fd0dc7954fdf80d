"""What everybody is told about a case: where it stands in plain words, by when, who has it by role, where it is as far as may be known.

Nothing that a person wrote, no names, no homes. Of a confidential case the status alone, as intake tells whoever has its number.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.console.public.place import point
from services.console.words import Lang, say
from shared.access import confidential
from shared.case import Case, Status
from shared.category import Words
from shared.city import City
from shared.number import shown
from shared.standing import NEXT, RUNNING, STATUSES, handler
from shared.terms import Location

S = Status
RATEABLE = frozenset({S.COMPLETED, S.CLOSED})
WITHDRAWABLE = frozenset({S.REPORTED, S.TRIAGED, S.ASSIGNED, S.ACCEPTED})


class Told(BaseModel):
    """A case in public, in the words of the reader; times on the clocks of the city, the point rounded to about 100 metres."""

    model_config = ConfigDict(frozen=True)

    number: str
    status: Status
    status_text: str
    sealed: bool = False  # confidential: nothing more is told
    joined: str | None = None  # number of the case with which this one is handled; all below is told of that one
    state: str = "open"  # open, over, stands, done or ended: what its colour says
    next: str | None = None
    category: str | None = None
    group: str | None = None
    department: str | None = None
    handler: str | None = None  # the role
    grid: str | None = None
    grid_name: str | None = None
    community: str | None = None
    location: Location | None = None
    reported_at: datetime | None = None
    deadline: datetime | None = None
    overdue: bool = False
    waits: str | None = None  # why it is on hold
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    reopenings: int = 0
    reports: int = 1  # people who reported it


def sealed(case: Case, city: City) -> bool:
    """Whether the case is confidential, as it was filed or by the pack in force."""
    category = city.categories.get(case.classification.category) if case.classification else None
    return confidential(case, city) or (category is not None and category.confidential)


def told(case: Case, survivor: Case | None, city: City, lang: Lang, now: datetime, reports: int = 1) -> Told:
    """Return what everybody is told of `case`; `survivor` is the case that it was merged into in the end."""
    text = say(STATUSES[case.status], lang)
    bare = Told(number=shown(case.number), status=case.status, status_text=text)
    if sealed(case, city) or (survivor is not None and sealed(survivor, city)):
        return bare.model_copy(update={"sealed": True})
    followed = survivor or case
    more = {
        "joined": shown(survivor.number) if survivor else None,
        "reported_at": city.local(case.reported_at),
        "reports": reports,
        **stands(followed, city, lang, now),
        **where(followed, city, lang),
    }
    return bare.model_copy(update=more)


def stands(case: Case, city: City, lang: Lang, now: datetime) -> dict[str, object]:
    """Return how far the case has come."""
    category = city.categories.get(case.classification.category) if case.classification else None
    department = city.departments.get(case.department or "")
    late = is_late(case, now)
    return {
        "state": state(case, late),
        "next": worded(NEXT.get(case.status), lang),
        "category": worded(category.name if category else None, lang),
        "group": category.group if category else None,
        "department": worded(department.name if department else None, lang),
        "handler": worded(handler(case), lang),
        "deadline": city.local(case.resolve_by) if case.status in RUNNING and case.resolve_by else None,
        "overdue": late,
        "waits": worded(city.pause_reasons.get(case.pause_reason or ""), lang) if case.status is S.PAUSED else None,
        "completed_at": city.local(case.completed_at) if case.completed_at and case.status in RATEABLE else None,
        "closed_at": city.local(case.closed_at) if case.closed_at and case.status is S.CLOSED else None,
        "outcome": worded(category.outcome if category and case.status is S.CLOSED else None, lang),
        "reopenings": case.reopenings,
    }


def where(case: Case, city: City, lang: Lang) -> dict[str, object]:
    """Return in which grid the case is, and its point where that may be known."""
    grid = city.grids.get((case.classification.grid if case.classification else None) or "")
    area = city.areas.get(grid.community) if grid else None
    return {
        "grid": grid.id if grid else None,
        "grid_name": worded(grid.name if grid else None, lang),
        "community": worded(area.name if area else None, lang),
        "location": point(case, city),
    }


def is_late(case: Case, now: datetime) -> bool:
    """Whether the deadline has passed and the clock still runs."""
    return case.status in RUNNING and (case.overdue or (case.resolve_by is not None and case.resolve_by < now))


def state(case: Case, late: bool) -> str:
    match case.status:
        case S.COMPLETED | S.CLOSED:
            return "done"
        case S.PAUSED:
            return "stands"
        case S.MERGED | S.REJECTED | S.WITHDRAWN:
            return "ended"
        case _:
            return "over" if late else "open"


def worded(words: Words | None, lang: Lang) -> str | None:
    return say(words, lang) if words is not None else None
