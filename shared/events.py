"""Every fact that the log can hold, and how facts become bytes and bytes facts.

A `Change` moves its case to the next version and names the version that its speaker had seen (`on`). An `Addition` says something more
about the case in whatever version it is; its id names its meaning, so that the same thing cannot be said twice.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Protocol, Self, TypedDict, get_args
from uuid import UUID, uuid5

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from shared.terms import Grade, Limit, Location

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


class CaseReported(Change):
    """A resident, or a service on their behalf, said that something is wrong. `reporter` is a token: contact data stays in intake."""

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


class CaseAssigned(Change):
    """The case is offered to a person until `answer_by`; `informed` are told as well."""

    type: Literal["case.assigned"] = "case.assigned"
    assignee: Name
    role: Name
    answer_by: UtcTime
    informed: tuple[str, ...] = ()
    insists: bool = False  # it was returned and an operator insists: it can be appealed against, not declined
    reason: Text


class AssignmentAccepted(Change):
    """The person takes the case on."""

    type: Literal["assignment.accepted"] = "assignment.accepted"


class AssignmentDeclined(Change):
    """The person cannot take the case, and says why."""

    type: Literal["assignment.declined"] = "assignment.declined"
    reason: Text


class AssignmentExpired(Change):
    """The person did not answer in time."""

    type: Literal["assignment.expired"] = "assignment.expired"


class WorkStarted(Change):
    """Somebody is on it now."""

    type: Literal["work.started"] = "work.started"


class WorkPaused(Change):
    """The clock stands still for a reason from the list, until somebody looks again at `look_again_at`."""

    type: Literal["work.paused"] = "work.paused"
    reason: Text
    approved_by: Name
    look_again_at: UtcTime


class WorkResumed(Change):
    """The clock runs again; the deadline moves by what was left."""

    type: Literal["work.resumed"] = "work.resumed"
    resolve_by: UtcTime


class WorkCompleted(Change):
    """The handler says that it is done, and what was done."""

    type: Literal["work.completed"] = "work.completed"
    outcome: Text
    media: tuple[str, ...] = ()


class CaseReturned(Change):
    """The handler gives the case back, because it is not theirs to handle; the clock goes on."""

    type: Literal["case.returned"] = "case.returned"
    reason: Text


class AppealMade(Addition):
    """The handler, on whom an operator insists, asks the next level up to decide who is responsible; the clock goes on."""

    type: Literal["appeal.made"] = "appeal.made"
    reason: Text


class AppealDecided(Addition):
    """The next level up decided about the appeal: `upheld` if the handler was right."""

    type: Literal["appeal.decided"] = "appeal.decided"
    upheld: bool
    reason: Text


class ResidentContacted(Addition):
    """The handler or an operator spoke with the resident: the first feedback. `how` is a channel."""

    type: Literal["resident.contacted"] = "resident.contacted"
    how: Name
    text: Text


class ReminderSent(Addition):
    """`share` of the time until `deadline` was used up on the case's own clock; `to` are reminded and owe a reaction."""

    type: Literal["reminder.sent"] = "reminder.sent"
    share: Annotated[float, Field(gt=0)]
    deadline: UtcTime
    to: tuple[str, ...]


class DelayExplained(Addition):
    """The handler or their head reacted to a reminder or to supervision, and says why it takes so long."""

    type: Literal["delay.explained"] = "delay.explained"
    text: Text


class DeadlineCorrected(Change):
    """The calendar was corrected, and the deadlines were computed anew under `calendar`, its version."""

    type: Literal["deadline.corrected"] = "deadline.corrected"
    respond_by: UtcTime
    resolve_by: UtcTime
    calendar: Name
    reason: Text


class CaseTransferred(Change):
    """Another department is responsible."""

    type: Literal["case.transferred"] = "case.transferred"
    department: Name
    reason: Text


class CaseEscalated(Change):
    """The case climbed to `level` of the ladder, counted from 0, the community."""

    type: Literal["case.escalated"] = "case.escalated"
    level: Annotated[int, Field(ge=1)]
    reason: Text


class DeadlineMissed(Addition):
    """A deadline passed before what it asked for had happened: the public ones `respond` and `resolve`, or one of a stage."""

    type: Literal["deadline.missed"] = "deadline.missed"
    which: Literal["respond", "resolve", "dispatch", "check"]
    deadline: UtcTime


class DeadlineExtended(Change):
    """The public deadline moved, for a reason, with the approval of somebody other than the handler."""

    type: Literal["deadline.extended"] = "deadline.extended"
    resolve_by: UtcTime
    reason: Text
    approved_by: Name


class NoteAdded(Addition):
    """A remark by staff."""

    type: Literal["note.added"] = "note.added"
    text: Text


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
    """It was not solved after all; a new deadline runs."""

    type: Literal["case.reopened"] = "case.reopened"
    reason: Text
    respond_by: UtcTime
    resolve_by: UtcTime
    calendar: str = ""  # version of the calendar by which they were computed


AnyEvent = Annotated[
    CaseReported
    | CaseSupplemented
    | CaseWithdrawn
    | CaseTriaged
    | CaseReclassified
    | CaseRejected
    | CaseMerged
    | CaseJoined
    | CaseRevived
    | CaseAssigned
    | AssignmentAccepted
    | AssignmentDeclined
    | AssignmentExpired
    | WorkStarted
    | WorkPaused
    | WorkResumed
    | WorkCompleted
    | CaseTransferred
    | CaseEscalated
    | DeadlineMissed
    | DeadlineExtended
    | NoteAdded
    | ResolutionVerified
    | ResolutionRejected
    | CaseClosed
    | OutcomePublished
    | CaseRated
    | CaseReopened
    | VerificationRequested
    | ReportVerified
    | CaseSeparated
    | CaseParted
    | CaseReturned
    | AppealMade
    | AppealDecided
    | ResidentContacted
    | ReminderSent
    | DelayExplained
    | DeadlineCorrected
    | StandingPublished
    | CallbackRecorded
    | ObjectionDecided
    | RemedyDecided,
    Field(discriminator="type"),
]

EVENT_TYPES: dict[str, type[Event]] = {cls.model_fields["type"].default: cls for cls in get_args(get_args(AnyEvent)[0])}

# Each type of fact has one owner: the only service whose processes may put it into the log.
OWNERS: dict[str, str] = {
    "case.reported": "intake",
    "case.supplemented": "intake",
    "case.withdrawn": "intake",
    "case.triaged": "triage",
    "case.reclassified": "triage",
    "case.rejected": "triage",
    "case.merged": "triage",
    "case.joined": "triage",
    "case.revived": "triage",
    "case.assigned": "dispatch",
    "assignment.accepted": "dispatch",
    "assignment.declined": "dispatch",
    "assignment.expired": "dispatch",
    "work.started": "dispatch",
    "work.paused": "dispatch",
    "work.resumed": "dispatch",
    "work.completed": "dispatch",
    "case.transferred": "dispatch",
    "case.escalated": "dispatch",
    "deadline.missed": "dispatch",
    "deadline.extended": "dispatch",
    "note.added": "dispatch",
    "resolution.verified": "closure",
    "resolution.rejected": "closure",
    "case.closed": "closure",
    "outcome.published": "closure",
    "case.rated": "closure",
    "case.reopened": "closure",
    "verification.requested": "triage",
    "report.verified": "triage",
    "case.separated": "triage",
    "case.parted": "triage",
    "case.returned": "dispatch",
    "appeal.made": "dispatch",
    "appeal.decided": "dispatch",
    "resident.contacted": "dispatch",
    "reminder.sent": "dispatch",
    "delay.explained": "dispatch",
    "deadline.corrected": "dispatch",
    "standing.published": "closure",
    "callback.recorded": "closure",
    "objection.decided": "closure",
    "remedy.decided": "closure",
}

_any_event: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


def decode(raw: bytes) -> AnyEvent:
    """Return the event that `raw` (UTF-8 JSON) holds; unknown members are ignored.

    Raises pydantic.ValidationError, naming each field at fault, and for an unknown type.
    """
    return _any_event.validate_json(raw)


def encode(event: AnyEvent) -> bytes:
    """Return the event as compact UTF-8 JSON. Raises ValueError above MAX_BYTES."""
    raw = _any_event.dump_json(event, exclude_defaults=False)
    if len(raw) > MAX_BYTES:
        raise ValueError(f"{event.type} of case {event.case_id} has {len(raw)} bytes, {MAX_BYTES} are allowed")
    return raw
