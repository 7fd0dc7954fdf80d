"""Emergencies that were handled on site and are recorded after: every missing step, with its true time, marked as late."""

import pytest

from services.dispatch.actions import accept
from services.dispatch.decide import decide
from services.dispatch.late import record
from services.dispatch.requests import Handled
from shared.case import Case, Refused, Status, evolve
from shared.events import AnyEvent, Said
from shared.service import World
from tests.unit.dispatch.small_city import CITY, HOUR, NOON, after, said, small_city, triaged

NOW = NOON + 3 * HOUR
BEGAN, ENDED = NOON - HOUR, NOON + HOUR
DONE = Handled(started_at=BEGAN, completed_at=ENDED, outcome="Valve shut.", media=("photo-1",))
STEPS = ["case.assigned", "assignment.accepted", "work.started", "work.completed"]


def offered() -> Case:
    return after(triaged("leak"), decide(triaged("leak"), World(CITY), NOON))


def recorded(case: Case, by: str = "gas-2") -> tuple[Case, list[AnyEvent]]:
    facts = record(case, DONE, said(by, NOW), CITY)
    return after(case, facts), facts


def test_what_was_handled_before_anybody_was_sent_is_recorded_step_by_step():
    case, facts = recorded(triaged("leak"))
    assert [fact.type for fact in facts] == STEPS
    assert (case.status, case.assignee, case.photos) == (Status.COMPLETED, "gas-2", 1)
    assert all(fact.late for fact in facts)


def test_steps_older_than_what_the_case_was_told_keep_their_true_time_beside():
    case, facts = recorded(triaged("leak"))
    assert [fact.true_at for fact in facts[:3]] == [BEGAN] * 3
    assert [fact.happened_at for fact in facts] == [BEGAN, BEGAN, BEGAN, ENDED]
    assert [fact.at for fact in facts] == sorted(fact.at for fact in facts), "the log never runs backwards"
    assert case.last_at == ENDED


def test_whoever_had_it_is_released_first():
    _, facts = recorded(offered())
    assert [fact.type for fact in facts] == ["case.transferred", *STEPS]
    case = evolve(offered(), accept(offered(), None, said("gas-1"), CITY))
    assert recorded(case)[0].assignee == "gas-2"


def test_the_one_who_has_it_records_only_what_is_missing():
    assert [fact.type for fact in recorded(offered(), "gas-1")[1]] == STEPS[1:]
    case = evolve(offered(), accept(offered(), None, said("gas-1"), CITY))
    assert [fact.type for fact in recorded(case, "gas-1")[1]] == STEPS[2:]


def test_said_again_it_is_the_same_facts():
    how = Said(id="entry-1", at=NOW, by="gas-2", late=True)
    once, twice = (record(triaged("leak"), DONE, how, CITY) for _ in range(2))
    assert [fact.id for fact in once] == [fact.id for fact in twice]
    assert once[-1].id == "entry-1"
    case = after(triaged("leak"), once)
    assert all(evolve(case, fact) is case for fact in twice)


def test_nothing_but_an_emergency_is_recorded_after():
    with pytest.raises(Refused, match="Only an emergency"):
        record(triaged("cover"), DONE, said("drain-1", NOW), CITY)


def test_only_staff_record_and_only_while_the_case_is_open():
    with pytest.raises(Refused, match="no member of staff"):
        record(triaged("leak"), DONE, said("resident", NOW), CITY)
    with pytest.raises(Refused, match="cannot be recorded now"):
        record(recorded(triaged("leak"))[0], DONE, said("gas-2", NOW), CITY)


@pytest.mark.parametrize(("began", "ended"), [(ENDED, BEGAN), (BEGAN, NOW + HOUR)])
def test_the_work_begins_before_it_ends_and_has_ended(began, ended):
    with pytest.raises(Refused, match="begins before it ends"):
        record(triaged("leak"), DONE.model_copy(update={"started_at": began, "completed_at": ended}), said("gas-2", NOW), CITY)


def test_a_photo_that_is_demanded_is_demanded_afterwards_too():
    leak = CITY.categories["leak"].model_copy(update={"result_photo": True})
    city = small_city(categories={**CITY.categories, "leak": leak})
    with pytest.raises(Refused, match="photo"):
        record(triaged("leak"), DONE.model_copy(update={"media": ()}), said("gas-2", NOW), city)
