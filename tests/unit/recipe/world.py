"""One run of the crash scheduler: services, residents and staff, a log and a store, and at each gate whatever can go wrong."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from importlib import import_module

from shared.city import City
from shared.citypack import city_folder, load_city
from shared.events import decode
from shared.service import Service
from tests.unit.recipe.checker import check, committed_before_stored, views_behind
from tests.unit.recipe.engines import PARTITIONS, Dice, MemoryLog
from tests.unit.recipe.processes import Broken, Group, Running
from tests.unit.shared.histories import FORWARD, HUMAN, History, Step, likely

CASES = 5
TICKS = 4_000
PEOPLE = (*HUMAN, *FORWARD, *FORWARD, *FORWARD)
SKEWS = (0, 0, 0, -2, 3)  # seconds


@lru_cache
def town() -> City:
    """A city whose people have little room."""
    city = load_city(city_folder("demo"))
    few = {key: person.model_copy(update={"capacity": 1}) for key, person in city.staff.items()}
    return city.model_copy(update={"staff": few})


@lru_cache
def services() -> tuple[Service, ...]:
    """The real ones; closure keeps the views of the console besides, so that one service has both facts and views."""
    real = {name: import_module(f"services.{name}.app").service for name in ("triage", "dispatch", "closure", "console")}
    busy = replace(real["closure"], projections=real["console"].projections, keeps_dead=True)
    return (real["triage"], real["dispatch"], busy, real["console"])


class World:
    """What happens is decided by the seed alone."""

    def __init__(self, seed: int) -> None:
        self.dice = Dice(random.Random(seed))
        self.pick = self.dice.random
        self.log = MemoryLog(self.dice)
        self.people = History()
        self.read = [0] * PARTITIONS
        self.trouble: list[str] = []
        self.rough = self.pick.choice((0.0005, 0.002, 0.005))  # how often processes die
        self.garbage: set[tuple[int, int]] = set()
        self.groups: list[Group] = []
        self.later = [self.pick.randrange(TICKS)] if self.pick.random() < 0.5 else []
        for service in services()[: 3 if self.later else 4]:
            self.begin(service)

    def begin(self, service: Service) -> None:
        """Start the processes of a service; it has never read the log."""
        group = Group(service, self.dice, self.log, town(), lambda: self.people.now)
        group.on_commit = self.committed
        for _ in range(self.pick.choice((1, 2))):
            one = Running(group, timedelta(seconds=self.pick.choice(SKEWS)))
            one.start()
            group.processes.append(one)
        self.groups.append(group)
        group.rebalance()

    def committed(self, group: Group, partition: int) -> None:
        self.trouble += committed_before_stored(group, self.log, partition)

    def everybody(self) -> Iterator[Running]:
        for group in self.groups:
            yield from group.processes

    # -- chaos

    def play(self) -> None:
        """Let things happen and go wrong for a while."""
        for tick in range(TICKS):
            self.move()
            roll = self.pick.random()
            if roll < 0.015:
                self.somebody_speaks()
            elif roll < 0.015 + self.rough:
                self.crash(self.pick.choice(list(self.everybody())))
            elif roll < 0.03:
                self.restart(self.pick.choice(list(self.everybody())))
            elif roll < 0.032:
                self.rebalance(self.pick.choice(self.groups))
            elif roll < 0.04:
                self.log.arrive()
            elif roll < 0.05:
                self.pass_time(self.pick.choice((1, 20, 90, 900, 20_000)))
            elif roll < 0.053:
                self.wake(self.pick.choice(list(self.everybody())))
            if tick in self.later:
                self.begin(services()[3])

    def move(self) -> None:
        """Let one coroutine of one process go on."""
        one = self.pick.choice(self.pick.choice(self.groups).processes)
        if one.alive:
            one.go_on(self.pick.randrange(len(one.actors)))

    def somebody_speaks(self) -> None:
        """Residents and staff say what they like, by the case as it is in the log; sometimes it is garbage, or comes twice."""
        self.listen()
        if self.pick.random() < 0.02:
            self.put_garbage()
            return
        index = len(self.people.cases)
        new = index < CASES and self.pick.random() < 0.4
        step = Step("case.reported", index, self.pick.randrange(20)) if new else likely(self.pick, self.people, max(1, index), PEOPLE)
        event = self.people.worded(step._replace(wait=0))
        for _ in range(2 if self.pick.random() < 0.1 else 1):
            self.log.append(event)
        self.listen()

    def put_garbage(self) -> None:
        partition = self.pick.randrange(PARTITIONS)
        value = self.pick.choice((b"{", b'{"type": "case.exploded"}', None, b"\xff"))
        self.garbage.add(self.log.put(partition, b"nobody", value))

    def listen(self) -> None:
        """Bring the people's knowledge up to the log."""
        for partition, line in enumerate(self.log.lines):
            for offset in range(self.read[partition], len(line)):
                if (partition, offset) not in self.garbage:
                    self.people.put(decode(line[offset][1] or b""))
            self.read[partition] = len(line)

    def crash(self, one: Running) -> None:
        if one.alive:
            one.crash()
            self.trouble += views_behind(one.group, self.log)

    def restart(self, one: Running) -> None:
        if not one.alive:
            one.start()
            one.group.rebalance()

    def rebalance(self, group: Group) -> None:
        """Share anew; now and then a process does not hear of it and works on."""
        deaf = [one for one in group.processes if one.alive and self.pick.random() < 0.4]
        group.rebalance(deaf)

    def wake(self, one: Running) -> None:
        """Let a process that lost touch notice it."""
        if one.alive and one not in one.group.members:
            one.revoked = True

    def pass_time(self, seconds: float) -> None:
        self.people.now += timedelta(seconds=seconds)

    # -- healing

    def heal(self) -> None:
        """No more faults: what is on the way arrives, what is dead starts again."""
        self.dice.chaos = False
        while self.log.delayed:
            self.log.arrive()
        if len(self.groups) < 4:
            self.begin(services()[3])
        self.revive()
        for group in self.groups:
            if self.pick.random() < 0.3:  # seldom: to begin anew would mend what was forgotten
                group.rebalance()

    def revive(self) -> None:
        for one in self.everybody():
            self.restart(one)
            self.wake(one)

    def settle(self) -> None:
        """Run until nobody has said anything for a while; time passes."""
        still, length = 0, -1
        for _ in range(400):
            self.work_until_quiet()
            now = sum(map(len, self.log.lines))
            still, length = (still + 1, now) if now == length else (0, now)
            if still == 4:
                return
            self.pass_time((61, 61, 86_400, 61)[still])
        raise Broken(f"the services do not fall silent: {self.last_words()}")

    def work_until_quiet(self) -> None:
        for _ in range(300):
            for one in list(self.everybody()):
                for index in range(len(one.actors)):
                    for _ in range(4):
                        if one.alive:
                            one.go_on(index)
            self.revive()
            if all(self.quiet(group) for group in self.groups):
                return
        raise Broken("the processes do not come to rest")

    def quiet(self, group: Group) -> bool:
        return not group.leaving and all(self.idle(one) for one in group.processes)

    def idle(self, one: Running) -> bool:
        helds = one.recipe.held.values()
        busy = one.revoked or one.assigned is not None or one.waiting or one.recipe.turn.locked() or one.recipe.flushing.locked()
        folded = all(held.caught and held.next == len(self.log.lines[held.partition]) for held in helds)
        clean = not any(held.dirty or held.dirty_rows or held.unacked for held in helds)
        swept = one.recipe.swept == one.now()
        return one.alive and not busy and folded and clean and swept

    def last_words(self) -> list[str]:
        return [f"{p}: {[decode(value or b'').type for _, value in line[-5:]]}" for p, line in enumerate(self.log.lines)]


def run(seed: int) -> World:
    """Play, heal, settle and check; return the world, whose `trouble` says what was broken."""
    return asyncio.run(lived(seed))


async def lived(seed: int) -> World:
    """Do it all without a single await: the loop only has to be there for the locks."""
    world = World(seed)
    try:
        world.play()
        world.heal()
        world.settle()
    except Broken as broken:
        world.trouble.append(str(broken))
        return world
    finally:
        for one in world.everybody():
            one.stop()
    world.listen()
    world.trouble += check(world.groups, world.log, world.garbage, world.people.now)
    return world
