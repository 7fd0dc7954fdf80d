"""The clocks of the stages: a filed case must be offered to somebody in time, and a result checked."""

from datetime import timedelta
from typing import Any

from services.dispatch.decide import decide, due
from shared.case import Case, Status, evolve
from shared.events import AnyEvent, CaseAssigned, CaseReopened, DeadlineMissed, ResolutionVerified
from shared.service import World
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, after, said, small_city, triaged

WORLD = World(CITY)  # dispatch within two hours, check within four work hours
NOBODY: dict[str, Any] = {"department": "empty", "resolve_by": NOON + 999 * HOUR, "respond_by": NOON + 999 * HOUR}


def stated(facts: list[AnyEvent]) -> list[str]:
    return [fact.which for fact in facts if isinstance(fact, DeadlineMissed)]


def completed(code: str = "cover", photos: int = 1, city_says: bool = True) -> Case:
    done = {"status": Status.COMPLETED, "assignee": "drain-1", "completed_at": NOON, "assigned_at": NOON, "photos": photos}
    return triaged(code, check=city_says, resolve_by=NOON + 999 * HOUR).model_copy(update=done)


def test_a_case_that_nobody_was_offered_in_time_has_missed_its_dispatch():
    case = triaged("cover", **NOBODY)
    assert due(case, WORLD, NOON) == NOON + 2 * HOUR
    assert decide(case, WORLD, NOON + 2 * HOUR - timedelta(seconds=1)) == []
    [fact] = decide(case, WORLD, NOON + 2 * HOUR)
    assert isinstance(fact, DeadlineMissed)
    assert (fact.which, fact.deadline) == ("dispatch", NOON + 2 * HOUR)


def test_a_missed_dispatch_is_stated_once_and_nothing_climbs_for_it():
    case = after(triaged("cover", **NOBODY), decide(triaged("cover", **NOBODY), WORLD, NOON + 2 * HOUR))
    assert (decide(case, WORLD, NOON + 9 * HOUR), case.level, case.awaits) == ([], 0, None)


def test_an_offer_keeps_the_dispatch_in_time_even_if_it_is_refused_later():
    case = triaged("cover", resolve_by=NOON + 999 * HOUR)
    [offer] = decide(case, WORLD, NOON)
    assert isinstance(offer, CaseAssigned)
    waiting = evolve(case, offer).model_copy(update={"status": Status.TRIAGED, "assignee": None, "answer_by": None})
    assert stated(decide(waiting, WORLD, NOON + 9 * HOUR)) == []


def test_a_reopened_case_must_be_dispatched_in_time_again():
    closed = after(triaged("cover", **NOBODY), decide(triaged("cover", **NOBODY), WORLD, NOON + 2 * HOUR))
    closed = closed.model_copy(update={"status": Status.CLOSED})
    again, far = NOON + 100 * HOUR, NOON + 999 * HOUR
    case = evolve(closed, CaseReopened.of(closed, at=again, by="closure", reason="no", respond_by=far, resolve_by=far))
    assert due(case, WORLD, again) == again + 2 * HOUR
    assert stated(decide(case, WORLD, again + 2 * HOUR)) == ["dispatch"]


def test_a_result_that_nobody_checked_in_time_has_missed_its_check():
    case = completed()
    assert due(case, WORLD, NOON) == NOON + 6 * HOUR  # four work hours from 12:00
    assert decide(case, WORLD, NOON + 5 * HOUR) == []
    [fact] = decide(case, WORLD, NOON + 6 * HOUR)
    assert isinstance(fact, DeadlineMissed)
    assert fact.which == "check"
    assert decide(evolve(case, fact), WORLD, NOON + 99 * HOUR) == []


def test_a_result_that_was_checked_or_needs_no_eyes_misses_nothing():
    case = completed()
    seen = evolve(case, ResolutionVerified.of(case, **said("grid-1"), reason="seen"))
    for done in (seen, completed("puddle", city_says=False)):
        assert (decide(done, WORLD, NOON + 99 * HOUR), due(done, WORLD, NOON)) == ([], None)


def test_a_result_without_the_photo_that_is_demanded_must_be_checked_in_time():
    puddle = CITY.categories["puddle"].model_copy(update={"result_photo": True})
    world = World(small_city(categories={**CITY.categories, "puddle": puddle}))
    assert stated(decide(completed("puddle", photos=0, city_says=False), world, NOON + 6 * HOUR)) == ["check"]
    assert decide(completed("puddle", photos=1, city_says=False), world, NOON + 6 * HOUR) == []
