"""Kills processes at moments that a seed chooses: with -9, as a crash or an out-of-memory killer would."""

import asyncio
from collections.abc import Sequence
from random import Random

from deploy.refusal import CannotDo
from deploy.supervisor import Supervised
from deploy.system import System

COMMANDS_A_REPORT = 5  # that people send, about


class Kills:
    """Counts commands and strikes before some of them."""

    def __init__(self, system: System, names: Sequence[str], reports: int, seed: int) -> None:
        self.targets = {name: target(system, name) for name in names}
        dice = Random(f"{seed}/kills")
        self.moments = sorted((dice.randrange(reports * COMMANDS_A_REPORT), dice.uniform(0, 0.3), name) for name in self.targets)
        self.commands = 0
        self.killed: list[str] = []
        self.striking: set[asyncio.Task[None]] = set()

    def count(self) -> None:
        """Count a command that is about to be sent; strike if its moment has come, while it is under way."""
        self.commands += 1
        while self.moments and self.moments[0][0] <= self.commands:
            self.strike()

    def strike(self) -> None:
        """Kill the next one, in a moment."""
        _, delay, name = self.moments.pop(0)
        task = asyncio.create_task(self.kill(name, delay))
        self.striking.add(task)
        task.add_done_callback(self.striking.discard)

    async def kill(self, name: str, delay: float) -> None:
        await asyncio.sleep(delay)
        self.killed.append(name)
        await asyncio.to_thread(self.targets[name].kill)

    async def finish(self) -> None:
        """Kill whoever is left, now that everybody thinks it is over."""
        while self.moments:
            self.strike()
        while self.striking:
            await asyncio.gather(*self.striking)


def target(system: System, name: str) -> Supervised:
    """Return the process of that name. Raises CannotDo."""
    known = {**system.engine_processes, **system.processes}
    if name not in known:
        raise CannotDo(f"There is no process {name!r} here to be killed. There are: {', '.join(known)}.")
    return known[name]
