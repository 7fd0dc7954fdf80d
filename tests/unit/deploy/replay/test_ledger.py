"""The replay's own fold of the log keeps what the staff and the comparison need."""

from datetime import datetime
from typing import Any, cast

from deploy.replay.history import end_of, timers
from deploy.replay.ledger import Ledger
from shared.case import Case, Status, evolve, unknown
from shared.events import AnyEvent, CaseClosed, CaseReported, DeadlineMissed, OutcomePublished, ResolutionVerified
from tests.unit.deploy.replay.recordings import DAY, NOON, lamp
from tests.unit.deploy.replay.test_staff import DEADLINE, DESK, acted, city, offered

__all__ = ["city"]


def ledger(*facts: AnyEvent) -> Ledger:
    made = Ledger(cast(Any, None))
    for fact in facts:
        made.fold(fact)
    return made


def report(case_id: str = "c1", source: str = "101") -> CaseReported:
    case = unknown(case_id)
    return CaseReported.of(case, at=NOON, by="replay", number="1", text="dark", channel="import", source=source)


def test_a_report_said_twice_is_one_case():
    found = ledger(report(), report())
    assert (len(found.lives), found.doubled, found.events) == (1, 0, 2)


def test_a_second_case_of_one_record_is_counted():
    assert ledger(report("c1"), report("c2")).doubled == 1


def test_who_is_not_here_yet_is_missing():
    assert ledger(report()).missing(["101", "102"]) == ["102"]


def test_a_case_that_waits_for_an_answer_is_known():
    assert ledger(report()).unanswered
    assert not ledger().unanswered


def closed(case: Case, at: datetime) -> list[AnyEvent]:
    facts: list[AnyEvent] = [ResolutionVerified.of(case, at=at, by="closure", reason="policy")]
    case = evolve(case, facts[0])
    facts.append(CaseClosed.of(case, at=at, by="closure", outcome="Fixed"))
    case = evolve(case, facts[1])
    return [*facts, OutcomePublished.of(case, at=at + DAY, by="closure", id="c1/published/1", text="Fixed", closing=1)]


def test_of_a_published_case_only_what_is_compared_is_kept(city: Any):
    found = Ledger(cast(Any, None))
    found.cases["c1"], found.ids["101"] = offered(), "c1"
    done = acted(offered(), city, NOON + 3 * DAY)
    for fact in done:
        found.fold(fact)
    for fact in closed(found.cases["c1"], NOON + 5 * DAY):
        found.fold(fact)
    life = found.lives["101"]
    assert (found.cases, life.status, life.deadline, life.completed) == ({}, Status.CLOSED, DEADLINE, NOON + 2 * DAY)
    found.fold(report())
    assert found.cases == {}


def test_a_deadline_said_to_be_missed_is_noted(city: Any):
    found = Ledger(cast(Any, None))
    found.cases["c1"], found.ids["101"] = offered(), "c1"
    [accepted] = acted(offered(), city, NOON)
    found.fold(accepted)
    case = found.cases["c1"]
    found.fold(DeadlineMissed.of(case, at=DEADLINE, by="dispatch", id="c1/missed", which="resolve", deadline=DEADLINE))
    assert (found.lives["101"].missed, found.touched) == ([DEADLINE], {"101"})


def test_a_case_in_work_waits_for_its_deadline_and_a_done_one_for_objections(city: Any):
    [accepted] = acted(offered(), city, NOON)
    case = evolve(offered(), accepted)
    assert DEADLINE in timers(case, city)
    [done] = acted(case, city, NOON + 3 * DAY)
    assert NOON + 5 * DAY in timers(evolve(case, done), city)
    assert case.assignee == DESK


def test_the_end_leaves_time_to_close_and_publish(city: Any):
    from deploy.replay.clockwork import Plan

    plan = Plan([lamp()], lambda record: None)
    assert end_of(plan, city) > NOON + 2 * DAY + 4 * DAY
