"""What is done with reports that have no fault: find out whether they are here already, give them numbers, keep the contact, say it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.intake.contact import CONTACTS
from services.intake.report import CHANNELS, ReportBody, case_id_of, reported, token_of
from shared.asked import Keeping, Reading
from shared.case import Status
from shared.events import CaseReported
from shared.metrics import REPORTS
from shared.number import number_of

Say = Callable[[Sequence[CaseReported]], Awaitable[object]]


@dataclass(frozen=True)
class Filing:
    """A report, and what two sendings of it have in common; nothing, if its meaning is `unique`."""

    body: ReportBody
    meaning: str
    unique: bool = False

    @property
    def case_id(self) -> str:
        return case_id_of(self.meaning)


def begin() -> None:
    """Name the series of every channel before anything has come in, so that Prometheus sees the first step."""
    for channel in CHANNELS:
        REPORTS.labels(channel=channel)


@dataclass(frozen=True)
class Desk:
    """Files reports for one caller. `used` are the numbers given in this sitting, which the store may not show yet."""

    reads: Reading
    keep: Keeping
    speak: Say
    by: str
    now: datetime
    used: set[str] = field(default_factory=set)
    filed: set[str] = field(default_factory=set)  # cases that this sitting has made

    async def file(self, filings: Sequence[Filing]) -> dict[str, str]:
        """Return the number of each case by its id once no report can be lost; reports that are here already are not said again."""
        wanted = {filing.case_id: filing for filing in reversed(filings)}  # of two sendings the first counts
        numbers = await self.known([id for id, filing in wanted.items() if not filing.unique])
        new = [filing for id, filing in wanted.items() if id not in numbers]
        if new:
            given, tokens = await asyncio.gather(self.free([filing.case_id for filing in new]), self.kept(new))
            facts = [self.fact(filing, given[filing.case_id], tokens.get(filing.case_id)) for filing in new]
            await self.speak(facts)
            numbers |= given
            self.filed.update(given)
            for fact in facts:
                REPORTS.labels(channel=fact.channel).inc()
        self.used.update(numbers.values())
        return numbers

    def new(self, case_id: str) -> bool:
        """Whether the case was made in this sitting."""
        return case_id in self.filed

    async def known(self, ids: list[str]) -> dict[str, str]:
        """Return the numbers of those cases that are here."""
        if not ids:
            return {}
        if len(ids) == 1:
            case = await self.reads.case(ids[0])
            return {case.id: case.number} if case is not None else {}
        cases = await self.reads.cases({"_id": {"$in": ids}}, limit=len(ids))
        return {case.id: case.number for case in cases if case.status is not Status.UNKNOWN}

    async def free(self, ids: Sequence[str]) -> dict[str, str]:
        """Return a number for each case that no other case has."""
        found: dict[str, str] = {}
        salt, wanting = 0, list(ids)
        while wanting:
            drawn = {id: number_of(id, salt) for id in wanting}
            holders = await self.holders(list(drawn.values()))
            for id, number in drawn.items():
                if holders.get(number, id) == id and number not in self.used and number not in found.values():
                    found[id] = number
            salt, wanting = salt + 1, [id for id in wanting if id not in found]
        return found

    async def holders(self, numbers: list[str]) -> dict[str, str]:
        """Return the id of the case that has each number; what nobody has is missing."""
        found = await self.reads.near([{"number": numbers}])
        return {fields["number"]: id for id, fields in found.items()}

    async def kept(self, filings: Sequence[Filing]) -> dict[str, str]:
        """Keep the contacts, before anything is said; return the token of each case that has one."""
        tokens: dict[str, str] = {}
        for filing in filings:
            told = filing.body.contact.model_dump(exclude_none=True) if filing.body.contact else {}
            if told:
                tokens[filing.case_id] = token_of(filing.meaning)
                await self.keep.put(CONTACTS, tokens[filing.case_id], {**told, "case": filing.case_id, "at": self.now})
        return tokens

    def fact(self, filing: Filing, number: str, token: str | None) -> CaseReported:
        return reported(filing.body, case_id=filing.case_id, number=number, token=token, by=self.by, now=self.now)
