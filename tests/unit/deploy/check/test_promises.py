"""What can only be said at the end: deadlines that nobody stated, the public page, and answers to those who say that it is not solved."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.check.history import History
from deploy.check.whole import check_whole
from tests.unit.deploy.check.town import LIFE, Message, accepted, assigned, fact, joined, merged, read, reported, triaged

NINE_DAYS = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
OBJECTED = (*LIFE, fact("case.rated", at="10:00", by="resident", solved=False, score=1, closing=1))
STATED = fact("deadline.missed", at="12:01", by="dispatch", which="resolve", deadline="2026-03-02T12:00:00Z")
WAITING = [reported(), triaged(), assigned(), accepted(), STATED]
SHOWN: dict[str, Any] = {"by": "closure", "text": "it is being dealt with", "round": 0}


def checked(messages: list[Message] | tuple[Message, ...], now: datetime | None = None) -> History:
    history = read(messages)
    check_whole(history, [], now, timedelta(hours=1))
    return history


def violations(messages: list[Message] | tuple[Message, ...], now: datetime | None = None) -> list[str]:
    return checked(messages, now).findings.violations()


# -- the public page


def test_a_case_that_is_not_on_the_page_seven_days_after_filing_is_caught_when_the_time_is_known():
    assert violations(WAITING) == []
    assert violations(WAITING, NINE_DAYS) == [
        "12 public page: case a: filed at 2026-03-02T09:01:00+00:00, expected standing.published within seven days"
    ]


def test_a_case_that_is_on_the_page_or_not_yet_due_is_right():
    assert violations([*WAITING, fact("standing.published", at="12:30", **SHOWN)], NINE_DAYS) == []
    assert violations(WAITING, NINE_DAYS - timedelta(days=2, minutes=-30)) == []


def test_an_outcome_on_the_page_shows_a_closed_case_and_not_one_that_was_reopened():
    outcome = fact("outcome.published", at="10:30", by="closure", text="new lamp", closing=1)
    assert violations([*LIFE, outcome], NINE_DAYS) == []
    far = {"respond_by": "2026-03-30T09:00:00Z", "resolve_by": "2026-03-30T09:00:00Z", "reason": "again"}
    assert len(violations([*LIFE, outcome, fact("case.reopened", at="11:00", on=6, **far)], NINE_DAYS)) == 1


def test_what_was_shown_late_is_counted_and_breaks_nothing():
    late = fact("standing.published", id="late", **SHOWN)
    late = (late[0], late[1], (late[2] or b"").replace(b"2026-03-02T09:00", b"2026-03-10T09:00"))
    history = checked([*WAITING, late], NINE_DAYS)
    assert history.findings.violations() == []
    assert history.findings.notes == ["Cases that were shown on the public page later than seven days after filing: 1."]


# -- objections


def test_a_closed_case_that_waits_for_a_decision_is_counted_and_breaks_nothing():
    history = checked(OBJECTED)
    assert history.findings.violations() == []
    assert history.findings.notes == ["Closed cases that wait for a decision, for a resident says that it is not solved: 1."]


def test_a_decision_or_a_reopening_or_another_word_answers_it():
    far = {"respond_by": "2026-03-30T09:00:00Z", "resolve_by": "2026-03-30T09:00:00Z", "reason": "again"}
    for answer in (
        fact("objection.decided", at="11:00", by="duty-1", on=6, reason="it stays"),
        fact("case.reopened", at="11:00", by="closure", on=6, **far),
        fact("callback.recorded", at="11:00", by="operator-1", reached=True, solved=True, closing=1),
    ):
        history = checked([*OBJECTED, answer])
        assert (history.findings.violations(), history.findings.notes) == ([], [])


def test_an_objection_that_nobody_answered_and_the_case_forgot_is_caught():
    history = read(OBJECTED)
    history.cases["a"].case["unsolved"] = False
    check_whole(history, [], None, timedelta(0))
    assert history.findings.violations() == [
        "13 objections: case a: a resident says that it is not solved, expected case.reopened or objection.decided"
    ]


# -- separated cases


APART = fact("case.separated", "b", at="09:20", by="operator-1", on=2, reason="two lamps")
TWO = [reported("a"), reported("b", at="09:04"), merged("b", "a"), joined("a", "b")]


def parted(case: str = "a", follower: str = "b") -> Message:
    return fact("case.parted", case, at="09:21", id=f"{follower}->{case}/parted", by="triage", follower=follower)


def test_a_survivor_that_keeps_a_separated_case_is_caught():
    assert violations([*TWO, APART]) == ["10 silence: case a: b follows it without being merged into it"]
    assert violations([*TWO, APART, parted()]) == []


def test_the_survivors_survivor_that_keeps_it_is_caught_too():
    three = [reported("0", at="08:59"), *TWO, merged("a", "0", at="09:10", into_at="08:59"), joined("0", "a"), joined("0", "b")]
    assert violations(three) == []
    assert violations([*three, APART, parted()]) == ["10 silence: case 0: b follows it without being merged into it"]
    assert violations([*three, APART, parted(), parted("0")]) == []
