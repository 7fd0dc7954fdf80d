"""Who looked at confidential cases: the console takes the records in from their topic and shows them to auditors.

They are taken in when somebody asks, from where it stopped, each once by its offset: several consoles may do so at the same time.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.console.reader import TheReader
from services.console.words import who
from shared.command import unsure
from shared.events import Name
from shared.looks import Look
from shared.process import Process
from shared.stamps import stamp
from shared.stream import Away
from shared.web import TheProcess

LOOKS, PLACE = "looks", "looks_place"
TAKEN_AT_ONCE = 5_000
looks = APIRouter(tags=["looks"])


class LooksAsked(BaseModel):
    """The query of `GET /looks`; times are ISO 8601 with zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: Name | None = Field(None, description="Id of a case")
    by: Name | None = Field(None, description="Id of who looked")
    since: AwareDatetime | None = Field(None, alias="from", description="At this time or later")
    until: AwareDatetime | None = Field(None, alias="to", description="Before this time")
    allowed: bool | None = Field(None, description="Whether they were let in")
    limit: Annotated[int, Field(ge=1, le=1000, description="Most records, the newest first")] = 100
    lang: str | None = Field(None, description="Language of the words, instead of Accept-Language")


class LookAnswer(Look):
    """A look, and the role of the post in words."""

    who: str


@looks.get("/looks")
async def get_looks(asked: Annotated[LooksAsked, Query()], process: TheProcess, reader: TheReader) -> list[LookAnswer]:
    """List who looked at confidential cases, and who tried to, the newest first."""
    await taken_in(process)
    found = await process.private.find(LOOKS, wanted(asked), [("order", -1)], asked.limit)
    seen = [Look.model_validate_json(row["body"]) for row in found]
    return [LookAnswer(**look.model_dump(), who=who(look.by, *reader)) for look in seen]


def wanted(asked: LooksAsked) -> dict[str, Any]:
    """Return the query for the records."""
    some: dict[str, Any] = {name: value for name in ("case", "by", "allowed") if (value := getattr(asked, name)) is not None}
    bounds = {"$gte": asked.since, "$lt": asked.until}
    order = {operator: stamp(at) for operator, at in bounds.items() if at is not None}
    return {**some, "order": order} if order else some


async def taken_in(process: Process) -> None:
    """Bring our copy up to the end of the topic. Raises a 503 problem if it cannot be read."""
    kept = await process.private.get(PLACE, "0")
    if kept is None:
        await process.private.index(LOOKS, "case", "by", "order")
    place = kept["offset"] if kept else 0
    while True:
        try:
            records = await process.log.looks_from(place, TAKEN_AT_ONCE)
        except Away as away:
            raise unsure() from away
        if not records:
            return
        await process.private.replace_newer(LOOKS, [row_of(offset, value) for offset, value in records])
        place = records[-1][0] + 1
        await process.private.put(PLACE, "0", {"offset": place})


def row_of(offset: int, value: bytes) -> dict[str, Any]:
    """Return a record as it is saved; `order` sorts by time, and those of one moment as they came."""
    look = Look.model_validate_json(value)
    order = f"{stamp(look.at)}/{offset:012d}"
    return {
        "_id": f"0/{offset}",
        "offset": offset,
        "case": look.case,
        "by": look.by,
        "allowed": look.allowed,
        "order": order,
        "body": look.model_dump_json(),
    }
