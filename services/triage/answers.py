"""What triage answers: what a text is about, what it may repeat, and what an operator needs to place a report."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import BaseModel

from services.triage.assessing import assessed
from services.triage.likeness.suggestions import Suggestion as Likeness
from services.triage.model.assess import Assessment, Guess
from services.triage.naming import Named
from shared.case import Case
from shared.city import City, Words
from shared.service import Fields
from shared.terms import Grade, Location


class Suggestion(BaseModel):
    """A category that the report may belong to, how likely from 0 to 1, and the words that speak for it."""

    category: str
    condition: str
    name: Words
    probability: float
    words: tuple[str, ...]


class Similar(BaseModel):
    """An earlier open case that the report may repeat: how likely from 0 to 1, how far, and why.

    `said` if its reporter says that it is this one; then it is the first, and likelihood and distance may be unknown.
    """

    id: str
    number: str
    score: float | None
    metres: float | None
    hours: float
    category: str
    reason: Words
    said: bool = False


class Assessed(BaseModel):
    """What a text is: whether it is a report at all, its grade, the likeliest categories, and what it may repeat.

    `sure` says that it would be filed without an operator; `model` is empty where the city's words alone decided.
    """

    report: bool
    report_probability: float
    grade: Grade
    emergency_probability: float
    sure: bool
    suggestions: list[Suggestion]
    similar: list[Similar]
    model: str


class Waiting(BaseModel):
    """A report that an operator must place; `version` is for `If-Match`; `report_probability` says how likely it is one at all."""

    id: str
    number: str
    version: int
    reported_at: datetime
    channel: str
    language: str
    text: str
    address: str | None
    location: Location | None
    located: bool
    followers: int
    grade: Grade
    report_probability: float
    suggestions: list[Suggestion]


class Queue(BaseModel):
    """A page of the queue, and the cursor of the next one if there is more."""

    cases: list[Waiting]
    next: str | None


def suggestions(found: Assessment, city: City) -> list[Suggestion]:
    """Return the likeliest categories, best first."""
    return [suggestion(guess, city) for guess in (found.best, *found.others) if guess is not None]


def suggestion(guess: Guess, city: City) -> Suggestion:
    return Suggestion(
        category=guess.code,
        condition=guess.condition,
        name=city.categories[guess.code].name,
        probability=round(guess.probability, 3),
        words=guess.reasons,
    )


def waiting(case: Case, city: City) -> Waiting:
    """Return what an operator needs to place the case."""
    found = assessed(case, city)
    return Waiting(
        id=case.id,
        number=case.number,
        version=case.version,
        reported_at=case.reported_at,
        channel=case.channel,
        language=case.language,
        text=case.text,
        address=case.address,
        location=case.location,
        located=city.located(case.location),
        followers=len(case.followers),
        grade=case.grade or found.grade,
        report_probability=round(found.report_probability, 3),
        suggestions=suggestions(found, city),
    )


def assessed_as(found: Assessment, similar: list[Similar], city: City) -> Assessed:
    """Return the answer about a text."""
    return Assessed(
        report=found.report,
        report_probability=round(found.report_probability, 3),
        grade=found.grade,
        emergency_probability=round(found.emergency_probability, 3),
        sure=found.sure,
        suggestions=suggestions(found, city),
        similar=similar,
        model=found.model,
    )


def with_named(case: Case, named: Named | None, rows: Mapping[str, Fields], found: list[Similar]) -> list[Similar]:
    """Return what the report may repeat, first of all what its reporter named."""
    if named is None:
        return found
    also = next((one for one in found if one.id == named.id), None)
    why = [named.reason, also.reason] if also else [named.reason]
    first = Similar(
        id=named.id,
        number=named.number,
        score=also.score if also else None,
        metres=None if named.way is None else round(named.way),
        hours=round((case.reported_at - named.reported_at) / timedelta(hours=1), 1),
        category=rows[named.id]["type"],
        reason=Words(zh="；".join(one.zh for one in why), en="; ".join(one.en for one in why)),
        said=True,
    )
    return [first, *(one for one in found if one is not also)]


def similar(found: list[Likeness], rows: Mapping[str, Fields], city: City) -> list[Similar]:
    """Return what a report may repeat, without cases that are confidential."""
    return [
        Similar(
            id=one.id,
            number=rows[one.id]["number"],
            score=round(one.score, 3),
            metres=round(one.metres),
            hours=round(one.hours, 1),
            category=one.category,
            reason=one.reason,
        )
        for one in found
        if one.category in city.categories and not city.categories[one.category].confidential
    ]
