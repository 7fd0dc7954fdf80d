"""Every fact that the log can hold, who may say it, and how facts become bytes and bytes facts."""

from typing import Annotated, get_args

from pydantic import Field, TypeAdapter

from shared.event import MAX_BYTES, MAX_TEXT, NAMES, Addition, Change, Event, Known, Name, Said, Text, UtcTime, derived_id
from shared.facts.closure import (
    CallbackRecorded,
    CaseClosed,
    CaseRated,
    CaseReopened,
    ObjectionDecided,
    OutcomePublished,
    RemedyDecided,
    ResolutionRejected,
    ResolutionVerified,
    StandingPublished,
)
from shared.facts.dispatch import (
    AppealDecided,
    AppealMade,
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    CaseAssigned,
    CaseEscalated,
    CaseReturned,
    CaseTransferred,
    DeadlineCorrected,
    DeadlineExtended,
    DeadlineMissed,
    DelayExplained,
    NoteAdded,
    ReminderSent,
    ResidentContacted,
    WorkCompleted,
    WorkPaused,
    WorkResumed,
    WorkStarted,
)
from shared.facts.intake import CaseReported, CaseSupplemented, CaseWithdrawn
from shared.facts.triage import (
    Alternative,
    CaseJoined,
    CaseMerged,
    CaseParted,
    CaseReclassified,
    CaseRejected,
    CaseRevived,
    CaseSeparated,
    CaseTriaged,
    Classification,
    ReportVerified,
    VerificationRequested,
)

__all__ = [
    "EVENT_TYPES",
    "MAX_BYTES",
    "MAX_TEXT",
    "NAMES",
    "OWNERS",
    "Addition",
    "Alternative",
    "AnyEvent",
    "AppealDecided",
    "AppealMade",
    "AssignmentAccepted",
    "AssignmentDeclined",
    "AssignmentExpired",
    "CallbackRecorded",
    "CaseAssigned",
    "CaseClosed",
    "CaseEscalated",
    "CaseJoined",
    "CaseMerged",
    "CaseParted",
    "CaseRated",
    "CaseReclassified",
    "CaseRejected",
    "CaseReopened",
    "CaseReported",
    "CaseReturned",
    "CaseRevived",
    "CaseSeparated",
    "CaseSupplemented",
    "CaseTransferred",
    "CaseTriaged",
    "CaseWithdrawn",
    "Change",
    "Classification",
    "DeadlineCorrected",
    "DeadlineExtended",
    "DeadlineMissed",
    "DelayExplained",
    "Event",
    "Known",
    "Name",
    "NoteAdded",
    "ObjectionDecided",
    "OutcomePublished",
    "RemedyDecided",
    "ReminderSent",
    "ReportVerified",
    "ResidentContacted",
    "ResolutionRejected",
    "ResolutionVerified",
    "Said",
    "StandingPublished",
    "Text",
    "UtcTime",
    "VerificationRequested",
    "WorkCompleted",
    "WorkPaused",
    "WorkResumed",
    "WorkStarted",
    "decode",
    "derived_id",
    "encode",
]

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

# Each type of fact has one owner: the only service whose processes may put it into the log. It is the module in which the fact stands.
OWNERS: dict[str, str] = {kind: cls.__module__.rpartition(".")[2] for kind, cls in EVENT_TYPES.items()}

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
