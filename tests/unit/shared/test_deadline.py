"""Shares of a limit, pauses, extensions and corrections on the clock of a case, against an oracle that looks at every minute."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import Calendar
from shared.case import Case, Status
from shared.deadline import corrected, ends, ran, resumed_deadline, used
from shared.events import Classification
from shared.terms import Clock, Grade, Limit
from tests.unit.shared.minutes import LENGTH, MINUTE, WEEKS, Minutes, Pause

SHARES = (0.5, 0.8, 1.0, 1.5)
SOON = 20 * 24 * 60  # minutes of the oracle's weeks in which cases are filed
HOURS = (("08:00-12:00", "14:00-18:00"), ("09:00-17:30",), ("00:00-08:00", "12:15-24:00"), ("00:00-24:00",))
BLINK = timedelta(milliseconds=1)


@st.composite
def clocks(draw: st.DrawFn) -> Minutes:
    """Draw one of the four clocks in a city of either zone, with holidays and make-up days of its own."""
    first = draw(st.sampled_from(WEEKS))
    days = st.frozensets(st.integers(0, 30).map(lambda day: first.date() + timedelta(days=day)), max_size=6)
    holidays, workdays = draw(days), draw(days)
    told = {
        "zone": draw(st.sampled_from(("Asia/Shanghai", "America/New_York"))),
        "working_days": draw(st.sampled_from((frozenset(range(5)), frozenset(range(7)), frozenset({1, 5})))),
        "working_hours": draw(st.sampled_from(HOURS)),
        "holidays": holidays - workdays,
        "workdays": workdays,
    }
    return Minutes(Calendar.model_validate(told), draw(st.sampled_from(list(Clock))), first)


STARTS = st.integers(0, SOON)
TENS = st.integers(1, 120).map(lambda tens: tens * 10)  # minutes of a limit, of which every share is whole minutes


@st.composite
def lives(draw: st.DrawFn) -> tuple[int, list[Pause]]:
    """Draw when a case is filed, and when it is paused and resumed."""
    marks = sorted(draw(st.lists(st.integers(0, 5 * 24 * 60), max_size=6)))
    start = draw(STARTS)
    return start, [(start + begun, start + ended) for begun, ended in zip(marks[::2], marks[1::2], strict=False)]


def case_of(minutes: Minutes, start: int, limit: int, resolve_by: datetime, pauses: list[Pause], **more: object) -> Case:
    """Return a case in work that was filed at `start`, with a limit of so many minutes."""
    stood = tuple(times(minutes, pauses))
    what = Classification(
        category="x",
        group="g",
        condition="any",
        grade=Grade.NORMAL,
        department="d",
        grid=None,
        confidential=False,
        check=False,
        limit=Limit(amount=minutes.amount(limit), clock=minutes.clock),
        respond_by=resolve_by,
        resolve_by=resolve_by,
        rules="r",
    )
    told = {"status": Status.WORKING, "clock_from": minutes.at(start), "resolve_by": resolve_by, "pauses": stood, "classification": what}
    return Case(id="c").model_copy(update={**told, **more})


def times(minutes: Minutes, pauses: list[Pause]) -> list[tuple[datetime, datetime]]:
    return [(minutes.at(begun), minutes.at(ended)) for begun, ended in pauses]


# -- the calendar


@settings(max_examples=150)
@given(clocks(), STARTS, TENS, st.sampled_from(SHARES))
def test_a_share_of_a_limit_ends_in_the_minute_that_counting_finds(minutes: Minutes, start: int, limit: int, share: float):
    wanted = minutes.end(start, round(limit * share))
    found = minutes.calendar.add(minutes.at(start), Limit(amount=minutes.amount(limit), clock=minutes.clock), share)
    assert wanted is not None
    assert abs(found - minutes.at(wanted)) < BLINK


@settings(max_examples=100)
@given(clocks(), STARTS, st.integers(0, 20_000))
def test_what_has_elapsed_is_what_counting_finds(minutes: Minutes, start: int, length: int):
    counted = minutes.between(start, start + length)
    elapsed = minutes.calendar.elapsed(minutes.at(start), minutes.at(start + length), minutes.clock)
    assert elapsed == pytest.approx(minutes.amount(counted))


# -- a case with pauses


@settings(max_examples=200)
@given(clocks(), lives(), TENS, st.sampled_from(SHARES))
def test_a_share_ends_in_the_minute_that_counting_finds_with_pauses_left_out(
    minutes: Minutes, life: tuple[int, list[Pause]], limit: int, share: float
):
    start, pauses = life
    wanted = minutes.end(start, round(limit * share), pauses)
    whole = Limit(amount=minutes.amount(limit), clock=minutes.clock)
    assert wanted is not None
    assert abs(ends(minutes.at(start), whole, times(minutes, pauses), minutes.calendar, share) - minutes.at(wanted)) < BLINK


@settings(max_examples=100)
@given(clocks(), lives(), st.integers(0, 20_000))
def test_what_ran_is_what_counting_finds_with_pauses_left_out(minutes: Minutes, life: tuple[int, list[Pause]], length: int):
    start, pauses = life
    counted = minutes.between(start, start + length, pauses)
    found = ran(minutes.at(start), minutes.at(start + length), minutes.clock, times(minutes, pauses), minutes.calendar)
    assert found == pytest.approx(minutes.amount(counted), abs=1e-9)


@settings(max_examples=150)
@given(clocks(), lives(), TENS, st.integers(0, 3_000), st.integers(0, 9_000))
def test_resuming_gives_back_exactly_the_minutes_that_were_left(
    minutes: Minutes, life: tuple[int, list[Pause]], limit: int, worked: int, rested: int
):
    start, pauses = life
    paused = max([start, *(ended for _, ended in pauses)]) + worked
    by = minutes.end(start, limit, pauses)
    assert by is not None
    case = case_of(minutes, start, limit, minutes.at(by), pauses, status=Status.PAUSED, paused_at=minutes.at(paused))
    left = minutes.between(paused, by) if paused < by else 0
    wanted = minutes.end(paused + rested, left) if left else by
    found = resumed_deadline(case, minutes.at(paused + rested), minutes.calendar)
    assert wanted is not None
    assert found is not None
    assert abs(found - minutes.at(wanted)) < BLINK


@settings(max_examples=100)
@given(clocks(), lives(), TENS, st.integers(0, 3_000), st.integers(0, 9_000))
def test_after_a_pause_the_limit_ends_where_resuming_has_put_the_deadline(
    minutes: Minutes, life: tuple[int, list[Pause]], limit: int, worked: int, rested: int
):
    start, pauses = life
    paused = max([start, *(ended for _, ended in pauses)]) + worked
    resumed = paused + rested
    by = ends(minutes.at(start), Limit(amount=minutes.amount(limit), clock=minutes.clock), times(minutes, pauses), minutes.calendar)
    case = case_of(minutes, start, limit, by, pauses, status=Status.PAUSED, paused_at=minutes.at(paused))
    after = resumed_deadline(case, minutes.at(resumed), minutes.calendar)
    assert after is not None
    going = case_of(minutes, start, limit, after, [*pauses, (paused, resumed)])
    again = corrected(going, minutes.calendar)
    assert again is not None
    assert abs(again - after) < BLINK, "the same calendar corrects nothing"


@settings(max_examples=100)
@given(clocks(), STARTS, TENS, st.integers(0, 3_000), st.integers(0, 9_000), st.integers(1, 5_000))
def test_no_pause_brings_the_deadline_nearer_not_even_one_that_a_person_set(
    minutes: Minutes, start: int, limit: int, worked: int, rested: int, more: int
):
    by = minutes.end(start, limit)
    assert by is not None
    extended = min(by + more, LENGTH)
    paused = {"status": Status.PAUSED, "paused_at": minutes.at(start + worked), "extensions": 1}
    case = case_of(minutes, start, limit, minutes.at(extended), [], **paused)
    after = resumed_deadline(case, minutes.at(start + worked + rested), minutes.calendar)
    assert after is not None
    assert after >= minutes.at(extended)


@settings(max_examples=100)
@given(clocks(), lives(), TENS, st.integers(0, 9_000))
def test_the_share_used_up_is_what_counting_finds(minutes: Minutes, life: tuple[int, list[Pause]], limit: int, later: int):
    start, pauses = life
    by = minutes.end(start, limit, pauses)
    assert by is not None
    case = case_of(minutes, start, limit, minutes.at(by), pauses)
    share = used(case, minutes.calendar, minutes.at(start + later))
    spent = minutes.between(start, start + later, [(begun, min(ended, start + later)) for begun, ended in pauses])
    assert share == pytest.approx(spent / minutes.between(start, by, pauses))


@pytest.mark.parametrize("clock", list(Clock))
def test_what_was_used_up_when_a_pause_began_is_not_moved_behind_it_by_rounding(clock: Clock):
    minutes = Minutes(Calendar(zone="Asia/Shanghai"), clock, WEEKS[0])
    for one in range(10, 100, 10):
        for other in range(10, 100, 10):
            by = minutes.at(300 + one + other)  # the second pause begins when all is used up
            pauses = [(minutes.at(one), minutes.at(one + 300)), (by, by + 30 * MINUTE)]
            limit = Limit(amount=minutes.amount(one + other), clock=clock)
            if minutes.between(0, one) + minutes.between(one + 300, 300 + one + other) == one + other:
                assert abs(ends(WEEKS[0], limit, pauses, minutes.calendar) - by) < BLINK
