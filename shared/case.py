"""What a case is now, and the one pure function by which every reader agrees on it.

`evolve` looks an event up in `ALLOWED`; one that may not happen in this status, that names another version than the case's, or whose id
the case knows, leaves the case as it was. So the first writer in log order wins, and duplicates and late retries are harmless.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.events import (
    Addition,
    AnyEvent,
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseJoined,
    CaseMerged,
    CaseRated,
    CaseReclassified,
    CaseRejected,
    CaseReopened,
    CaseReported,
    CaseRevived,
    CaseSupplemented,
    CaseTransferred,
    CaseTriaged,
    CaseWithdrawn,
    Classification,
    DeadlineExtended,
    DeadlineMissed,
    NoteAdded,
    OutcomePublished,
    ResolutionRejected,
    ResolutionVerified,
    UtcTime,
    WorkCompleted,
    WorkPaused,
    WorkResumed,
    WorkStarted,
)
from shared.terms import Grade, Location

MAX_ADDITIONS = 500  # supplements, notes and ratings that one case takes; ids are remembered, so they must be bounded
MAX_FOLLOWERS = 1_000  # reports that one case takes over
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Status(StrEnum):
    """Where a case stands."""

    UNKNOWN = "unknown"  # before its report: never seen by anybody
    REPORTED = "reported"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    WORKING = "working"
    PAUSED = "paused"
    COMPLETED = "completed"
    CLOSED = "closed"
    MERGED = "merged"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


S = Status
IN_WORK = frozenset({S.ASSIGNED, S.ACCEPTED, S.WORKING, S.PAUSED})  # somebody has it
OPEN = frozenset({S.REPORTED, S.TRIAGED, *IN_WORK, S.COMPLETED})  # the city owes the resident something
ENDS = frozenset({S.MERGED, S.REJECTED, S.WITHDRAWN})
REAL = frozenset(S) - {S.UNKNOWN}

ALLOWED: dict[str, frozenset[Status]] = {
    "case.reported": frozenset({S.UNKNOWN}),
    "case.supplemented": REAL,
    "case.withdrawn": frozenset({S.REPORTED, S.TRIAGED, S.ASSIGNED, S.ACCEPTED}),
    "case.triaged": frozenset({S.REPORTED}),
    "case.reclassified": frozenset({S.REPORTED, S.TRIAGED, *IN_WORK}),
    "case.rejected": frozenset({S.REPORTED, S.TRIAGED, S.ASSIGNED}),
    "case.merged": frozenset({S.REPORTED, S.TRIAGED, S.ASSIGNED}),
    "case.joined": REAL,
    "case.revived": frozenset({S.WITHDRAWN}),
    "case.assigned": frozenset({S.TRIAGED}),
    "assignment.accepted": frozenset({S.ASSIGNED}),
    "assignment.declined": frozenset({S.ASSIGNED}),
    "assignment.expired": frozenset({S.ASSIGNED}),
    "work.started": frozenset({S.ACCEPTED}),
    "work.paused": frozenset({S.ACCEPTED, S.WORKING}),
    "work.resumed": frozenset({S.PAUSED}),
    "work.completed": frozenset({S.ACCEPTED, S.WORKING}),
    "case.transferred": frozenset({S.TRIAGED, *IN_WORK}),
    "case.escalated": frozenset({S.TRIAGED, *IN_WORK}),
    "deadline.missed": frozenset({S.TRIAGED, *IN_WORK}) - {S.PAUSED},
    "deadline.extended": frozenset({S.TRIAGED, *IN_WORK}) - {S.PAUSED},
    "note.added": REAL,
    "resolution.verified": frozenset({S.COMPLETED}),
    "resolution.rejected": frozenset({S.COMPLETED}),
    "case.closed": frozenset({S.COMPLETED}),
    "outcome.published": frozenset({S.CLOSED}),
    "case.rated": frozenset({S.COMPLETED, S.CLOSED}),
    "case.reopened": frozenset({S.CLOSED}),
}


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
    location: Location | None = None
    address: str | None = None
    wish: str | None = None  # the category that the reporter chose
    attributes: dict[str, str] = Field(default_factory=dict)
    follows: str | None = None  # the case whose scheduled repetition this is
    source: str | None = None

    classification: Classification | None = None
    department: str | None = None  # changes with a transfer
    triaged_at: UtcTime | None = None
    respond_by: UtcTime | None = None
    resolve_by: UtcTime | None = None
    first_resolve_by: UtcTime | None = None
    extensions: int = 0
    missed: tuple[str, ...] = ()
    level: int = 0  # of the ladder

    into: str | None = None  # the survivor of a merge
    followers: tuple[str, ...] = ()

    assignee: str | None = None
    role: str | None = None
    informed: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()  # who was asked since somebody last decided about the case
    answer_by: UtcTime | None = None
    assigned_at: UtcTime | None = None  # first time
    accepted_at: UtcTime | None = None  # first time
    paused_at: UtcTime | None = None
    pause_reason: str | None = None
    look_again_at: UtcTime | None = None
    completed_at: UtcTime | None = None
    outcome: str = ""

    verified: bool = False
    unsolved: bool = False  # a resident said so after the last completion
    closings: int = 0
    closed_at: UtcTime | None = None
    reopenings: int = 0
    published: int = 0  # the last closing whose outcome was published

    @property
    def grade(self) -> Grade | None:
        return self.classification.grade if self.classification else None

    @property
    def overdue(self) -> bool:
        """Whether the present deadline was missed, by the log."""
        return self.resolve_by is not None and missed_key("resolve", self.resolve_by) in self.missed


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


def missed_key(which: str, deadline: datetime) -> str:
    """Return the name of a deadline: what it asks for, and when."""
    return f"{which}/{deadline.astimezone(UTC).isoformat()}"


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
    match event:
        case CaseMerged():  # only into the smaller: no ring can be made
            return (event.into_reported_at, event.into) < (case.reported_at, case.id) and event.into != case.id
        case CaseWithdrawn():
            return not case.followers
        case CaseJoined():
            return event.follower != case.id and event.follower not in case.followers and len(case.followers) < MAX_FOLLOWERS
        case CaseRevived():
            return bool(case.followers)
        case CaseEscalated():
            return event.level > case.level
        case DeadlineMissed():
            deadline = case.respond_by if event.which == "respond" else case.resolve_by
            answered = event.which == "respond" and case.accepted_at is not None
            known = missed_key(event.which, event.deadline) in case.missed
            return deadline == event.deadline and event.at >= event.deadline and not answered and not known
        case OutcomePublished():
            return event.closing == case.closings and case.published < case.closings
        case CaseRated():
            return event.closing == case.closings and case.additions < MAX_ADDITIONS
        case CaseSupplemented() | NoteAdded():
            return case.additions < MAX_ADDITIONS
        case _:
            return True


def changed(case: Case, event: AnyEvent) -> dict[str, Any]:
    """Return the members of the case that an event which fits gives new values."""
    match event:  # the everyday events first: each miss costs a quarter of a microsecond
        case CaseReported():
            return reported(event)
        case CaseTriaged():
            return {"status": S.TRIAGED, "triaged_at": event.at, **classified(event.classification, case)}
        case CaseAssigned():
            return assigned(case, event)
        case AssignmentAccepted():
            return {"status": S.ACCEPTED, "answer_by": None, "offered": (), "accepted_at": case.accepted_at or event.at}
        case WorkCompleted():
            done = {"completed_at": event.at, "outcome": event.outcome, "verified": False, "unsolved": False}
            return {"status": S.COMPLETED, **done}
        case ResolutionVerified():
            return {"verified": True, "unsolved": False}
        case CaseClosed():
            return {"status": S.CLOSED, "outcome": event.outcome, "closed_at": event.at, "closings": case.closings + 1}
        case OutcomePublished():
            return {"published": event.closing}
        case CaseSupplemented() | NoteAdded():
            return {"additions": case.additions + 1}
        case CaseWithdrawn():
            return {"status": S.WITHDRAWN, **NOBODY}
        case CaseReclassified():
            return reclassified(case, event)
        case CaseRejected():
            return {"status": S.REJECTED, "outcome": event.reason, **NOBODY}
        case CaseMerged():
            return {"status": S.MERGED, "into": event.into, **NOBODY}
        case CaseJoined():
            return {"followers": (*case.followers, event.follower)}
        case CaseRevived():
            return {"status": S.REPORTED}
        case AssignmentDeclined() | AssignmentExpired():
            return {"status": S.TRIAGED, **NOBODY}
        case WorkStarted():
            return {"status": S.WORKING}
        case WorkPaused():
            pause = {"paused_at": event.at, "pause_reason": event.reason, "look_again_at": event.look_again_at}
            return {"status": S.PAUSED, **pause}
        case WorkResumed():
            return {"status": S.WORKING, "resolve_by": event.resolve_by, **NO_PAUSE}
        case CaseTransferred():
            return {"status": S.TRIAGED, "department": event.department, "offered": (), **NOBODY, **NO_PAUSE}
        case CaseEscalated():
            return {"level": event.level, "offered": ()}
        case DeadlineMissed():
            return {"missed": (*case.missed, missed_key(event.which, event.deadline))}
        case DeadlineExtended():
            return {"resolve_by": event.resolve_by, "extensions": case.extensions + 1}
        case ResolutionRejected():
            return {"status": S.ACCEPTED, "verified": False, "unsolved": False, "completed_at": None}
        case CaseRated():
            return {"additions": case.additions + 1, "unsolved": not event.solved}
        case CaseReopened():
            return reopened(case, event)
        case _:
            assert_never(event)


NOBODY: dict[str, Any] = {"assignee": None, "role": None, "informed": (), "answer_by": None}
NO_PAUSE: dict[str, Any] = {"paused_at": None, "pause_reason": None, "look_again_at": None}


def reported(event: CaseReported) -> dict[str, Any]:
    told = {
        "text",
        "language",
        "channel",
        "reporter",
        "location",
        "address",
        "attributes",
        "follows",
        "source",
        "number",
    }
    return {
        "status": S.REPORTED,
        "reported_at": event.at,
        "wish": event.category,
        **{name: getattr(event, name) for name in told},
    }


def classified(what: Classification, case: Case) -> dict[str, Any]:
    return {
        "classification": what,
        "department": what.department,
        "respond_by": what.respond_by,
        "resolve_by": what.resolve_by,
        "first_resolve_by": case.first_resolve_by or what.resolve_by,
    }


def reclassified(case: Case, event: CaseReclassified) -> dict[str, Any]:
    change = {**classified(event.classification, case), "triaged_at": case.triaged_at or event.at}
    if case.status in IN_WORK and event.classification.department == case.department:
        return change  # the same people go on
    return {**change, "status": S.TRIAGED, "offered": (), **NOBODY, **NO_PAUSE}


def assigned(case: Case, event: CaseAssigned) -> dict[str, Any]:
    return {
        "status": S.ASSIGNED,
        "assignee": event.assignee,
        "role": event.role,
        "informed": event.informed,
        "offered": (*case.offered, event.assignee),
        "answer_by": event.answer_by,
        "assigned_at": case.assigned_at or event.at,
    }


def reopened(case: Case, event: CaseReopened) -> dict[str, Any]:
    return {
        "status": S.TRIAGED,
        "respond_by": event.respond_by,
        "resolve_by": event.resolve_by,
        "accepted_at": None,
        "assigned_at": None,
        "completed_at": None,
        "reopenings": case.reopenings + 1,
        "level": 0,
        "offered": (),
        "verified": False,
        "unsolved": False,
        **NOBODY,
    }
