"""What triage may say: what a report is, whether somebody has looked, and what is one case."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.event import Addition, Change, Name, Text, UtcTime
from shared.terms import Grade, Limit


class Classification(BaseModel):
    """What a case is, who is responsible for it and by when. Deadlines are points in time; `limit` is what they were computed from."""

    model_config = ConfigDict(frozen=True)

    category: str
    group: str
    condition: str
    grade: Grade
    department: str
    grid: str | None
    confidential: bool
    check: bool
    limit: Limit
    respond_by: UtcTime
    resolve_by: UtcTime
    rules: str
    calendar: str = ""  # version of the calendar by which the deadlines were computed


class Alternative(BaseModel):
    """Another category that the report may belong to, and how likely, from 0 to 1."""

    model_config = ConfigDict(frozen=True)

    category: Name
    probability: Annotated[float, Field(ge=0, le=1)]


class VerificationRequested(Change):
    """Before it is filed, `verifier` is asked to look by `verify_by` whether it is so. `classification` is what it looks like from afar."""

    type: Literal["verification.requested"] = "verification.requested"
    classification: Classification
    verifier: Name
    verify_by: UtcTime
    reason: Text


class ReportVerified(Change):
    """Somebody looked: the problem exists, here."""

    type: Literal["report.verified"] = "report.verified"
    reason: Text


class CaseTriaged(Change):
    """Triage named the category, the grade, the department and the deadlines. `reason` says which words or rule decided.

    `model` is the id of the learned model that decided (empty: words or a person), `probability` what it gave the category,
    `alternatives` the next best. `asks` says that a person should look: it was filed at once because it may be dangerous.
    """

    type: Literal["case.triaged"] = "case.triaged"
    classification: Classification
    reason: Text
    model: str = ""
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    alternatives: tuple[Alternative, ...] = ()
    asks: bool = False


class CaseReclassified(Change):
    """A person corrected what the case is; work that another department has begun ends with it."""

    type: Literal["case.reclassified"] = "case.reclassified"
    classification: Classification
    reason: Text


class CaseRejected(Change):
    """A person decided that this is not for the city to handle; the reporter can read why."""

    type: Literal["case.rejected"] = "case.rejected"
    reason: Text


class CaseMerged(Change):
    """The case is the same as an earlier one, `into`, whose outcome its reporters hear of."""

    type: Literal["case.merged"] = "case.merged"
    into: Name
    into_reported_at: UtcTime
    reason: Text


class CaseJoined(Addition):
    """Told to the surviving case: `follower` was merged into it, its reporters follow too."""

    type: Literal["case.joined"] = "case.joined"
    follower: Name


class CaseSeparated(Change):
    """The case is not the same as the one it was merged into, after all; it goes on where it would have been."""

    type: Literal["case.separated"] = "case.separated"
    reason: Text


class CaseParted(Addition):
    """Told to the surviving case: `follower` is a case of its own again, its reporters no longer follow."""

    type: Literal["case.parted"] = "case.parted"
    follower: Name


class CaseRevived(Change):
    """A withdrawn case goes on because others who joined it still wait."""

    type: Literal["case.revived"] = "case.revived"
