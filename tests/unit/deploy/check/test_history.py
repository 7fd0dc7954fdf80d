import json
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.check.blank import blank
from deploy.check.copies import differences
from deploy.check.findings import Findings
from deploy.check.fold import take
from deploy.check.history import begin, fingerprint
from deploy.check.members import Fact
from deploy.check.referee import Seen, faults
from deploy.check.refusal import refusal
from deploy.check.rules import REAL, RULES
from deploy.check.shapes import ENVELOPE, SHAPES, Unreadable, read_fact
from deploy.check.whole import Letter, check_whole
from shared.case import ALLOWED, Status, dump
from shared.events import EVENT_TYPES, decode
from tests.unit.deploy.check.town import GOLDEN, LIFE, Message, assigned, closed, fact, missed, read, reported, triaged
from tests.unit.shared import histories


def violations(messages: list[Message], letters: list[Letter] | None = None, partitions: int = 1) -> list[str]:
    history = read(messages, partitions=partitions)
    check_whole(history, letters or [], None, timedelta(0))
    return history.findings.violations()


def seen_after(*messages: Message) -> Seen:
    """Return the referee's memory of facts that took effect."""
    seen, case = Seen(), blank("a")
    for _, _, value in messages:
        told = read_fact(value)
        assert list(faults(seen, told, "")) == []
        take(case, told)
    return seen


def faults_of(seen: Seen, message: Message) -> list[int]:
    return [number for number, _ in faults(seen, read_fact(message[2]), "")]


def test_a_whole_life_breaks_nothing():
    assert violations(LIFE) == []


def test_a_fact_on_an_old_version_has_no_effect():
    history = read([reported(), triaged(), triaged(at="09:05")])
    assert history.cases["a"].case["version"] == 2
    assert history.why((0, 2)) == "it may not happen in status triaged"


def test_a_fact_said_twice_takes_effect_once():
    history = read([reported(), reported()])
    assert history.cases["a"].case["ids"] == ["a/case.reported/09:00"]
    assert history.why((0, 1)) == "an equal id took effect before"


def test_an_effective_fact_on_a_version_out_of_turn_is_caught():
    assert faults_of(seen_after(reported(), triaged()), assigned(on=4)) == [2]


def test_an_effective_fact_before_the_report_is_caught():
    assert faults_of(Seen(), triaged(on=0)) == [1]


def test_a_second_close_is_caught():
    assert faults_of(seen_after(*LIFE), closed(on=6)) == [3]


def test_an_assignment_of_a_case_that_somebody_has_is_caught():
    assert faults_of(seen_after(reported(), triaged(), assigned()), assigned(on=3, at="09:09")) == [3]


def test_an_assignment_after_a_release_is_right():
    expired = fact("assignment.expired", at="09:31", by="dispatch", on=3)
    assert faults_of(seen_after(reported(), triaged(), assigned(), expired), assigned(on=4, at="09:32")) == []


def test_an_id_that_takes_effect_in_two_cases_is_caught():
    [line] = violations(
        [reported("a"), reported("b"), fact("note.added", "a", id="n", text="x"), fact("note.added", "b", id="n", text="x")]
    )
    assert line == "4 commands: case b, partition 0 offset 3: note.added n took effect a second time"


@pytest.mark.parametrize(
    "wrong",
    [
        missed(deadline="11:00"),
        missed(at="11:59"),
    ],
)
def test_a_missed_deadline_that_was_none_is_caught(wrong: Message):
    assert faults_of(seen_after(reported(), triaged()), wrong) == [8]


def test_a_deadline_missed_twice_is_caught():
    assert faults_of(seen_after(reported(), triaged(), missed()), missed(at="12:05")) == [8]


# -- messages that are no facts


GARBAGE: list[Message] = [
    (0, b"a", b"\xff\x00garbage"),
    (0, b"a", None),
    (0, b"a", b'{"type": "case.exploded"}'),
    (0, b"b", reported("a")[2]),
    (1, b"a", reported("a")[2]),
    fact("case.reported", on=-1, number="1", text="x", channel="web"),
    fact("note.added", text="x" * 4_001),
    fact("note.added"),
]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_what_is_no_fact_needs_a_dead_letter(garbage: Message):
    [line] = violations([garbage], partitions=2)
    assert line.startswith(f"7 consumed: partition {garbage[0]} offset 0: neither a fact")
    assert line.endswith("nor a dead letter")
    letter = Letter((garbage[0], 0), "decode", "intake", "because", fingerprint(garbage[1], garbage[2]))
    assert violations([garbage], [letter], partitions=2) == []


def test_a_dead_letter_with_other_bytes_is_caught():
    assert "original bytes" in violations([(0, b"a", b"x")], [Letter((0, 0), "decode", "intake", "because", "0")])[0]


def test_a_dead_letter_for_a_fact_is_caught():
    assert "put aside what is a fact" in violations([reported()], [Letter((0, 0), "decode", "intake", "because", "0")])[0]


def test_a_dead_letter_from_nowhere_is_caught():
    assert "a place that the log does not have" in violations([reported()], [Letter((0, 7), "decode", "intake", "because", "0")])[0]


def test_messages_that_the_log_lost_are_caught():
    history = read([reported()])
    history.read(0, 3, *triaged()[1:])
    assert history.findings.violations() == ["7 consumed: partition 0 offset 3: the log lacks 2 messages before this one"]


def test_a_log_without_its_beginning_is_caught():
    findings = Findings()
    begin(findings, {0: 5}, {0: 9})
    assert findings.violations() == ["1 acknowledged: partition 0 offset 5: the log begins at offset 5: what was there before is lost"]


# -- written twice, and the same


def test_the_table_says_the_same_as_that_of_the_services():
    assert {type: rule.where for type, rule in RULES.items()} == {type: frozenset(map(str, where)) for type, where in ALLOWED.items()}
    assert SHAPES.keys() == EVENT_TYPES.keys()
    assert {"unknown", *REAL} == {str(status) for status in Status}


@pytest.mark.parametrize("seed", range(20))
def test_the_fold_says_the_same_as_that_of_the_services(seed: int):
    story = histories.seeded(seed, 150, 3)
    told = {id: blank(id) for id in story.cases}
    for event in story.log:
        fact: Fact = read_fact(event.model_dump_json().encode())
        if refusal(told[event.case_id], fact) is None:
            take(told[event.case_id], fact)
    for id, case in story.cases.items():
        assert differences(json.loads(dump(case)), told[id]) == []


@pytest.mark.parametrize("sample", sorted(GOLDEN.parent.glob("*.json")), ids=lambda path: path.stem)
def test_every_sample_is_read_as_the_services_read_it(sample: Path):
    event = decode(sample.read_bytes())
    known = {"type", *ENVELOPE, *SHAPES[event.type]}
    assert read_fact(sample.read_bytes()).keys() == known == type(event).model_fields.keys()


@pytest.mark.parametrize("message", GARBAGE[:3] + GARBAGE[5:])
def test_what_the_services_cannot_read_is_unreadable_here_too(message: Message):
    with pytest.raises(ValueError, match=r"."):
        decode(message[2] or b"")
    with pytest.raises(Unreadable):
        read_fact(message[2])
