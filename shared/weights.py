"""How the rates are computed and weighed from a day on, and whose answers count.

A rate is one sum of counts divided by another; the console keeps the counts. Source of the usual ones: section 9 of the domain.
"""

import math
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from shared.category import FROZEN, Id, Words

Count = Literal[
    "assessed",  # rounds that are decided: the resident was contacted, the work is done, or the time for an answer passed
    "contacted",  # of these, in which somebody spoke with the resident in time
    "answered",  # or took the case on in time
    "offers",  # that were answered or expired
    "signed",  # of these, taken in time
    "due_first",  # rounds that were finished, or whose first deadline passed
    "done_first",  # of these, finished by it
    "due_current",
    "done_current",  # the same by the deadline as it was moved
    "asked_solved",  # voices: of a call-back, or the resident's own rating
    "solved",
    "asked_satisfied",
    "satisfied",
    "asked_called_satisfied",  # voices of call-backs alone
    "called_satisfied",
]
Sum = Annotated[tuple[Count, ...], Field(min_length=1)]
Weight = Annotated[float, Field(ge=0, le=1)]
ALWAYS = date.min


class Formula(BaseModel):
    """One rate from a day on: what it is called, and which counts are added up and divided."""

    model_config = FROZEN

    id: Id
    name: Words
    numerator: Sum
    denominator: Sum
    since: date = ALWAYS

    @property
    def counts(self) -> frozenset[Count]:
        """Return the names of all counts that it needs."""
        return frozenset((*self.numerator, *self.denominator))


def formula(id: Id, zh: str, en: str, numerator: Count, denominator: Count) -> Formula:
    return Formula(id=id, name=Words(zh=zh, en=en), numerator=(numerator,), denominator=(denominator,))


USUAL_FORMULAS = (
    formula("response", "响应率", "Response", "contacted", "assessed"),
    formula("resolution", "解决率", "Resolution", "solved", "asked_solved"),
    formula("satisfaction", "满意率", "Satisfaction", "satisfied", "asked_satisfied"),
    formula("answer", "响应率（接单计入）", "Response, accepting included", "answered", "assessed"),
    formula("signing", "及时签收率", "Signed in time", "signed", "offers"),
    formula("finishing", "按时办结率", "Finished in time", "done_current", "due_current"),
    formula("finishing_first", "按首次期限办结率", "Finished by the first deadline", "done_first", "due_first"),
    formula("call_back", "回访满意率", "Satisfied when called back", "called_satisfied", "asked_called_satisfied"),
)


def formulas_on(day: date, own: Iterable[Formula]) -> dict[str, Formula]:
    """Return the formulas that hold on a day, the usual ones first: a city's own one of the same id takes the place of the one before."""
    return {one.id: one for one in (*USUAL_FORMULAS, *own) if one.since <= day}


class RateWeights(BaseModel):
    """The weights from a day on: composite = the sum of the named rates, each times its weight. Written as `rate = weight`."""

    model_config = FROZEN

    since: date
    weights: Annotated[dict[Id, Weight], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def gathered(cls, written: object) -> object:
        if not isinstance(written, dict) or "weights" in written:
            return written
        return {"since": written.get("since"), "weights": {name: weight for name, weight in written.items() if name != "since"}}

    @model_validator(mode="after")
    def whole(self) -> Self:
        if not math.isclose(sum(self.weights.values()), 1, abs_tol=1e-6):
            raise ValueError("the weights must add up to 1")
        return self


class RateRule(BaseModel):
    """Who counts in the denominators."""

    model_config = FROZEN

    excluded: frozenset[Id] = frozenset()  # categories: questions, for example
    anonymous: bool = True  # whether reporters without a contact count


USUAL = RateWeights(since=date(2000, 1, 1), weights={"response": 0.3, "resolution": 0.35, "satisfaction": 0.35})  # one county's example
