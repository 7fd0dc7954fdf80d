"""How the log is consumed: Faust, in its safe profile, hands every message to the recipe as it is.

A message is acknowledged by hand after the flush, and never by leaving a loop.
"""

import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import CoroutineType, coroutine
from typing import Any

import faust
from aiokafka.record import default_records
from faust import streams
from faust.contrib.asgi import faust_app_running as consuming
from faust.transport.drivers.aiokafka import Consumer
from mode.services import WaitResults

from shared.memory import Taken
from shared.settings import Settings

__all__ = ["consumer", "consuming"]


def assert_extensions() -> None:
    """Exit unless the C extensions are in use: the pure-Python Faust acknowledges what it skipped at a rebalance."""
    if getattr(streams, "_CStreamIterator", None) is None or default_records.DefaultRecordBatch is default_records._DefaultRecordBatchPy:
        raise SystemExit("C extensions missing: install wheels, unset NO_CYTHON and AIOKAFKA_NO_EXTENSIONS")


class Handing(Consumer):
    """Faust's consumer, which makes four tasks to hand on a message, so as to stop at a rebalance while handing on waits.

    It hardly ever waits. Here the tasks are made only when it does: half of what it costs to consume an event.
    """

    async def wait_first(self, handing: Any, *others: Any, **how: Any) -> WaitResults:  # type: ignore[override]
        if not all(isinstance(one, CoroutineType) for one in (handing, *others)):  # it waits for an event, and hands nothing on
            return await super().wait_first(handing, *others, **how)
        try:
            waits_for = handing.send(None)
        except StopIteration as end:
            for other in others:
                other.close()
            return WaitResults([handing], [end.value], False)
        return await super().wait_first(going_on(handing, waits_for), *others, **how)


async def going_on(begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
    """Finish what was begun outside of a task, and waits for something."""
    await rest(begun, waits_for)


@coroutine
def rest(begun: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    try:
        yield waits_for
    except BaseException:
        begun.close()
        raise
    yield from begun


Assigned = Callable[[set[int]], Awaitable[None]]


def consumer(
    settings: Settings,
    group: str,
    receive: Callable[[Taken], Awaitable[None]],
    assigned: Assigned,
    revoked: Assigned,
) -> faust.App:
    """Return a Faust app that hands every message of the log to `receive`, in order within its partition, and acknowledges none."""
    assert_extensions()
    app = faust.App(
        group,
        broker=[f"kafka://{server}" for server in settings.kafka.split(",")],
        datadir=tempfile.gettempdir(),
        store="memory://",
        key_serializer="raw",
        value_serializer="raw",
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
        stream_wait_empty=False,
        broker_max_poll_interval=10**8,
        broker_session_timeout=settings.session_seconds,
        broker_heartbeat_interval=settings.heartbeat_seconds,
        broker_rebalance_timeout=settings.rebalance_seconds,
        broker_request_timeout=max(30.0, settings.session_seconds + 5),
        producer_request_timeout=30,
        broker_commit_interval=1,
        broker_max_poll_records=settings.batch_events,
        stream_buffer_maxsize=1024,
        consumer_auto_offset_reset="earliest",
        cython_optimizations=True,
    )
    app.transport.Consumer = Handing  # type: ignore[misc]
    topic = app.topic(settings.topic, key_type=bytes, value_type=bytes)

    @app.agent(topic)
    async def receive_all(stream: Any) -> None:
        async for event in stream.noack().events():
            message = event.message
            await receive(Taken(message.partition, message.offset, message.key, message.value, event.ack))

    async def on_assigned(sender: Any, partitions: set[Any], *_: Any, **__: Any) -> None:
        await assigned({tp.partition for tp in partitions if tp.topic == settings.topic})

    async def on_revoked(sender: Any, partitions: set[Any], *_: Any, **__: Any) -> None:
        await revoked({tp.partition for tp in partitions if tp.topic == settings.topic})

    app.on_partitions_assigned.connect(on_assigned)  # type: ignore[arg-type]
    app.on_partitions_revoked.connect(on_revoked)  # type: ignore[arg-type]
    return app
