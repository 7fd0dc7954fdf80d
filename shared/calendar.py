"""The four clocks of a city: when a limit ends, and how much of one has been used.

Working time is kept as spans in UTC, one short list a day, so that a deadline is a walk over days (never over minutes)
and a change to summer time inside a span counts as the time that really passes.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Self, assert_never
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

from shared.terms import Clock, Limit
from shared.written import read_days, read_hours

Span = tuple[datetime, datetime]  # of working time, in UTC
MIDNIGHT = time(0)
HOUR = timedelta(hours=1)
DAYS_KEPT = 20_000  # spans of this many days are remembered before the memory is emptied


def known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"{name!r} is not a time zone of the IANA list") from unknown
    return name


Zone = Annotated[str, AfterValidator(known_zone)]
Weekday = Annotated[int, Field(ge=0, le=6)]  # Monday is 0


def written_days(days: object) -> object:
    return read_days(days) if isinstance(days, str) else days


Weekdays = Annotated[frozenset[Weekday], Field(min_length=1), BeforeValidator(written_days)]


class Hours(BaseModel):
    """A stretch of local time in one day; an end at 00:00 is midnight at the end of the day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opens: time
    closes: time

    @model_validator(mode="before")
    @classmethod
    def read(cls, written: object) -> object:
        return dict(zip(("opens", "closes"), read_hours(written), strict=True)) if isinstance(written, str) else written

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.closes <= self.opens and self.closes != MIDNIGHT:
            raise ValueError("working hours must end after they begin")
        return self

    @property
    def length(self) -> timedelta:
        return (since_midnight(self.closes) or timedelta(days=1)) - since_midnight(self.opens)


class Calendar(BaseModel):
    """Working days, working hours and their exceptions in one time zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: Zone
    working_days: Weekdays = frozenset(range(5))
    working_hours: Annotated[tuple[Hours, ...], Field(min_length=1)] = (
        Hours(opens=time(8), closes=time(12)),
        Hours(opens=time(14), closes=time(18)),
    )
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()  # worked although they fall on a weekend

    _zone: ZoneInfo = PrivateAttr()
    _work: dict[int, tuple[tuple[Span, ...], timedelta]] = PrivateAttr()

    def model_post_init(self, _: object) -> None:
        self._zone = ZoneInfo(self.zone)
        self._work = {}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        copied.model_post_init(None)  # what was remembered belongs to the days as they were
        return copied

    @model_validator(mode="after")
    def in_order(self) -> Self:
        both = sorted(self.holidays & self.workdays)
        if both:
            raise ValueError(f"{both[0]} is a holiday and a make-up day at once")
        for one, following in zip(self.working_hours, self.working_hours[1:], strict=False):
            if one.closes == MIDNIGHT or following.opens < one.closes:
                raise ValueError("working hours must follow one another without overlap")
        return self

    @property
    def work_day(self) -> timedelta:
        """How many work hours one work day has."""
        return sum((hours.length for hours in self.working_hours), timedelta())

    def local(self, at: datetime) -> datetime:
        """Return `at` on the clocks of the city."""
        return aware(at).astimezone(self._zone)

    def works(self, day: date) -> bool:
        return day in self.workdays or (day.weekday() in self.working_days and day not in self.holidays)

    def working(self, at: datetime) -> bool:
        """Say whether `at` is in working time."""
        return any(opens <= at < closes for opens, closes in self._work_of(self._ordinal(aware(at)))[0])

    def work_between(self, first: date, last: date) -> list[Span]:
        """Return the working time of some days, the last one left out, in UTC."""
        return [span for day in range(first.toordinal(), last.toordinal()) for span in self._work_of(day)[0]]

    def add(self, start: datetime, limit: Limit, share: float = 1.0) -> datetime:
        """Return when `share` of `limit`, begun at `start`, is used up: the deadline, in UTC.

        Limits in working time that end exactly when work stops end there, not when it begins again.
        """
        start, amount = aware(start).astimezone(UTC), limit.amount * share
        match limit.clock:
            case Clock.URGENT_HOURS:
                return start + amount * HOUR
            case Clock.NATURAL_DAYS:
                return start + amount * timedelta(days=1)
            case Clock.WORK_HOURS:
                return self._after(start, amount * HOUR)
            case Clock.WORK_DAYS:
                return self._after(start, amount * self.work_day)
            case _:
                assert_never(limit.clock)

    def elapsed(self, start: datetime, end: datetime, clock: Clock) -> float:
        """Return how much of `clock` passed between the two, in its own unit (hours or days); never below zero."""
        start, end = aware(start).astimezone(UTC), aware(end).astimezone(UTC)
        if end <= start:
            return 0.0
        match clock:
            case Clock.URGENT_HOURS:
                return (end - start) / HOUR
            case Clock.NATURAL_DAYS:
                return (end - start) / timedelta(days=1)
            case Clock.WORK_HOURS:
                return self._worked(start, end) / HOUR
            case Clock.WORK_DAYS:
                return self._worked(start, end) / self.work_day
            case _:
                assert_never(clock)

    def _after(self, start: datetime, left: timedelta) -> datetime:
        day = self._ordinal(start)
        spans = tuple((max(opens, start), closes) for opens, closes in self._work_of(day)[0] if closes > start)
        length = _length(spans)
        while left > length or not spans:
            left -= length
            day += 1
            spans, length = self._work_of(day)
        for opens, closes in spans:
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("a day is as long as its spans")

    def _worked(self, start: datetime, end: datetime) -> timedelta:
        first, last = self._ordinal(start), self._ordinal(end)
        whole = sum((self._work_of(day)[1] for day in range(first, last)), timedelta())
        return whole + self._worked_before(last, end) - self._worked_before(first, start)

    def _worked_before(self, day: int, at: datetime) -> timedelta:
        return _length(tuple((opens, min(closes, at)) for opens, closes in self._work_of(day)[0] if opens < at))

    def _ordinal(self, at: datetime) -> int:
        return at.astimezone(self._zone).toordinal()

    def _work_of(self, ordinal: int) -> tuple[tuple[Span, ...], timedelta]:
        """Return the working spans of a day, and how long they are together."""
        known = self._work.get(ordinal)
        if known is None:
            if len(self._work) >= DAYS_KEPT:
                self._work.clear()
            day = date.fromordinal(ordinal)
            spans = tuple(self._span(day, hours) for hours in self.working_hours) if self.works(day) else ()
            known = self._work[ordinal] = spans, _length(spans)
        return known

    def _span(self, day: date, hours: Hours) -> Span:
        last = day if hours.closes > hours.opens else day + timedelta(days=1)
        opens = datetime.combine(day, hours.opens, self._zone).astimezone(UTC)
        return opens, datetime.combine(last, hours.closes, self._zone).astimezone(UTC)


def _length(spans: tuple[Span, ...]) -> timedelta:
    return sum((closes - opens for opens, closes in spans), timedelta())


def since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)


def aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone has no place on a calendar")
    return at
