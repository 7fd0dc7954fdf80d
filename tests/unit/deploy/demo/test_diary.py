"""The diary gives each act once, when it is due, and forgets what was meant for an older version."""

from datetime import UTC, datetime, timedelta
from random import Random

from deploy.demo.acts import Act
from deploy.demo.diary import Diary

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def act(step: str, hours: float, version: int | None = 1, case_id: str = "c1") -> Act:
    at = NOON + hours * HOUR
    return Act(case_id, at, at + HOUR, step, "somebody", None, version)


def test_an_act_comes_once_and_when_it_is_due():
    diary = Diary()
    diary.plan("c1", 1, [act("start", 1), act("completion", 3)], Random(1))
    assert diary.due(NOON) == []
    assert [one.act.step for one in diary.due(NOON + 2 * HOUR)] == ["start"]
    assert diary.due(NOON + 2 * HOUR) == []
    assert diary.waits("c1")
    assert [one.act.step for one in diary.due(NOON + 3 * HOUR)] == ["completion"]
    assert not diary.waits("c1")


def test_it_says_until_when_something_must_be_done():
    diary = Diary()
    assert diary.next() is None
    diary.plan("c1", 1, [act("start", 1)], Random(1))
    diary.plan("c2", 1, [act("start", 2, case_id="c2")], Random(1))
    assert diary.next() == NOON + 2 * HOUR


def test_most_people_forget_what_they_meant_for_an_older_version_but_what_always_fits_stays():
    kept = 0
    for seed in range(100):
        diary = Diary()
        diary.plan("c1", 1, [act("start", 1), act("notes", 1, None), act("", 1)], Random(seed))
        diary.plan("c1", 2, [act("completion", 2, 2)], Random(seed))
        steps = {one.act.step for one in diary.due(NOON + 5 * HOUR)}
        assert {"notes", "completion"} <= steps <= {"notes", "completion", "start"}
        kept += "start" in steps
    assert 5 < kept < 40


def test_keys_differ_by_case_version_attempt_and_step():
    diary = Diary()
    keys = set()
    for case_id in ("c1", "c2"):
        for version in (1, 2):
            for attempt in (0, 1):
                diary.attempts[case_id, version] = attempt
                diary.plan(case_id, version, [act("start", 1, version, case_id), act("withdrawal", 1, version, case_id)], Random(1))
                keys |= {one.key for one in diary.due(NOON + HOUR)}
    assert len(keys) == 16


def test_a_refused_act_calls_for_a_new_plan_only_if_nothing_newer_was_seen():
    diary = Diary()
    diary.plan("c1", 1, [act("start", 1), act("notes", 1, None)], Random(1))
    first, note = sorted(diary.due(NOON + HOUR), key=lambda one: one.act.step, reverse=True)
    assert not diary.refused(note)
    assert diary.refused(first)
    assert not diary.knows("c1", 1)
    diary.plan("c1", 2, [], Random(1))
    assert not diary.refused(first)
