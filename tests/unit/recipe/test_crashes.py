"""The crash scheduler: whatever dies, comes twice, comes late or answers slowly, all promises hold in the end. More: `many.py`."""

import pytest

from tests.unit.recipe.world import World, run

SEEDS, CHUNK = 200, 10


@pytest.mark.parametrize("first", range(1, SEEDS, CHUNK))
def test_all_promises_hold_after_the_chaos(first: int):
    broken = {seed: trouble for seed in range(first, first + CHUNK) if (trouble := run(seed).trouble)}
    assert broken == {}


def test_a_run_is_decided_by_its_seed():
    def lived(world: World) -> object:
        return world.log.lines, [group.store.tables["cases"].rows for group in world.groups], world.people.now

    assert lived(run(7)) == lived(run(7))
