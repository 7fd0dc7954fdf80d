"""What a simulated person sees of a case, and what one of them means to do about it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.case import Status
from shared.terms import Grade, Location

SERVICE_OF = {
    **dict.fromkeys(("supplements", "withdrawal"), "intake"),
    **dict.fromkeys(("classification", "rejection", "merge", "separation", "confirmation"), "triage"),
    **dict.fromkeys(
        ("assignment", "acceptance", "refusal", "start", "pause", "resume", "completion", "transfer", "extension", "notes"), "dispatch"
    ),
    **dict.fromkeys(("record", "return", "appeal", "ruling", "contact", "explanation"), "dispatch"),
    **dict.fromkeys(("verification", "rework", "rating", "reopening", "publication", "callback", "decision", "remedy"), "closure"),
}
# Said without a version, for they fit whatever the case has become, or are refused in words.
ADDITIONS = frozenset(
    {"supplements", "notes", "rating", "publication", "contact", "explanation", "appeal", "ruling", "callback", "decision", "remedy"}
)


class Seen(BaseModel):
    """A case as the console shows it, as far as people act on it."""

    model_config = ConfigDict(frozen=True)

    id: str
    number: str
    status: Status
    version: int
    category: str | None
    grade: Grade | None
    grid: str | None
    department: str | None
    confidential: bool
    assignee: str | None
    language: str
    since: AwareDatetime
    resolve_by: AwareDatetime | None
    extensions: int
    reopenings: int
    level: int = 0
    location: Location | None = None
    followers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """What somebody will do to a case at `at`, or a little later, but not after `latest`. Without a `step` they only look again.

    `version` is the one that they had in front of them; None where it does not matter. `happened` is for late entries.
    """

    case_id: str
    at: datetime
    latest: datetime
    step: str = ""
    actor: str = ""
    body: dict[str, Any] | None = None
    version: int | None = None
    happened: datetime | None = None

    @property
    def service(self) -> str:
        return SERVICE_OF[self.step]

    def moved(self, by: timedelta) -> Self:
        """Return the same act, later."""
        return replace(self, at=self.at + by, latest=self.latest + by)
