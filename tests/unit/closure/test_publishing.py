"""The public page says how a case stands before seven days after filing are over, finished or not, and nothing that a person wrote."""

from datetime import timedelta

import pytest

from services.closure.decide import decide, due, fields
from shared.case import IN_HAND, Case, Status, evolve
from shared.events import CaseClosed, CaseReopened, StandingPublished
from shared.service import World
from shared.stamps import stamp
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, reported, small_city, triaged

WORLD = World(CITY)
DAY = timedelta(days=1)
OPEN = sorted({*IN_HAND, Status.COMPLETED})


def standing(case: Case, now=NOON + 6 * DAY, world: World = WORLD) -> StandingPublished:
    [fact] = decide(case, world, now)
    assert isinstance(fact, StandingPublished)
    return fact


def waiting(status: Status = Status.WORKING, code: str = "cover", **more: object) -> Case:
    done = {"status": status, "assignee": "drain-1", "completed_at": NOON if status is Status.COMPLETED else None}
    return triaged(code).model_copy(update={**done, **more})


def closed(at: timedelta = DAY) -> Case:
    case = waiting(Status.COMPLETED, verified=True)
    return evolve(case, CaseClosed.of(case, at=NOON + at, by="closure", outcome="done"))


@pytest.mark.parametrize("status", OPEN)
def test_a_day_before_seven_days_are_over_the_page_says_how_an_unfinished_case_stands(status: Status):
    case = waiting(status)
    assert due(case, WORLD, NOON) == NOON + 6 * DAY
    assert decide(case, WORLD, NOON + 6 * DAY - HOUR) == []
    fact = standing(case)
    assert (fact.id, fact.round) == ("c1/standing/0", 0)
    assert decide(evolve(case, fact), WORLD, NOON + 99 * DAY) == []


def test_it_says_what_who_and_by_when_in_both_languages_and_nothing_that_a_person_wrote():
    zh, en = standing(waiting(text="Mr X, 13800138000", outcome="Mrs Y")).text.split("\n")
    assert zh == "cover（中），drainage（中）正在办理，期限 2026-10-12 14:00。"
    assert en == "cover: it is being dealt with, with drainage, due 2026-10-12 14:00."


def test_a_pause_is_shown_with_its_reason():
    zh, en = standing(waiting(Status.PAUSED, pause_reason="weather")).text.split("\n")
    assert "正在等待：weather（中）" in zh
    assert "it waits: weather" in en


def test_what_is_confidential_is_never_shown():
    assert (decide(waiting(code="visit"), WORLD, NOON + 99 * DAY), due(waiting(code="visit"), WORLD, NOON)) == ([], None)
    assert fields(waiting(code="visit"), CITY)["publish_by"] == ""


def test_what_is_not_filed_is_not_shown():
    assert (decide(reported(), WORLD, NOON + 99 * DAY), due(reported(), WORLD, NOON)) == ([], None)


def test_until_it_is_shown_the_case_is_in_the_list_of_what_must_be_published():
    case = waiting()
    assert fields(case, CITY)["publish_by"] == stamp(NOON + 7 * DAY)
    assert fields(evolve(case, standing(case)), CITY)["publish_by"] == ""


def test_a_reopened_case_is_shown_again():
    case = evolve(waiting(), standing(waiting())).model_copy(update={"status": Status.CLOSED, "closings": 1, "published": 1})
    far = NOON + 99 * DAY
    case = evolve(case, CaseReopened.of(case, at=NOON + 10 * DAY, by="resident", reason="again", respond_by=far, resolve_by=far))
    assert due(case, WORLD, NOON + 10 * DAY) == NOON + 16 * DAY
    assert standing(case, NOON + 16 * DAY).id == "c1/standing/1"


def test_a_closed_case_is_shown_by_its_outcome():
    assert due(closed(), WORLD, NOON + DAY) == NOON + 2 * DAY
    assert [fact.type for fact in decide(closed(), WORLD, NOON + 2 * DAY)] == ["outcome.published"]


@pytest.mark.parametrize("hours", [0, 24, 72, 24 * 30])
@pytest.mark.parametrize("at", [timedelta(hours=1), 3 * DAY, 5.5 * DAY])
def test_however_long_a_city_waits_after_closing_a_case_is_shown_within_seven_days_after_filing(hours: int, at: timedelta):
    world = World(small_city(publish_after_hours=hours))
    shown = due(closed(at), world, NOON + at)
    assert shown is None or shown <= NOON + 7 * DAY
    assert decide(closed(at), world, NOON + 7 * DAY) != []


def test_a_city_that_promises_less_than_a_day_shows_it_at_once():
    case = waiting()
    assert standing(case, NOON, World(small_city(publish_within_days=0.5))).round == 0
