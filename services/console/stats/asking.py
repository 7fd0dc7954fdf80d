"""What one may ask the figures for: filters of every dimension, a period, and how they are told apart."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.console.stats.dimensions import DIMENSIONS, WORDS, Dimension, known
from services.console.stats.periods import MOST, Every, Period, edges, moment
from services.console.stats.splitting import Sort
from services.console.words import Lang
from shared.case import Status
from shared.city import City
from shared.events import Name
from shared.problems import Fault
from shared.terms import Grade

When = Literal["reported", "closed"]
Time = AwareDatetime | date
CHECKED: tuple[Dimension, ...] = ("grid", "community", "street", "county", "department", "group", "category")


class StatsAsked(BaseModel):
    """The query of `GET /api/stats`. A filter given several times lets any of its values pass; a case must pass all filters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grid: list[Name] = Field([], description="Ids of grids of the city")
    community: list[Name] = Field([], description="Ids of communities")
    street: list[Name] = Field([], description="Ids of streets or townships")
    county: list[Name] = Field([], description="Ids of counties or districts")
    department: list[Name] = Field([], description="Ids of departments of the city")
    group: list[Name] = Field([], description="Ids of groups of types")
    category: list[Name] = Field([], description="Codes of types")
    grade: list[Grade] = Field([], description="Grades")
    channel: list[Name] = Field([], description="Channels that reports came in by")
    status: list[Status] = Field([], description="Statuses that cases have now")
    after: Time | None = Field(None, description="At this time or later: ISO 8601 with zone, or a day of the city such as 2026-03-01")
    before: Time | None = Field(None, description="Before this time, or before this day begins")
    when: When = Field(
        "reported", description="What must lie in the period: the report of a case, or the closing of one that is closed now"
    )
    format: Literal["json", "csv"] = Field("json", description="csv: a table for a spreadsheet, in UTF-8; or ask for text/csv in Accept")
    lang: Lang | None = Field(None, description="Language of the words, instead of Accept-Language")

    def period(self, city: City) -> Period:
        return Period(moment(self.after, city), moment(self.before, city))

    @property
    def filters(self) -> dict[Dimension, list[str]]:
        """Return the dimensions that are filtered by, with the values that pass."""
        return {name: [str(value) for value in values] for name in DIMENSIONS if (values := getattr(self, name))}

    def within(self, unit: str | None) -> Self:
        """Return what is asked by somebody who sees the figures of one department only, or of all if that is None."""
        return self if unit is None else self.model_copy(update={"department": [unit]})


class SeriesAsked(StatsAsked):
    """The query of `GET /api/stats/series`."""

    every: Every = Field("day", description="Days, weeks from Monday, or months, in the city's zone")


class ByAsked(StatsAsked):
    """The query of `GET /api/stats/by/{dimension}`."""

    and_: Dimension | None = Field(None, alias="and", description="A second dimension: one row for each pair of values that occurs")
    sort: Sort = Field("reported", description="`key`: by code; otherwise the largest first")
    limit: Annotated[int, Field(ge=1, le=200, description="Most rows of the answer")] = 50


def wrong(asked: StatsAsked, city: City) -> list[Fault]:
    """Return every parameter that the city does not know, or that contradicts another."""
    faults = strangers(asked.filters, city)
    period = asked.period(city)
    if period.after and period.before and period.after >= period.before:
        faults.append(Fault(field="before", en="Must be later than after", zh="必须晚于 after"))
    return faults


def strangers(filters: Mapping[Dimension, Sequence[str]], city: City) -> list[Fault]:
    """Return every value that is asked for and that the city does not have."""
    return [
        Fault(field=name, en=f"The city has no {name} {value!r}", zh=f"本市没有{WORDS[name].zh}“{value}”")
        for name in CHECKED
        for value in filters.get(name, ())
        if value not in known(name, city)
    ]


def wrong_series(asked: SeriesAsked, city: City, now: datetime) -> list[Fault]:
    faults = wrong(asked, city)
    if not faults and len(edges(asked.every, asked.period(city), now, city)) > MOST + 1:
        faults.append(
            Fault(field="after", en=f"At most {MOST} points are told; ask for a shorter period", zh=f"最多 {MOST} 个点，请缩短时间范围")
        )
    return faults


def wrong_by(asked: ByAsked, dimension: Dimension, city: City) -> list[Fault]:
    faults = wrong(asked, city)
    if asked.and_ == dimension:
        faults.append(Fault(field="and", en="Must be another dimension than the first", zh="必须与第一个维度不同"))
    return faults
