"""Joining and separating: every survivor hears once who follows it, and once who no longer does."""

from datetime import timedelta

import pytest

from services.triage.actions import Finding, Joining, merge, separate
from services.triage.decide import decide, due, fields
from services.triage.joining import TOLD_AGAIN_AFTER
from shared.case import Case, Refused, Status, evolve
from shared.events import AnyEvent, CaseAssigned, CaseParted, Said
from shared.service import World
from tests.unit.triage.readers import Reader
from tests.unit.triage.town import NOON, TOWN, reported

MINUTE = timedelta(minutes=1)
TWO_THINGS = Finding(reason="two lamps")


def how(id: str, by: str = "O-1", minutes: int = 5) -> Said:
    return Said(id=id, at=NOON + minutes * MINUTE, by=by, late=False)


def town(*ids: str) -> Reader:
    """Return a reader that knows a report of the same lamp for each id, a minute after the other, before triage has spoken."""
    reader = Reader(now=NOON + 5 * MINUTE)
    reader.cases = {id: reported(id, at=NOON + place * MINUTE) for place, id in enumerate(ids)}
    return reader


def join(reader: Reader, one: str, other: str) -> None:
    assert reader.fold(
        merge(reader.cases[one], Joining.to(reader.cases[other], "the same"), how(f"{one} into {other} {reader.cases[one].version}"), TOWN)
    )


def part(reader: Reader, one: str) -> None:
    assert reader.fold(separate(reader.cases[one], TWO_THINGS, how(f"{one} apart {reader.cases[one].version}"), TOWN))


def follow(reader: Reader, id: str) -> set[str]:
    """Return who follows a case."""
    return set(reader.cases[id].followers)


def told(reader: Reader, kind: str) -> list[tuple[str, str]]:
    """Return who was told of whom."""
    return [(fact.case_id, getattr(fact, "follower")) for fact in reader.said if fact.type == kind]  # noqa: B009


def test_a_separated_case_that_was_never_filed_is_a_report_again_and_is_filed():
    reader = town("a", "b")
    join(reader, "b", "a")
    part(reader, "b")
    assert (reader.cases["b"].status, reader.cases["b"].into, reader.cases["b"].apart) == (Status.REPORTED, None, ("a",))
    reader.settle()
    assert reader.cases["b"].status is Status.TRIAGED


def test_a_separated_case_that_was_filed_goes_on_with_its_deadlines():
    reader = town("a", "b")
    for id in "ab":
        reader.fold(next(fact for fact in decide(reader.cases[id], World(TOWN), NOON + 2 * MINUTE) if fact.type == "case.triaged"))
    before = reader.cases["b"]
    join(reader, "b", "a")
    part(reader, "b")
    after = reader.cases["b"]
    assert (after.status, after.resolve_by, after.clock_from) == (Status.TRIAGED, before.resolve_by, before.clock_from)


def test_the_survivor_is_told_once_that_a_follower_has_left():
    reader = town("a", "b")
    reader.settle()
    assert follow(reader, "a") == {"b"}
    part(reader, "b")
    reader.settle()
    assert follow(reader, "a") == set()
    assert told(reader, "case.parted") == [("a", "b")]


def test_the_followers_of_a_separated_case_leave_with_it():
    reader = town("a", "b", "c")
    join(reader, "c", "b")
    reader.talk()
    reader.settle()
    assert follow(reader, "a") == {"b", "c"}
    part(reader, "b")
    reader.settle()
    assert (follow(reader, "a"), follow(reader, "b")) == (set(), {"c"})


def test_a_case_that_leaves_a_survivor_which_was_merged_further_leaves_that_one_too():
    reader = town("a", "b", "c")
    join(reader, "c", "b")
    join(reader, "b", "a")
    reader.settle()
    part(reader, "c")
    reader.settle()
    assert (follow(reader, "b"), follow(reader, "a")) == (set(), {"b"})


def test_with_it_its_own_followers_leave_the_whole_chain():
    reader = town("a", "b", "c", "d")
    join(reader, "d", "c")
    join(reader, "c", "b")
    join(reader, "b", "a")
    reader.settle()
    assert follow(reader, "a") == {"b", "c", "d"}
    part(reader, "c")
    reader.settle()
    assert [follow(reader, id) for id in "abc"] == [{"b"}, set(), {"d"}]


def test_whoever_has_joined_the_last_survivor_by_itself_meanwhile_stays():
    reader = town("a", "b", "c")
    join(reader, "c", "b")
    join(reader, "b", "a")
    reader.settle()
    part(reader, "c")
    join(reader, "c", "a")
    reader.settle()
    assert (follow(reader, "b"), follow(reader, "a")) == (set(), {"b", "c"})


def test_no_rule_merges_a_separated_case_again_but_a_person_may():
    reader = town("a", "b")
    reader.settle()
    part(reader, "b")
    reader.settle()
    reader.now += timedelta(days=1)
    reader.settle()
    assert reader.cases["b"].status is Status.TRIAGED
    join(reader, "b", "a")
    reader.settle()
    assert (reader.cases["b"].into, follow(reader, "a")) == ("a", {"b"})


def test_joined_separated_and_joined_again_the_survivor_knows_it_as_often_as_it_happens():
    reader = town("a", "b")
    reader.settle()
    for _ in range(3):
        part(reader, "b")
        reader.settle()
        assert follow(reader, "a") == set()
        join(reader, "b", "a")
        reader.settle()
        assert follow(reader, "a") == {"b"}


def test_a_case_that_was_separated_before_its_joining_was_told_leaves_nothing_behind():
    reader = town("a", "b")
    join(reader, "b", "a")
    late: list[AnyEvent] = reader.wanted("b")
    assert [fact.type for fact in late] == ["case.joined"]
    part(reader, "b")
    reader.talk()
    for fact in late:
        reader.fold(fact)  # it comes after the separation
    assert follow(reader, "a") == {"b"}
    reader.settle()
    assert follow(reader, "a") == set()


def test_the_survivor_hears_nothing_of_a_separation_of_which_it_knows_nothing():
    reader = town("a", "b")
    join(reader, "b", "a")
    part(reader, "b")
    reader.settle()
    assert told(reader, "case.parted") == []


def test_a_separated_case_looks_three_times_whether_the_survivor_knows():
    reader = town("a", "b")
    reader.settle()
    part(reader, "b")
    apart, looks, now = reader.cases["b"], [], reader.cases["b"].since
    world = World(TOWN, {"a": fields(reader.cases["a"].model_copy(update={"followers": ()}), TOWN)})
    unclaimed = apart.model_copy(update={"assigned_at": NOON})
    while (again := due(unclaimed, world, now)) is not None:
        looks.append(again - apart.since)
        now = again
    assert looks == [timedelta(seconds=2), timedelta(seconds=10), TOLD_AGAIN_AFTER]


def test_said_by_two_processes_it_is_the_same_fact():
    reader = town("a", "b")
    reader.settle()
    part(reader, "b")
    world = World(TOWN, {"a": fields(reader.cases["a"], TOWN)})
    one, other = (decide(reader.cases["b"], world, NOON + minutes * MINUTE)[0] for minutes in (5, 6))
    assert isinstance(one, CaseParted)
    assert one.id == other.id
    assert evolve(evolve(reader.cases["a"], one), other) == evolve(reader.cases["a"], one)


def test_only_staff_separate_and_only_what_is_merged():
    with pytest.raises(Refused, match="no longer possible"):
        separate(reported("a"), TWO_THINGS, how("x"), TOWN)
    reader = town("a", "b")
    join(reader, "b", "a")
    with pytest.raises(Refused, match="no member of staff"):
        separate(reader.cases["b"], TWO_THINGS, how("x", by="resident"), TOWN)


def test_nobody_who_had_it_before_has_a_separated_case():
    case = Case(id="b").model_copy(update={"status": Status.MERGED, "into": "a", "version": 4, "offered": ("W-1",), "number": "B"})
    after = evolve(case, separate(case, TWO_THINGS, how("x"), TOWN))
    assert (after.assignee, after.offered, after.insisted) == (None, (), False)
    assert CaseAssigned.model_fields["type"].default not in after.ids


def test_a_survivor_that_hears_long_after_the_separation_that_somebody_follows_lets_them_go():
    reader = town("a", "b", "c")
    join(reader, "c", "b")
    for fact in reader.wanted("c"):
        reader.fold(fact)
    join(reader, "b", "a")
    late: list[AnyEvent] = reader.wanted("b")
    assert [getattr(fact, "follower", "") for fact in late] == ["b", "c"]
    part(reader, "b")
    reader.settle()
    reader.now += timedelta(days=9)
    reader.settle()
    for fact in late:
        reader.fold(fact)
    assert follow(reader, "a") == {"b", "c"}
    reader.talk()
    assert (follow(reader, "a"), follow(reader, "b")) == (set(), {"c"})
