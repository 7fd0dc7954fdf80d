"""What a message must look like to be a fact: the members of each type, read by code of its own.

Members that nobody knows are left out.
"""

import orjson

from deploy.check.members import (
    Fact,
    Member,
    flag,
    members_of,
    moment,
    name,
    number,
    one_of,
    or_none,
    pairs,
    parts,
    several,
    text,
    whole,
    word,
    words,
)


class Unreadable(ValueError):
    """The message is no fact; the reason says why."""


NAME, TEXT, WORD, TIME, FLAG = Member(name), Member(text), Member(word), Member(moment), Member(flag)
MAYBE = Member(or_none(word), None)
MEDIA = Member(words, [])
REASON = {"reason": TEXT}
LIMIT = parts(amount=Member(number(5e-324, 1e308)), clock=Member(one_of("urgent_hours", "work_hours", "work_days", "natural_days")))
PLACE = parts(lat=Member(number(-90, 90)), lon=Member(number(-180, 180)))
WHAT = {
    "classification": Member(
        parts(
            category=WORD,
            group=WORD,
            condition=WORD,
            grade=Member(one_of("emergency", "urgent", "normal", "service")),
            department=WORD,
            grid=Member(or_none(word)),
            confidential=FLAG,
            check=FLAG,
            limit=Member(LIMIT),
            respond_by=TIME,
            resolve_by=TIME,
            rules=WORD,
            calendar=Member(word, ""),
        )
    )
}

ALTERNATIVES = several(parts(category=NAME, probability=Member(number(0, 1))))
LEARNED = {"model": Member(word, ""), "probability": Member(or_none(number(0, 1)), None), "alternatives": Member(ALTERNATIVES, [])}

ENVELOPE = {
    "id": NAME,
    "case_id": NAME,
    "at": TIME,
    "by": NAME,
    "late": Member(flag, False),
    "true_at": Member(or_none(moment), None),
}
ON = {"on": Member(whole(0))}
OFFER = {"assignee": NAME, "role": NAME, "answer_by": TIME, "informed": MEDIA, "insists": Member(flag, False)}
BOTH = {"respond_by": TIME, "resolve_by": TIME}
SAID = {"solved": Member(or_none(flag), None), "satisfied": Member(or_none(flag), None), "comment": Member(text, "")}
REPORT = {
    "number": NAME,
    "text": TEXT,
    "channel": NAME,
    "language": Member(word, "zh"),
    "location": Member(or_none(PLACE), None),
    "address": MAYBE,
    "category": MAYBE,
    "attributes": Member(pairs, {}),
    "reporter": MAYBE,
    "follows": MAYBE,
    "source": MAYBE,
    "same_as": MAYBE,
    "media": MEDIA,
}
SHAPES: dict[str, dict[str, Member]] = {
    "case.reported": {**ON, **REPORT},
    "case.supplemented": {"text": TEXT, "media": MEDIA, "reporter": MAYBE},
    "case.withdrawn": {**ON, **REASON},
    "verification.requested": {**ON, **WHAT, "verifier": NAME, "verify_by": TIME, **REASON},
    "report.verified": {**ON, **REASON},
    "case.triaged": {**ON, **WHAT, **REASON, **LEARNED, "asks": Member(flag, False)},
    "case.reclassified": {**ON, **WHAT, **REASON},
    "case.rejected": {**ON, **REASON},
    "case.merged": {**ON, "into": NAME, "into_reported_at": TIME, **REASON},
    "case.joined": {"follower": NAME},
    "case.separated": {**ON, **REASON},
    "case.parted": {"follower": NAME},
    "case.revived": ON,
    "case.assigned": {**ON, **OFFER, **REASON},
    "assignment.accepted": ON,
    "assignment.declined": {**ON, **REASON},
    "assignment.expired": ON,
    "work.started": ON,
    "work.paused": {**ON, **REASON, "approved_by": NAME, "look_again_at": TIME},
    "work.resumed": {**ON, "resolve_by": TIME},
    "work.completed": {**ON, "outcome": TEXT, "media": MEDIA},
    "case.returned": {**ON, **REASON},
    "appeal.made": REASON,
    "appeal.decided": {"upheld": FLAG, **REASON},
    "resident.contacted": {"how": NAME, "text": TEXT},
    "reminder.sent": {"share": Member(number(5e-324, 1e308)), "deadline": TIME, "to": Member(words)},
    "delay.explained": {"text": TEXT},
    "deadline.corrected": {**ON, **BOTH, "calendar": NAME, **REASON},
    "case.transferred": {**ON, "department": NAME, **REASON},
    "case.escalated": {**ON, "level": Member(whole(1)), **REASON},
    "deadline.missed": {"which": Member(one_of("respond", "resolve", "dispatch", "check")), "deadline": TIME},
    "deadline.extended": {**ON, "resolve_by": TIME, **REASON, "approved_by": NAME},
    "note.added": {"text": TEXT, "media": MEDIA},
    "resolution.verified": {**ON, **REASON},
    "resolution.rejected": {**ON, **REASON},
    "case.closed": {**ON, "outcome": TEXT},
    "outcome.published": {"text": TEXT, "closing": Member(whole(1))},
    "case.rated": {"solved": FLAG, "score": Member(whole(1, 5)), "comment": Member(text, ""), "closing": Member(whole(0))},
    "standing.published": {"text": TEXT, "round": Member(whole(0))},
    "callback.recorded": {"reached": FLAG, **SAID, "closing": Member(whole(0))},
    "objection.decided": {**ON, **REASON},
    "remedy.decided": {"text": TEXT, "handler": NAME, "remedy_by": TIME},
    "case.reopened": {**ON, **REASON, **BOTH, "calendar": Member(word, ""), "spent": Member(number(0, 1), 0.0)},
}


def read_fact(value: bytes | None) -> Fact:
    """Return the fact in a message. Raises Unreadable."""
    try:
        told = orjson.loads(value or b"")
        if not isinstance(told, dict) or told.get("type") not in SHAPES:
            raise Unreadable("it is no JSON object with a known type")
        return {"type": told["type"], **members_of(told, ENVELOPE), **members_of(told, SHAPES[told["type"]])}
    except ValueError as error:
        raise Unreadable(str(error)) from error
