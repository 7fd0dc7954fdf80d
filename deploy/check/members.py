"""How one member of a message is read: a function that returns its value or says why it is none. Times become datetimes in UTC."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

Fact = dict[str, Any]
Read = Callable[[Any], Any]
NEEDED: Any = object()
LONGEST_NAME, LONGEST_TEXT = 200, 4_000


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


def several(read: Read) -> Read:
    def read_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError(f"{value!r} is no list")
        return [read(item) for item in value]

    return read_all


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
