"""What a phone in the field asks the console: everything that its bearer has to do, in one answer."""

from asyncio import gather
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response

from services.console.desk.routes import TheDesk
from services.console.desk.rows import Entry
from services.console.desk.serving import Looked, zipped
from services.console.phone.answers import Errand, Mine
from services.console.phone.errands import Row, errand, kind_of
from services.console.phone.kit import kit_of
from services.console.views.timeline import LAST, place
from shared.case import Case
from shared.city import City, Person
from shared.clock import real
from shared.looks import record
from shared.problems import problem
from shared.web import CurrentCaller, Now, Reads, Sees, TheCity, TheProcess


@asynccontextmanager
async def remembering(api: FastAPI) -> AsyncIterator[None]:
    """Remember what confidential cases were shown to whom while the service runs."""
    api.state.phones = Looked()
    yield


phone = APIRouter(prefix="/tasks", tags=["tasks"], lifespan=remembering)
MOST = 200  # errands of one answer
COMPLETED = b'"st":"completed"'


def person_of(caller: CurrentCaller, city: TheCity) -> Person:
    """Return the post of the caller. Raises a 404 problem for somebody who has none."""
    person = city.staff.get(caller.id)
    if person is None:
        raise problem(404, f"{caller.id!r} is no post of this city.", f"本市没有“{caller.id}”这一岗位。")
    return person


ThePerson = Annotated[Person, Depends(person_of)]


@phone.get("/mine", response_model=Mine, responses={304: {"description": "Nothing has changed"}})
async def get_mine(
    request: Request, person: ThePerson, caller: CurrentCaller, sees: Sees, reads: Reads, desk: TheDesk, process: TheProcess, now: Now
) -> Response:
    """Tell your tasks, the emergencies that you are told of, the looks that you are asked for and the results that wait for your check.

    Each with all that is needed on the way. What is confidential must not be kept on the phone.
    """
    city, ids = process.city, [entry.id for entry in near(desk.board.entries.values(), person, sees.marks)]
    found = [row.case for row in (await process.store.cases(ids[:MOST])).values()]
    wanted = [(case, kind) for case in found if sees.case(case) and (kind := kind_of(case, person, caller, city))]
    await noted(request, sees, [entry for case, _ in wanted if (entry := desk.board.entries.get(case.id)) and entry.sealed])
    rows = await gather(*(told(reads, case) for case, _ in wanted))
    links, clock = process.photos.links, real().timestamp()
    errands = [errand(case, kind, person, city, told, links, clock) for (case, kind), told in zip(wanted, rows, strict=True)]
    return await answer(request, mine(person, errands, city, now))


def near(entries: Iterable[Entry], person: Person, marks: frozenset[str]) -> list[Entry]:
    """Return the open cases that may concern the person: those that name them, and results in their reach."""
    own = f"by:{person.id}"
    return [entry for entry in entries if own in entry.marks or (COMPLETED in entry.row and not marks.isdisjoint(entry.marks))]


async def told(reads: Reads, case: Case) -> list[Row]:
    return await reads.rows("timeline", {"place": {"$gt": place(case.id, -1), "$lt": place(case.id, LAST)}}, [("place", 1)])


async def noted(request: Request, sees: Sees, sealed: list[Entry]) -> None:
    """Record a look at each confidential case that the caller was not shown as it is now. Raises a 503 problem."""
    looked: Looked = request.app.state.phones
    admission = sees.admission
    if unseen := looked.unseen(admission.caller.id, sealed):
        await record(sees.reads.process, unseen, admission.caller, admission.row, admission.route)
        looked.note(admission.caller.id, unseen)


def mine(person: Person, errands: Iterable[Errand], city: City, now: datetime) -> Mine:
    local = city.local(now)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    return Mine(
        now=now.timestamp(),
        day_ends=midnight.timestamp(),
        person=person.id,
        title=person.title,
        on_duty=person.on_duty(local),
        capacity=person.capacity,
        errands=tuple(sorted(errands, key=lambda one: (one.due is None, one.due.at if one.due else 0, one.id))),
        kit=kit_of(person, city, now),
    )


async def answer(request: Request, told: Mine) -> Response:
    """Answer with what has changed; 304 if nothing but the time has."""
    same = told.model_dump_json(exclude={"now"}).encode()
    headers = {"ETag": f'W/"{sha256(same).hexdigest()[:24]}"', "Cache-Control": "private, no-cache", "Gridcase-Now": f"{told.now}"}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    full = await zipped(request, told.model_dump_json().encode())
    full.headers.update(headers)
    return full
