"""Our deadlines are held against the recorded ones."""

from datetime import datetime

from deploy.replay.comparison import compare, spread_of
from deploy.replay.ledger import Life
from shared.case import Status
from tests.unit.deploy.replay.recordings import DAY, NOON, lamp

DEADLINE = NOON + 12 * DAY


def life(*missed: datetime) -> Life:
    return Life(Status.CLOSED, DEADLINE, None, list(missed))


def test_the_spread_is_our_deadline_minus_the_target_in_days():
    found = compare([lamp("1"), lamp("2", target=NOON + 11 * DAY)], {"1": life(), "2": life()}, NOON + 30 * DAY)
    assert found.whole.spread is not None
    assert (found.whole.spread.cases, found.whole.spread.p10, found.whole.spread.median) == (2, 1.1, 1.5)


def test_of_nothing_there_is_no_spread():
    assert spread_of([]) is None


def test_shares_are_of_those_that_the_record_speaks_about():
    found = compare([lamp("1"), lamp("2", closed=None, overdue=None)], {"1": life(), "2": life(DEADLINE)}, NOON + 30 * DAY)
    assert (found.whole.kept.share, found.whole.on_time.share) == (0.5, 1.0)


def test_a_missed_deadline_that_the_record_shows_kept_is_named():
    found = compare([lamp(closed=DEADLINE)], {"101": life(DEADLINE)}, NOON + 30 * DAY)
    assert (found.unjustified, found.unsaid) == (["101"], [])


def test_a_missed_deadline_that_nobody_said_is_named():
    found = compare([lamp(closed=DEADLINE + DAY)], {"101": life()}, NOON + 30 * DAY)
    assert (found.unjustified, found.unsaid) == ([], ["101"])


def test_a_deadline_that_still_runs_at_the_end_is_no_fault():
    found = compare([lamp(closed=None)], {"101": life()}, DEADLINE - DAY)
    assert (found.unjustified, found.unsaid) == ([], [])


def test_missed_deadlines_are_counted_against_the_word_of_the_record():
    records = [lamp("1", overdue=True), lamp("2", overdue=True), lamp("3"), lamp("4"), lamp("5", overdue=None)]
    lives = {"1": life(DEADLINE), "2": life(), "3": life(DEADLINE), "4": life(), "5": life(DEADLINE)}
    missed = compare(records, lives, NOON).missed
    assert (missed.both, missed.only_recorded, missed.only_ours, missed.neither) == (1, 1, 1, 1)


def test_the_biggest_types_come_first():
    records = [lamp("1", category="Rats"), lamp("2"), lamp("3")]
    found = compare(records, {record.id: life() for record in records}, NOON)
    assert [line.type for line in found.lines] == ["Street Light Outages", "Rats"]
