"""Where requests are kept: production, which is the log and intake's copy of it, and the test space, which nobody handles or counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.desk import Desk, Filing
from services.intake.open311.listing import Filter, Row
from services.intake.open311.visible import saved
from services.intake.report import reported
from services.intake.views.requests import requests, shown
from shared.asked import Keeping, Reading, Speaking
from shared.case import Case, Status, evolve
from shared.city import City
from shared.events import CaseReported
from shared.number import number_of
from shared.process import Process
from shared.stamps import stamp

TESTS, TOKENS = "open311_tests", "open311_tokens"  # collections of intake's private database
PRODUCTION, TEST = "/open311/v2", "/open311/test/v2"


@dataclass(frozen=True)
class Production:
    """What residents report, and how it stands."""

    process: Process
    base = PRODUCTION

    async def find(self, filter: Filter, sort: Sequence[tuple[str, int]], limit: int, wanted: Mapping[str, bool] | None) -> list[Row]:
        return await self.process.store.find(requests.name, filter, sort, limit, wanted)

    async def number(self, case_id: str) -> str | None:
        """Return the number of a case once it is more than a report, or None."""
        row = (await self.process.store.rows(requests.name, [f"{self.process.log.partition(case_id.encode())}/{case_id}"])).values()
        return next((str(one["number"]) for one in row if one["state"] != Status.REPORTED), None)

    async def file(self, filing: Filing, by: str, now: datetime, city: City) -> str:
        """File the report as every other one, and return its number once intake's copy shows it."""
        desk = Desk(Reading(self.process), Keeping(self.process), Visibly(self.process), by, now)
        return (await desk.file([filing]))[filing.case_id]


@dataclass(frozen=True)
class Tests:
    """A space to try things out: what is posted here stays as it is."""

    process: Process
    base = TEST

    async def find(self, filter: Filter, sort: Sequence[tuple[str, int]], limit: int, wanted: Mapping[str, bool] | None) -> list[Row]:
        return await self.process.private.find(TESTS, filter, sort, limit, wanted)

    async def number(self, case_id: str) -> str | None:
        row = await self.process.private.get(TESTS, case_id)
        return str(row["number"]) if row else None

    async def file(self, filing: Filing, by: str, now: datetime, city: City) -> str:
        """Keep the report, and return a number; nothing of it is said to the log, and no contact is kept."""
        if known := await self.number(filing.case_id):
            return known
        fact = reported(filing.body, case_id=filing.case_id, number=number_of(filing.case_id), token=None, by=by, now=now)
        row = shown(evolve(Case(id=filing.case_id), fact), city, stamp(fact.at))
        more = {"media": next(iter(fact.media), None), "notes": [[stamp(fact.at), str(Status.REPORTED), ""]]}
        await self.process.private.put(TESTS, filing.case_id, {**row, **more})
        return fact.number


Space = Production | Tests


@dataclass(frozen=True)
class Visibly:
    """Says that cases were reported, and waits until intake's copy has them."""

    process: Process

    async def __call__(self, facts: Sequence[CaseReported]) -> None:
        for partition, offset in await Speaking(self.process)(facts):
            await saved(self.process, partition, offset)
