"""What dispatch says by itself, and when it looks again."""

from datetime import datetime, timedelta

import pytest

from services.dispatch.actions import resume
from services.dispatch.decide import decide, due, fields, look
from shared.case import ALLOWED, Case, Status, evolve
from shared.events import (
    AnyEvent,
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentExpired,
    CaseAssigned,
    CaseEscalated,
    CaseReopened,
    CaseReturned,
    DeadlineMissed,
    WorkPaused,
)
from shared.service import World
from shared.terms import Limit
from tests.unit.dispatch.small_city import CITY, FOUR_WORK_HOURS, HOUR, NIGHT, NOON, after, said, small_city, triaged

WORLD = World(CITY)
MINUTE = timedelta(minutes=1)


def spoken(case: Case, now: datetime, world: World = WORLD, most: int = 50) -> tuple[Case, list[AnyEvent]]:
    """Let dispatch speak until it is silent."""
    facts: list[AnyEvent] = []
    while said_now := decide(case, world, now):
        case = after(case, said_now)
        facts += said_now
        assert len(facts) <= most, [fact.type for fact in facts]
    return case, facts


def offered(case: Case, now: datetime = NOON) -> Case:
    return after(case, decide(case, WORLD, now))


def accepted(case: Case, now: datetime = NOON) -> Case:
    case = offered(case, now)
    return evolve(case, AssignmentAccepted.of(case, **said(case.assignee or "", now)))


def declined(case: Case, now: datetime = NOON) -> Case:
    return evolve(case, AssignmentDeclined.of(case, **said(case.assignee or "", now), reason="busy"))


def kinds(facts: list[AnyEvent]) -> list[str]:
    return [fact.type for fact in facts]


def busy(**load: int) -> World:
    others = {f"{name}/{n}": {"assignee": name.replace("_", "-")} for name, count in load.items() for n in range(count)}
    return World(CITY, others)


def test_offers_a_triaged_case_to_the_nearest():
    [fact] = decide(triaged("cover"), WORLD, NOON)
    assert isinstance(fact, CaseAssigned)
    assert (fact.assignee, fact.role, fact.answer_by) == ("drain-1", "unit_worker", NOON + 10 * MINUTE)
    assert fact.informed == ()


def test_says_nothing_twice():
    case = offered(triaged("cover"))
    assert decide(case, WORLD, NOON) == []


def test_the_duty_officer_is_told_of_an_emergency():
    [fact] = decide(triaged("leak", at=NIGHT), WORLD, NIGHT)
    assert isinstance(fact, CaseAssigned)
    assert (fact.assignee, fact.informed) == ("gas-1", ("duty-1",))


def test_an_emergency_that_nobody_can_take_goes_to_the_duty_officer():
    alone = World(small_city(staff={id: one for id, one in CITY.staff.items() if id not in ("gas-1", "gas-2")}))
    [fact] = decide(triaged("leak"), alone, NOON)
    assert isinstance(fact, CaseAssigned)
    assert (fact.assignee, fact.informed) == ("duty-1", ())


def test_an_offer_not_answered_in_time_goes_to_the_next():
    case = offered(triaged("cover"))
    assert due(case, WORLD, NOON) == NOON + 10 * MINUTE
    assert decide(case, WORLD, NOON + 9 * MINUTE) == []
    [fact] = decide(case, WORLD, NOON + 10 * MINUTE)
    assert isinstance(fact, AssignmentExpired)
    [offer] = decide(evolve(case, fact), WORLD, NOON + 10 * MINUTE)
    assert isinstance(offer, CaseAssigned)
    assert offer.assignee == "drain-2"


def test_a_refusal_goes_to_the_next():
    [fact] = decide(declined(offered(triaged("cover"))), WORLD, NOON)
    assert isinstance(fact, CaseAssigned)
    assert fact.assignee == "drain-2"


def expired(case: Case, now: datetime = NOON) -> Case:
    return evolve(case, AssignmentExpired.of(case, at=now, by="dispatch"))


def test_after_enough_offers_without_an_answer_the_case_climbs_and_goes_round_again():
    case = triaged("cover")
    for _ in range(3):
        case = expired(offered(case))
    [climbed] = decide(case, WORLD, NOON)
    assert isinstance(climbed, CaseEscalated)
    assert climbed.level == 1
    [again] = decide(evolve(case, climbed), WORLD, NOON)
    assert isinstance(again, CaseAssigned)
    assert again.assignee == "drain-1"


@pytest.mark.parametrize("refusal", [AssignmentDeclined, CaseReturned])
def test_the_second_and_the_fourth_refusal_bring_the_case_one_level_up_each(refusal: type[AssignmentDeclined | CaseReturned]):
    case, levels = triaged("cover"), []
    for _ in range(4):
        case = offered(case) if refusal is AssignmentDeclined else accepted(case)
        case = evolve(case, refusal.of(case, **said(case.assignee or "", NOON), reason="not mine"))
        case, _ = climbed_only(case)
        levels.append(case.level)
    assert levels == [0, 1, 1, 2]


def climbed_only(case: Case) -> tuple[Case, list[AnyEvent]]:
    """Return the case after the climbs that are due now, and no offer."""
    facts = [fact for fact in decide(case, WORLD, NOON) if isinstance(fact, CaseEscalated)]
    return after(case, list(facts)), list(facts)


def test_a_refused_case_says_why_it_climbs():
    case = declined(offered(declined(offered(triaged("cover")))))
    [fact] = decide(case, WORLD, NOON)
    assert isinstance(fact, CaseEscalated)
    assert fact.reason == "refused 2 times / 已被退回2次"
    assert decide(evolve(case, fact), WORLD, NOON)[0].type == "case.assigned", "those who were asked before may be asked again"


def test_once_all_on_duty_were_asked_the_case_climbs():
    case = triaged("visit")
    for _ in range(2):
        case = declined(offered(case))
    assert kinds(decide(case, WORLD, NOON)) == ["case.escalated"]


def test_at_the_top_of_the_ladder_the_case_waits_for_an_operator():
    case, asked = triaged("cover"), 0
    while decide(case, WORLD, NOON):
        case = offered(case)
        asked += case.status is Status.ASSIGNED
        case = declined(case) if case.status is Status.ASSIGNED else case
    assert (case.level, case.status, asked) == (2, Status.TRIAGED, 7)  # two refusals on each level below the top, three at the top
    assert due(case, WORLD, NOON) == case.resolve_by


def test_off_duty_the_case_waits_for_the_next_shift():
    case = triaged("cover", at=NIGHT)
    assert decide(case, WORLD, NIGHT + 7 * MINUTE) == []
    assert due(case, WORLD, NIGHT + 7 * MINUTE) == NIGHT + 15 * MINUTE
    assert due(case, WORLD, NIGHT + 15 * MINUTE) == NIGHT + 30 * MINUTE


def test_when_all_are_busy_the_case_waits_for_room():
    world = busy(drain_1=2, drain_2=2, drain_3=2, handy_1=2)
    case = triaged("cover")
    assert decide(case, world, NOON) == []
    assert due(case, world, NOON) == NOON + MINUTE
    assert kinds(decide(case, busy(drain_1=2, drain_2=1, drain_3=2, handy_1=2), NOON)) == ["case.assigned"]


def test_a_department_without_people_leaves_the_case_to_an_operator():
    case = triaged("cover", department="empty")
    assert decide(case, WORLD, NOON) == []
    assert due(case, WORLD, NOON) == case.resolve_by


def test_a_missed_deadline_is_a_fact_and_climbs():
    case = accepted(triaged("cover"))
    passed = NOON + 2 * HOUR
    assert due(case, WORLD, NOON) == passed
    missed, climbed = decide(case, WORLD, passed)
    assert isinstance(missed, DeadlineMissed)
    assert isinstance(climbed, CaseEscalated)
    assert (missed.which, missed.deadline, climbed.level) == ("resolve", passed, 1)
    case = after(case, [missed, climbed])
    assert case.overdue
    assert decide(case, WORLD, passed) == []
    assert due(case, WORLD, passed) == passed + HOUR


def test_after_half_as_long_again_the_case_climbs_once_more_and_then_no_further():
    case, _ = spoken(accepted(triaged("cover")), NOON + 2 * HOUR)
    assert decide(case, WORLD, NOON + 2.9 * HOUR) == []
    [climbed] = decide(case, WORLD, NOON + 3 * HOUR)
    assert isinstance(climbed, CaseEscalated)
    assert climbed.level == 2
    case = evolve(case, climbed)
    assert (decide(case, WORLD, NOON + 99 * HOUR), due(case, WORLD, NOON + 99 * HOUR)) == ([], None)


def test_steps_noticed_late_are_one_climb():
    case, facts = spoken(accepted(triaged("cover")), NOON + 9 * HOUR)
    assert kinds(facts) == ["deadline.missed", "case.escalated"]
    assert case.level == 2


def test_the_ladder_is_climbed_on_the_clock_of_the_case():
    case = accepted(triaged("puddle"))  # 4 work hours from Monday 12:00: Monday 18:00
    case, _ = spoken(case, NOON + 6 * HOUR)
    assert due(case, WORLD, NOON + 6 * HOUR) == NOON + 22 * HOUR  # Tuesday 10:00


def test_nobody_answered_in_time_is_missed_and_known_one_level_up():
    case = declined(offered(triaged("puddle", limit=Limit(amount=99, clock=FOUR_WORK_HOURS.clock), resolve_by=NOON + 999 * HOUR)))
    missed, climbed = decide(case, WORLD, NOON + 24 * HOUR)
    assert isinstance(missed, DeadlineMissed)
    assert isinstance(climbed, CaseEscalated)
    assert (missed.which, climbed.level) == ("respond", 1)


def test_whoever_accepted_has_answered():
    case = accepted(triaged("puddle", resolve_by=NOON + 999 * HOUR))
    assert decide(case, WORLD, NOON + 48 * HOUR) == []


def test_a_paused_case_misses_nothing_and_climbs_nowhere():
    case = accepted(triaged("cover"))
    pause = WorkPaused.of(case, **said("drain-1"), reason="weather", approved_by="leader-1", look_again_at=NOON + 99 * HOUR)
    case = evolve(case, pause)
    assert (decide(case, WORLD, NOON + 50 * HOUR), due(case, WORLD, NOON)) == ([], None)
    late, _ = spoken(accepted(triaged("cover")), NOON + 2 * HOUR)
    resting = evolve(late, WorkPaused.of(late, **said("drain-1", NOON + 2 * HOUR), **PAUSE))
    assert decide(resting, WORLD, NOON + 50 * HOUR) == []
    going = evolve(resting, resume(resting, None, said("drain-1", NOON + 50 * HOUR), CITY))
    assert going.resolve_by == NOON + 2 * HOUR, "what was missed stays missed"
    assert decide(going, WORLD, NOON + 50 * HOUR) == []
    assert due(going, WORLD, NOON + 50 * HOUR) == NOON + 51 * HOUR, "half as long again is counted without the pause"


PAUSE = {"reason": "weather", "approved_by": "leader-1", "look_again_at": NOON + 99 * HOUR}


def test_a_reopened_case_climbs_from_the_bottom_again():
    case, _ = spoken(accepted(triaged("cover")), NOON + 9 * HOUR)
    closed = case.model_copy(update={"status": Status.CLOSED})
    again = NOON + 100 * HOUR
    reopening = CaseReopened.of(closed, at=again, by="closure", reason="no", respond_by=again + HOUR, resolve_by=again + 2 * HOUR)
    case = evolve(closed, reopening)
    assert (case.level, kinds(decide(case, WORLD, NOON + 100 * HOUR))) == (0, ["case.assigned"])


def test_a_ladder_of_one_level_is_never_climbed():
    city = small_city(levels=CITY.levels[:1], steps=())
    _, facts = spoken(accepted(triaged("cover")), NOON + 99 * HOUR, World(city))
    assert kinds(facts) == ["deadline.missed"]
    case, facts = spoken(triaged("cover", department="empty"), NOON + 99 * HOUR, World(city))
    stated = [fact.which for fact in facts if isinstance(fact, DeadlineMissed)]
    assert (stated, len(facts), case.level) == (["respond", "resolve", "dispatch"], 3, 0)


@pytest.mark.parametrize("status", sorted(set(Status) - ALLOWED["deadline.missed"]))
def test_is_silent_about_what_nobody_has_to_handle(status):
    case = triaged("cover").model_copy(update={"status": status})
    assert (decide(case, WORLD, NOON + 99 * HOUR), due(case, WORLD, NOON)) == ([], None)


def test_looks_only_for_what_nobody_has():
    desks = {CITY.staff[person].department for person in ("drain-1", "drain-2", "drain-3", "handy-1")}
    assert look([triaged("cover"), offered(triaged("leak"))], CITY, NOON)[0] == {"desk": tuple(sorted(desks))}
    assert look([offered(triaged("cover"))], CITY, NOON) == []


def test_only_a_task_in_work_counts_for_its_assignee():
    case = accepted(triaged("leak"))
    assert (fields(case, CITY)["assignee"], fields(case, CITY)["informed"]) == ("gas-1", ("duty-1",))
    done = case.model_copy(update={"status": Status.COMPLETED})
    assert (fields(done, CITY)["assignee"], fields(done, CITY)["informed"]) == (None, ())
