"""One running process of one service: the recipe between the log and the store, its timers, and the watch over its progress.

Whatever cannot be handled ends the process with a reason; the supervisor starts it again and the log gives back what was not saved.
"""

import asyncio
import gc
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from shared import metrics
from shared.city import City
from shared.citynow import look_again, take_up_changes
from shared.clock import monotonic
from shared.consuming import consumer, consuming
from shared.identity import Replaced, start_offset
from shared.memory import Held, Taken
from shared.photos_room import Darkroom
from shared.recipe import Observe, Recipe
from shared.service import Service
from shared.settings import Settings
from shared.store import Store
from shared.stream import Away, KafkaLog
from shared.surroundings import cities_by, now_by

log = logging.getLogger("gridcase")

BUSY = 4  # flushes are so many times rarer while messages wait
STOP_SECONDS = 5.0  # for each part, when the process is asked to stop
GAVE_UP, REFUSED = 70, 78  # exit codes: try again; a person must act first


def group_of(settings: Settings, service: Service) -> str:
    """Return the name of a service's database and consumer group, which carries the version of its views."""
    return f"{settings.database}_{service.name}_v{service.views}{settings.edition}"


def leave(code: int, reason: str) -> None:
    """End the process at once: nothing more is saved, published or acknowledged."""
    log.critical("%s", reason)
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)


@dataclass
class Process:
    """The parts of one process, wired."""

    service: Service
    settings: Settings
    observe: Observe = lambda fold: None
    assigned_once: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: list[Taken] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    open: asyncio.Event = field(default_factory=asyncio.Event)  # closed while partitions change hands
    alive_at: float = field(default_factory=monotonic)  # when all was last seen to be well

    def __post_init__(self) -> None:
        group = group_of(self.settings, self.service)
        self.log = KafkaLog(self.settings, self.service.name)
        self.store = Store(self.settings.mongo, group, self.settings.patience_seconds)
        self.private = Store(self.settings.mongo, f"{self.settings.database}_{self.service.name}", self.settings.patience_seconds)
        self.photos = Darkroom(self.settings)
        self.now = now_by(self.settings)
        self.cities = cities_by(self.settings)
        self.recipe = Recipe(
            self.service,
            self.log,
            self.store,
            self.now,
            lambda: self.cities.now,
            self.settings.memory_rows,
            self.settings.silent,
            self.observe,
        )
        self.room.set()

    @property
    def city(self) -> City:
        """Return the pack in force; the next turn may have another."""
        return self.cities.now

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run until the context is left; then save, and give the partitions back."""
        await self.log.start()
        await self.store.prepare(self.service)
        await asyncio.to_thread(self.service.prepare, self.city)
        collect_rarely()
        faust = consumer(self.settings, group_of(self.settings, self.service), self.receive, self.take_up, self.give_up)
        with suppress(TimeoutError):  # an engine that is away cannot be told that we leave
            async with consuming(faust, stop_timeout=STOP_SECONDS), self.looping():
                yield
            await asyncio.wait_for(self.log.stop(), STOP_SECONDS)
        await self.store.close()
        await self.private.close()

    @asynccontextmanager
    async def looping(self) -> AsyncIterator[None]:
        """Run the loops; at the end, save what was folded, between two steps and two flushes."""
        loops = (self.stepping, self.flushing, self.sweeping, self.watching, self.rereading, self.reconsidering)
        tasks = [asyncio.create_task(guarded(loop), name=loop.__name__) for loop in loops]
        threading.Thread(target=self.guard, daemon=True, name="watchdog").start()
        yield
        async with self.recipe.turn, self.recipe.flushing:
            for task in tasks:
                task.cancel()
        await asyncio.wait_for(self.recipe.flush(), STOP_SECONDS)

    # -- messages

    async def receive(self, taken: Taken) -> None:
        """Queue a message for the next step; wait when too many are queued."""
        await self.room.wait()
        self.waiting.append(taken)
        self.wake.set()
        if len(self.waiting) >= 2 * self.settings.batch_events:
            self.room.clear()

    async def stepping(self) -> None:
        while True:
            await self.wake.wait()
            await asyncio.sleep(self.settings.batch_wait_seconds)  # a step costs much the same for one event and for ten
            await self.open.wait()
            batch, self.waiting = self.waiting[: self.settings.batch_events], self.waiting[self.settings.batch_events :]
            if not self.waiting:
                self.wake.clear()
            self.room.set()
            await self.recipe.step(batch)
            if self.recipe.unacked >= self.settings.flush_events:
                await self.recipe.flush()

    async def flushing(self) -> None:
        """Save again and again; less often while messages wait, as the same rows will change again soon."""
        while True:
            for _ in range(BUSY):
                await asyncio.sleep(self.settings.flush_seconds)
                if not self.waiting:
                    break
            await self.recipe.flush()

    async def sweeping(self) -> None:
        while True:
            await self.open.wait()
            await self.recipe.sweep()
            await asyncio.sleep(self.settings.sweep_seconds)

    # -- another pack

    async def rereading(self) -> None:
        await take_up_changes(self.cities, self.recipe, self.settings.city_every_seconds)

    async def reconsidering(self) -> None:
        await look_again(self.recipe, self.settings.city_every_seconds)

    # -- partitions

    async def take_up(self, partitions: set[int]) -> None:
        """Begin with partitions that were assigned, if what was saved of them fits the log."""
        try:
            for held in await self.checked(partitions):
                if held.folded_to == 0:  # nothing of it was looked at under another pack
                    held.city = self.city.version
                self.recipe.take_up(held)
        except Replaced as refusal:
            leave(REFUSED, str(refusal))
        except Exception as error:  # noqa: BLE001 - Faust would only log it; the process must end
            leave(GAVE_UP, f"cannot take up partitions {sorted(partitions)}: {error!r}")
        metrics.PARTITIONS.labels(self.service.name).set(len(self.recipe.held))
        self.open.set()
        self.assigned_once.set()

    async def checked(self, partitions: Iterable[int]) -> list[Held]:
        """Return what to begin with, each at the offset that was committed. Raises Replaced."""
        wanted = sorted(partitions)
        group = group_of(self.settings, self.service)
        # in this order, as each is never behind the one before: another process may have gone on with our partitions meanwhile
        begins, committed = await self.log.begins(wanted), await self.log.committed(group)
        progress, ends = await self.store.progress(), await self.log.ends(wanted)
        saved = {p: progress[p]["offset"] - 1 for p in wanted if p in progress and progress[p]["offset"] > begins[p]}
        marks = await self.log.marks_at(saved)
        helds = []
        for p in wanted:
            start = start_offset(self.service.name, p, progress.get(p), committed.get(p), begins[p], ends[p], marks.get(p))
            row = progress.get(p, {"offset": 0})
            helds.append(Held(p, start, ends[p], folded_to=row["offset"], city=row.get("city"), city_saved=row.get("city")))
        return helds

    async def give_up(self, partitions: set[int]) -> None:
        """Save what was folded of partitions that are taken away."""
        self.open.clear()
        self.waiting.clear()
        self.room.set()
        try:
            await self.recipe.give_up(partitions)
        except Exception as error:  # noqa: BLE001 - Faust would only log it; the process must end
            leave(GAVE_UP, f"cannot save partitions {sorted(partitions)}: {error!r}")
        metrics.PARTITIONS.labels(self.service.name).set(len(self.recipe.held))

    # -- watch

    async def watching(self) -> None:
        """Note again and again that all is well: nothing left to fold, or some of it folded since the last look."""
        folded = -1
        while True:
            with suppress(Away):  # not yet: the guard counts the seconds
                if await self.lag() == 0 or self.recipe.folded != folded:
                    self.alive_at = monotonic()
            folded = self.recipe.folded
            await asyncio.sleep(min(2.0, self.settings.stall_seconds / 4))

    async def lag(self) -> int:
        """Return how many events of our partitions wait in the log."""
        held = dict(self.recipe.held)
        ends = await self.log.ends(held) if held else {}
        lag = sum(max(0, ends[p] - h.next) for p, h in held.items())
        metrics.LAG.labels(self.service.name).set(lag)
        return lag

    def guard(self) -> None:
        """In a thread: end the process when the event loop, the consumer or an engine has stood still for too long."""
        while monotonic() - self.alive_at < self.settings.stall_seconds:
            threading.Event().wait(1.0)
        leave(GAVE_UP, f"{self.service.name} made no progress for {self.settings.stall_seconds:.0f} s")


def collect_rarely() -> None:
    """Keep the garbage collector from what is there to stay, and let it look at what is new seldom: hardly any of it is in cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


async def guarded(loop: Callable[[], Awaitable[None]]) -> None:
    """Run a loop of the process; if it fails nothing may be acknowledged any more, so the process ends."""
    try:
        await loop()
    except Exception as error:
        log.exception("%s", loop)
        leave(GAVE_UP, f"{loop.__qualname__} failed: {error!r}")
