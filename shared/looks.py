"""Every look at a confidential case, and every try that was refused, is recorded in a topic of its own before anybody is answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.access import Caller, Row
from shared.problems import problem
from shared.process import Process
from shared.stream import Away


class Look(BaseModel):
    """Who looked at which case, when, as what, through which service and route, and whether they were let in."""

    model_config = ConfigDict(frozen=True)

    case: str
    by: str
    role: str
    at: AwareDatetime
    service: str
    route: str
    allowed: bool


class OfACase(Protocol):
    """A case, or a row that was made of one."""

    @property
    def id(self) -> str: ...


async def record(process: Process, cases: Sequence[OfACase], caller: Caller, row: Row, route: str, allowed: bool = True) -> None:
    """Record a look at each of the cases. Raises a 503 problem if that cannot be done: then nothing may be shown."""
    now: datetime = process.now()
    looks = [
        Look(
            case=case.id,
            by=caller.id,
            role=caller.as_which(row),
            at=now,
            service=process.service.name,
            route=route,
            allowed=allowed,
        )
        for case in cases
    ]
    try:
        await process.log.note_looks([(look.case, look.model_dump_json().encode()) for look in looks])
    except Away as away:
        raise problem(
            503,
            "A look at a confidential case must be recorded, and the record cannot be reached.",
            "查看保密案件须先留痕，而留痕记录暂时无法写入。",
            headers={"Retry-After": "2"},
        ) from away
