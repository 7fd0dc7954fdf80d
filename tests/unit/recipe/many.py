"""Run the crash scheduler over many seeds: `python -m tests.unit.recipe.many 5000 [first seed]`."""

import sys

from shared.clock import monotonic
from tests.unit.recipe.world import run


def main(count: int, first: int) -> int:
    """Run, print what was broken, and return the number of seeds that broke something."""
    began, broken = monotonic(), 0
    for seed in range(first, first + count):
        world = run(seed)
        if world.trouble:
            broken += 1
            print(f"seed {seed}: {len(world.trouble)} broken, the first: {world.trouble[0][:600]}", flush=True)
    print(f"{count} seeds, {broken} broke a promise, {monotonic() - began:.0f} s")
    return broken


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
