"""What each fact makes of its case: one arm for each type of fact, the everyday ones first."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, assert_never

from shared.events import (
    AnyEvent,
    AppealDecided,
    AppealMade,
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    CallbackRecorded,
    CaseAssigned,
    CaseClosed,
    CaseEscalated,
    CaseJoined,
    CaseMerged,
    CaseParted,
    CaseRated,
    CaseReclassified,
    CaseRejected,
    CaseReopened,
    CaseReported,
    CaseReturned,
    CaseRevived,
    CaseSeparated,
    CaseSupplemented,
    CaseTransferred,
    CaseTriaged,
    CaseWithdrawn,
    Classification,
    DeadlineCorrected,
    DeadlineExtended,
    DeadlineMissed,
    DelayExplained,
    NoteAdded,
    ObjectionDecided,
    OutcomePublished,
    RemedyDecided,
    ReminderSent,
    ReportVerified,
    ResidentContacted,
    ResolutionRejected,
    ResolutionVerified,
    StandingPublished,
    VerificationRequested,
    WorkCompleted,
    WorkPaused,
    WorkResumed,
    WorkStarted,
)
from shared.status import IN_WORK, S

if TYPE_CHECKING:
    from shared.case import Case

NOBODY: dict[str, Any] = {"assignee": None, "role": None, "informed": (), "answer_by": None, "insisted_at": None, "appealed_at": None}
UNJUDGED: dict[str, Any] = {"verified": False, "unsolved": False, "solved": False, "called_back": False}
UNNAMED = frozenset({"resident", "intake"})  # who has not signed in, and scheduled work
TOLD = ("text", "language", "channel", "reporter", "location", "address", "attributes", "follows", "source", "same_as", "number")


def missed_key(which: str, deadline: datetime) -> str:
    """Return the name of a deadline: what it asks for, and when."""
    return f"{which}/{deadline.astimezone(UTC).isoformat()}"


def reminded_key(share: float, deadline: datetime) -> str:
    """Return the name of a reminder: how much of the time until which deadline was used up."""
    return f"{share:g}/{deadline.astimezone(UTC).isoformat()}"


def changed(case: "Case", event: AnyEvent) -> dict[str, Any]:
    """Return the members of the case that an event which fits gives new values."""
    match event:  # the everyday events first: each miss costs a quarter of a microsecond
        case CaseReported():
            return reported(event)
        case CaseTriaged():
            return triaged(case, event)
        case CaseAssigned():
            return assigned(case, event)
        case AssignmentAccepted():
            return {"status": S.ACCEPTED, "answer_by": None, "offered": (), "accepted_at": case.accepted_at or event.at, "awaits": None}
        case WorkCompleted():
            done = {
                "completed_at": event.at,
                "outcome": event.outcome,
                "photos": len(event.media),
                "handled_by": case.assignee,
                "awaits": None,
            }
            return {"status": S.COMPLETED, **done, **UNJUDGED}
        case ResolutionVerified():
            return {"verified": True, "unsolved": False}
        case CaseClosed():
            return {"status": S.CLOSED, "outcome": event.outcome, "closed_at": event.at, "closings": case.closings + 1}
        case OutcomePublished():
            return {"published": event.closing}
        case StandingPublished():
            return {"standing_at": event.at}
        case CaseSupplemented() | NoteAdded() | RemedyDecided():
            return {"additions": case.additions + 1}
        case WorkStarted():
            return {"status": S.WORKING, "awaits": None}
        case ReminderSent():
            return {"reminded": (*case.reminded, reminded_key(event.share, event.deadline)), "awaits": case.awaits or event.at}
        case DeadlineMissed():
            return missed(case, event)
        case CaseEscalated():
            return {"level": event.level, "offered": (), "awaits": case.awaits or event.at}
        case CaseRated():
            return {"additions": case.additions + 1, "unsolved": not event.solved, "solved": event.solved}
        case CallbackRecorded():
            return called_back(case, event)
        case ResidentContacted():
            return {"additions": case.additions + 1, "contacted_at": min(case.contacted_at or event.happened_at, event.happened_at)}
        case DelayExplained():
            return {"additions": case.additions + 1, "awaits": None}
        case CaseReclassified():
            return reclassified(case, event)
        case VerificationRequested():
            return {"verifier": event.verifier, "verify_by": event.verify_by}
        case ReportVerified():
            return {"looked": True}
        case CaseWithdrawn():
            return {"status": S.WITHDRAWN, **NOBODY}
        case CaseRejected():
            return {"status": S.REJECTED, "outcome": event.reason, **NOBODY}
        case CaseMerged():
            return {"status": S.MERGED, "into": event.into, **NOBODY}
        case CaseSeparated():
            back = S.REPORTED if case.classification is None else S.TRIAGED
            return {"status": back, "into": None, "apart": (*case.apart, case.into), "offered": ()}
        case CaseJoined():
            return {"followers": (*case.followers, event.follower)}
        case CaseParted():
            return {"followers": tuple(one for one in case.followers if one != event.follower)}
        case CaseRevived():
            return {"status": S.REPORTED}
        case AssignmentDeclined():
            return {"status": S.TRIAGED, "refusals": case.refusals + 1, **NOBODY}
        case CaseReturned():
            asked = (*case.offered, case.assignee) if case.assignee else case.offered
            return {"status": S.TRIAGED, "refusals": case.refusals + 1, "offered": asked, **NOBODY}
        case AssignmentExpired():
            return {"status": S.TRIAGED, **NOBODY}
        case AppealMade():
            return {"additions": case.additions + 1, "appealed_at": event.at}
        case AppealDecided():
            return {"additions": case.additions + 1, "appealed_at": None}
        case WorkPaused():
            pause = {"paused_at": event.at, "pause_reason": event.reason, "look_again_at": event.look_again_at}
            return {"status": S.PAUSED, "awaits": None, **pause}
        case WorkResumed():
            return {"status": S.WORKING, "resolve_by": event.resolve_by, **unpaused(case, event.at)}
        case CaseTransferred():
            moved = {"department": event.department, "offered": (), "awaits": None}
            return {"status": S.TRIAGED, **moved, **NOBODY, **unpaused(case, event.at)}
        case DeadlineExtended():
            return {"resolve_by": event.resolve_by, "extensions": case.extensions + 1, "awaits": None}
        case DeadlineCorrected():
            return {"respond_by": event.respond_by, "resolve_by": event.resolve_by, "calendar": event.calendar}
        case ResolutionRejected():
            return {"status": S.ACCEPTED, "completed_at": None, **UNJUDGED}
        case ObjectionDecided():
            return {"unsolved": False}
        case CaseReopened():
            return reopened(case, event)
        case _:
            assert_never(event)


def unpaused(case: "Case", at: datetime) -> dict[str, Any]:
    """Return that the clock runs again, and when it had stood still."""
    if case.paused_at is None:
        return {}
    return {"paused_at": None, "pause_reason": None, "look_again_at": None, "pauses": (*case.pauses, (case.paused_at, at))}


def reported(event: CaseReported) -> dict[str, Any]:
    told = {name: getattr(event, name) for name in TOLD}
    by = None if event.by in UNNAMED else event.by
    return {"status": S.REPORTED, "reported_at": event.at, "reported_by": by, "wish": event.category, **told}


def triaged(case: "Case", event: CaseTriaged) -> dict[str, Any]:
    return {
        "status": S.TRIAGED,
        "triaged_at": event.at,
        "asks": event.asks,
        **classified(event.classification, case),
        "clock_from": case.clock_from or event.at,
    }


def classified(what: Classification, case: "Case") -> dict[str, Any]:
    return {
        "classification": what,
        "department": what.department,
        "respond_by": what.respond_by,
        "resolve_by": what.resolve_by,
        "first_resolve_by": case.first_resolve_by or what.resolve_by,
        "calendar": what.calendar,
    }


def reclassified(case: "Case", event: CaseReclassified) -> dict[str, Any]:
    filed = {"triaged_at": case.triaged_at or event.at, "clock_from": case.clock_from or event.at, "asks": False}
    change = {**classified(event.classification, case), **filed}
    if case.status in IN_WORK and event.classification.department == case.department:
        return change  # the same people go on
    return {**change, "status": S.TRIAGED, "offered": (), **NOBODY, **unpaused(case, event.at)}


def assigned(case: "Case", event: CaseAssigned) -> dict[str, Any]:
    return {
        "status": S.ASSIGNED,
        "assignee": event.assignee,
        "role": event.role,
        "informed": event.informed,
        "offered": (*case.offered, event.assignee),
        "asked": case.asked if event.assignee in case.asked else (*case.asked, event.assignee),
        "answer_by": event.answer_by,
        "insisted_at": event.at if event.insists else None,
        "awaits": None,
        "assigned_at": case.assigned_at or event.at,
    }


def missed(case: "Case", event: DeadlineMissed) -> dict[str, Any]:
    awaits = case.awaits or event.at if event.which == "resolve" else case.awaits
    return {"missed": (*case.missed, missed_key(event.which, event.deadline)), "awaits": awaits}


def called_back(case: "Case", event: CallbackRecorded) -> dict[str, Any]:
    said = {} if event.solved is None else {"unsolved": not event.solved, "solved": event.solved}
    return {"additions": case.additions + 1, "called_back": True, **said}


def reopened(case: "Case", event: CaseReopened) -> dict[str, Any]:
    return {
        "status": S.TRIAGED,
        "respond_by": event.respond_by,
        "resolve_by": event.resolve_by,
        "clock_from": event.at,
        "spent": event.spent,
        "pauses": (),
        "extensions": 0,
        "calendar": event.calendar or case.calendar,
        "awaits": None,
        "accepted_at": None,
        "assigned_at": None,
        "contacted_at": None,
        "completed_at": None,
        "standing_at": None,
        "reopenings": case.reopenings + 1,
        "level": 0,
        "refusals": 0,
        "offered": (),
        **UNJUDGED,
        **NOBODY,
    }
