"""Everything that can happen to the processes while people work: deaths, pauses, rivals, poison, and engines that go away."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from tests.e2e.conftest import Town
from tests.e2e.load import Load
from tests.eventually import eventually, it_holds

POISON: tuple[tuple[bytes, bytes], ...] = (
    (b"poison-1", b"not an event"),
    (b"poison-2", b'{"type": "case.exploded", "case_id": "poison-2"}'),
    (b"somebody-else", b'{"type": "note.added", "id": "n", "case_id": "poison-3", "at": "2026-03-02T00:00:00Z", "by": "x", "text": "t"}'),
    (b"poison-4", b"\x00" * 1_040_000),
    (b"poison-5", b""),
)


@dataclass
class Storm:
    """The faults, one after the other, each after some more lives have come to their end."""

    town: Town
    load: Load
    poisoned: list[tuple[int, int]] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)

    async def rage(self) -> None:
        """Let each fault happen in its turn, while people go on."""
        faults = self.faults()
        share = max(1, self.load.lives // (len(faults) + 2))
        for n, (name, fault) in enumerate(faults, 1):
            enough = min(n * share, self.load.lives)
            await it_holds(lambda enough=enough: self.load.done >= enough, within=240)  # type: ignore[misc]
            await fault()
            self.happened.append(name)

    def faults(self) -> list[tuple[str, Callable[[], Awaitable[None]]]]:
        deaths = [(f"{name} killed", self.death_of(name)) for name in ("intake", "triage", "dispatch", "closure", "console")]
        engines = [("broker killed", self.death_of_broker), ("store killed", self.death_of_store), ("store frozen", self.frozen_store)]
        return [
            ("poison", self.poison),
            *deaths,
            ("zombie", self.zombie),
            *engines,
            ("rival lost", self.death_of("dispatch-2")),
            ("poison", self.poison),
        ]

    def death_of(self, process: str) -> Callable[[], Awaitable[None]]:
        async def kill() -> None:
            supervised = self.town.here.system.processes[process]
            restarts = supervised.restarts
            supervised.kill()
            await it_holds(lambda: supervised.restarts > restarts and supervised.alive)

        return kill

    async def death_of_broker(self) -> None:
        broker = self.town.engines.broker
        assert broker is not None
        broker.kill()
        await asyncio.to_thread(self.town.engines.restart_broker)

    async def death_of_store(self) -> None:
        store = self.town.engines.store
        assert store is not None
        store.kill()
        before = self.load.tried_again
        await asyncio.wait([asyncio.create_task(it_holds(lambda: self.load.tried_again > before + 5, 20))], timeout=4)
        await asyncio.to_thread(self.town.engines.restart_store)

    async def frozen_store(self) -> None:
        """Let the store stand still until some people had to try again, or some seconds have passed."""
        store = self.town.engines.store
        assert store is not None
        store.pause()
        try:
            before = self.load.tried_again
            await asyncio.wait([asyncio.create_task(it_holds(lambda: self.load.tried_again > before + 3, 30))], timeout=4)
        finally:
            store.resume()

    async def zombie(self) -> None:
        """Freeze a process until its rival has taken over all that it held; then let it go on as if nothing had happened."""
        frozen, here = self.town.here.system.processes["dispatch-2"], self.town.here
        everything = {str(p) for p in range(here.log.partitions)}

        async def taken_over() -> bool:
            return set((await here.progress("dispatch"))["next"]) == everything

        frozen.pause()
        try:
            await eventually(taken_over, 90)
        finally:
            frozen.resume()

        async def shared_again() -> bool:
            return 0 < len((await here.progress("dispatch-2"))["next"]) < len(everything)

        await eventually(shared_again, 120)

    async def poison(self) -> None:
        log = self.town.here.log
        for key, value in POISON:
            sent = await log.producer.send_and_wait(log.topic, value, key=key, partition=log.partition(key))
            self.poisoned.append((sent.partition, sent.offset))

    async def ticking(self) -> None:
        """Let the clock go on, a virtual minute every few seconds."""
        while True:
            self.town.tick(timedelta(seconds=10))
            await asyncio.sleep(0.5)
