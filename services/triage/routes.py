"""What operators ask of triage over HTTP: correct, refuse or merge a case, and see what no rule could place."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from services.triage.actions import Correction, Joining, Reason, Rejection, merge, reclassify, reject
from services.triage.decide import queued
from services.triage.duplicates import stamp
from services.triage.words import candidates, condition_of
from shared.case import Case
from shared.city import City, Words
from shared.events import Name
from shared.terms import Location
from shared.web import Act, CaseView, Fault, Now, Reads, TheCity, problem

router = APIRouter()

BEST = 3  # candidates shown for each case
A_MOMENT = timedelta(seconds=5)  # what is younger may still be placed by a rule


class Merging(BaseModel):
    """Which earlier case it is, by id or number, and how one can tell."""

    model_config = ConfigDict(extra="forbid")

    into: Name
    reason: Reason


class Suggestion(BaseModel):
    """A category that the words of the report speak for, and its likeliest condition."""

    category: str
    condition: str
    name: Words
    score: float
    words: tuple[str, ...]


class Waiting(BaseModel):
    """A report that an operator must place; `version` is for `If-Match`."""

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
    suggestions: list[Suggestion]


class Queue(BaseModel):
    """A page of the queue, and the cursor of the next one if there is more."""

    cases: list[Waiting]
    next: str | None


@router.post("/cases/{case_id}/classification")
async def post_classification(case_id: str, wanted: Correction, act: Act, city: TheCity) -> CaseView:
    """Say what the case is; deadlines follow from it. Lowering the grade needs a reason."""
    faults = list(wrong(wanted, city))
    if faults:
        raise problem(422, "The city does not have this.", "本市没有这一分类。", faults)
    return await act(case_id, reclassify, wanted)


@router.post("/cases/{case_id}/rejection")
async def post_rejection(case_id: str, rejection: Rejection, act: Act) -> CaseView:
    """Refuse to file the case, with a reason that the reporter can read."""
    return await act(case_id, reject, rejection)


@router.post("/cases/{case_id}/merge")
async def post_merge(case_id: str, merging: Merging, act: Act, reads: Reads) -> CaseView:
    """Join the case to an earlier one; its reporters follow that one from now on."""
    other = await reads.case(merging.into)
    if other is None:
        fault = Fault(field="into", en=f"There is no case {merging.into}.", zh=f"没有编号为 {merging.into} 的案件。")
        raise problem(422, "The other case does not exist.", "要并入的案件不存在。", [fault])
    return await act(case_id, merge, Joining.to(other, merging.reason))


@router.get("/queue")
async def get_queue(
    reads: Reads,
    city: TheCity,
    now: Now,
    cursor: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Queue:
    """List what no rule could place, oldest first, with the likeliest categories and the words that speak for them."""
    ripe = {"queued": {"$gt": cursor, "$lt": stamp(now - A_MOMENT)}}
    found = await reads.cases(ripe, sort=[("queued", 1)], limit=limit + 1)
    page = found[:limit]
    return Queue(cases=[waiting(case, city) for case in page], next=queued(page[-1]) if len(found) > limit else None)


def wrong(wanted: Correction, city: City) -> list[Fault]:
    """Return what the correction names and the city does not have."""
    category = city.categories.get(wanted.category)
    if category is None:
        return [Fault(field="category", en="The city has no such category.", zh="本市没有此类别。")]
    keys = [condition.key for condition in category.conditions]
    if wanted.condition is None or wanted.condition in keys:
        return []
    return [Fault(field="condition", en=f"One of {', '.join(keys)} is needed.", zh=f"应为 {'、'.join(keys)} 之一。")]


def waiting(case: Case, city: City) -> Waiting:
    """Return what an operator needs to place the case."""
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
        suggestions=suggestions(case.text, city),
    )


def suggestions(text: str, city: City) -> list[Suggestion]:
    """Return the likeliest categories, best first."""
    return [
        Suggestion(
            category=found.code,
            condition=condition_of(text, found.code, city),
            name=city.categories[found.code].name,
            score=found.score,
            words=found.words,
        )
        for found in candidates(text, city)[:BEST]
    ]
