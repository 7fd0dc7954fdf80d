"""Shares of a limit, extensions and corrections in known weeks, and the examples of the domain."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.calendar import Calendar
from shared.case import Case, Status
from shared.deadline import corrected, ends, moment, resumed_deadline, used
from shared.terms import Clock, Limit
from tests.unit.shared.minutes import MINUTE, Minutes
from tests.unit.shared.test_deadline import SHARES, case_of

OCTOBER = Calendar(
    zone="Asia/Shanghai", holidays=frozenset(date(2026, 10, day) for day in range(1, 8)), workdays=frozenset({date(2026, 10, 10)})
)
MONDAY = datetime(2026, 10, 12, 0, 0, tzinfo=UTC)  # 08:00 in Shanghai


def filed(resolve_by: datetime = MONDAY + timedelta(days=1, hours=10), **more: object) -> Case:
    """Return a case of two work days, filed on Monday at 08:00."""
    return case_of(Minutes(OCTOBER, Clock.WORK_DAYS, MONDAY), 0, 960, resolve_by, [], **more)


def test_the_shares_of_two_work_days_are_these():
    at = {share: moment(filed(), OCTOBER, share) for share in SHARES}
    assert [f"{OCTOBER.local(found):%a %H:%M}" for found in at.values() if found] == ["Mon 18:00", "Tue 14:48", "Tue 18:00", "Wed 18:00"]


def test_an_extension_makes_the_limit_longer_and_its_shares_with_it():
    extended = filed(resolve_by=datetime(2026, 10, 15, 10, 0, tzinfo=UTC), extensions=1)  # Thursday 18:00: four work days
    half, late = moment(extended, OCTOBER, 0.5), moment(extended, OCTOBER, 1.5)
    assert half is not None
    assert late is not None
    assert f"{OCTOBER.local(half):%a %H:%M}" == "Tue 18:00"
    assert f"{OCTOBER.local(late):%a %H:%M}" == "Mon 18:00"
    assert moment(extended, OCTOBER, 1.0) == extended.resolve_by


def test_while_a_case_is_paused_no_share_is_ever_used_up():
    paused = filed(status=Status.PAUSED, paused_at=MONDAY + timedelta(hours=2))
    assert [moment(paused, OCTOBER, share) for share in SHARES] == [None] * 4
    assert used(paused, OCTOBER, MONDAY + timedelta(days=30)) == pytest.approx(2 / 16)


def test_a_corrected_calendar_moves_what_it_made_and_nothing_else():
    worked = OCTOBER.model_copy(update={"holidays": frozenset({date(2026, 10, 13)})})
    assert corrected(filed(), worked) == datetime(2026, 10, 14, 10, 0, tzinfo=UTC)
    assert corrected(filed(), OCTOBER) == filed().resolve_by
    assert corrected(filed(extensions=1), worked) is None


def test_what_is_not_filed_has_no_shares():
    blank = Case(id="c")
    assert (moment(blank, OCTOBER, 0.5), used(blank, OCTOBER, MONDAY), corrected(blank, OCTOBER)) == (None, None, None)
    assert resumed_deadline(filed(), MONDAY, OCTOBER) is None


@pytest.mark.parametrize(
    ("start", "amount", "clock", "deadline"),
    [
        ("09-30 23:10", 2, Clock.URGENT_HOURS, "10-01 01:10"),
        ("09-30 16:00", 4, Clock.WORK_HOURS, "10-08 10:00"),
        ("10-09 15:00", 1, Clock.WORK_DAYS, "10-10 15:00"),
        ("10-09 15:00", 2, Clock.NATURAL_DAYS, "10-11 15:00"),
        ("10-16 16:30", 1, Clock.WORK_DAYS, "10-19 16:30"),
        ("10-12 12:30", 2, Clock.WORK_HOURS, "10-12 16:00"),
    ],
)
def test_the_examples_of_the_domain_hold_for_a_case_without_pauses(start: str, amount: float, clock: Clock, deadline: str):
    begun = datetime.fromisoformat(f"2026-{start}+08:00")
    by = ends(begun, Limit(amount=amount, clock=clock), [], OCTOBER)
    assert f"{OCTOBER.local(by):%m-%d %H:%M}" == deadline
    rest = (begun + MINUTE, begun + MINUTE)
    assert ends(begun, Limit(amount=amount, clock=clock), [rest], OCTOBER) == by, "a pause that ends at once changes nothing"
