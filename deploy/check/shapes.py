"""What a message must look like to be a fact: the members of each type, read by code of its own.

Times become datetimes in UTC; members that nobody knows are left out.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

Fact = dict[str, Any]
Read = Callable[[Any], Any]
NEEDED: Any = object()
LONGEST_NAME, LONGEST_TEXT = 200, 4_000


class Unreadable(ValueError):
    """The message is no fact; the reason says why."""


class Member(NamedTuple):
    """How one member is read, and its value when it is missing."""

    read: Read
    missing: Any = NEEDED


def word(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def name(value: Any) -> str:
    if not 1 <= len(word(value)) <= LONGEST_NAME:
        raise ValueError(f"{value!r} does not have 1 to {LONGEST_NAME} characters")
    return str(value)


def text(value: Any) -> str:
    if len(word(value)) > LONGEST_TEXT:
        raise ValueError(f"has {len(value)} characters, {LONGEST_TEXT} are allowed")
    return str(value)


def moment(value: Any) -> datetime:
    at = datetime.fromisoformat(word(value))
    if at.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return at.astimezone(UTC)


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def whole(least: int, most: int | None = None) -> Read:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < least or (most is not None and value > most):
            raise ValueError(f"{value!r} is no number from {least} to {'any' if most is None else most}")
        return value

    return read


def number(least: float, most: float) -> Read:
    def read(value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"{value!r} is no number from {least} to {most}")
        return float(value)

    return read


def one_of(*words: str) -> Read:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"{value!r} is none of {', '.join(words)}")
        return str(value)

    return read


def words(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list")
    return [word(item) for item in value]


def pairs(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no object")
    return {word(key): word(item) for key, item in value.items()}


def or_none(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def parts(**members: Member) -> Read:
    return lambda value: members_of(value, members)


def members_of(value: Any, members: Mapping[str, Member]) -> Fact:
    """Return the members of an object as they are read. Raises ValueError naming the one at fault."""
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no object")
    read: Fact = {}
    for key, member in members.items():
        if key not in value:
            if member.missing is NEEDED:
                raise ValueError(f"{key} is missing")
            read[key] = member.missing
            continue
        try:
            read[key] = member.read(value[key])
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from error
    return read


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
        )
    )
}

ENVELOPE = {"id": NAME, "case_id": NAME, "at": TIME, "by": NAME, "late": Member(flag, False)}
ON = {"on": Member(whole(0))}
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
}
SHAPES: dict[str, dict[str, Member]] = {
    "case.reported": {**ON, **REPORT},
    "case.supplemented": {"text": TEXT, "media": MEDIA, "reporter": MAYBE},
    "case.withdrawn": {**ON, **REASON},
    "case.triaged": {**ON, **WHAT, **REASON},
    "case.reclassified": {**ON, **WHAT, **REASON},
    "case.rejected": {**ON, **REASON},
    "case.merged": {**ON, "into": NAME, "into_reported_at": TIME, **REASON},
    "case.joined": {"follower": NAME},
    "case.revived": ON,
    "case.assigned": {**ON, "assignee": NAME, "role": NAME, "answer_by": TIME, "informed": MEDIA, **REASON},
    "assignment.accepted": ON,
    "assignment.declined": {**ON, **REASON},
    "assignment.expired": ON,
    "work.started": ON,
    "work.paused": {**ON, **REASON, "approved_by": NAME, "look_again_at": TIME},
    "work.resumed": {**ON, "resolve_by": TIME},
    "work.completed": {**ON, "outcome": TEXT, "media": MEDIA},
    "case.transferred": {**ON, "department": NAME, **REASON},
    "case.escalated": {**ON, "level": Member(whole(1)), **REASON},
    "deadline.missed": {"which": Member(one_of("respond", "resolve")), "deadline": TIME},
    "deadline.extended": {**ON, "resolve_by": TIME, **REASON, "approved_by": NAME},
    "note.added": {"text": TEXT},
    "resolution.verified": {**ON, **REASON},
    "resolution.rejected": {**ON, **REASON},
    "case.closed": {**ON, "outcome": TEXT},
    "outcome.published": {"text": TEXT, "closing": Member(whole(1))},
    "case.rated": {"solved": FLAG, "score": Member(whole(1, 5)), "comment": Member(text, ""), "closing": Member(whole(0))},
    "case.reopened": {**ON, **REASON, "respond_by": TIME, "resolve_by": TIME},
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
