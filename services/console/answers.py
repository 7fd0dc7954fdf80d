"""What the console answers with."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.console.expecting import ExpectedAnswer
from services.console.photos import PhotosAnswer
from services.console.sentences import sentence
from services.console.views.totals import is_overdue
from services.console.words import STATUSES, Lang, name_of, say, who
from shared.access import confidential
from shared.case import OPEN, Case, Status
from shared.city import City
from shared.terms import Grade, Location

FROZEN = ConfigDict(frozen=True)
HIDDEN: dict[str, Any] = {"text": None, "address": None, "location": None}


class CaseWords(BaseModel):
    """The codes of a case in the language of the reader."""

    model_config = FROZEN

    status: str
    category: str
    grade: str
    department: str
    grid: str
    assignee: str


class CaseAnswer(BaseModel):
    """What a case is now. Lists leave out text, address and location of confidential cases. Times are UTC."""

    model_config = FROZEN

    id: str
    number: str
    status: Status
    version: int
    facts: int = Field(description="How many facts took effect: also a note, which makes no new version")
    open: bool
    overdue: bool
    category: str | None
    condition: str | None
    grade: Grade | None
    department: str | None
    grid: str | None
    confidential: bool
    assignee: str | None
    role: str | None
    channel: str
    language: str
    text: str | None
    address: str | None
    location: Location | None
    reported_at: datetime
    since: datetime = Field(description="When the case came into its status")
    respond_by: datetime | None
    resolve_by: datetime | None
    assigned_at: datetime | None
    accepted_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    level: int = Field(description="Of the governance ladder, 0 is the community")
    extensions: int
    reopenings: int
    into: str | None = Field(description="The case that this one was merged into")
    followers: tuple[str, ...] = Field(description="The cases that were merged into this one")
    outcome: str
    expected: ExpectedAnswer | None = Field(None, description="How long cases like this take; told of a single open case only")
    photos: PhotosAnswer | None = Field(None, description="Before and after, side by side; told of a single case only")
    words: CaseWords


class CasesAnswer(BaseModel):
    """One page of cases. Go on with `next` as `cursor` until it is null; a page may hold fewer cases than asked for."""

    model_config = FROZEN

    items: list[CaseAnswer]
    next: str | None


class Happening(BaseModel):
    """One event of the log, told in the language of the reader. `effective` is false where the case had moved on, or knew it already."""

    model_config = FROZEN

    event: str
    type: str
    at: datetime
    true_at: datetime | None = Field(description="When it really happened, of a late entry older than what was known by then")
    by: str
    who: str = Field(description="The role in which somebody spoke")
    late: bool = Field(description="Entered after the fact")
    effective: bool
    version: int = Field(description="Of the case after the event")
    status: Status = Field(description="Of the case after the event")
    sentence: str
    facts: dict[str, Any]


class TimelineAnswer(BaseModel):
    """One page of the history of a case, in the order of the log. Go on with `next` as `cursor` until it is null."""

    model_config = FROZEN

    items: list[Happening]
    next: str | None


def case_answer(case: Case, city: City, lang: Lang) -> CaseAnswer:
    what = case.classification
    names = ("number", "status", "version", "department", "assignee", "role", "channel", "language", "text", "address")
    more = ("location", "reported_at", "since", "respond_by", "resolve_by", "assigned_at", "accepted_at", "completed_at")
    rest = ("closed_at", "level", "extensions", "reopenings", "into", "followers", "outcome")
    return CaseAnswer(
        id=case.id,
        facts=len(case.ids),
        open=case.status in OPEN,
        overdue=is_overdue(case),
        category=what.category if what else None,
        condition=what.condition if what else None,
        grade=case.grade,
        grid=what.grid if what else None,
        confidential=confidential(case, city),
        words=case_words(case, city, lang),
        **{name: getattr(case, name) for name in (*names, *more, *rest)},
    )


def case_words(case: Case, city: City, lang: Lang) -> CaseWords:
    what = case.classification
    return CaseWords(
        status=say(STATUSES[case.status], lang),
        category=name_of("category", what.category if what else None, city, lang),
        grade=name_of("grade", case.grade, city, lang),
        department=name_of("department", case.department, city, lang),
        grid=name_of("grid", what.grid if what else None, city, lang),
        assignee=who(case.assignee, city, lang) if case.assignee else "",
    )


def listed(case: Case, city: City, lang: Lang) -> CaseAnswer:
    """Return the case as lists show it: nothing of a confidential one that could say who it is about."""
    answer = case_answer(case, city, lang)
    return answer.model_copy(update=HIDDEN) if answer.confidential else answer


def happenings(rows: Iterable[dict[str, Any]], city: City, lang: Lang) -> list[Happening]:
    """Return what rows of the timeline tell."""
    plain = ("event", "type", "at", "true_at", "by", "late", "effective", "version", "status", "facts")
    return [
        Happening(who=who(row["by"], city, lang), sentence=sentence(row, city, lang), **{name: row[name] for name in plain}) for row in rows
    ]
