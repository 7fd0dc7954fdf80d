"""What a case is now, and the one pure function by which every reader agrees on it.

`evolve` looks an event up in `ALLOWED`; one that may not happen in this status, that names another version than the case's, or whose id
the case knows, leaves the case as it was. So the first writer in log order wins, and duplicates and late retries are harmless.
"""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.changes import changed, missed_key, reminded_key
from shared.events import (
    Addition,
    AnyEvent,
    AppealDecided,
    AppealMade,
    AssignmentAccepted,
    CallbackRecorded,
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseJoined,
    CaseMerged,
    CaseParted,
    CaseRated,
    CaseReported,
    CaseRevived,
    CaseSupplemented,
    CaseTriaged,
    CaseWithdrawn,
    Classification,
    DeadlineMissed,
    DelayExplained,
    NoteAdded,
    ObjectionDecided,
    OutcomePublished,
    RemedyDecided,
    ReminderSent,
    ReportVerified,
    ResidentContacted,
    ResolutionVerified,
    StandingPublished,
    UtcTime,
    VerificationRequested,
    WorkCompleted,
)
from shared.status import ALLOWED, CLOCKED, ENDS, IN_HAND, IN_WORK, OPEN, REAL, Status
from shared.terms import Grade, Location

__all__ = [
    "ALLOWED",
    "CLOCKED",
    "ENDS",
    "EPOCH",
    "IN_HAND",
    "IN_WORK",
    "MAX_ADDITIONS",
    "MAX_FOLLOWERS",
    "OPEN",
    "REAL",
    "Case",
    "Refused",
    "Status",
    "dump",
    "evolve",
    "fits",
    "load",
    "missed_key",
    "presumed",
    "reminded_key",
    "unknown",
]

MAX_ADDITIONS = 500  # supplements, notes and ratings that one case takes; ids are remembered, so they must be bounded
MAX_FOLLOWERS = 1_000  # reports that one case takes over
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Refused(Exception):
    """A person asked for something that may not happen now; the message says why, in plain words of both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


class Case(BaseModel):
    """What a case is now. Its history is the timeline, a view. Times are UTC."""

    model_config = ConfigDict(frozen=True)

    id: str
    version: int = 0  # how many changes took effect
    status: Status = Status.UNKNOWN
    since: UtcTime = EPOCH  # of the status
    last_at: UtcTime = EPOCH  # of the last fact that took effect
    ids: tuple[str, ...] = ()  # of all facts that took effect
    additions: int = 0

    number: str = ""
    reported_at: UtcTime = EPOCH
    text: str = ""
    language: str = "zh"
    channel: str = ""
    reporter: str | None = None
    reported_by: str | None = None  # who had signed in when they reported it
    location: Location | None = None
    address: str | None = None
    wish: str | None = None  # the category that the reporter chose
    attributes: dict[str, str] = Field(default_factory=dict)
    follows: str | None = None  # the case whose scheduled repetition this is
    source: str | None = None
    same_as: str | None = None  # the case that it repeats, as its reporter says

    verifier: str | None = None  # who was asked to look before it is filed, and by when
    verify_by: UtcTime | None = None
    looked: bool = False  # that somebody did
    classification: Classification | None = None
    asks: bool = False  # it was filed at once because it may be dangerous; a person should look
    department: str | None = None  # changes with a transfer
    triaged_at: UtcTime | None = None
    respond_by: UtcTime | None = None
    resolve_by: UtcTime | None = None
    first_resolve_by: UtcTime | None = None
    clock_from: UtcTime | None = None  # from when the limit runs
    spent: float = 0.0  # share of the limit that was used up before then, if the case was reopened
    pauses: tuple[tuple[UtcTime, UtcTime], ...] = ()  # during which it stood still
    calendar: str = ""  # version of the calendar by which the deadlines were computed
    extensions: int = 0
    missed: tuple[str, ...] = ()
    reminded: tuple[str, ...] = ()
    awaits: UtcTime | None = None  # since when a reminder or supervision waits for a reaction
    level: int = 0  # of the ladder
    contacted_at: UtcTime | None = None  # first time that somebody spoke with the resident

    into: str | None = None  # the survivor of a merge
    followers: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()  # survivors from which it was separated again, the last one last

    assignee: str | None = None
    role: str | None = None
    informed: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()  # who was asked since somebody last decided about the case
    asked: tuple[str, ...] = ()  # who was ever asked
    answer_by: UtcTime | None = None
    insisted_at: UtcTime | None = None  # since when an operator insists on the assignee
    refusals: int = 0  # offers declined and cases given back
    appealed_at: UtcTime | None = None  # an appeal waits for a decision
    assigned_at: UtcTime | None = None  # first time
    accepted_at: UtcTime | None = None  # first time
    paused_at: UtcTime | None = None
    pause_reason: str | None = None
    look_again_at: UtcTime | None = None
    completed_at: UtcTime | None = None
    outcome: str = ""
    handled_by: str | None = None  # who completed it last
    photos: int = 0  # of the result

    verified: bool = False
    unsolved: bool = False  # a resident said so after the last completion
    solved: bool = False  # the reporter said so after the last completion
    called_back: bool = False  # the reporter was called after the last completion
    closings: int = 0
    closed_at: UtcTime | None = None
    reopenings: int = 0
    published: int = 0  # the last closing whose outcome was published
    standing_at: UtcTime | None = None  # when it was published how the case stands

    @property
    def grade(self) -> Grade | None:
        return self.classification.grade if self.classification else None

    @property
    def insisted(self) -> bool:
        return self.insisted_at is not None

    @property
    def overdue(self) -> bool:
        """Whether the present deadline was missed, by the log."""
        return self.has_missed("resolve", self.resolve_by)

    def has_missed(self, which: str, deadline: datetime | None) -> bool:
        """Whether the log says that this deadline was missed."""
        return bool(self.missed) and deadline is not None and missed_key(which, deadline) in self.missed


_case: TypeAdapter[Case] = TypeAdapter(Case)
_BLANK = Case(id="")


def unknown(id: str) -> Case:
    """Return a case of which nothing is known yet; a copy costs a fifth of a new one."""
    return _BLANK.model_copy(update={"id": id})


def dump(case: Case) -> str:
    """Return the case as JSON without what has its default value."""
    return _case.dump_json(case, exclude_defaults=True).decode()


def load(text: str) -> Case:
    """Return the case that `dump` wrote."""
    return _case.validate_json(text)


def evolve(case: Case, event: AnyEvent) -> Case:
    """Return the case after `event`, or the same object if the event has no effect."""
    if not fits(case, event):
        return case
    change = changed(case, event)
    if not isinstance(event, Addition):
        change["version"] = case.version + 1
    if change.get("status", case.status) is not case.status:
        change["since"] = event.at
    change["ids"] = (*case.ids, event.id)
    change["last_at"] = max(case.last_at, event.at)
    return case.model_copy(update=change)


def fits(case: Case, event: AnyEvent) -> bool:
    """Whether the event may happen to the case as it is now."""
    if case.status not in ALLOWED[event.type] or event.case_id != case.id or event.id in case.ids:
        return False
    return presumed(case, event) if isinstance(event, Addition) else event.on == case.version and presumed(case, event)


def presumed(case: Case, event: AnyEvent) -> bool:
    """Whether what the event takes for granted, beyond status and version, is so."""
    match event:  # the everyday events first, as in `changed`
        case CaseReported() | CaseTriaged() | CaseAssigned() | AssignmentAccepted() | WorkCompleted() | ResolutionVerified() | CaseClosed():
            return True
        case VerificationRequested():
            return case.verify_by is None
        case ReportVerified():
            return case.verify_by is not None and not case.looked
        case CaseMerged():  # only into the smaller: no ring can be made
            return (event.into_reported_at, event.into) < (case.reported_at, case.id) and event.into != case.id
        case CaseWithdrawn():
            return not case.followers
        case CaseJoined():
            return event.follower != case.id and event.follower not in case.followers and len(case.followers) < MAX_FOLLOWERS
        case CaseParted():
            return event.follower in case.followers
        case CaseRevived():
            return bool(case.followers)
        case CaseEscalated():
            return event.level > case.level
        case DeadlineMissed():
            return event.at >= event.deadline and not case.has_missed(event.which, event.deadline) and owes(case, event)
        case ReminderSent():
            return event.deadline == case.resolve_by and reminded_key(event.share, event.deadline) not in case.reminded
        case AppealMade():
            return case.insisted and case.appealed_at is None
        case AppealDecided():
            return case.appealed_at is not None
        case OutcomePublished():
            return event.closing == case.closings and case.published < case.closings
        case StandingPublished():
            return event.round == case.reopenings and case.standing_at is None and case.triaged_at is not None
        case ObjectionDecided():
            return case.unsolved
        case CaseRated() | CallbackRecorded():
            return event.closing == case.closings and case.additions < MAX_ADDITIONS
        case CaseSupplemented() | NoteAdded() | ResidentContacted() | DelayExplained() | RemedyDecided():
            return case.additions < MAX_ADDITIONS
        case _:
            return True


def owes(case: Case, event: DeadlineMissed) -> bool:
    """Whether the deadline is one that the case has now, and what it asks for has not happened."""
    match event.which:
        case "respond":
            return case.status in CLOCKED and event.deadline == case.respond_by and case.accepted_at is None
        case "resolve":
            return case.status in CLOCKED and event.deadline == case.resolve_by
        case "dispatch":
            return case.status is Status.TRIAGED and case.assigned_at is None
        case "check":
            return case.status is Status.COMPLETED and not case.verified
