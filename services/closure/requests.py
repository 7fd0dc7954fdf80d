"""What people send to closure."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared.events import MAX_TEXT, Name

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
CLOSED = ConfigDict(frozen=True, extra="forbid")


class Check(BaseModel):
    """What was seen when the result was checked."""

    model_config = CLOSED

    reason: Reason


class Rating(BaseModel):
    """Whether it is solved, and how content the resident is, from 1 to 5."""

    model_config = CLOSED

    solved: bool
    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class Reopening(BaseModel):
    """Why it was not solved after all."""

    model_config = CLOSED

    reason: Reason


class Publication(BaseModel):
    """What stands on the public page; without names, numbers and addresses of residents."""

    model_config = CLOSED

    text: Reason


class Callback(BaseModel):
    """A call to the reporter: whether they were reached, and then whether it is solved and whether they are satisfied."""

    model_config = CLOSED

    reached: bool
    solved: bool | None = None
    satisfied: bool | None = None
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class Decision(BaseModel):
    """Why a case stays closed."""

    model_config = CLOSED

    reason: Reason


class Remedy(BaseModel):
    """What is done about what keeps coming back: by whom, a member of staff or a department, and until when."""

    model_config = CLOSED

    text: Reason
    handler: Name
    remedy_by: AwareDatetime
