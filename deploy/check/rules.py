"""The life of a case written a second time, as one table, from the words of the design and not from the services' code."""

from collections.abc import Mapping
from typing import Any, NamedTuple

SERVICES = frozenset({"intake", "triage", "dispatch", "closure", "console"})
MOST_ADDITIONS = 500
MOST_FOLLOWERS = 1_000
MOST_REPEATS = 3  # of a service's fact that had no effect

IN_WORK = frozenset({"assigned", "accepted", "working", "paused"})
OPEN = IN_WORK | {"reported", "triaged", "completed"}
REAL = OPEN | {"closed", "merged", "rejected", "withdrawn"}
CLOCKED = frozenset({"triaged", "assigned", "accepted", "working"})  # the clock runs for whoever has to act


class Rule(NamedTuple):
    """When a fact may happen and what it does.

    One that `moves` names the version it was said about and makes the next one; others add to whatever version there is.
    """

    where: frozenset[str]  # statuses in which it may happen
    to: str = ""  # the status afterwards, if it is another
    moves: bool = True
    frees: bool = False  # nobody has the case afterwards
    unpauses: bool = False
    asks_anew: bool = False  # those who were asked before may be asked again
    classifies: bool = False
    counts: str = ""  # what it adds one to
    sets: Mapping[str, str] = {}  # member of the case: member of the fact
    first: Mapping[str, str] = {}  # the same, unless the case has a value
    puts: Mapping[str, Any] = {}  # member of the case: value


def within(statuses: str) -> frozenset[str]:
    return frozenset(statuses.split())


TOLD = ("number", "text", "channel", "language", "location", "address", "attributes", "reporter", "follows", "source", "same_as")
COUNTED = within(
    "case.supplemented note.added resident.contacted delay.explained remedy.decided case.rated callback.recorded"
)  # a case takes so many of them
NOT_DECIDED = within("reported triaged assigned")
IN_HAND = IN_WORK | {"triaged"}
UNJUDGED = {"verified": False, "unsolved": False, "solved": False, "called_back": False}
REACTED = {"awaits": None}  # accept, new handler or explanation: nobody waits for a reaction any more
AT = "at"
WAITS = {"awaits": AT}
ADDS = "additions"

ANEW: Mapping[str, Any] = {  # a reopened case begins again
    **dict.fromkeys(("accepted_at", "assigned_at", "contacted_at", "completed_at", "standing_at")),
    **dict.fromkeys(("level", "extensions", "refusals"), 0),
    "pauses": [],
}

RULES: dict[str, Rule] = {
    "case.reported": Rule(within("unknown"), "reported", sets={"reported_at": AT, "wish": "category", **{name: name for name in TOLD}}),
    "case.supplemented": Rule(REAL, moves=False, counts=ADDS),
    "case.withdrawn": Rule(NOT_DECIDED | {"accepted"}, "withdrawn", frees=True),
    "verification.requested": Rule(within("reported"), sets={"verifier": "verifier", "verify_by": "verify_by"}),
    "report.verified": Rule(within("reported"), puts={"looked": True}),
    "case.triaged": Rule(within("reported"), "triaged", classifies=True, sets={"triaged_at": AT, "asks": "asks"}, first={"clock_from": AT}),
    "case.reclassified": Rule(IN_HAND | {"reported"}, classifies=True, first={"triaged_at": AT, "clock_from": AT}, puts={"asks": False}),
    "case.rejected": Rule(NOT_DECIDED, "rejected", frees=True, sets={"outcome": "reason"}),
    "case.merged": Rule(NOT_DECIDED, "merged", frees=True, sets={"into": "into"}),
    "case.joined": Rule(REAL, moves=False),
    "case.separated": Rule(within("merged"), asks_anew=True),
    "case.parted": Rule(REAL, moves=False),
    "case.revived": Rule(within("withdrawn"), "reported"),
    "case.assigned": Rule(
        within("triaged"),
        "assigned",
        sets={"assignee": "assignee", "role": "role", "informed": "informed", "answer_by": "answer_by"},
        first={"assigned_at": AT},
        puts=REACTED,
    ),
    "assignment.accepted": Rule(
        within("assigned"), "accepted", asks_anew=True, first={"accepted_at": AT}, puts={"answer_by": None, **REACTED}
    ),
    "assignment.declined": Rule(within("assigned"), "triaged", frees=True, counts="refusals"),
    "assignment.expired": Rule(within("assigned"), "triaged", frees=True),
    "work.started": Rule(within("accepted"), "working", puts=REACTED),
    "work.paused": Rule(
        within("accepted working"),
        "paused",
        sets={"paused_at": AT, "pause_reason": "reason", "look_again_at": "look_again_at"},
        puts=REACTED,
    ),
    "work.resumed": Rule(within("paused"), "working", unpauses=True, sets={"resolve_by": "resolve_by"}),
    "work.completed": Rule(
        within("accepted working"), "completed", sets={"completed_at": AT, "outcome": "outcome"}, puts={**UNJUDGED, **REACTED}
    ),
    "case.returned": Rule(within("accepted working"), "triaged", frees=True, counts="refusals"),
    "appeal.made": Rule(IN_WORK, moves=False, counts=ADDS, sets={"appealed_at": AT}),
    "appeal.decided": Rule(IN_HAND | {"completed"}, moves=False, counts=ADDS, puts={"appealed_at": None}),
    "resident.contacted": Rule(OPEN, moves=False, counts=ADDS),
    "case.transferred": Rule(
        IN_HAND,
        "triaged",
        frees=True,
        unpauses=True,
        asks_anew=True,
        sets={"department": "department"},
        puts=REACTED,
    ),
    "case.escalated": Rule(IN_HAND, asks_anew=True, sets={"level": "level"}, first=WAITS),
    "reminder.sent": Rule(CLOCKED, moves=False, first=WAITS),
    "delay.explained": Rule(IN_HAND, moves=False, counts=ADDS, puts=REACTED),
    "deadline.missed": Rule(CLOCKED | {"completed"}, moves=False),
    "deadline.extended": Rule(CLOCKED, counts="extensions", sets={"resolve_by": "resolve_by"}, puts=REACTED),
    "deadline.corrected": Rule(CLOCKED, sets={"respond_by": "respond_by", "resolve_by": "resolve_by", "calendar": "calendar"}),
    "note.added": Rule(REAL, moves=False, counts=ADDS),
    "resolution.verified": Rule(within("completed"), puts={"verified": True, "unsolved": False}),
    "resolution.rejected": Rule(within("completed"), "accepted", puts={**UNJUDGED, "completed_at": None}),
    "case.closed": Rule(within("completed"), "closed", counts="closings", sets={"outcome": "outcome", "closed_at": AT}),
    "outcome.published": Rule(within("closed"), moves=False, sets={"published": "closing"}),
    "standing.published": Rule(IN_HAND | {"completed", "closed"}, moves=False, sets={"standing_at": AT}),
    "case.rated": Rule(within("completed closed"), moves=False, counts=ADDS),
    "callback.recorded": Rule(within("completed closed"), moves=False, counts=ADDS, puts={"called_back": True}),
    "objection.decided": Rule(within("closed"), puts={"unsolved": False}),
    "remedy.decided": Rule(REAL, moves=False, counts=ADDS),
    "case.reopened": Rule(
        within("closed"),
        "triaged",
        frees=True,
        asks_anew=True,
        counts="reopenings",
        sets={"respond_by": "respond_by", "resolve_by": "resolve_by", "clock_from": AT, "spent": "spent"},
        puts={**UNJUDGED, **REACTED, **ANEW},
    ),
}
