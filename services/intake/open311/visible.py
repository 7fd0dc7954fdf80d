"""Waiting until what was said can be found: intake saves its copy a moment behind the log, and lists are read from what is saved."""

import asyncio

from shared.clock import monotonic
from shared.process import Process

LOOKS_EVERY = 0.02  # seconds, in memory
ASKS_EVERY = 0.05  # seconds, where another process folds the partition


async def saved(process: Process, partition: int, offset: int) -> bool:
    """Wait until the message at `offset` is in the saved copy; False after `answer_seconds`: it is in the log and will be, but not yet."""
    deadline = monotonic() + process.settings.answer_seconds
    while monotonic() < deadline:
        held = process.recipe.held.get(partition)
        if held is not None:
            if held.folded_to > offset:
                return True
            await asyncio.sleep(LOOKS_EVERY)
        elif (await process.store.progress()).get(partition, {"offset": 0})["offset"] > offset:
            return True
        else:
            await asyncio.sleep(ASKS_EVERY)
    return False
