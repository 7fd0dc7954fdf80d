"""Every member of a case with the value that it has before anything is known; lists are replaced, never changed in place."""

from datetime import UTC, datetime
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Case = dict[str, Any]

NOBODY: Case = {"assignee": None, "role": None, "informed": [], "answer_by": None, "insisted_at": None, "appealed_at": None}
NO_PAUSE: Case = {"paused_at": None, "pause_reason": None, "look_again_at": None}
REPORT: Case = {
    "number": "",
    "reported_at": EPOCH,
    "text": "",
    "language": "zh",
    "channel": "",
    "reporter": None,
    "location": None,
    "address": None,
    "wish": None,
    "attributes": {},
    "follows": None,
    "source": None,
    "same_as": None,
}
FILING: Case = {
    "verifier": None,
    "verify_by": None,
    "looked": False,
    "classification": None,
    "asks": False,
    "department": None,
    "triaged_at": None,
}
CLOCK: Case = {
    "respond_by": None,
    "resolve_by": None,
    "first_resolve_by": None,
    "clock_from": None,
    "spent": 0.0,
    "pauses": [],
    "calendar": "",
    "extensions": 0,
    "missed": [],
    "reminded": [],
    "awaits": None,
    "level": 0,
    "contacted_at": None,
}
HANDLING: Case = {
    **NOBODY,
    "offered": [],
    "refusals": 0,
    "assigned_at": None,
    "accepted_at": None,
    **NO_PAUSE,
    "completed_at": None,
    "outcome": "",
    "photos": 0,
    "handled_by": None,
}
END: Case = {
    "verified": False,
    "unsolved": False,
    "solved": False,
    "called_back": False,
    "closings": 0,
    "closed_at": None,
    "reopenings": 0,
    "published": 0,
    "standing_at": None,
}
BLANK: Case = {
    "version": 0,
    "status": "unknown",
    "since": EPOCH,
    "last_at": EPOCH,
    "ids": [],
    "additions": 0,
    **REPORT,
    **FILING,
    **CLOCK,
    "into": None,
    "followers": [],
    "apart": [],
    **HANDLING,
    **END,
}


def blank(id: str) -> Case:
    """Return a case of which nothing is known."""
    return {"id": id, **BLANK}
