"""Whatever is reported and whatever people do meanwhile: triage falls silent, and merging has one direction."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.triage.actions import Correction, Finding, Joining, Rejection, merge, reclassify, reject, separate
from shared.case import Case, Refused, Status, evolve
from shared.events import AnyEvent, AssignmentAccepted, CaseAssigned, CaseWithdrawn, Said, WorkCompleted
from tests.unit.triage.readers import Reader
from tests.unit.triage.town import NOON, TOWN, north, report

MINUTE = timedelta(minutes=1)
IDS = "abcd"
Deed = Callable[[Case, Case, Said], AnyEvent]


def withdraw(case: Case, other: Case, said: Said) -> AnyEvent:
    return CaseWithdrawn.of(case, **said, reason="never mind")


def refuse(case: Case, other: Case, said: Said) -> AnyEvent:
    return reject(case, Rejection(reason="not for the city"), said, TOWN)


def correct(case: Case, other: Case, said: Said) -> AnyEvent:
    return reclassify(case, Correction(category="rubbish", reason="seen"), said, TOWN)


def join(case: Case, other: Case, said: Said) -> AnyEvent:
    return merge(case, Joining.to(other, "the same"), said, TOWN)


def part(case: Case, other: Case, said: Said) -> AnyEvent:
    return separate(case, Finding(reason="two things"), {**said, "by": "O-1"}, TOWN)


def offer(case: Case, other: Case, said: Said) -> AnyEvent:
    answer_by = said["at"] + MINUTE
    return CaseAssigned.of(case, **said, assignee="W-1", role="unit_worker", answer_by=answer_by, reason="near")


def accept(case: Case, other: Case, said: Said) -> AnyEvent:
    return AssignmentAccepted.of(case, **said)


def complete(case: Case, other: Case, said: Said) -> AnyEvent:
    return WorkCompleted.of(case, **said, outcome="done")


reports = st.builds(
    lambda id, text, minutes, metres: report(id, text, NOON + minutes * MINUTE, north(metres)),
    st.sampled_from(IDS),
    st.sampled_from(["路灯不亮", "a lamp is out", "垃圾", "井盖没了", "你好"]),
    st.integers(0, 3),
    st.sampled_from([0, 30, 60, 240]),
)
deeds = st.tuples(
    st.sampled_from([withdraw, refuse, correct, join, part, part, offer, accept, complete]), st.sampled_from(IDS), st.sampled_from(IDS)
)
talks = st.sampled_from(IDS)  # triage comes to speak about one case
pauses = st.integers(1, 90)  # seconds go by
histories = st.builds(
    lambda first, then: [*first, *then],
    st.lists(reports, min_size=2, max_size=4),
    st.lists(reports | deeds | deeds | talks | pauses, min_size=1, max_size=20),
)


def lived(history: list[Any]) -> tuple[Reader, list[AnyEvent]]:
    """Return the reader after the history, settled, and the log."""
    reader, log = Reader(now=NOON + 5 * MINUTE), list[AnyEvent]()
    fold = reader.fold

    def kept(event: AnyEvent) -> bool:
        log.append(event)
        return fold(event)

    reader.fold = kept  # type: ignore[method-assign]
    for step, entry in enumerate(history):
        match entry:
            case int():
                reader.now += timedelta(seconds=entry)
            case str():
                reader.speak([id for id in reader.cases if id == entry])
            case (deed, one, other):
                act(reader, deed, one, other, f"deed-{step}")
            case event:
                reader.fold(event)
    reader.settle()
    return reader, log


def act(reader: Reader, deed: Deed, one: str, other: str, id: str) -> None:
    said = Said(id=id, at=reader.now, by="operator-1", late=False)
    if one in reader.cases and other in reader.cases:
        with suppress(Refused):
            reader.fold(deed(reader.cases[one], reader.cases[other], said))


@given(histories)
def test_every_history_settles(history: list[Any]):
    reader, _ = lived(history)
    assert all(reader.wanted(id) == [] for id in reader.cases)
    assert reader.due() is None


@given(histories)
def test_merging_has_one_direction_and_makes_no_rings(history: list[Any]):
    reader, _ = lived(history)
    for case in reader.cases.values():
        path = [case]
        while path[-1].into is not None and path[-1].status is Status.MERGED:
            path.append(reader.cases[path[-1].into])
        keys = [(one.reported_at, one.id) for one in path]
        assert keys == sorted(set(keys), reverse=True)


@given(histories)
def test_every_survivor_knows_all_that_follow_it(history: list[Any]):
    reader, _ = lived(history)
    for case in reader.cases.values():
        if case.status is Status.MERGED and case.into is not None:
            assert {case.id, *case.followers} <= set(reader.cases[case.into].followers)


@given(histories)
def test_no_survivor_keeps_a_follower_that_is_no_longer_merged_into_it(history: list[Any]):
    reader, _ = lived(history)
    for case in reader.cases.values():
        for follower in case.followers:
            at = reader.cases[follower]
            while at.status is Status.MERGED and at.id != case.id:
                at = reader.cases[at.into or ""]
            assert at.id == case.id, f"{follower} follows {case.id} and is merged into {reader.cases[follower].into}"


@given(histories)
def test_no_rule_merges_again_what_a_person_has_separated(history: list[Any]):
    _, log = lived(history)
    cases: dict[str, Case] = {}
    for event in log:
        case = cases.get(event.case_id) or Case(id=event.case_id)
        cases[event.case_id] = after = evolve(case, event)
        if after is not case and event.type == "case.merged" and case.apart:
            assert event.by != "triage"


@given(histories)
def test_no_withdrawn_case_has_followers(history: list[Any]):
    reader, _ = lived(history)
    assert all(not case.followers for case in reader.cases.values() if case.status is Status.WITHDRAWN)


@given(histories, st.randoms(use_true_random=False))
def test_two_deliveries_of_one_log_give_the_same_cases(history: list[Any], dice: Random):
    """Facts of one case keep their order, as in a partition; those of different cases come in any order, some of them twice."""
    reader, log = lived(history)
    queues: dict[str, list[AnyEvent]] = defaultdict(list)
    for event in log:
        queues[event.case_id].append(event)
    cases = {id: Case(id=id) for id in queues}
    while queues:
        id = dice.choice(sorted(queues))
        event = queues[id].pop(0)
        for _ in range(dice.choice([1, 2])):
            cases[id] = evolve(cases[id], event)
        if not queues[id]:
            del queues[id]
    assert cases == reader.cases


@pytest.mark.parametrize("talking_between", [True, False])
@pytest.mark.parametrize("order", list(permutations([("a", 0), ("b", 1)])))
def test_two_reports_in_either_order_become_one_case(order: tuple[tuple[str, int], ...], talking_between: bool):
    reader = Reader(now=NOON + 2 * MINUTE)
    for id, minutes in order:
        reader.fold(report(id, at=NOON + minutes * MINUTE))
        if talking_between:
            reader.talk()
    reader.settle()
    assert reader.cases["b"].into == "a"
    assert reader.cases["a"].status is Status.TRIAGED
    assert reader.cases["a"].followers == ("b",)


def test_two_processes_that_did_not_see_each_other_repair_it():
    reader = Reader()
    for id in "ab":
        alone = Reader()
        alone.fold(report(id))
        reader.fold(report(id))
        reader.fold(alone.wanted(id)[0])
    assert [case.status for case in reader.cases.values()] == [Status.TRIAGED, Status.TRIAGED]
    reader.settle()
    assert reader.cases["b"].into == "a"


def test_two_processes_that_say_the_same_say_it_once():
    one, other = Reader(), Reader()
    one.fold(report("a"))
    other.fold(report("a"))
    other.now += timedelta(seconds=3)
    [first], [second] = one.wanted("a"), other.wanted("a")
    assert first.id == second.id
    assert one.fold(first)
    assert not one.fold(second)


def test_many_reports_of_one_thing_become_one_case():
    reader = Reader(now=NOON + MINUTE)
    for n in range(60):
        reader.fold(report(f"{n:02}", at=NOON + timedelta(seconds=n), location=north(n % 5)))
    reader.settle()
    assert len(reader.cases["00"].followers) == 59
    assert [fact.type for fact in reader.said].count("case.triaged") == 1
