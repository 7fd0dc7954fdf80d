"""What the public page and its feeds are answered from: the board, and of single cases what is read and then kept for some seconds."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from hashlib import sha256
from typing import Annotated, cast

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, computed_field

from services.console.public.board import Board
from services.console.public.kept import Kept
from services.console.public.lists import Asked, CasesTold, listed
from services.console.public.place import public
from services.console.public.story import Step, published, story
from services.console.public.told import Told, told
from services.console.reader import TheReader
from services.console.views.timeline import LAST, place
from services.console.words import Lang, name_of
from shared.case import Case
from shared.city import City
from shared.number import WrongCheckDigit, read_number, shown
from shared.problems import Problem, problem
from shared.store import Document
from shared.web import Now, Reads

FROZEN = ConfigDict(frozen=True)
LONGEST_CHAIN = 100  # merges that a reader is led through
LATELY = 50  # publications of one answer
PATIENCE_SECONDS = 10.0  # for the board, when the process has just started
LOOKS = 3  # for a case that was reported only just now
MARK = "all"  # of a case that is not confidential (`shared.access`)


class CaseTold(Told):
    """A case, and its story."""

    steps: tuple[Step, ...] = ()

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def mark(self) -> str:
        """Names all that is told: an open page that carries another mark is out of date."""
        return sha256(self.model_dump_json(exclude={"mark"}).encode()).hexdigest()[:16]


class Publication(BaseModel):
    """What was published about a case."""

    model_config = FROZEN

    number: str
    category: str
    grid: str | None
    place: str
    final: bool  # the outcome; else how it stood
    at: datetime
    text: str


@dataclass
class Serving:
    """The board, and what was made of single cases lately."""

    board: Board
    cases: Kept[CaseTold] = field(default_factory=Kept)
    lists: Kept[CasesTold] = field(default_factory=lambda: Kept(most=200))
    publications: Kept[list[Publication]] = field(default_factory=Kept)


def serving_of(request: Request) -> Serving:
    return cast(Serving, request.app.state.public)


@dataclass(frozen=True)
class Showing:
    """Answers for one reader."""

    serving: Annotated[Serving, Depends(serving_of)]
    reads: Reads
    reader: TheReader
    now: Now

    async def case(self, written: str) -> CaseTold:
        """Return the case of a number, in whatever groups it is written. Raises a 422 or 404 problem."""
        digits = number_in(written)
        key = (digits, self.reader.lang, self.reader.city.version, self.serving.board.moves.get(digits, 0))
        return await self.serving.cases.get(key, partial(self.read, digits))

    async def read(self, digits: str) -> CaseTold:
        case = await self.found(digits)
        survivor = await self.survivor_of(case)
        city, lang = self.reader
        one = survivor or case
        known = await self.known(one)
        answer = told(case, survivor, city, lang, self.now, 1 + len(known))
        steps: tuple[Step, ...] = ()
        if not answer.sealed:
            rows = await self.reads.rows("timeline", {"place": {"$gt": place(one.id, -1), "$lt": place(one.id, LAST)}}, [("place", 1)])
            steps = tuple(story(rows, known, city, lang))
        return CaseTold(**answer.model_dump(), steps=steps)

    async def found(self, digits: str) -> Case:
        for look in range(LOOKS):
            if look:
                await asyncio.sleep(self.reads.process.settings.flush_seconds)
            case = await self.reads.case(digits)
            if case is not None and case.number == digits:
                return case
        raise no_case(digits)

    async def survivor_of(self, case: Case) -> Case | None:
        """Return the case that this one is handled with in the end."""
        last = case
        for _ in range(LONGEST_CHAIN):
            following = await self.reads.case(last.into) if last.into else None
            if following is None:
                break
            last = following
        return last if last is not case else None

    async def known(self, case: Case) -> frozenset[str]:
        """Return those who joined the case and are not confidential themselves: the others are not even counted."""
        if not case.followers:
            return frozenset()
        return frozenset(await self.reads.ids({"_id": {"$in": list(case.followers)}, "marks": MARK}, limit=len(case.followers)))

    async def cases(self, asked: Asked) -> CasesTold:
        """Return a page of a list. Raises a 503 problem while the process has not read the cases yet."""
        await self.ready()
        key = (asked, self.reader.lang, self.reader.city.version, self.serving.board.edition)
        return await self.serving.lists.get(key, partial(self.listed, asked))

    async def listed(self, asked: Asked) -> CasesTold:
        return listed(self.serving.board.entries.values(), asked, *self.reader, self.now)

    async def ready(self) -> None:
        try:
            await asyncio.wait_for(self.serving.board.ready.wait(), PATIENCE_SECONDS)
        except TimeoutError:
            raise problem(503, "The cases are still being read.", "正在读取案件，请稍后再试。", headers={"Retry-After": "2"}) from None

    async def published(self, grid: str | None = None) -> list[Publication]:
        """Return what was published lately, the newest first."""
        key = (grid, self.reader.lang, self.reader.city.version, self.serving.board.edition)
        return await self.serving.publications.get(key, partial(self.lately, grid))

    async def lately(self, grid: str | None) -> list[Publication]:
        rows = await self.reads.rows("published", {}, [("by_time", -1)], LATELY * (10 if grid else 2))
        ids = list(dict.fromkeys(row["case"] for row in rows))
        cases = {case.id: case for case in await self.reads.cases({"_id": {"$in": ids}}, limit=len(ids) or 1)}
        return publications(rows, cases, grid, *self.reader)[:LATELY]


TheShowing = Annotated[Showing, Depends()]


def publications(rows: Iterable[Document], cases: dict[str, Case], grid: str | None, city: City, lang: Lang) -> list[Publication]:
    """Return what rows tell of the cases that are public now."""
    found: list[Publication] = []
    for row in rows:
        case = cases.get(row["case"])
        if case is None or case.classification is None or not public(case, city) or grid not in (None, case.classification.grid):
            continue
        found.append(
            Publication(
                number=shown(case.number),
                category=name_of("category", case.classification.category, city, lang),
                grid=case.classification.grid,
                place=name_of("grid", case.classification.grid, city, lang) if case.classification.grid else "",
                final=row["type"] == "outcome.published",
                at=city.local(datetime.fromisoformat(row["at"])),
                text=published(row["text"], row["by"], lang),
            )
        )
    return found


def number_in(written: str) -> str:
    """Return the digits of a number. Raises a 404 problem for what is none, 422 for one that cannot be right."""
    try:
        digits = read_number(written)
    except WrongCheckDigit:
        raise problem(
            422,
            "This is not a case number: look for a wrong digit, or two that changed places.",
            "案件编号有误：请检查是否有数字写错或颠倒。",
        ) from None
    if digits is None:
        raise no_case(written[:40])
    return digits


def no_case(written: str) -> Problem:
    return problem(404, f"There is no case {written}.", f"没有编号为 {written} 的案件。")
