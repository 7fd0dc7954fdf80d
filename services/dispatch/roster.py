"""How long somebody is still on duty, and when they come back: by the week's shifts, in local time."""

from datetime import datetime
from functools import lru_cache

from shared.city import Person, Shift

WEEK = 7 * 24 * 60  # minutes
Span = tuple[int, int]  # of minutes of the week; the end may lie in the next one


def minute_of(at_local: datetime) -> int:
    """Return the minute of the week, which begins on Monday at midnight."""
    return at_local.weekday() * 24 * 60 + at_local.hour * 60 + at_local.minute


def left(person: Person, at_local: datetime) -> float:
    """Return for how many seconds the person is still on duty: 0 if they are not, infinity if always."""
    return _left(person.shifts, minute_of(at_local)) * 60.0


def away(person: Person, at_local: datetime) -> float:
    """Return in how many seconds the person next comes on duty, after the present shift if there is one."""
    return _away(person.shifts, minute_of(at_local)) * 60.0


@lru_cache(maxsize=65_536)
def _left(shifts: tuple[Shift, ...], minute: int) -> float:
    for start, end in _spans(shifts):
        if end - start >= WEEK:
            return float("inf")
        if (minute - start) % WEEK < end - start:
            return float(end - start - (minute - start) % WEEK)
    return 0.0


@lru_cache(maxsize=65_536)
def _away(shifts: tuple[Shift, ...], minute: int) -> float:
    return float(min((start - minute - 1) % WEEK + 1 for start, _ in _spans(shifts)))


@lru_cache(maxsize=4096)
def _spans(shifts: tuple[Shift, ...]) -> tuple[Span, ...]:
    """Return the times on duty; those that meet are one."""
    spans: list[Span] = []
    for start, end in sorted(_written(shifts)):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    if len(spans) > 1 and spans[-1][1] >= spans[0][0] + WEEK:  # Sunday night meets Monday
        first, last = spans[0], spans.pop()
        spans[0] = (last[0] - WEEK, first[1])
    return tuple(spans)


def _written(shifts: tuple[Shift, ...]) -> list[Span]:
    found = []
    for shift in shifts:
        start = shift.start.hour * 60 + shift.start.minute
        long = (shift.end.hour * 60 + shift.end.minute - start - 1) % (24 * 60) + 1
        found += [(day * 24 * 60 + start, day * 24 * 60 + start + long) for day in shift.days]
    return found
