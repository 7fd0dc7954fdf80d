"""Some types are verified before they are filed: that holds up no emergency, nothing that staff have seen, and nobody for long."""

from datetime import time, timedelta
from typing import Any

import pytest

from services.triage.actions import Finding, Rejection, confirm, reject
from services.triage.decide import decide, due, fields
from shared.case import Case, Refused, Status, evolve
from shared.city import City, Role, Shift
from shared.events import CaseTriaged, Said, VerificationRequested
from shared.service import World
from shared.terms import Grade
from tests.unit.triage.town import NOON, OPERATOR, TOWN, reported, words

MINUTE = timedelta(minutes=1)
DAY = (Shift(days=frozenset(range(7)), start=time(8), end=time(20)),)
SEEN = Finding(reason="it is there")
NIGHT = NOON + timedelta(hours=14)


def grid_worker(id: str, grid: str = "g1", **more: Any) -> dict[str, Any]:
    told = {"id": id, "role": Role.GRID_WORKER, "title": words(id, id), "shifts": DAY, "grids": frozenset({grid}), **more}
    return {id: OPERATOR.model_copy(update=told)}


def verifying(*codes: str, **staff: Any) -> City:
    """Return the town where these types are verified before they are filed, by grid workers of whom two are in the first grid."""
    changed = {code: TOWN.categories[code].model_copy(update={"check_before": True}) for code in codes}
    people = {**TOWN.staff, **grid_worker("G-2"), **grid_worker("G-1"), **grid_worker("G-0", grid="g2"), **staff}
    return TOWN.model_copy(update={"categories": {**TOWN.categories, **changed}, "staff": people})


CITY = verifying("lamp", "gas")
WORLD = World(CITY)


def asked(case: Case | None = None) -> Case:
    case = case or reported()
    [fact] = decide(case, WORLD, NOON)
    assert isinstance(fact, VerificationRequested)
    return evolve(case, fact)


def how(by: str = "G-1", minutes: int = 10) -> Said:
    return Said(id="looked", at=NOON + minutes * MINUTE, by=by, late=False)


def test_the_grid_worker_on_duty_is_asked_to_look_before_it_is_filed():
    [fact] = decide(reported(), WORLD, NOON)
    assert isinstance(fact, VerificationRequested)
    assert (fact.verifier, fact.verify_by, fact.classification.category) == ("G-1", NOON + 30 * MINUTE, "lamp")
    case = asked()
    assert (case.status, case.classification, case.resolve_by) == (Status.REPORTED, None, None), "its clock does not run yet"


def test_while_somebody_looks_nothing_is_said_and_the_case_is_in_no_queue_of_operators():
    case = asked()
    assert decide(case, WORLD, NOON + 29 * MINUTE) == []
    assert due(case, WORLD, NOON) == NOON + 30 * MINUTE
    assert (fields(case, CITY)["verifier"], fields(case, CITY)["queued"]) == ("G-1", "")


def test_what_was_found_to_be_so_is_filed_from_then_on():
    case = evolve(asked(), confirm(asked(), SEEN, how(), CITY))
    assert case.looked
    [fact] = decide(case, WORLD, NOON + 11 * MINUTE)
    assert isinstance(fact, CaseTriaged)
    filed = evolve(case, fact)
    assert (filed.status, filed.clock_from) == (Status.TRIAGED, NOON + 11 * MINUTE)
    assert "unverified" not in fact.reason
    assert fields(filed, CITY)["verifier"] is None


def test_what_nobody_looked_at_in_time_is_filed_and_says_so():
    [fact] = decide(asked(), WORLD, NOON + 30 * MINUTE)
    assert isinstance(fact, CaseTriaged)
    zh, en = fact.reason.split(" / ")
    assert zh.endswith("；逾时未核实，先行立案")
    assert en.endswith("; filed unverified, for nobody looked in time")


def test_nobody_is_asked_twice():
    case = evolve(asked(), confirm(asked(), SEEN, how(), CITY))
    for now in (NOON + 11 * MINUTE, NOON + timedelta(days=9)):
        assert [fact.type for fact in decide(case, WORLD, now)] == ["case.triaged"]


def test_what_was_not_so_is_refused_with_a_reason():
    case = evolve(asked(), reject(asked(), Rejection(reason="there is no lamp"), how(), CITY))
    assert (case.status, case.outcome) == (Status.REJECTED, "there is no lamp")


def test_an_emergency_is_never_held_up():
    [fact] = decide(reported(text="I smell gas"), WORLD, NOON)
    assert isinstance(fact, CaseTriaged)
    assert fact.classification.grade is Grade.EMERGENCY


@pytest.mark.parametrize("channel", ["patrol", "visit", "desk", "system", "import"])
def test_what_staff_have_seen_themselves_is_not_held_up(channel: str):
    case = reported().model_copy(update={"channel": channel})
    assert [fact.type for fact in decide(case, WORLD, NOON)] == ["case.triaged"]


def test_at_night_without_a_grid_worker_it_is_filed_at_once():
    case = reported(at=NIGHT)
    assert [fact.type for fact in decide(case, WORLD, NIGHT)] == ["case.triaged"]


def test_where_no_grid_is_known_it_is_filed_at_once():
    assert [fact.type for fact in decide(reported(location=None), WORLD, NOON)] == ["case.triaged"]


def test_a_type_that_needs_no_verification_is_filed_at_once():
    assert [fact.type for fact in decide(reported(text="垃圾"), WORLD, NOON)] == ["case.triaged"]


def test_said_by_two_processes_it_is_the_same_request():
    one, other = (decide(reported(), WORLD, NOON + seconds * timedelta(seconds=1))[0] for seconds in (0, 3))
    assert one.id == other.id
    case = evolve(reported(), one)
    assert evolve(case, other) is case


def test_only_staff_confirm_and_only_what_somebody_was_asked_to_look_at():
    with pytest.raises(Refused, match="no member of staff"):
        confirm(asked(), SEEN, how(by="resident"), CITY)
    with pytest.raises(Refused, match="Nobody was asked"):
        confirm(reported(), SEEN, how(), CITY)
    done = evolve(asked(), confirm(asked(), SEEN, how(), CITY))
    with pytest.raises(Refused, match="Nobody was asked"):
        confirm(done, SEEN, how(), CITY)


def test_a_colleague_may_look_in_the_place_of_the_one_who_was_asked():
    assert evolve(asked(), confirm(asked(), SEEN, how(by="G-2"), CITY)).looked
