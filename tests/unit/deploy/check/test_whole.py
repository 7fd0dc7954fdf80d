from datetime import UTC, datetime, timedelta

import pytest

from deploy.check.whole import check_whole
from tests.unit.deploy.check.town import (
    Message,
    accepted,
    assigned,
    fact,
    joined,
    merged,
    missed,
    read,
    reported,
    triaged,
)

TWO = [reported("a"), reported("b", at="09:04")]
AFTERNOON = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def violations(messages: list[Message], now: datetime | None = None) -> list[str]:
    history = read(messages)
    check_whole(history, [], now, timedelta(hours=1))
    return history.findings.violations()


def test_a_merged_case_whose_survivor_knows_it_is_right():
    assert violations([*TWO, merged("b", "a"), joined("a", "b")]) == []


def test_a_merged_case_that_only_the_survivors_survivor_knows_is_right():
    three = [*TWO, reported("c", at="09:08"), merged("c", "b", at="09:09", into_at="09:04"), merged("b", "a", at="09:10")]
    assert violations([*three, joined("a", "b"), joined("a", "c")]) == []


def test_a_survivor_that_does_not_know_its_follower_is_caught():
    assert violations([*TWO, merged("b", "a")]) == ["10 silence: case b: its survivor a does not know that it follows (b -> a)"]


def test_a_merge_into_nothing_is_caught():
    [line] = violations([reported("b", at="09:04"), merged("b", "0")])
    assert "merged into 0, which the log does not know: its report is lost" in line


def test_a_ring_of_merges_is_caught():
    ring = [*TWO, merged("b", "a"), joined("a", "b"), merged("a", "b", into_at="08:00")]
    assert any("merged in a ring: b -> a -> b" in line for line in violations(ring))


def test_a_withdrawn_case_with_followers_must_be_revived():
    withdrawn = fact("case.withdrawn", at="09:05", on=1, reason="it is on again")
    told = [*TWO, withdrawn, merged("b", "a"), joined("a", "b")]
    assert violations(told) == ["10 silence: case a: withdrawn though 1 others follow it, expected case.revived"]
    assert violations([*told, fact("case.revived", at="09:07", by="triage", on=2)]) == []


def test_a_follower_that_was_not_merged_is_caught():
    assert violations([*TWO, joined("a", "b")]) == ["10 silence: case a: b follows it without being merged into it"]


def test_a_case_that_nobody_reported_is_caught():
    assert violations([triaged("z")]) == ["1 acknowledged: case z, partition 0 offset 0: triage speaks of a case without any case.reported"]


def test_what_a_stranger_says_of_no_case_is_ignored():
    assert violations([fact("note.added", "z", text="hello")]) == []


@pytest.mark.parametrize(("times", "found"), [(4, 0), (5, 1)])
def test_a_service_that_repeats_itself_in_vain_is_caught(times: int, found: int):
    lines = violations([reported(), *[triaged()] * times])
    assert len(lines) == found
    assert all("a service said a/case.triaged/09:01 4 times without effect, at most 3 expected" in line for line in lines)


def test_a_deadline_that_nobody_stated_is_caught_when_the_time_is_known():
    waiting = [reported(), triaged()]
    assert violations(waiting) == []
    assert violations(waiting, AFTERNOON) == [
        "8 deadlines: case a: the respond deadline 2026-03-02T10:00:00+00:00 passed, expected deadline.missed",
        "8 deadlines: case a: the resolve deadline 2026-03-02T12:00:00+00:00 passed, expected deadline.missed",
    ]


def test_a_deadline_that_was_kept_or_stated_or_has_just_passed_is_right():
    answered = [reported(), triaged(), assigned(), accepted()]
    assert violations([*answered, missed()], AFTERNOON) == []
    assert violations(answered, AFTERNOON - timedelta(hours=1, minutes=30)) == []
