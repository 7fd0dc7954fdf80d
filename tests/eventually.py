"""Waiting for what must come true: a test never sleeps a guessed time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
from pymongo.errors import PyMongoError

from shared.stream import Away

T = TypeVar("T")
NOT_YET = (AssertionError, httpx.TransportError, PyMongoError, Away)  # what a probe may meet on the way there


async def eventually(probe: Callable[[], Awaitable[T]], within: float = 120.0, every: float = 0.1) -> T:
    """Return what `probe` returns as soon as that is true; after `within` seconds fail with what was in the way."""
    deadline = time.monotonic() + within
    while True:
        why: object
        try:
            if found := await probe():
                return found
            why = found
        except NOT_YET as error:
            why = repr(error)
        assert time.monotonic() < deadline, f"not within {within:g} s; the last answer was {why}"
        await asyncio.sleep(every)


async def it_holds(probe: Callable[[], object], within: float = 120.0) -> None:
    """Wait until `probe`, which need not be awaited, returns something true."""

    async def awaited() -> object:
        return probe()

    await eventually(awaited, within)
