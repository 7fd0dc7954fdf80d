"""A clock that runs at its usual speed and can be put forward, for stories that take days."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from shared.clock import drive, monotonic

TICK_SECONDS = 0.05


class Hands:
    """Where the clock stands."""

    def __init__(self, file: Path, start: datetime) -> None:
        self.file, self.start, self.began = file, start, monotonic()
        drive(file, start)

    async def run(self) -> None:
        while True:
            drive(self.file, self.start + timedelta(seconds=monotonic() - self.began))
            await asyncio.sleep(TICK_SECONDS)

    def forward(self, time: timedelta) -> None:
        self.start += time


@asynccontextmanager
async def hands(file: Path, start: datetime) -> AsyncIterator[Hands]:
    """Let the clock of a file run."""
    clock = Hands(file, start)
    running = asyncio.create_task(clock.run())
    try:
        yield clock
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
