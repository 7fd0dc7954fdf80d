"""The simulated staff leaves a post to whoever has signed in with it."""

from datetime import timedelta
from pathlib import Path

import pytest

from deploy.demo.acts import Act
from deploy.demo.calls import Answer, Calls
from deploy.demo.diary import Entry
from deploy.demo.life import Life
from deploy.demo.lists import Lists
from deploy.demo.pace import Pace
from deploy.demo.quiet import Quiet
from shared.citypack import city_folder, load_city
from tests.unit.deploy.demo.seen import NOON


class Telephone(Calls):
    """Notes who did what."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []

    async def act(self, act: Act, key: str) -> Answer:
        self.done.append((act.actor, act.step))
        return Answer(200, {})


@pytest.mark.parametrize(
    ("taken", "done"), [(set(), [("grid-worker-05", "start")]), ({"grid-worker-05"}, []), ({"operator-01"}, [("grid-worker-05", "start")])]
)
async def test_what_somebody_acts_for_is_not_done_by_the_simulation(tmp_path: Path, taken: set[str], done: list[tuple[str, str]]):
    calls = Telephone()
    life = Life(load_city(city_folder("demo")), [], calls, Quiet({}, None, None, 0.1), Pace(tmp_path / "clock", NOON, None), 1)  # type: ignore[arg-type]
    life.taken = frozenset(taken)
    act = Act("a-case", NOON, NOON + timedelta(minutes=5), "start", "grid-worker-05")
    await life.act_one(Entry(act, "key", 1), Lists(calls))
    assert (calls.done, life.surprises) == (done, [])
