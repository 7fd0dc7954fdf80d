"""Answers that are made once for a crowd, and kept for some seconds."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shared.clock import monotonic

T = TypeVar("T")


@dataclass
class Kept(Generic[T]):
    """What was made by key. Who asks while it is being made waits for the same; what fails is not kept."""

    seconds: float = 15.0
    most: int = 2_000
    made: OrderedDict[Hashable, tuple[float, asyncio.Task[T]]] = field(default_factory=OrderedDict)

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return what is kept under the key, or make it."""
        until, task = self.made.get(key, (0.0, None))
        if task is None or until < monotonic() or failed(task):
            task = asyncio.ensure_future(self.run(make))
            self.made[key] = (monotonic() + self.seconds, task)
            self.made.move_to_end(key)
            while len(self.made) > self.most:
                self.made.popitem(last=False)
        return await asyncio.shield(task)

    @staticmethod
    async def run(make: Callable[[], Awaitable[T]]) -> T:
        return await make()


def failed(task: asyncio.Task[T]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
