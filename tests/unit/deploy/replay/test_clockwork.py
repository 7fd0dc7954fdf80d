"""The virtual time advances in hops that the record allows."""

from datetime import datetime, timedelta
from pathlib import Path

from deploy.replay.clockwork import LONGEST, MOST_FACTS, TICK, Clocks, Plan
from deploy.replay.columns import Recorded
from shared.clock import driven
from tests.unit.deploy.replay.recordings import DAY, HOUR, NOON, lamp

SECOND = timedelta(seconds=1)


def test_a_hop_is_no_longer_than_usual_while_anything_is_recorded():
    plan = Plan([lamp("1", closed=NOON + HOUR), lamp("2", opened=NOON + 30 * DAY, closed=None)], lambda record: None)
    assert plan.hop(NOON, plan.last) == NOON + LONGEST


def test_where_nothing_is_recorded_a_hop_goes_to_what_comes_next():
    records = [lamp("1", closed=None), lamp("2", opened=NOON + 30 * DAY, closed=None)]
    assert Plan(records, lambda record: None).hop(NOON, NOON + 40 * DAY) == NOON + 30 * DAY
    assert Plan(records, lambda record: None, lambda after: NOON + 20 * DAY).hop(NOON, NOON + 40 * DAY) == NOON + 20 * DAY
    assert Plan(records, lambda record: None, lambda after: NOON + HOUR).hop(NOON, NOON + 40 * DAY) == NOON + LONGEST


def test_the_last_hop_goes_to_the_end():
    assert Plan([lamp(closed=None)], lambda record: None).hop(NOON, NOON + 40 * DAY) == NOON + 40 * DAY


def test_a_hop_ends_before_a_case_that_is_closed_too_late_in_it():
    plan = Plan([lamp(closed=NOON + 5 * HOUR)], lambda record: NOON + 3 * HOUR)
    first = plan.hop(NOON - SECOND, NOON + DAY)
    assert first == NOON + 5 * HOUR - SECOND
    assert plan.hop(first, NOON + DAY) == NOON + DAY


def test_a_hop_lies_between_deadline_and_closing_however_close_they_are():
    deadline = NOON + 5 * HOUR - timedelta(milliseconds=10)
    plan = Plan([lamp(closed=NOON + 5 * HOUR)], lambda record: deadline)
    assert deadline < plan.hop(NOON, NOON + DAY) < NOON + 5 * HOUR


def test_a_case_closed_in_time_ends_no_hop():
    plan = Plan([lamp(closed=NOON + 5 * HOUR)], lambda record: NOON + 5 * HOUR)
    assert plan.hop(NOON, NOON + 6 * HOUR) == NOON + 6 * HOUR


def test_a_hop_has_not_many_more_facts_than_allowed():
    plan = Plan([lamp(str(n), opened=NOON + n * SECOND, closed=None) for n in range(3 * MOST_FACTS)], lambda record: None)
    assert len(plan.opened(NOON - SECOND, plan.hop(NOON - SECOND, plan.last))) == MOST_FACTS + 1


def test_many_facts_of_one_second_do_not_stop_the_clock():
    plan = Plan([lamp(str(n), closed=None) for n in range(3 * MOST_FACTS)], lambda record: None)
    assert plan.hop(NOON, NOON + HOUR) > NOON


def test_hops_leave_no_recorded_moment_out():
    plan = Plan([lamp(str(n), opened=NOON + n * HOUR, closed=NOON + 3 * n * HOUR) for n in range(40)], lambda record: record.opened + HOUR)
    at, end = NOON - SECOND, NOON + 10 * DAY
    opened: list[Recorded] = []
    closed: list[tuple[datetime, Recorded]] = []
    while at < end:
        to = plan.hop(at, end)
        opened += plan.opened(at, to)
        closed += plan.closed(at, to)
        at = to
    assert (len(opened), len(closed)) == (40, 40)


def test_the_clocks_go_on_where_they_stopped(tmp_path: Path):
    clocks = Clocks(tmp_path / "door", tmp_path / "city")
    clocks.begin(NOON)
    clocks.set(door=NOON + DAY, city=NOON + HOUR)
    clocks.begin(NOON)
    assert (driven(clocks.door)(), clocks.now) == (NOON + DAY, NOON + HOUR)


def test_a_tick_moves_both_clocks_on(tmp_path: Path):
    clocks = Clocks(tmp_path / "door", tmp_path / "city")
    clocks.set(door=NOON + HOUR, city=NOON)
    clocks.tick()
    assert (driven(clocks.door)(), clocks.now) == (NOON + HOUR + TICK, NOON + TICK)
