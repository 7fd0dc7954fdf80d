"""The three rates as the console answers them: rows of all partitions added up by area, unit, type or month, each rate with its counts.

A rate is a named formula over the counts of the view `rates`: numerator divided by denominator, no value without a denominator. Formulas
and the weights of the composite are the city's, those that hold on the first day of the month: so old months keep theirs.
Source: section 9 of the domain.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from services.console.reader import Reader
from services.console.views.rates import Counts, add, tally
from services.console.words import Lang, name_of, say
from shared.city import City
from shared.weights import Formula

By = Literal["community", "street", "county", "department", "category", "month"]
FROZEN = ConfigDict(frozen=True)
LADDER: dict[str, int] = {"community": 0, "street": 1, "county": 2}  # levels of the areas that a grid lies in
MONTHS = 12  # that are told by month
Month = Annotated[str, Field(pattern=r"^[12]\d{3}-(0[1-9]|1[0-2])$", description="Year and month in the city's zone, such as 2026-03")]


class Ratio(NamedTuple):
    """What is good, of how many, and the one divided by the other; no value if nothing was assessed."""

    numerator: int
    denominator: int
    value: float | None


class RatesAsked(BaseModel):
    """The query of `GET /rates`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: By = Field("month", description="What is told apart")
    month: Month | None = Field(
        None, description="The month that is told, or the last of twelve if told by month; otherwise the present one"
    )
    lang: Lang | None = Field(None, description="Language of the words, instead of Accept-Language")


class Rate(BaseModel):
    """One rate: `value` = `numerator` / `denominator`, from 0 to 1; null, neither 0 nor 1, if nothing was assessed."""

    model_config = FROZEN

    rate: str
    name: str
    numerator: int
    denominator: int
    value: float | None


class Rated(BaseModel):
    """The rates of one area, unit, type or month."""

    model_config = FROZEN

    key: str | None = Field(description="Code or id; null for cases that lie in no known area")
    name: str
    rates: list[Rate]
    composite: float | None = Field(description="Of the weighed rates; null if one of them has no value")


class Weighed(BaseModel):
    """Which rates make the composite of a month, and with what weights."""

    model_config = FROZEN

    month: str
    weights: dict[str, float]


class RatesAnswer(BaseModel):
    """The rates by `by`. Answer and finishing count in the month of filing or reopening, voices in that of the work they are about."""

    model_config = FROZEN

    by: By
    months: list[Weighed]
    items: list[Rated]


def months_of(asked: RatesAsked, now: datetime, city: City) -> list[str]:
    """Return the months that are asked for, in order."""
    last = asked.month or f"{city.local(now):%Y-%m}"
    if asked.by != "month":
        return [last]
    number = int(last[:4]) * 12 + int(last[5:]) - 1
    return [f"{one // 12:04d}-{one % 12 + 1:02d}" for one in range(number - MONTHS + 1, number + 1)]


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def weights_of(month: str, city: City) -> dict[str, float]:
    """Return the weight of each rate that makes the composite of a month."""
    return dict(city.weights_on(first_day(month)).weights)


def formulas_of(month: str, city: City) -> dict[str, Formula]:
    """Return the rates that are told of a month."""
    return city.formulas_on(first_day(month))


def rates_answer(rows: Iterable[Mapping[str, Any]], by: By, months: list[str], reader: Reader) -> RatesAnswer:
    """Return what the rows of the view `rates` say about the months."""
    sums = added_up(rows, by, reader.city)
    items = [
        rated(name_of(by, key, reader.city, reader.lang), key, sums[key], key if by == "month" else months[-1], reader)
        for key in sorted(sums, key=lambda key: (not key, key))
    ]
    return RatesAnswer(by=by, months=[Weighed(month=month, weights=weights_of(month, reader.city)) for month in months], items=items)


def added_up(rows: Iterable[Mapping[str, Any]], by: By, city: City) -> dict[str, Counts]:
    """Return the counts of each value of a kind, over all partitions, without what the city does not count."""
    value_of = values(by, city)
    sums: dict[str, Counts] = {}
    for row in rows:
        counts = row["category"] not in city.rates.excluded and (city.rates.anonymous or row["named"] == "named") and tally(row)
        if counts:
            add(sums.setdefault(value_of(row), {}), counts, 1)
    return sums


def values(by: By, city: City) -> Callable[[Mapping[str, Any]], str]:
    """Return the function that tells under which value a row counts."""
    if by not in LADDER:
        return lambda row: str(row[by])
    areas = {grid: {area.level: area.id for area in city.areas_of(grid)} for grid in city.grids}
    return lambda row: areas.get(row["grid"], {}).get(LADDER[by], "")


def rated(name: str, key: str, counts: Counts, month: str, reader: Reader) -> Rated:
    """Return the rates by the formulas and weights of the month."""
    formulas = formulas_of(month, reader.city)
    found = ratios(counts, formulas)
    rates = [Rate(rate=rate, name=say(formulas[rate].name, reader.lang), **ratio._asdict()) for rate, ratio in found.items()]
    return Rated(key=key or None, name=name, rates=rates, composite=composite(found, weights_of(month, reader.city)))


def ratios(counts: Counts, formulas: Mapping[str, Formula]) -> dict[str, Ratio]:
    """Return each rate of the counts."""
    return {rate: divided(formula, counts) for rate, formula in formulas.items()}


def divided(formula: Formula, counts: Counts) -> Ratio:
    numerator, denominator = (sum(counts.get(name, 0) for name in names) for names in (formula.numerator, formula.denominator))
    return Ratio(numerator, denominator, round(numerator / denominator, 4) if denominator else None)


def composite(found: Mapping[str, Ratio], weights: Mapping[str, float]) -> float | None:
    """Return the weighed sum of the rates that have weights, None if one of them has no value."""
    parts = [(found[rate].value, weight) for rate, weight in weights.items() if rate in found]
    known = [value * weight for value, weight in parts if value is not None]
    return round(sum(known), 4) if len(known) == len(parts) else None
