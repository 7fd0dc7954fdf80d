"""What closure may say: whether the work is good, that it is over, what residents think of it, and what the public page shows."""

from typing import Annotated, Literal

from pydantic import Field

from shared.event import Addition, Change, Name, Text, UtcTime


class ResolutionVerified(Change):
    """Somebody other than the handler, or a policy, confirmed the result."""

    type: Literal["resolution.verified"] = "resolution.verified"
    reason: Text


class ResolutionRejected(Change):
    """The check failed: back to the handler."""

    type: Literal["resolution.rejected"] = "resolution.rejected"
    reason: Text


class CaseClosed(Change):
    """The case is over unless somebody reopens it."""

    type: Literal["case.closed"] = "case.closed"
    outcome: Text


class OutcomePublished(Addition):
    """What became of the case stands on the public page, without personal data."""

    type: Literal["outcome.published"] = "outcome.published"
    text: Text
    closing: Annotated[int, Field(ge=1)]


class CaseRated(Addition):
    """A resident said whether it is solved and how content they are, from 1 to 5."""

    type: Literal["case.rated"] = "case.rated"
    solved: bool
    score: Annotated[int, Field(ge=1, le=5)]
    comment: Text = ""
    closing: Annotated[int, Field(ge=0)]


class StandingPublished(Addition):
    """How the case stands is on the public page, finished or not, without personal data: at most seven days after filing."""

    type: Literal["standing.published"] = "standing.published"
    text: Text
    round: Annotated[int, Field(ge=0)]  # how often the case had been reopened


class CallbackRecorded(Addition):
    """Somebody other than the handler called the reporter back: whether they were reached, and what they said of which closing."""

    type: Literal["callback.recorded"] = "callback.recorded"
    reached: bool
    solved: bool | None = None
    satisfied: bool | None = None
    comment: Text = ""
    closing: Annotated[int, Field(ge=0)]


class ObjectionDecided(Change):
    """A resident says that it is not solved, but the case stays closed; somebody with a name decided so, and why."""

    type: Literal["objection.decided"] = "objection.decided"
    reason: Text


class RemedyDecided(Addition):
    """A meeting decided what is done about what keeps coming back at this place: who does it by when."""

    type: Literal["remedy.decided"] = "remedy.decided"
    text: Text
    handler: Name
    remedy_by: UtcTime


class CaseReopened(Change):
    """It was not solved after all: the clock of its limit goes on where it stood when the work was done."""

    type: Literal["case.reopened"] = "case.reopened"
    reason: Text
    respond_by: UtcTime
    resolve_by: UtcTime
    calendar: str = ""  # version of the calendar by which they were computed
    spent: Annotated[float, Field(ge=0, lt=1)] = 0.0  # share of the limit that was used up before; 0: the clock begins anew
