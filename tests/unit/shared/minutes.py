"""A slow oracle of the four clocks: it looks at every minute of some weeks, and counts those in which a clock runs.

It is written from section 6 of the domain and knows nothing of `shared.calendar` but what a city writes down: days and hours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from shared.calendar import Calendar
from shared.terms import Clock

MINUTE = timedelta(minutes=1)
WEEKS = (datetime(2026, 2, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC))  # each holds a change of the clocks in New York
LENGTH = 90 * 24 * 60  # minutes from the first of them
Pause = tuple[int, int]  # minutes


@cache
def local(zone: str, first: datetime) -> tuple[tuple[date, int], ...]:
    """Return what the clocks of a city show in each minute: the day, and the minute of that day."""
    shown = ((first + minute * MINUTE).astimezone(ZoneInfo(zone)) for minute in range(LENGTH))
    return tuple((at.date(), at.hour * 60 + at.minute) for at in shown)


def minute_of(moment: time) -> int:
    return moment.hour * 60 + moment.minute


@dataclass(frozen=True)
class Minutes:
    """The minutes of one clock in one city, counted from `first`."""

    calendar: Calendar
    clock: Clock
    first: datetime

    def at(self, minute: int) -> datetime:
        return self.first + minute * MINUTE

    def runs(self, minute: int) -> bool:
        """Whether the clock runs in this minute."""
        if self.clock in (Clock.URGENT_HOURS, Clock.NATURAL_DAYS):
            return True
        day, moment = local(self.calendar.zone, self.first)[minute]
        off = day in self.calendar.holidays or day.weekday() not in self.calendar.working_days
        if off and day not in self.calendar.workdays:
            return False
        spans = (
            (hours.opens.hour * 60 + hours.opens.minute, hours.closes.hour * 60 + hours.closes.minute)
            for hours in self.calendar.working_hours
        )
        return any(opens <= moment < (closes or 24 * 60) for opens, closes in spans)

    def end(self, start: int, minutes: int, pauses: Iterable[Pause] = ()) -> int | None:
        """Return when so many minutes of the clock are used up; None if these weeks are too short for it."""
        still = {minute for begun, ended in pauses for minute in range(begun, ended)}
        for minute in range(start, LENGTH):
            minutes -= self.runs(minute) and minute not in still
            if not minutes:
                return minute + 1
        return None

    def between(self, start: int, end: int, pauses: Iterable[Pause] = ()) -> int:
        """Return how many minutes of the clock run between two."""
        still = {minute for begun, ended in pauses for minute in range(begun, ended)}
        return sum(self.runs(minute) for minute in range(start, end) if minute not in still)

    def amount(self, minutes: int) -> float:
        """Return so many minutes in the unit of the clock: hours or days."""
        day = sum((hours.length for hours in self.calendar.working_hours), timedelta())
        unit = {Clock.WORK_DAYS: day, Clock.NATURAL_DAYS: timedelta(days=1)}.get(self.clock, timedelta(hours=1))
        return minutes * MINUTE / unit
