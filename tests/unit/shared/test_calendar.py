"""The four clocks: the examples of the domain, other zones, and a slow oracle that counts minutes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.calendar import Calendar, Hours
from shared.terms import Clock, Limit

CHINA = ZoneInfo("Asia/Shanghai")
NATIONAL_DAYS = frozenset(date(2026, 10, day) for day in range(1, 8))
OCTOBER = Calendar(zone="Asia/Shanghai", holidays=NATIONAL_DAYS, workdays=frozenset({date(2026, 10, 10)}))
BOSTON = Calendar(zone="America/New_York", working_days=frozenset(range(7)), working_hours=(Hours(opens=time(0), closes=time(8)),))
MINUTE = timedelta(minutes=1)


def china(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("start", "amount", "clock", "deadline"),
    [
        (china(9, 30, 23, 10), 2, Clock.URGENT_HOURS, china(10, 1, 1, 10)),
        (china(9, 30, 16), 4, Clock.WORK_HOURS, china(10, 8, 10)),
        (china(10, 9, 15), 1, Clock.WORK_DAYS, china(10, 10, 15)),
        (china(10, 9, 15), 2, Clock.NATURAL_DAYS, china(10, 11, 15)),
        (china(10, 16, 16, 30), 1, Clock.WORK_DAYS, china(10, 19, 16, 30)),
        (china(10, 12, 12, 30), 2, Clock.WORK_HOURS, china(10, 12, 16)),
    ],
)
def test_the_examples_of_the_domain_hold(start: datetime, amount: float, clock: Clock, deadline: datetime) -> None:
    limit = Limit(amount=amount, clock=clock)
    assert OCTOBER.add(start, limit) == deadline
    assert OCTOBER.add(start, limit).tzinfo is UTC
    assert OCTOBER.elapsed(start, deadline, clock) == pytest.approx(amount)


@pytest.mark.parametrize(
    ("start", "hours", "deadline"),
    [
        (china(10, 12, 8), 4, china(10, 12, 12)),
        (china(10, 12, 15), 3, china(10, 12, 18)),
        (china(10, 12, 12), 4, china(10, 12, 18)),
        (china(10, 16, 18), 1, china(10, 19, 9)),
        (china(10, 16, 17), 1, china(10, 16, 18)),
    ],
)
def test_a_limit_used_up_when_work_stops_ends_there(start: datetime, hours: float, deadline: datetime) -> None:
    assert OCTOBER.add(start, Limit(amount=hours, clock=Clock.WORK_HOURS)) == deadline


def test_a_start_when_work_stops_counts_from_the_next_opening() -> None:
    assert OCTOBER.add(china(10, 16, 18), Limit(amount=0.25, clock=Clock.WORK_HOURS)) == china(10, 19, 8, 15)
    assert OCTOBER.elapsed(china(10, 16, 18), china(10, 19, 8), Clock.WORK_HOURS) == 0


def test_a_share_of_a_limit_is_measured_on_its_own_clock() -> None:
    limit = Limit(amount=2, clock=Clock.WORK_DAYS)
    assert OCTOBER.add(china(9, 30, 16), limit, share=0.5) == china(10, 8, 16)
    assert OCTOBER.add(china(9, 30, 16), limit, share=1.5) == china(10, 10, 16)


def test_resuming_gives_back_exactly_the_time_that_was_left() -> None:
    limit = Limit(amount=3, clock=Clock.WORK_DAYS)
    start, paused, resumed = china(9, 29, 9, 17), china(9, 30, 11, 3), china(10, 12, 16, 41)
    deadline = OCTOBER.add(start, limit)
    left = OCTOBER.elapsed(paused, deadline, limit.clock)
    later = OCTOBER.add(resumed, Limit(amount=left, clock=limit.clock))
    assert OCTOBER.elapsed(start, paused, limit.clock) + OCTOBER.elapsed(resumed, later, limit.clock) == pytest.approx(3)


def test_a_corrected_calendar_gives_another_deadline() -> None:
    day = Limit(amount=1, clock=Clock.WORK_DAYS)
    assert OCTOBER.add(china(10, 9, 15), day) == china(10, 10, 15)
    corrected = OCTOBER.model_copy(update={"workdays": frozenset()})
    assert corrected.add(china(10, 9, 15), day) == china(10, 12, 15)


def test_time_that_has_not_begun_has_not_elapsed() -> None:
    assert all(OCTOBER.elapsed(china(10, 9, 15), china(10, 9, 14), clock) == 0 for clock in Clock)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = china(10, 9, 15).replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        OCTOBER.add(naive, Limit(amount=1, clock=Clock.URGENT_HOURS))


def test_the_hour_that_summer_time_takes_is_not_worked() -> None:
    """On 8 March 2026 the night from 00:00 to 08:00 has seven hours in Boston, on 1 November nine."""
    spring, autumn = datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert BOSTON.elapsed(spring, spring + timedelta(hours=12), Clock.WORK_HOURS) == 7
    assert BOSTON.elapsed(autumn, autumn + timedelta(hours=12), Clock.WORK_HOURS) == 9
    eight = Limit(amount=8, clock=Clock.WORK_HOURS)
    assert BOSTON.add(autumn, eight) == autumn + timedelta(hours=8)
    assert BOSTON.add(spring, eight) == datetime(2026, 3, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "fault",
    [
        {"zone": "Mars/Olympus"},
        {"working_days": frozenset[int]()},
        {"working_hours": ()},
        {"working_hours": ("12:00-08:00",)},
        {"working_hours": ("08:00-12:00", "11:00-18:00")},
        {"working_hours": ("08:00-24:00", "23:00-24:00")},
        {"holidays": {date(2026, 1, 1)}, "workdays": {date(2026, 1, 1)}},
    ],
)
def test_an_impossible_calendar_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"validation error"):
        Calendar.model_validate({"zone": "Asia/Shanghai", **fault})


def working_minute(calendar: Calendar, at: datetime) -> bool:
    local = at.astimezone(ZoneInfo(calendar.zone))
    day, moment = local.date(), local.time()
    works = day in calendar.workdays or (day.weekday() in calendar.working_days and day not in calendar.holidays)
    return works and any(
        stretch.opens <= moment and (moment < stretch.closes or stretch.closes == time(0)) for stretch in calendar.working_hours
    )


def counted(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """Find the deadline by looking at every minute."""
    at = start
    while minutes:
        minutes -= working_minute(calendar, at)
        at += MINUTE
    return at


ROSTERS = [
    ("08:00-12:00", "14:00-18:00"),
    ("09:00-17:30",),
    ("00:00-08:00", "12:15-24:00"),
    ("00:00-24:00",),
    ("06:00-07:00", "07:00-09:00", "20:00-24:00"),
]
ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]
FIRST = date(2026, 2, 20)
DATES = st.frozensets(st.integers(0, 50).map(lambda days: FIRST + timedelta(days=days)), max_size=8)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    holidays, workdays = draw(DATES), draw(DATES)
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    parts = {"working_days": days, "working_hours": draw(st.sampled_from(ROSTERS)), "holidays": holidays - workdays}
    return Calendar.model_validate({"zone": draw(st.sampled_from(ZONES)), "workdays": workdays, **parts})


STARTS = st.integers(0, 40 * 24 * 60).map(lambda minutes: datetime(2026, 2, 20, tzinfo=UTC) + minutes * MINUTE)


@settings(max_examples=60, deadline=None)
@given(calendars(), STARTS, st.integers(1, 20 * 60))
@example(BOSTON, datetime(2026, 3, 8, 4, 30, tzinfo=UTC), 600)
def test_every_deadline_is_the_one_that_counting_minutes_finds(calendar: Calendar, start: datetime, minutes: int) -> None:
    deadline = calendar.add(start, Limit(amount=minutes / 60, clock=Clock.WORK_HOURS))
    assert abs(deadline - counted(calendar, start, minutes)) < timedelta(milliseconds=1)


@settings(max_examples=40, deadline=None)
@given(calendars(), STARTS, st.integers(0, 12 * 24 * 60))
def test_elapsed_work_is_what_counting_minutes_finds(calendar: Calendar, start: datetime, minutes: int) -> None:
    worked = sum(working_minute(calendar, start + minute * MINUTE) for minute in range(minutes))
    assert calendar.elapsed(start, start + minutes * MINUTE, Clock.WORK_HOURS) == pytest.approx(worked / 60)


@given(calendars(), STARTS, st.floats(0.01, 40), st.sampled_from(list(Clock)))
def test_a_limit_has_elapsed_exactly_at_its_deadline(calendar: Calendar, start: datetime, amount: float, clock: Clock) -> None:
    deadline = calendar.add(start, Limit(amount=amount, clock=clock))
    assert calendar.elapsed(start, deadline, clock) == pytest.approx(amount, abs=1e-6)
    assert deadline > start
