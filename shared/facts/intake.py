"""What intake may say: what residents report, add and take back."""

from typing import Literal

from pydantic import Field

from shared.event import Addition, Change, Name, Text
from shared.terms import Location


class CaseReported(Change):
    """A resident, or a service on their behalf, said that something is wrong. `reporter` is a token: contact data stays in intake.

    `same_as` is the open case that it is the same as, as the reporter says.
    """

    type: Literal["case.reported"] = "case.reported"
    number: Name
    text: Text
    channel: Name
    language: str = "zh"
    location: Location | None = None
    address: str | None = None
    category: str | None = None
    attributes: dict[str, str] = Field(default_factory=dict)
    reporter: str | None = None
    follows: str | None = None
    source: str | None = None
    same_as: str | None = None
    media: tuple[str, ...] = ()


class CaseSupplemented(Addition):
    """The reporter, or somebody else who saw it, added words or media."""

    type: Literal["case.supplemented"] = "case.supplemented"
    text: Text
    media: tuple[str, ...] = ()
    reporter: str | None = None


class CaseWithdrawn(Change):
    """The reporter took the report back before anybody worked on it."""

    type: Literal["case.withdrawn"] = "case.withdrawn"
    reason: Text
