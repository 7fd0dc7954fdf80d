"""How the three rates are weighed from a day on, and whose answers count."""

import math
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from shared.category import FROZEN, Id

Weight = Annotated[float, Field(ge=0, le=1)]


class RateWeights(BaseModel):
    """The weights from a day on: composite = response + resolution + satisfaction, each times its weight."""

    model_config = FROZEN

    since: date
    response: Weight
    resolution: Weight
    satisfaction: Weight

    @model_validator(mode="after")
    def whole(self) -> Self:
        if not math.isclose(self.response + self.resolution + self.satisfaction, 1, abs_tol=1e-6):
            raise ValueError("the three weights must add up to 1")
        return self


class RateRule(BaseModel):
    """Who counts in the denominators."""

    model_config = FROZEN

    excluded: frozenset[Id] = frozenset()  # categories: questions, for example
    anonymous: bool = True  # whether reporters without a contact count


USUAL = RateWeights(since=date(2000, 1, 1), response=0.3, resolution=0.35, satisfaction=0.35)  # one county's example
