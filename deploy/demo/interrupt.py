"""Ends a coroutine in an orderly way when the person at the terminal has had enough: between two awaits, not anywhere in between."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

Outcome = TypeVar("Outcome")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def until_interrupted(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Run `work`; the first SIGINT or SIGTERM cancels it and raises KeyboardInterrupt, later ones do not disturb the stopping."""
    before = {one: signal.getsignal(one) for one in SIGNALS}

    async def watched() -> Outcome:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        for one in SIGNALS:
            if task is not None:
                loop.add_signal_handler(one, task.cancel)
        return await work

    try:
        return asyncio.run(watched())
    except asyncio.CancelledError:
        before = dict.fromkeys(SIGNALS, signal.SIG_IGN)
        raise KeyboardInterrupt from None
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
