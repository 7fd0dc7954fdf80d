"""The fold: what each type of fact does in each status, and what it never does."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.case import ALLOWED, EPOCH, MAX_ADDITIONS, MAX_FOLLOWERS, Case, Status, dump, evolve, load, missed_key
from shared.events import EVENT_TYPES, AnyEvent, Change, decode, encode
from tests.unit.shared.histories import MONDAY, History, Step, classification, steps, worded

HOUR = timedelta(hours=1)
EARLIER = Case(id="case-000", status=Status.REPORTED, reported_at=MONDAY - HOUR)
DEADLINE = MONDAY + HOUR
KINDS = sorted(EVENT_TYPES)


def case_in(status: Status, **more: Any) -> Case:
    """Return a case in which, the status apart, everything that a fact could presume is so."""
    known: dict[str, Any] = {
        "id": "case-001",
        "version": 7,
        "status": status,
        "reported_at": MONDAY,
        "since": MONDAY,
        "last_at": MONDAY,
        "classification": classification(1, MONDAY),
        "department": "lighting",
        "respond_by": DEADLINE,
        "resolve_by": DEADLINE,
        "triaged_at": MONDAY,
        "closings": 1,
        "followers": ("case-009",) if status is Status.WITHDRAWN else (),
    }
    return Case(**{**known, **more})


def ready(kind: str, status: Status) -> Case:
    """Return a case in which also that is so which a fact of this type alone presumes."""
    return case_in(status, **PRESUMED.get(kind, {}))


PRESUMED: dict[str, dict[str, Any]] = {
    "report.verified": {"verify_by": DEADLINE},
    "case.parted": {"followers": ("case-000", "case-009")},
    "appeal.made": {"insisted_at": MONDAY},
    "appeal.decided": {"appealed_at": MONDAY},
    "objection.decided": {"unsolved": True},
}


def fact(kind: str, case: Case, **more: Any) -> AnyEvent:
    """Return a fact of that type that fits, if the status allows it."""
    at = DEADLINE if kind == "deadline.missed" else MONDAY + timedelta(minutes=1)
    event = worded(Step(kind, 1), case, {EARLIER.id: EARLIER}, at, 0)
    if kind == "deadline.missed":
        more = {"which": STAGES.get(case.status, "resolve"), **more}
    return event.model_copy(update={"level": case.level + 1, "closing": 1, **more} if kind in PRESUMING else more)


PRESUMING = ("case.escalated", "case.rated", "outcome.published", "callback.recorded")
STAGES = {Status.COMPLETED: "check"}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_happens_in_the_statuses_that_allow_it_and_in_no_other(kind: str, status: Status):
    case = ready(kind, status)
    event = fact(kind, case)
    after = evolve(case, event)
    if status not in ALLOWED[kind]:
        assert after is case
        return
    assert after is not case
    assert after.ids == (event.id,)
    assert after.version == case.version + isinstance(event, Change)
    assert after.since == (event.at if after.status is not status else MONDAY)
    assert after.last_at == event.at


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_that_is_known_changes_nothing(kind: str):
    case = ready(kind, min(ALLOWED[kind]))
    event = fact(kind, case)
    known = case.model_copy(update={"ids": (event.id,)})
    assert evolve(known, event) is known


@pytest.mark.parametrize("kind", [kind for kind in KINDS if issubclass(EVENT_TYPES[kind], Change)])
@pytest.mark.parametrize("off", [-1, 1])
def test_a_change_of_another_version_changes_nothing(kind: str, off: int):
    case = ready(kind, min(ALLOWED[kind]))
    assert evolve(case, fact(kind, case, on=case.version + off)) is case


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_about_another_case_changes_nothing(kind: str):
    case = ready(kind, min(ALLOWED[kind]))
    assert evolve(case, fact(kind, case, case_id="case-002")) is case


def unchanged(case: Case, kind: str, **more: Any) -> bool:
    return evolve(case, fact(kind, case, **more)) is case


def test_a_case_is_merged_only_into_an_earlier_one():
    case = case_in(Status.TRIAGED)
    assert unchanged(case, "case.merged", into=case.id)
    assert unchanged(case, "case.merged", into="case-002", into_reported_at=MONDAY)  # the same moment: the smaller id is the earlier
    assert unchanged(case, "case.merged", into="case-000", into_reported_at=MONDAY + HOUR)
    assert not unchanged(case, "case.merged", into="case-000", into_reported_at=MONDAY)


def test_a_case_that_others_wait_for_is_not_withdrawn():
    assert unchanged(case_in(Status.TRIAGED, followers=("case-009",)), "case.withdrawn")


def test_a_withdrawn_case_revives_only_for_followers():
    assert unchanged(case_in(Status.WITHDRAWN, followers=()), "case.revived")


def test_nobody_follows_a_case_twice_or_oneself_or_beyond_the_limit():
    assert unchanged(case_in(Status.TRIAGED), "case.joined", follower="case-001")
    assert unchanged(case_in(Status.TRIAGED, followers=("case-000",)), "case.joined", follower="case-000")
    full = tuple(f"f-{index}" for index in range(MAX_FOLLOWERS))
    assert unchanged(case_in(Status.TRIAGED, followers=full), "case.joined", follower="case-000")


def test_a_case_only_climbs():
    case = case_in(Status.TRIAGED, level=2)
    assert unchanged(case, "case.escalated", level=2)
    assert not unchanged(case, "case.escalated", level=3)


@pytest.mark.parametrize("which", ["respond", "resolve"])
def test_a_deadline_is_missed_once_and_only_the_present_one_and_not_before_it(which: str):
    case = case_in(Status.TRIAGED)
    assert not unchanged(case, "deadline.missed", which=which)
    assert unchanged(case, "deadline.missed", which=which, deadline=DEADLINE - HOUR)
    assert unchanged(case, "deadline.missed", which=which, at=DEADLINE - timedelta(microseconds=1))
    known = case_in(Status.TRIAGED, missed=(missed_key(which, DEADLINE),))
    assert unchanged(known, "deadline.missed", which=which)


def test_an_answered_case_no_longer_misses_its_answer():
    case = case_in(Status.ACCEPTED, accepted_at=MONDAY)
    assert unchanged(case, "deadline.missed", which="respond")
    assert not unchanged(case, "deadline.missed", which="resolve")


def test_the_outcome_of_each_closing_is_published_once():
    case = case_in(Status.CLOSED)
    assert unchanged(case, "outcome.published", closing=2)
    assert unchanged(case.model_copy(update={"published": 1}), "outcome.published")
    assert not unchanged(case, "outcome.published")


def test_a_rating_belongs_to_the_present_closing():
    assert unchanged(case_in(Status.CLOSED), "case.rated", closing=0)


@pytest.mark.parametrize("kind", ["case.supplemented", "note.added", "case.rated"])
def test_additions_are_bounded(kind: str):
    assert unchanged(case_in(Status.CLOSED, additions=MAX_ADDITIONS), kind)
    assert not unchanged(case_in(Status.CLOSED, additions=MAX_ADDITIONS - 1), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_time_never_goes_back(kind: str):
    case = ready(kind, min(ALLOWED[kind])).model_copy(update={"last_at": MONDAY + 9 * HOUR})
    assert evolve(case, fact(kind, case, at=DEADLINE)).last_at == MONDAY + 9 * HOUR


def test_a_first_report_moves_the_time_on_from_the_beginning():
    new = Case(id="case-001")
    assert new.last_at == EPOCH
    assert evolve(new, fact("case.reported", new)).last_at > EPOCH


def folded(events: list[AnyEvent]) -> dict[str, Case]:
    history = History()
    for event in events:
        history.put(event)
    return history.cases


def lived(drawn: list[Step]) -> list[AnyEvent]:
    """Return the facts of a history that begins with its reports."""
    history = History()
    for index in range(3):
        history.take(Step("case.reported", index, index))
    for step in drawn:
        history.take(step)
    return history.log


@given(steps(), st.randoms(use_true_random=False))
def test_facts_that_come_again_or_among_those_of_other_cases_change_nothing(drawn: list[Step], dice: Any):
    events = lived(drawn)
    lines = {id: [event for event in events if event.case_id == id] for id in {event.case_id for event in events}}
    shuffled: list[AnyEvent] = []
    while any(lines.values()):
        line = lines[dice.choice(sorted(id for id, left in lines.items() if left))]
        shuffled.append(line.pop(0))
        if dice.random() < 0.4:
            shuffled.append(dice.choice(shuffled))
    assert folded(shuffled) == folded(events)


@given(steps(), st.randoms(use_true_random=False))
def test_any_order_of_facts_makes_the_same_cases_for_who_keeps_them_and_for_who_saves_and_loads_them(drawn: list[Step], dice: Any):
    events = lived(drawn)
    dice.shuffle(events)
    saved: dict[str, str] = {}
    for event in events:
        before = load(saved[event.case_id]) if event.case_id in saved else Case(id=event.case_id)
        saved[event.case_id] = dump(evolve(before, decode(encode(event))))
    assert {id: load(text) for id, text in saved.items()} == folded(events)


@given(steps())
def test_versions_are_counted_without_a_gap_and_no_id_takes_effect_twice(drawn: list[Step]):
    cases: dict[str, Case] = {}
    effective: set[tuple[str, str]] = set()
    for event in lived(drawn):
        before = cases.get(event.case_id) or Case(id=event.case_id)
        cases[event.case_id] = after = evolve(before, event)
        if after is not before:
            assert (event.case_id, event.id) not in effective
            effective.add((event.case_id, event.id))
            assert after.version == before.version + isinstance(event, Change)
            assert after.last_at >= before.last_at
            assert len(encode(event)) < 256_000


@given(steps(cases=4))
def test_merges_never_make_a_ring(drawn: list[Step]):
    cases = folded(lived([step._replace(kind="case.merged") if step.choice % 2 else step for step in drawn]))
    for case in cases.values():
        seen = {case.id}
        while case.into is not None and case.status is Status.MERGED:
            assert case.into not in seen
            seen.add(case.into)
            case = cases.get(case.into) or Case(id=case.into)
