"""The photos that intake knows by the facts that named them, and what was decided about each."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from services.intake.finding import survivor_of
from services.intake.showing import Decision, is_public
from services.intake.views.photos import RESULT
from shared.case import Case
from shared.store import Document
from shared.web import Keep, Reads, TheCity, TheProcess

DECISIONS = "photo_decisions"  # the collection


class Shown(BaseModel):
    """A photo that everybody may see."""

    model_config = ConfigDict(frozen=True)

    name: str
    step: str = Field(description="report, supplement, on_site or result")
    url: str
    thumb: str


class Pair(BaseModel):
    """How it was, and how it is, for showing side by side; each in the order of time."""

    model_config = ConfigDict(frozen=True)

    before: tuple[Shown, ...] = ()
    after: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Album:
    """Finds photos and says what everybody may see."""

    reads: Reads
    keep: Keep
    city: TheCity
    process: TheProcess

    async def cases_of(self, name: str) -> list[tuple[Document, Case]]:
        """Return where a photo was shown: the row and the case. Usually one."""
        rows = await self.reads.rows("photos", {"name": name})
        found = [(row, await self.reads.case(row["case"])) for row in rows]
        return [(row, case) for row, case in found if case is not None]

    async def decision(self, name: str) -> Decision | None:
        found = await self.keep.get(DECISIONS, name)
        return Decision.model_validate(found["decisions"][-1]) if found else None

    async def decide(self, name: str, decision: Decision) -> None:
        """Keep what was decided, behind what was decided before."""
        found = await self.keep.get(DECISIONS, name)
        earlier = found["decisions"] if found else []
        await self.keep.put(DECISIONS, name, {"decisions": [*earlier, decision.model_dump(mode="json")]})

    async def public(self, name: str) -> tuple[bool, Decision | None]:
        """Return whether everybody may see a photo, in any of the cases that show it, and what was decided."""
        decision = await self.decision(name)
        where = await self.cases_of(name)
        seen = [is_public(row["step"], case, await survivor_of(case, self.reads), decision, self.city) for row, case in where]
        return any(seen), decision

    async def pair(self, case: Case) -> Pair:
        """Return what everybody may see of a case."""
        rows = sorted(await self.reads.rows("photos", {"case": case.id}), key=lambda row: (row["at"], row["name"]))
        survivor = await survivor_of(case, self.reads)
        sides: dict[bool, list[Shown]] = {False: [], True: []}
        for row in rows:
            decision = await self.decision(row["name"])
            if is_public(row["step"], case, survivor, decision, self.city):
                sides[row["step"] == RESULT].append(self.shown(row))
        return Pair(before=tuple(sides[False]), after=tuple(sides[True]))

    def shown(self, row: Document) -> Shown:
        links = self.process.photos.links
        return Shown(name=row["name"], step=row["step"], url=links.open(row["name"]), thumb=links.open_thumb(row["name"]))


TheAlbum = Annotated[Album, Depends()]
