"""Lists as far as the caller may see them: narrowed in the store by marks, looked at again, and recorded where a case is confidential."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from shared.access import SEALED, confidential, marks_for, may
from shared.asked import Reading, Reads, TheAdmission
from shared.case import Case
from shared.gate import Admission
from shared.looks import record
from shared.store import Document


@dataclass(frozen=True)
class Seeing:
    """Reads of cases narrowed to what the caller may see; each confidential one is recorded before it is handed out."""

    reads: Reading
    admission: Admission

    @property
    def marks(self) -> frozenset[str]:
        return marks_for(self.admission.caller, self.admission.row, self.reads.process.city)

    def filter(self) -> Document:
        """Return the query for what the caller may see; empty if that is everything."""
        return {} if {"all", f"{SEALED}all"} <= self.marks else {"marks": {"$in": sorted(self.marks)}}

    def case(self, case: Case) -> bool:
        """Whether the caller may see the case."""
        return may(self.admission.caller, self.admission.row, case, self.reads.process.city)

    async def shown(self, cases: Sequence[Case]) -> list[Case]:
        """Return those of the cases that the caller may see. Raises a 503 problem if a look cannot be recorded."""
        process, found = self.reads.process, [case for case in cases if self.case(case)]
        if sealed := [case for case in found if confidential(case, process.city)]:
            await record(process, sealed, self.admission.caller, self.admission.row, self.admission.route)
        return found

    async def cases(self, filter: Document, sort: Sequence[tuple[str, int]] = (), limit: int = 100) -> list[Case]:
        """Return saved cases found by the service's fields, as far as the caller may see them."""
        return await self.shown(await self.reads.cases({**filter, **self.filter()}, sort, limit)) if self.marks else []


async def seeing(reads: Reads, admission: TheAdmission) -> Seeing:
    return Seeing(reads, admission)


Sees = Annotated[Seeing, Depends(seeing)]
