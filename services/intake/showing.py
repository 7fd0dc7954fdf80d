"""Who sees a photo: staff with a link from their case; everybody, where the city shows it.

A photo of the result is public once the outcome of the case is. A photo of the matter is public when an operator has released it, who can
black out faces and number plates first. An operator can also take back what is public. Nothing of a confidential case is ever public.
"""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.intake.text import Prose, wrong
from services.intake.views.photos import RESULT
from shared.access import confidential
from shared.case import Case
from shared.city import City
from shared.events import MAX_TEXT

CLOSED = ConfigDict(frozen=True, extra="forbid")

Share = Annotated[float, Field(ge=0, le=1)]


class Area(BaseModel):
    """A rectangle to black out, in shares of the width and the height, counted from the upper left corner."""

    model_config = CLOSED

    left: Share
    top: Share
    right: Share
    bottom: Share

    @model_validator(mode="after")
    def has_an_inside(self) -> Self:
        if self.left >= self.right or self.top >= self.bottom:
            raise wrong("left must be less than right, and top less than bottom.", "left须小于right，top须小于bottom。")
        return self


class Releasing(BaseModel):
    """Show the photo to everybody, with these areas blacked out: faces, number plates, house doors."""

    model_config = CLOSED

    hide: Annotated[tuple[Area, ...], Field(max_length=50)] = ()


class Withholding(BaseModel):
    """Why the photo is not for everybody."""

    model_config = CLOSED

    reason: Annotated[Prose, Field(min_length=1, max_length=MAX_TEXT)]


class Decision(BaseModel):
    """What somebody decided about a photo, and when; of several the last one counts. Kept by intake, not in the log.

    A release is for the `cases` that showed the photo by then: the name of a public photo is public, and anybody may name it elsewhere.
    """

    model_config = ConfigDict(frozen=True)

    shown: bool
    by: str
    at: datetime
    hide: tuple[Area, ...] = ()
    reason: str = ""
    cases: tuple[str, ...] = ()


def is_public(step: str, case: Case, survivor: Case | None, decision: Decision | None, city: City) -> bool:
    """Whether everybody may see a photo that was shown at `step` of `case`, which is handled with `survivor` if that is another."""
    if confidential(case, city) or (survivor is not None and confidential(survivor, city)):
        return False
    if decision is not None and (not decision.shown or case.id in decision.cases):
        return decision.shown
    return step == RESULT and case.published > 0
