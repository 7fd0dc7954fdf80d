"""What people send to dispatch."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared.events import MAX_TEXT, Name

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
Media = Annotated[tuple[Name, ...], Field(max_length=20, description="Names that `POST /photos` of intake gave, or web addresses")]
CLOSED = ConfigDict(frozen=True, extra="forbid")


class Assignment(BaseModel):
    """Give the case to `person`; `force` also if they are off duty. `insist` where it was returned: they can then only appeal."""

    model_config = CLOSED

    person: Name
    reason: Reason
    force: bool = False
    insist: bool = False


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
    media: Media = ()


class Contact(BaseModel):
    """How the resident was spoken to, and what was said."""

    model_config = CLOSED

    how: Name
    text: Reason


class Handled(BaseModel):
    """What was already done on site before it was recorded, with the true times."""

    model_config = CLOSED

    started_at: AwareDatetime
    completed_at: AwareDatetime
    outcome: Reason
    media: Media = ()


class Ruling(BaseModel):
    """What was decided about an appeal; if it is upheld, which department is responsible."""

    model_config = CLOSED

    upheld: bool
    department: Name | None = None
    reason: Reason


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


class Explanation(BaseModel):
    """Why something takes so long."""

    model_config = CLOSED

    text: Reason


class Note(Explanation):
    """A remark for colleagues, with photos from the place where there are any."""

    media: Media = ()
