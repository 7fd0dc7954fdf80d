"""The photo of a request: taken in with a form, and shown once it is released."""

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.datastructures import UploadFile

from services.intake.album import DECISIONS
from services.intake.open311.here import Here
from services.intake.open311.spaces import Tests
from services.intake.showing import Decision
from shared.clock import real
from shared.photos import admitted, keep
from shared.photos_links import is_own
from shared.problems import Problem
from shared.process import Process

FIELD = "media"


async def taken(process: Process, files: Sequence[UploadFile]) -> tuple[str, ...]:
    """Keep the photos and return their names. Raises the problem of the first that is no fit photo."""
    names = []
    async with admitted(process):
        for file in files:
            try:
                names.append((await keep(process, await file.read(process.settings.photo_bytes + 1))).name)
            except Problem as found:
                found.faults = tuple(fault.model_copy(update={"field": FIELD}) for fault in found.faults)
                raise
    return tuple(names)


async def with_links(here: Here, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with the address of the photo in place of its name, or none where it is not for everybody.

    Of a photo of ours an operator decides that, for the case; in the test space, whoever posted it sees it for an hour.
    """
    told = list(rows)
    own = {row["media"] for row in told if row["media"] and is_own(row["media"])}
    if not own:
        return told
    links, now = here.process.photos.links, real().timestamp()
    if isinstance(here.space, Tests):
        shown = {(row["media"], row["case"]): links.photo(row["media"], now) for row in told if row["media"] in own}
    else:
        found = await here.process.private.find(DECISIONS, {"_id": {"$in": sorted(own)}})
        last = {one["_id"]: Decision.model_validate(one["decisions"][-1]) for one in found}
        shown = {(name, case): links.open(name) for name, one in last.items() if one.shown for case in one.cases}
    return [{**row, "media": shown.get((row["media"], row["case"]))} if row["media"] in own else row for row in told]
