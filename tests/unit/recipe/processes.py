"""Processes of one service on one driver: each is a set of coroutines that go on one gate at a time, in an order that dice decide."""

import logging
from asyncio import Future
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from pymongo.errors import PyMongoError

from shared.city import City
from shared.events import AnyEvent
from shared.identity import Replaced
from shared.memory import Taken
from shared.process import Process
from shared.recipe import Recipe
from shared.service import Service
from shared.settings import Settings
from shared.store import Conflict
from tests.unit.recipe.engines import Dice, Gate, MemoryLog, MemoryStore

SETTINGS = Settings()
GAVE_UP = (Conflict, PyMongoError)  # what ends a process: the supervisor starts it again
TOLD_TO_OTHERS = ("case.joined", "case.parted")  # about a case of another partition, which may still be catching up
logging.getLogger("gridcase").setLevel(logging.CRITICAL + 1)


class Broken(AssertionError):
    """A promise was broken."""


@dataclass
class Group:
    """The processes of one service, their database, and what the broker knows of them."""

    service: Service
    dice: Dice
    log: MemoryLog
    city: City
    now: Callable[[], datetime]
    processes: list["Running"] = field(default_factory=list)
    committed: dict[int, int] = field(default_factory=dict)
    generation: int = 0
    leaving: set[int] = field(default_factory=set)  # processes that must give up their partitions before anybody gets one
    members: list["Running"] = field(default_factory=list)
    on_commit: Callable[["Group", int], None] = lambda group, partition: None

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.dice)

    def rebalance(self, without: Sequence["Running"] = ()) -> None:
        """Begin to share the partitions anew; `without` have lost touch and do not know it."""
        self.members = [one for one in self.processes if one.alive and one not in without]
        self.leaving = {id(one) for one in self.members}
        for one in self.members:
            one.revoked, one.assigned = True, None

    def left(self, one: "Running") -> None:
        """Note that a process has given up its partitions; after the last one they are shared."""
        self.leaving.discard(id(one))
        members = [member for member in self.members if member.alive]
        if self.leaving or not members:
            return
        self.generation += 1
        shares: dict[int, set[int]] = {id(member): set() for member in members}
        for partition in range(len(self.log.lines)):
            shares[id(self.dice.random.choice(members))].add(partition)
        for member in members:
            member.assigned, member.generation = shares[id(member)], self.generation


@dataclass
class Running:
    """One process: the real recipe, and around it what `shared.process` and Faust do."""

    group: Group
    skew: timedelta
    alive: bool = False

    def start(self) -> None:
        group = self.group
        self.alive, self.revoked, self.generation = True, False, -1
        self.assigned: set[int] | None = None
        self.open = False
        self.waiting: list[Taken] = []
        self.late: list[Taken] = []  # of an earlier assignment, still on the way
        self.position: dict[int, int] = {}
        self.caught_at: dict[int, int] = {}
        self.acked: dict[int, set[int]] = {}
        self.recipe = Recipe(group.service, self, group.store, self.now, lambda: group.city)
        self.recipe.memory_rows = group.dice.random.choice((0, 3, 1000))
        self.recipe.speaking.seconds = lambda: group.now().timestamp()
        loops = (self.coordinating, self.fetching, self.stepping, self.flushing, self.sweeping, self.committing)
        self.actors: list[Coroutine[Any, Any, None]] = [loop() for loop in loops]
        self.blocked: list[Future[Any] | None] = [None] * len(self.actors)
        for actor in self.actors:
            actor.send(None)  # to its first gate

    def now(self) -> datetime:
        return self.group.now() + self.skew

    def crash(self) -> None:
        """End here and now: nothing of memory is left."""
        self.alive = False
        self.stop()
        self.recipe.held = {}
        if id(self) in self.group.leaving:
            self.group.left(self)

    def stop(self) -> None:
        for actor in self.actors:
            actor.close()
        self.actors = []

    def go_on(self, index: int) -> None:
        """Let one coroutine go on to its next gate."""
        blocked = self.blocked[index]
        if blocked is not None and not blocked.done():
            return
        try:
            yielded = self.actors[index].send(None)
        except GAVE_UP:
            self.crash()
            return
        except Replaced as refusal:
            raise Broken(str(refusal)) from refusal
        self.blocked[index] = yielded if isinstance(yielded, Future) else None

    # -- the log, as the recipe sees it

    def partition(self, key: bytes) -> int:
        return self.group.log.partition(key)

    async def publish(self, events: Sequence[AnyEvent]) -> list[tuple[int, int]]:
        for event in events:
            partition = self.partition(event.case_id.encode())
            held = self.recipe.held.get(partition)
            if held is not None and event.type not in TOLD_TO_OTHERS and held.next < self.caught_at[partition]:
                raise Broken(f"{self.group.service.name} says {event.type} while catching up: {held.next} of {self.caught_at[partition]}")
        return [await self.group.log.send(event) for event in events]

    async def bury(self, taken: Taken, step: str, reason: str) -> None:
        await Gate()
        self.group.log.dead.append((taken.partition, taken.offset, step))

    # -- what Faust and the process do

    async def coordinating(self) -> None:
        """Give partitions up and take them up, as the group says."""
        while True:
            await Gate()
            if self.revoked:
                self.revoked = False
                self.open, self.late = False, [*self.waiting, *self.late][:8]
                self.waiting.clear()
                await self.recipe.give_up(list(self.position))
                if self.group.dice.falls(0.5):
                    self.commit()
                self.position, self.acked = {}, {}
                if id(self) in self.group.leaving:
                    self.group.left(self)
                else:  # it had lost touch: it joins again
                    self.group.rebalance()
            elif self.assigned is not None:
                mine, self.assigned = self.assigned, None
                await self.take_up(mine)

    async def take_up(self, partitions: set[int]) -> None:
        parts = SimpleNamespace(store=self.group.store, log=self, service=self.group.service, settings=SETTINGS)
        for held in await Process.checked(cast(Process, parts), partitions):
            self.recipe.take_up(held)
            self.position[held.partition], self.acked[held.partition] = held.next, set()
            self.caught_at[held.partition] = held.end
        self.open = True

    async def committed(self, group: str) -> dict[int, int]:
        await Gate()
        return dict(self.group.committed)

    async def ends(self, partitions: Sequence[int]) -> dict[int, int]:
        return await self.group.log.ends(partitions)

    async def begins(self, partitions: Sequence[int]) -> dict[int, int]:
        return await self.group.log.begins(partitions)

    async def marks_at(self, offsets: dict[int, int]) -> dict[int, str]:
        return await self.group.log.marks_at(offsets)

    async def fetching(self) -> None:
        """Queue messages; a few come twice, and a few of an earlier assignment come late."""
        dice = self.group.dice
        while True:
            await Gate()
            for partition, offset in list(self.position.items()):
                line = self.group.log.lines[partition]
                upto = min(len(line), offset + dice.random.randrange(5))
                for at in range(offset, upto):
                    self.waiting.append(self.taken(partition, at))
                    if dice.falls(0.01):
                        self.waiting.append(self.taken(partition, at))
                self.position[partition] = upto
            if self.late and dice.falls(0.2):
                self.waiting.append(self.late.pop(0))

    def taken(self, partition: int, offset: int) -> Taken:
        key, value = self.group.log.lines[partition][offset]
        return Taken(partition, offset, key, value, lambda: self.acked.setdefault(partition, set()).add(offset))

    async def stepping(self) -> None:
        while True:
            await Gate()
            if self.open and self.waiting:
                count = self.group.dice.random.randint(1, 12)
                batch, self.waiting = self.waiting[:count], self.waiting[count:]
                await self.recipe.step(batch)
                if self.recipe.unacked >= 20:
                    await self.recipe.flush()

    async def flushing(self) -> None:
        while True:
            await self.group.dice.pause()
            await self.recipe.flush()

    async def sweeping(self) -> None:
        while True:
            await self.group.dice.pause()
            if self.open:
                await self.recipe.sweep()

    async def committing(self) -> None:
        while True:
            await self.group.dice.pause()
            self.commit()

    def commit(self) -> None:
        """Commit the highest run of what was acknowledged, as Faust does: before a first commit it does not look for a gap at the head."""
        if self.generation != self.group.generation:
            return  # the broker refuses a member of another generation
        for partition, acked in self.acked.items():
            if not acked or partition not in self.position:
                continue
            upto = self.group.committed.get(partition, min(acked))
            while upto in acked:
                upto += 1
            if upto > self.group.committed.get(partition, 0):
                self.group.committed[partition] = upto
                self.group.on_commit(self.group, partition)
