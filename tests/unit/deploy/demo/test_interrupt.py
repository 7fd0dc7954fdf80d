"""A signal ends the work in order, and what was told to listen to signals before does so again."""

import asyncio
import os
import signal

import pytest

from deploy.demo.interrupt import until_interrupted


def test_work_that_is_not_disturbed_gives_its_outcome():
    async def work() -> int:
        return 7

    before = signal.getsignal(signal.SIGINT)
    assert until_interrupted(work()) == 7
    assert signal.getsignal(signal.SIGINT) is before


def test_a_signal_cancels_the_work_and_further_ones_are_ignored():
    ended = []

    async def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        with pytest.raises(KeyboardInterrupt):
            until_interrupted(work())
        assert ended == [True]
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
