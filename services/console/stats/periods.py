"""Periods in the city's zone: from when to when is counted, and the days, weeks or months of a series."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from shared.case import EPOCH
from shared.city import City

Every = Literal["day", "week", "month"]
USUAL: dict[Every, int] = {"day": 30, "week": 12, "month": 12}  # of a series for which no beginning is asked
LONGEST: dict[Every, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
MOST = 200  # points of a series
NEVER = datetime(2106, 1, 1, tzinfo=UTC)  # what whole seconds in 32 bits can tell ends a little later


class Period(NamedTuple):
    """From a time, up to but not including another, to whole seconds; UTC. None: from the first case, up to the last."""

    after: datetime | None
    before: datetime | None

    @property
    def bounds(self) -> tuple[int, int]:
        """Return seconds since 1970; 0 stands for "not yet" and is in no period."""
        low = 1 if self.after is None else max(1, int(self.after.timestamp()))
        return low, int((self.before or NEVER).timestamp())


def moment(asked: datetime | date | None, city: City) -> datetime | None:
    """Return the time that is asked for; a day is its first moment in the city."""
    if asked is None:
        return None
    if not isinstance(asked, datetime):
        asked = datetime.combine(asked, time(), ZoneInfo(city.zone))
    return min(max(asked.astimezone(UTC), EPOCH), NEVER)


def begin_of(every: Every, day: date) -> date:
    """Return the first day of the day, week (from Monday) or month that `day` is in."""
    match every:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def next_one(every: Every, begin: date) -> date:
    """Return the first day of the one that follows."""
    return begin_of(every, begin + LONGEST[every])


def edges(every: Every, period: Period, now: datetime, city: City) -> list[datetime]:
    """Return where the points of a series begin, and where the last one ends; the first and the last may be cut short by the period."""
    until = period.before or now + timedelta(seconds=1)
    begin = begin_of(every, city.local(until - timedelta(seconds=1)).date())
    if period.after is None:
        for _ in range(USUAL[every] - 1):
            begin = begin_of(every, begin - timedelta(days=1))
    else:
        begin = begin_of(every, city.local(period.after).date())
    found = [period.after or moment(begin, city) or EPOCH]
    while (begin := next_one(every, begin)) and (edge := moment(begin, city)) and edge < until:
        found.append(edge)
        if len(found) > MOST:
            break
    return [*found, until]
