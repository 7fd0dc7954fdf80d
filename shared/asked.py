"""What routes may ask for by annotating a parameter (`act: Act`): the caller, the clock, reads, and the two ways to say something."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar, cast
from uuid import uuid4

from fastapi import Depends, Header, Query, Request, Response
from pydantic import AwareDatetime

from shared import metrics
from shared.access import Caller
from shared.case import Case, Status
from shared.caseview import CaseView
from shared.city import City
from shared.command import Accepted, Action, Command, newest, perform, unsure
from shared.events import MAX_BYTES, AnyEvent, Said
from shared.finding import resolved
from shared.gate import Admission, repeatable
from shared.problems import Fault, Problem, language_of, problem
from shared.process import Process
from shared.service import Query as Wanted
from shared.service import World
from shared.store import CASES, Document, row_of
from shared.stream import Away

Body = TypeVar("Body")
NOTHING: Any = None  # the body of a command that has none


def process_of(request: Request) -> Process:
    return cast(Process, request.app.state.process)


TheProcess = Annotated[Process, Depends(process_of)]


def now_of(process: TheProcess) -> datetime:
    return process.now()


def city_of(process: TheProcess) -> City:
    return process.city


Now = Annotated[datetime, Depends(now_of)]
TheCity = Annotated[City, Depends(city_of)]
Language = Annotated[str, Depends(language_of)]


# -- who calls


async def admission_of(request: Request) -> Admission:
    return cast(Admission, request.scope["admission"])


async def caller_of(request: Request) -> Caller:
    return cast(Admission, request.scope["admission"]).caller


async def actor_of(request: Request) -> str:
    return cast(Admission, request.scope["admission"]).caller.id


TheAdmission = Annotated[Admission, Depends(admission_of)]
CurrentCaller = Annotated[Caller, Depends(caller_of)]
Actor = Annotated[str, Depends(actor_of)]  # the id of the caller, which is the actor of every fact


# -- what is said

Key = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200, description="The same key and body say the same thing once")
]


async def key_id(request: Request, caller: Actor, key: Key = None) -> str:
    """Return the id that what is said will have: by caller, key and body, or a new one."""
    return await repeatable(request, caller, key) if key is not None else uuid4().hex


KeyId = Annotated[str, Depends(key_id)]
When = Annotated[AwareDatetime | None, Query(alias="at", description="When it happened, if earlier than now (a late entry)")]
IfMatch = Annotated[str | None, Header(alias="If-Match", pattern=r'(W/)?"?\d+"?', description="The version of the case that you have seen")]


def when_it_happened(process: Process, at: datetime | None, field: str = "at") -> datetime:
    """Return `at`, or now; raises a 422 problem for a time that lies ahead."""
    now = process.now()
    if at is not None and at > now + timedelta(seconds=process.settings.future_seconds):
        fault = Fault(
            field=field, en=f"{at.isoformat()} is later than now, {now.isoformat()}.", zh=f"{at.isoformat()} 晚于现在 {now.isoformat()}。"
        )
        raise problem(422, "A time lies in the future.", "时间不能在未来。", [fault])
    return at or now


@dataclass(frozen=True)
class Acting:
    """Says something about a case for the caller, and answers with what became of it."""

    process: Process
    response: Response
    command: Command
    staff: bool

    async def __call__(self, case_id: str, action: Action[Body], body: Body = NOTHING) -> CaseView:
        """Perform `action`. Raises the problem to answer with, or Accepted."""
        name = self.process.service.name
        try:
            case = await perform(self.process, await resolved(self.process, case_id), action, body, self.command)
        except Problem as refused:
            metrics.COMMANDS.labels(name, str(refused.status)).inc()
            raise
        except Accepted:
            metrics.COMMANDS.labels(name, "202").inc()
            raise
        metrics.COMMANDS.labels(name, "200").inc()
        self.response.headers["ETag"] = f'"{case.version}"'
        return CaseView.of(case) if self.staff else CaseView.for_reporter(case)


@dataclass(frozen=True)
class Circumstances:
    """What every command may say about itself besides its body."""

    process: TheProcess
    response: Response
    id: KeyId
    at: When = None
    if_match: IfMatch = None

    def acting(self, caller: Caller) -> Acting:
        at = when_it_happened(self.process, self.at)
        version = int(re.sub(r"\D", "", self.if_match)) if self.if_match else None
        said = Said(id=self.id, at=at, by=caller.id, late=self.at is not None)
        return Acting(self.process, self.response, Command(said, version), caller.staff and not caller.opens)


async def acting(caller: CurrentCaller, circumstances: Annotated[Circumstances, Depends()]) -> Acting:
    return circumstances.acting(caller)


Act = Annotated[Acting, Depends(acting)]


@dataclass(frozen=True)
class Speaking:
    """Puts facts about new cases into the log."""

    process: Process

    async def __call__(self, events: Sequence[AnyEvent]) -> list[tuple[int, int]]:
        """Publish and wait for every acknowledgement; return partition and offset of each.

        Raises a problem: 503 if the outcome is unknown, 413 for too large an event.
        """
        try:
            return await self.process.log.publish_once(events)
        except Away as away:
            raise unsure() from away
        except ValueError as too_large:
            raise problem(413, f"This is more than {MAX_BYTES} bytes.", f"内容超过 {MAX_BYTES} 字节。") from too_large


def speaking(process: TheProcess) -> Speaking:
    return Speaking(process)


Speak = Annotated[Speaking, Depends(speaking)]


# -- reads


@dataclass(frozen=True)
class Reading:
    """Reads of this service's own copy; rows are saved a moment behind the log."""

    process: Process

    async def case(self, id_or_number: str) -> Case | None:
        """Return the newest that this process knows of the case."""
        case = await newest(self.process, await resolved(self.process, id_or_number))
        return None if case is None or case.status is Status.UNKNOWN else case

    async def cases(self, filter: Document, sort: Sequence[tuple[str, int]] = (), limit: int = 100) -> list[Case]:
        """Return saved cases found by the service's fields."""
        return [row.case for row in await self.process.store.case_rows(filter, sort, limit)]

    async def documents(self, filter: Document, sort: Sequence[tuple[str, int]] = (), limit: int = 100) -> list[tuple[Document, Case]]:
        """Return saved cases with the fields that they were found by."""
        return [(found, row_of(found).case) for found in await self.process.store.find(CASES, filter, sort, limit)]

    async def ids(self, filter: Document, sort: Sequence[tuple[str, int]] = (), limit: int = 100) -> list[str]:
        """Return ids of saved cases."""
        found = await self.process.store.find(CASES, filter, sort, limit, projection={"_id": True})
        return [document["_id"] for document in found]

    async def count(self, filter: Document) -> int:
        """Return how many saved cases the filter finds."""
        return await self.process.store.count(CASES, filter)

    async def rows(self, view: str, filter: Document, sort: Sequence[tuple[str, int]] = (), limit: int = 0) -> list[Document]:
        """Return saved rows of a view."""
        return await self.process.store.find(view, filter, sort, limit)

    async def near(self, queries: Sequence[Wanted]) -> dict[str, Document]:
        """Return the fields of saved cases, as `look` does for decisions."""
        return await self.process.store.look(queries)

    async def world(self, queries: Sequence[Wanted]) -> World:
        """Return what a decision that asks for this would see at this moment: saved, overlaid with what this process knows."""
        city = self.process.city
        return World(city, await self.process.recipe.speaking.found(queries, city))


def reading(process: TheProcess) -> Reading:
    return Reading(process)


Reads = Annotated[Reading, Depends(reading)]


@dataclass(frozen=True)
class Keeping:
    """The service's private database, which is not derived from the log."""

    process: Process

    async def put(self, collection: str, id: str, document: Document) -> None:
        await self.process.private.put(collection, id, document)

    async def get(self, collection: str, id: str) -> Document | None:
        return await self.process.private.get(collection, id)

    def token(self) -> str:
        """Return a new random name for something kept."""
        return secrets.token_urlsafe(16)


def keeping(process: TheProcess) -> Keeping:
    return Keeping(process)


Keep = Annotated[Keeping, Depends(keeping)]
