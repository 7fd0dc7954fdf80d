"""How limits, durations and hours are written in a city's files: "2 urgent hours", "mon-fri 08:00-12:00"."""

import re
from datetime import time, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from shared.terms import Clock, Limit

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LIMIT = re.compile(r"(?P<amount>\d+(?:\.\d+)?) (?P<unit>minute|urgent hour|work hour|work day|natural day)s?")
HOURS = re.compile(r"(?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d)")


def read_limit(written: object) -> object:
    """Read "30 minutes", "2 urgent hours", "4 work hours", "1 work day" or "7 natural days"; leave what is no text."""
    if not isinstance(written, str):
        return written
    match = LIMIT.fullmatch(written)
    if match is None:
        raise ValueError(f"{written!r} is no limit; write 30 minutes, 2 urgent hours, 4 work hours, 1 work day or 7 natural days")
    amount = float(match["amount"])
    if match["unit"] == "minute":
        return Limit(amount=amount / 60, clock=Clock.URGENT_HOURS)
    return Limit(amount=amount, clock=Clock(match["unit"].replace(" ", "_") + "s"))


def read_duration(written: object) -> object:
    """Read an amount of time that runs without a break."""
    limit = read_limit(written)
    if not isinstance(limit, Limit):
        return written
    if limit.clock in (Clock.WORK_HOURS, Clock.WORK_DAYS):
        raise ValueError(f"{written!r} does not run without a break; write minutes, urgent hours or natural days")
    return limit.amount * timedelta(**{"hours" if limit.clock is Clock.URGENT_HOURS else "days": 1})


def read_days(written: str) -> frozenset[int]:
    """Read "daily", "mon-fri" or "mon,wed,sat-sun" as weekdays (Monday is 0)."""
    if written == "daily":
        return frozenset(range(7))
    found: set[int] = set()
    for part in written.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"{written!r} names no weekdays; write daily, mon-fri or mon,wed,sat-sun")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found.update(day % 7 for day in range(start, end + 1 if end >= start else end + 8))
    return frozenset(found)


def read_hours(written: str) -> tuple[time, time]:
    """Read "08:00-12:00"; 24:00 is midnight."""
    match = HOURS.fullmatch(written)
    if match is None:
        raise ValueError(f"{written!r} are no hours; write 08:00-12:00")
    try:
        return time.fromisoformat(match["start"]), time.fromisoformat(match["end"].replace("24:00", "00:00"))
    except ValueError as wrong:
        raise ValueError(f"{written!r} are no hours of a day") from wrong


WrittenLimit = Annotated[Limit, BeforeValidator(read_limit)]
WrittenDuration = Annotated[timedelta, BeforeValidator(read_duration)]
