"""What every fact about a case has: who said it, when it happened, and the id by which it is one fact however often it is said.

A `Change` moves its case to the next version and names the version that its speaker had seen (`on`). An `Addition` says something more
about the case in whatever version it is; its id names its meaning, so that the same thing cannot be said twice.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Protocol, Self, TypedDict
from uuid import UUID, uuid5

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

NAMES = UUID("6b1f4b5e-50a8-5b54-9d43-0f3c1f5d7a11")  # the namespace of all ids that gridcase derives
MAX_BYTES = 256_000  # of one encoded event; the broker's own limit is higher
MAX_TEXT = 4_000  # characters, the limit of GeoReport v2

Text = Annotated[str, Field(max_length=MAX_TEXT)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
UtcTime = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]


def derived_id(*meaning: str) -> str:
    """Return the id that the same meaning always has."""
    return uuid5(NAMES, "/".join(meaning)).hex


class Known(Protocol):
    """What a speaker must know of a case to say something about it."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def last_at(self) -> datetime: ...


class Said(TypedDict):
    """Who says something, when it happened, and the id that the fact will have; unpacked into `of`."""

    id: str
    at: datetime
    by: str
    late: bool


class Event(BaseModel):
    """A fact about one case: who said it (`by`) and when it happened (`at`, UTC)."""

    model_config = ConfigDict(frozen=True)

    id: Name
    case_id: Name
    at: UtcTime
    by: Name
    late: bool = False  # entered after the fact, as emergencies are
    true_at: UtcTime | None = None  # when it really happened, of a late entry older than what the case had been told by then

    @property
    def happened_at(self) -> datetime:
        return self.true_at or self.at


class Change(Event):
    """A fact with `on`, the version of the case that the speaker had in front of it; it takes effect on that version only."""

    on: Annotated[int, Field(ge=0)]

    @classmethod
    def of(cls, case: Known, *, at: datetime, by: str, id: str | None = None, **fields: Any) -> Self:
        """Word the fact about `case` as it is now. Said twice without `id`, it is the same fact: its id is case, version and type."""
        kind = cls.model_fields["type"].default
        return cls(id=id or derived_id(case.id, str(case.version), kind), case_id=case.id, on=case.version, by=by, **told(case, at, fields))


class Addition(Event):
    """A fact that takes effect whatever the version, once for each id."""

    @classmethod
    def of(cls, case: Known, *, at: datetime, by: str, id: str, **fields: Any) -> Self:
        """Word the fact about `case`; `id` names its meaning."""
        return cls(id=id, case_id=case.id, by=by, **told(case, at, fields))


def told(case: Known, at: datetime, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a fact with its time, no earlier than what the case was told last; a late entry keeps its true time beside."""
    before = fields.get("late", False) and at < case.last_at
    return {**fields, "at": max(at, case.last_at), **({"true_at": at} if before else {})}
