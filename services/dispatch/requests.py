"""What people send to dispatch."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared.events import MAX_TEXT, Name

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
CLOSED = ConfigDict(frozen=True, extra="forbid")


class Assignment(BaseModel):
    """Give the case to `person`; `force` also if they are off duty."""

    model_config = CLOSED

    person: Name
    reason: Reason
    force: bool = False


class Refusal(BaseModel):
    """Why the task cannot be taken."""

    model_config = CLOSED

    reason: Reason


class Pause(BaseModel):
    """Stop the clock for a reason from the city's list, approved by `approved_by`; without a date, the city's usual one."""

    model_config = CLOSED

    reason: Name
    approved_by: Name
    look_again_at: AwareDatetime | None = None


class Completion(BaseModel):
    """What was done, in words that the resident reads, with pictures of the result."""

    model_config = CLOSED

    outcome: Reason
    media: Annotated[tuple[Name, ...], Field(max_length=20)] = ()


class Transfer(BaseModel):
    """Hand the case to another department."""

    model_config = CLOSED

    department: Name
    reason: Reason


class Extension(BaseModel):
    """Move the public deadline to `resolve_by`."""

    model_config = CLOSED

    resolve_by: AwareDatetime
    reason: Reason
    approved_by: Name


class Note(BaseModel):
    """A remark for colleagues."""

    model_config = CLOSED

    text: Reason
