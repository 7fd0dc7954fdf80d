"""What a resident may expect besides the deadline: "most cases like this take about ...", from the city's own history."""

import math
from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.console.reader import Reader
from services.console.returning import Read
from services.console.views.expected import By, Expected, asked, foretold, kinds
from services.console.words import Lang, say
from shared.case import Case
from shared.city import City, Words
from shared.events import Name

HALF = Words(zh="同类事项多数约需 {median}。", en="Most cases like this take about {median}.")
BOTH = Words(
    zh="同类事项多数约需 {median}，九成在 {most}内办结。",
    en="Most cases like this take about {median}; nine of ten are done within {most}.",
)
UNITS = (  # the least length that is said in it, its seconds, its names
    (129_600.0, 86_400.0, Words(zh="{n} 天", en="{n} days"), Words(zh="1 天", en="1 day")),
    (5_400.0, 3_600.0, Words(zh="{n} 小时", en="{n} hours"), Words(zh="1 小时", en="1 hour")),
    (0.0, 60.0, Words(zh="{n} 分钟", en="{n} minutes"), Words(zh="1 分钟", en="1 minute")),
)


class ExpectedAsked(BaseModel):
    """The query of `GET /expected`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Name = Field(description="Code of a category of the city")
    grid: Name | None = Field(None, description="Id of a grid of the city")
    lang: Lang | None = Field(None, description="Language of the words, instead of Accept-Language")


class ExpectedAnswer(BaseModel):
    """How long cases like this take from filing to completion, natural time, within 5 %, over the last twelve months."""

    model_config = ConfigDict(frozen=True)

    by: By = Field(description="What these cases have in common: type and grid, type, or grade alone")
    cases: int = Field(description="How many they are, those included that are still open")
    median_seconds: float = Field(description="Half of them are done within so many seconds")
    p90_seconds: float | None = Field(description="Nine tenths are; null if too many are still open to say so")
    words: str


def likeness(case: Case) -> Mapping[By, str] | None:
    """Return what the case is like, None before it is filed."""
    what = case.classification
    return kinds(what.category, what.grid, str(what.grade)) if what else None


def of_category(code: str, grid: str | None, city: City) -> Mapping[By, str]:
    return kinds(code, grid, str(city.categories[code].grade))


async def expecting(rows: Read, of: Mapping[By, str], now: datetime, reader: Reader) -> ExpectedAnswer | None:
    """Return what may be expected of a case like these, None if the history does not tell."""
    found = foretold(await rows("expected", {"of": {"$in": asked(of, now)}}, (), 0), of, now)
    return None if found is None else promised(found, reader.lang)


def promised(found: Expected, lang: Lang) -> ExpectedAnswer | None:
    """Return the promise in figures and words."""
    if found.median is None:
        return None
    most = found.most
    said = {"median": length(found.median, lang), "most": length(most, lang, up=True) if most is not None else ""}
    return ExpectedAnswer(
        by=found.by,
        cases=found.cases,
        median_seconds=round(found.median, 1),
        p90_seconds=None if most is None else round(most, 1),
        words=say(HALF if most is None else BOTH, lang).format(**said),
    )


def length(seconds: float, lang: Lang, up: bool = False) -> str:
    """Return a length in whole minutes, hours or days; `up` rounds up."""
    _, size, many, one = next(unit for unit in UNITS if seconds >= unit[0])
    n = math.ceil(seconds / size) if up else max(1, round(seconds / size))
    return say(one if n == 1 else many, lang).format(n=n)
