"""Where a case can stand, and which fact may happen where."""

from enum import StrEnum


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
IN_HAND = frozenset({S.TRIAGED, *IN_WORK})  # filed, and not yet done
CLOCKED = IN_HAND - {S.PAUSED}  # the clock of the case runs against the city

ALLOWED: dict[str, frozenset[Status]] = {
    "case.reported": frozenset({S.UNKNOWN}),
    "case.supplemented": REAL,
    "case.withdrawn": frozenset({S.REPORTED, S.TRIAGED, S.ASSIGNED, S.ACCEPTED}),
    "verification.requested": frozenset({S.REPORTED}),
    "report.verified": frozenset({S.REPORTED}),
    "case.triaged": frozenset({S.REPORTED}),
    "case.reclassified": frozenset({S.REPORTED, *IN_HAND}),
    "case.rejected": frozenset({S.REPORTED, S.TRIAGED, S.ASSIGNED}),
    "case.merged": frozenset({S.REPORTED, S.TRIAGED, S.ASSIGNED}),
    "case.joined": REAL,
    "case.separated": frozenset({S.MERGED}),
    "case.parted": REAL,
    "case.revived": frozenset({S.WITHDRAWN}),
    "case.assigned": frozenset({S.TRIAGED}),
    "assignment.accepted": frozenset({S.ASSIGNED}),
    "assignment.declined": frozenset({S.ASSIGNED}),
    "assignment.expired": frozenset({S.ASSIGNED}),
    "work.started": frozenset({S.ACCEPTED}),
    "work.paused": frozenset({S.ACCEPTED, S.WORKING}),
    "work.resumed": frozenset({S.PAUSED}),
    "work.completed": frozenset({S.ACCEPTED, S.WORKING}),
    "case.returned": frozenset({S.ACCEPTED, S.WORKING}),
    "appeal.made": IN_WORK,
    "appeal.decided": frozenset({*IN_HAND, S.COMPLETED}),
    "resident.contacted": OPEN,
    "case.transferred": IN_HAND,
    "case.escalated": IN_HAND,
    "reminder.sent": CLOCKED,
    "delay.explained": IN_HAND,
    "deadline.missed": frozenset({*CLOCKED, S.COMPLETED}),
    "deadline.extended": CLOCKED,
    "deadline.corrected": CLOCKED,
    "note.added": REAL,
    "resolution.verified": frozenset({S.COMPLETED}),
    "resolution.rejected": frozenset({S.COMPLETED}),
    "case.closed": frozenset({S.COMPLETED}),
    "standing.published": frozenset({*IN_HAND, S.COMPLETED, S.CLOSED}),
    "outcome.published": frozenset({S.CLOSED}),
    "case.rated": frozenset({S.COMPLETED, S.CLOSED}),
    "callback.recorded": frozenset({S.COMPLETED, S.CLOSED}),
    "objection.decided": frozenset({S.CLOSED}),
    "remedy.decided": REAL,
    "case.reopened": frozenset({S.CLOSED}),
}
