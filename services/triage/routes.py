"""What people ask of triage over HTTP: what a text is about, what it repeats; and to correct, refuse, merge or separate a case."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.triage import naming
from services.triage.actions import Correction, Finding, Joining, Reason, Rejection, confirm, merge, reclassify, reject, separate
from services.triage.answers import Assessed, Queue, Similar, Waiting, assessed_as, similar, waiting, with_named
from services.triage.assessing import assessed_text, category_of
from services.triage.decide import queued
from services.triage.likeness.cases import asked, asked_before
from services.triage.likeness.near import Wanted
from services.triage.likeness.suggestions import suggestions
from shared.access import confidential
from shared.case import Case
from shared.city import City
from shared.events import MAX_TEXT, Name
from shared.service import Fields, World
from shared.stamps import stamp
from shared.terms import Location
from shared.web import Act, CaseView, Fault, Now, Reading, Reads, Sees, TheCity, problem

router = APIRouter()

MOST = 200  # reports of one answer
A_MOMENT = timedelta(seconds=5)  # what is younger may still be placed by a rule


class Merging(BaseModel):
    """Which earlier case it is, by id or number, and how one can tell."""

    model_config = ConfigDict(extra="forbid")

    into: Name
    reason: Reason


class Message(BaseModel):
    """A text that may become a report, and what is known about it; `category` if its writer has chosen one."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]
    channel: Name = "chat"
    location: Location | None = None
    address: Annotated[str, StringConstraints(max_length=500)] = ""
    category: Name | None = None


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
async def post_merge(case_id: str, merging: Merging, act: Act, reads: Reads, sees: Sees, city: TheCity) -> CaseView:
    """Join the case to an earlier one; its reporters follow that one from now on."""
    other = await reads.case(merging.into)
    if other is None or not await sees.shown([other]):
        fault = Fault(field="into", en=f"There is no case {merging.into}.", zh=f"没有编号为 {merging.into} 的案件。")
        raise problem(422, "The other case does not exist.", "要并入的案件不存在。", [fault])
    own = await reads.case(case_id)
    if own is not None and confidential(other, city) and not confidential(own, city):
        fault = Fault(
            field="into",
            en="That case is confidential and this one is not: classify this one first.",
            zh="该案件保密而本案件不保密，请先更正本案件的分类。",
        )
        raise problem(422, "An open case is not joined to a confidential one.", "不能将非保密案件并入保密案件。", [fault])
    return await act(case_id, merge, Joining.to(other, merging.reason))


@router.post("/cases/{case_id}/separation")
async def post_separation(case_id: str, body: Finding, act: Act) -> CaseView:
    """Separate the case from the one that it was merged into."""
    return await act(case_id, separate, body)


@router.post("/cases/{case_id}/confirmation")
async def post_confirmation(case_id: str, body: Finding, act: Act) -> CaseView:
    """Say that you have looked and that it is so; reject the case if it is not."""
    return await act(case_id, confirm, body)


@router.post("/assessments")
async def post_assessment(message: Message, reads: Reads, city: TheCity, now: Now) -> Assessed:
    """Say what a text is about and which open cases it may repeat, before it is a report: "is it one of these?". Nothing is kept."""
    found = assessed_text(message.text, message.channel, city.located(message.location), now, city)
    code = message.category or (found.best.code if found.best and found.sure else "")
    wanted = asked_before(message.text, message.location, now, city, code=code, address=message.address, source=message.channel)
    return assessed_as(found, await likely(wanted, reads, city), city)


@router.get("/cases/{case_id}/duplicates")
async def get_duplicates(case_id: str, reads: Reads, city: TheCity) -> list[Similar]:
    """Suggest earlier open cases that this one may repeat: the one that its reporter named, and up to three likely ones, with reasons."""
    case = await reads.case(case_id)
    if case is None:
        raise problem(404, f"There is no case {case_id}.", f"没有编号为 {case_id} 的案件。")
    category = category_of(case, city)
    found = await likely(asked(case, category.code if category else "", city), reads, city)
    world = await around(case, reads)
    return with_named(case, naming.named(case, world), world.others, found)


@router.get("/doubts")
async def get_doubts(sees: Sees, city: TheCity) -> list[Waiting]:
    """List what was filed at once for fear of danger, for a person to look at: a correction, or the same category again, settles it."""
    return [waiting(case, city) for case in await sees.cases({"doubted": {"$gt": ""}}, [("doubted", 1)], MOST)]


@router.get("/staff/{person_id}/verifications")
async def get_verifications(person_id: str, sees: Sees) -> list[CaseView]:
    """List the reports that a person is asked to look at before they are filed, the oldest first."""
    return [CaseView.of(case) for case in await sees.cases({"verifier": person_id}, [("reported", 1)], MOST)]


@router.get("/queue")
async def get_queue(
    sees: Sees,
    city: TheCity,
    now: Now,
    cursor: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Queue:
    """List what no rule could place, oldest first, with the likeliest categories and the words that speak for them."""
    ripe = {"queued": {"$gt": cursor, "$lt": stamp(now - A_MOMENT)}}
    found = await sees.cases(ripe, sort=[("queued", 1)], limit=limit + 1)
    page = found[:limit]
    return Queue(cases=[waiting(case, city) for case in page], next=queued(page[-1]) if len(found) > limit else None)


async def around(case: Case, reads: Reading) -> World:
    """Return what must be seen of the case that the reporter named, and of what it was merged into."""
    rows: dict[str, Fields] = {}
    while further := naming.asked([case], rows):
        more = await reads.world([{"_id": tuple(further)}])
        if not more.others:
            break
        rows.update(more.others)
    return World(reads.process.city, rows)


async def likely(wanted: Wanted, reads: Reads, city: City) -> list[Similar]:
    """Return what is likely to be the same among the open cases near that are not confidential."""
    found = await reads.near([wanted.query]) if wanted.query else {}
    rows = {id: row for id, row in found.items() if "all" in row.get("marks", ())}
    return similar(suggestions(wanted, rows, city), rows, city)


def wrong(wanted: Correction, city: City) -> list[Fault]:
    """Return what the correction names and the city does not have."""
    category = city.categories.get(wanted.category)
    if category is None:
        return [Fault(field="category", en="The city has no such category.", zh="本市没有此类别。")]
    keys = [condition.key for condition in category.conditions]
    if wanted.condition is None or wanted.condition in keys:
        return []
    return [Fault(field="condition", en=f"One of {', '.join(keys)} is needed.", zh=f"应为 {'、'.join(keys)} 之一。")]
