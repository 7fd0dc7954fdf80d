"""The services fall silent: whatever people say and whenever, all that the services want to say comes to an end."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.city import City
from tests.unit.shared.histories import HUMAN, History, Step, likely, steps, world_city
from tests.unit.shared.speaking import owed, settle, settle_for_ever, settled_truly, unfolded

CASES = 4
NAMING = (1, 4, 7, 10)  # choices of reports that say which case they are the same as


def bound(city: City, human: int) -> int:
    """Return how many facts the services may say in all.

    Each human fact begins at most one new round of a case: on each level of the ladder so many offers, each with its end, and the climb;
    the reminders of its deadline; beside them a request to look and the filing, two public deadlines and two of stages, verification,
    closing, publication of outcome and standing, reopening; and telling each survivor of each follower, who comes and who goes.
    """
    ladder = len(city.levels) * (2 * city.max_offers + 1)
    reminders = sum(step.reminder for step in city.steps)
    return (human + CASES) * (ladder + reminders + 11 + 2 * CASES * CASES)


@pytest.fixture(scope="module")
def small_world(demo_city: City) -> City:
    return world_city(demo_city)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(drawn=steps(HUMAN, CASES), reports=st.tuples(*[st.sampled_from((0, 5, *NAMING))] * CASES))
def test_every_history_settles(small_world: City, drawn: list[Step], reports: tuple[int, ...]):
    history = History()
    for index, choice in enumerate(reports):
        history.take(Step("case.reported", index, choice))
    most = bound(small_world, len(drawn))
    said = 0
    for step in drawn:
        if step.choice % 3:  # some of what people say comes before the services have spoken
            said += settle(history, small_world, most)
        history.take(step)
    said += settle_for_ever(history, small_world, most)
    assert said <= most
    assert owed(history, small_world) == []
    settled_truly(history, small_world)
    assert unfolded(history.log) == history.cases


@pytest.mark.parametrize("seed", range(20))
def test_long_lives_settle(small_world: City, seed: int):
    dice, history, said, length = random.Random(seed), History(), 0, 60
    most = bound(small_world, length)
    while len(history.log) - said < length:
        if dice.random() < 0.7:
            said += settle(history, small_world, most)
        history.take(likely(dice, history, CASES, HUMAN))
    said += settle_for_ever(history, small_world, most)
    assert 0 < said <= most
    assert owed(history, small_world) == []
    settled_truly(history, small_world)
