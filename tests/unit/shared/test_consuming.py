"""Handing a message on: at once where that is possible, else as Faust does it."""

import asyncio
from typing import Any

import mode
import pytest

from shared.consuming import Handing


@pytest.fixture
async def handing() -> Handing:
    consumer = Handing.__new__(Handing)  # without the thread and the loop that fetch from Kafka
    mode.Service.__init__(consumer, loop=asyncio.get_running_loop())
    return consumer


async def append(found: list[str], word: str) -> None:
    found.append(word)


async def append_when(opened: asyncio.Event, found: list[str], word: str) -> None:
    try:
        await opened.wait()
        await asyncio.sleep(0)
        found.append(word)
    except BaseException:
        found.append("stopped")
        raise


async def test_what_need_not_wait_is_handed_on_without_a_task(handing: Handing):
    found: list[str] = []
    tasks = asyncio.all_tasks()
    await handing.wait_first(append(found, "one"), asyncio.Event().wait())
    assert found == ["one"]
    assert asyncio.all_tasks() == tasks


async def test_what_must_wait_is_handed_on_once_it_may(handing: Handing):
    found: list[str] = []
    opened = asyncio.Event()
    waiting = asyncio.create_task(handing.wait_first(append_when(opened, found, "one"), asyncio.Event().wait()))
    await asyncio.sleep(0)
    assert found == []
    opened.set()
    await waiting
    assert found == ["one"]


async def test_what_waits_is_given_up_when_partitions_change_hands(handing: Handing):
    found: list[str] = []
    suspended = asyncio.Event()
    waiting = asyncio.create_task(handing.wait_first(append_when(asyncio.Event(), found, "one"), suspended.wait()))
    await asyncio.sleep(0)
    suspended.set()
    await waiting
    await asyncio.sleep(0)
    assert found == ["stopped"]


async def test_what_cannot_be_handed_on_is_told(handing: Handing):
    async def fails() -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        await handing.wait_first(fails())


async def test_an_event_is_waited_for_as_ever(handing: Handing):
    resumed: Any = asyncio.Event()  # as Faust has it
    waiting = asyncio.create_task(handing.wait(resumed))
    await asyncio.sleep(0)
    assert not waiting.done()
    resumed.set()
    assert (await waiting).stopped is False


async def test_what_is_awaited_alone_is_answered(handing: Handing):
    async def seven() -> int:
        return 7

    assert (await handing.wait(seven())).result == 7
