"""What the figures answer with. The answers are built as plain data in `telling`, which these models describe and tests hold it to."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.console.counting import Quantiles
from services.console.rating import Rate

QUANTILES = {"count": 180, "p50": 5432.1, "p90": 86512.4, "p99": 402311.9}
NO_VALUE = {"count": 0, "p50": None, "p90": None, "p99": None}
FIGURES: dict[str, Any] = {
    "reported": 240, "open": 51, "overdue": 3, "closed": 180, "merged": 6, "rejected": 2, "withdrawn": 1,
    "rates": [{"rate": "response", "name": "Response", "numerator": 171, "denominator": 180, "value": 0.95}],
    "composite": 0.9312,
    "times": {"assignment": QUANTILES, "acceptance": QUANTILES, "response": QUANTILES, "resolution": QUANTILES},
    "stages": {"verify": NO_VALUE, "accept": QUANTILES, "dispatch": QUANTILES, "handle": QUANTILES, "check": QUANTILES},
}  # fmt: skip
ABOUT: dict[str, Any] = {
    "as_of": "2026-03-31T04:00:01.250000Z", "after": "2026-02-28T16:00:00Z", "before": None, "when": "reported",
    "confidential": "counted", "weights": {"response": 0.3, "resolution": 0.35, "satisfaction": 0.35},
    "definitions": {"reported": "/api/stats/definitions/reported", "times.response": "/api/stats/definitions/times.response"},
}  # fmt: skip


def shown(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(frozen=True, json_schema_extra={"examples": [example]})


class Figures(BaseModel):
    """All that is told of some cases. Numbers of cases; rates from 0 to 1; times in natural seconds."""

    model_config = shown(FIGURES)

    reported: int
    open: int
    overdue: int
    closed: int
    merged: int
    rejected: int
    withdrawn: int
    rates: list[Rate]
    composite: float | None
    times: dict[str, Quantiles] = Field(description="assignment, acceptance, response, resolution")
    stages: dict[str, Quantiles] = Field(description="verify, accept, dispatch, handle, check")


class About(BaseModel):
    """What an answer is about, how fresh it is, and where each figure is defined."""

    model_config = shown(ABOUT)

    as_of: datetime = Field(description="What had been saved by then is counted; at most a few seconds ago")
    after: datetime | None
    before: datetime | None
    when: Literal["reported", "closed"]
    confidential: Literal["counted", "left_out"]
    weights: dict[str, float] = Field(description="Of the rates in the composite")
    definitions: dict[str, str] = Field(description="By figure, the path of its definition")


class StatsAnswer(BaseModel):
    """The figures of all cases that pass the filters."""

    model_config = shown({"about": ABOUT, "figures": FIGURES})

    about: About
    figures: Figures


class Point(BaseModel):
    """The figures of one day, week or month; the first and the last may be cut short by the period."""

    model_config = ConfigDict(frozen=True)

    after: datetime
    before: datetime
    figures: Figures


class SeriesAnswer(BaseModel):
    """One point for each day, week or month, also where nothing happened."""

    model_config = shown({
        "about": ABOUT, "every": "day",
        "items": [{"after": "2026-02-28T16:00:00Z", "before": "2026-03-01T16:00:00Z", "figures": FIGURES}],
    })  # fmt: skip

    about: About
    every: Literal["day", "week", "month"]
    items: list[Point]


class Value(BaseModel):
    """One value of a dimension. `key` is null for cases that have none yet."""

    model_config = shown({"dimension": "grade", "key": "urgent", "name": "urgent"})

    dimension: str
    key: str | None
    name: str


class Group(BaseModel):
    """The figures of the cases that have these values."""

    model_config = ConfigDict(frozen=True)

    values: list[Value]
    figures: Figures


class ByAnswer(BaseModel):
    """One row for each value, or pair of values, that occurs; `omitted` more are beyond the limit."""

    model_config = shown({
        "about": ABOUT, "by": ["grade"], "omitted": 0,
        "items": [{"values": [{"dimension": "grade", "key": "urgent", "name": "urgent"}], "figures": FIGURES}],
    })  # fmt: skip

    about: About
    by: list[str]
    omitted: int
    items: list[Group]


class KnownValue(BaseModel):
    """A value that may be asked for."""

    model_config = ConfigDict(frozen=True)

    key: str
    zh: str
    en: str


class KnownDimension(BaseModel):
    """A dimension and its values, as the city has them now."""

    model_config = shown({"dimension": "grade", "zh": "级别", "en": "Grade", "values": [{"key": "urgent", "zh": "紧急", "en": "urgent"}]})

    dimension: str
    zh: str
    en: str
    values: list[KnownValue]
