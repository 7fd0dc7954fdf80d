"""Step and flush: how every service turns the log into its own copy and its copy into facts. Written here and nowhere else.

A step folds a batch, decides and publishes; a flush, behind it, saves rows, marks progress and acknowledges. The log is the truth:
what a crash cuts off comes again, the same facts are said again with the same ids, and change nothing. What a step and a flush are
made of is in `folding.py`, `speaking.py` and `saving.py`; their order, and who owns a partition when, is here.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared import metrics
from shared.case import OPEN, Case
from shared.city import City
from shared.clock import monotonic
from shared.engines import Log, Rows
from shared.folding import Folding
from shared.memory import Again, CaseRow, Held, Taken
from shared.saving import save, snapshot
from shared.service import Fold, Service
from shared.speaking import Speaking

PAGE = 500  # cases of one look when many wait
SOME = 200  # cases that are looked at again in one turn after the pack has changed

Observe = Callable[[Fold], None]


@dataclass
class Recipe:
    """One process of one service: its partitions in memory, and the turns it takes with them.

    `now` is the clock, `city` gives the pack in force, `observe` sees each fold of an event that is new (not while catching up).
    """

    service: Service
    log: Log
    store: Rows
    now: Callable[[], datetime]
    city: Callable[[], City]
    memory_rows: int = 50_000
    silent: bool = False
    observe: Observe = lambda fold: None
    seconds: Callable[[], float] = monotonic  # real ones, however fast the clock runs
    held: dict[int, Held] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # steps, sweeps and looks take turns
    flushing: asyncio.Lock = field(default_factory=asyncio.Lock)
    pulse: asyncio.Event = field(default_factory=asyncio.Event)  # set and replaced after every step
    folded: int = 0  # events, for the watchdog
    unacked: int = 0
    swept: datetime | None = None  # the time that the last whole sweep looked at

    def __post_init__(self) -> None:
        self.folding = Folding(self.service, self.log, self.store, self.city, self.held)
        self.speaking = Speaking(self.service, self.log, self.store, self.now, self.city, self.held, self.silent, self.seconds)

    # -- step

    async def step(self, batch: Sequence[Taken]) -> None:
        """Fold a batch, decide about every case it touches, publish, and remember what to acknowledge."""
        async with self.turn:
            with metrics.STEP.labels(self.service.name).time():
                mine = self.folding.in_order(batch)
                touched, folds = await self.folding.fold(mine)
                for held, _, fold in folds:
                    self.speaking.hear(held, fold)
                    if held.caught:
                        self.observe(fold)
                await self.speaking.decide(touched)
                self.take(mine)
        self.pulse.set()
        self.pulse = asyncio.Event()

    def take(self, mine: Iterable[tuple[Held, Taken]]) -> None:
        """Remember what the next flush acknowledges; forget saved rows, now that no step has scratch copies of them."""
        for held, taken in mine:
            if self.held.get(held.partition) is held:
                held.unacked.append(taken)
                self.unacked += 1
                self.folded += 1
        for held in self.held.values():
            held.evict(self.memory_rows // len(self.held))

    # -- timers

    async def sweep(self) -> None:
        """Look again at what is due, and finish catching up where nothing is left to read."""
        async with self.turn:
            now = self.now()
            self.speaking.forget()
            for held in list(self.held.values()):
                if not held.caught and held.next >= held.end:
                    await self.catch_up(held)
            if not self.silent:
                for held in [held for held in self.held.values() if held.caught]:
                    await self.look_at_due(held, now)
            self.swept = now

    async def look_at_due(self, held: Held, now: datetime) -> None:
        """Look again at the cases of a partition that are due; the store is asked only if something can be."""
        while held.soonest is not None and held.soonest <= now and self.held.get(held.partition) is held:
            unsaved = dict(held.dirty)  # a flush may save them while the store answers
            rows = await self.store.due(held.partition, now, PAGE)
            await self.look_at(held, unsaved, rows, lambda row: row.due is not None and row.due <= now)
            if len(rows) < PAGE:
                waiting = [row.due for row in held.dirty.values() if row.due is not None]
                saved = await self.store.soonest(held.partition, now)
                held.soonest = min((due for due in (*waiting, saved) if due is not None), default=None)
                return
            await self.flush()  # what was looked at is due later now, or the store would find it again

    async def catch_up(self, held: Held) -> None:
        """Look once at every case of the partition that is not settled; from then on the partition is spoken about."""
        held.caught = True
        after = ""
        while not self.silent and self.held.get(held.partition) is held:
            unsaved = dict(held.dirty)  # as above
            rows = await self.store.unsettled(held.partition, after, PAGE)
            await self.look_at(held, unsaved, rows, lambda row: not row.settled)
            if len(rows) < PAGE:
                break
            after = rows[-1].case.id

    async def look_at(
        self, held: Held, unsaved: Mapping[str, CaseRow], saved: Sequence[CaseRow], wanted: Callable[[CaseRow], bool]
    ) -> None:
        """Decide about saved rows and unsaved ones that are `wanted`, as memory knows them."""
        known = {row.case.id: held.cases.setdefault(row.case.id, row) for row in saved}
        rows = [row for row in {**known, **unsaved}.values() if wanted(row)]
        for start in range(0, len(rows), PAGE):
            await self.speaking.speak_about([(held, row) for row in rows[start : start + PAGE]])

    # -- another pack

    async def reconsider(self) -> bool:
        """Look again at some of the open cases that were last looked at under another pack; return whether there may be more.

        What is saved of them is made anew, too: some of it may depend on the pack.
        """
        if self.silent or self.outdated() is None:
            return False
        async with self.turn:
            held, version = self.outdated(), self.city().version
            if held is None:
                return False
            again = held.again if held.again is not None and held.again.city == version else Again(version)
            unsaved = dict(held.dirty) if again == Again(version) else {}
            rows = await self.store.unsettled(held.partition, again.after, SOME, again.settled)
            await self.look_at(held, unsaved, rows, lambda row: row.case.status in OPEN or not row.settled)
            for row in rows:
                held.put(held.cases[row.case.id])
            held.evict(self.memory_rows // len(self.held))
            if len(rows) == SOME:
                held.again = Again(version, again.settled, rows[-1].case.id)
            elif not again.settled:
                held.again = Again(version, settled=True)
            else:
                held.again, held.city = None, version
        return self.outdated() is not None

    def outdated(self) -> Held | None:
        """Return a partition of ours whose open cases were last looked at under another pack."""
        version = self.city().version if self.held else ""
        return next((held for held in self.held.values() if held.caught and held.city != version), None)

    # -- flush

    async def flush(self, helds: Sequence[Held] | None = None, ack: bool = True) -> None:
        """Save view rows, then cases, then progress; then acknowledge what was folded before. One at a time."""
        async with self.flushing:
            city = self.city()
            snapshots = [snapshot(held, self.service, city) for held in (helds if helds is not None else list(self.held.values()))]
            if not any(s.cases or s.rows or s.acking or s.next > s.held.folded_to or s.city != s.held.city_saved for s in snapshots):
                return
            with metrics.FLUSH.labels(self.service.name).time():
                await save(self.store, snapshots)
            for taken_off in snapshots:
                taken_off.saved()
                if ack and self.held.get(taken_off.held.partition) is taken_off.held:
                    self.unacked -= len(taken_off.acking)
                    for taken in taken_off.acking:
                        taken.ack()

    # -- assignment

    def take_up(self, held: Held) -> None:
        """A partition is ours from now on."""
        self.held[held.partition] = held

    async def give_up(self, partitions: Iterable[int]) -> None:
        """Save what was folded of partitions that are being taken away; acknowledge nothing: it would count for the next owner."""
        lost = [self.held.pop(partition) for partition in partitions if partition in self.held]
        self.speaking.forget_all()
        if lost:
            await self.flush(lost, ack=False)
            self.unacked = sum(len(held.unacked) for held in self.held.values())

    # -- what HTTP asks

    def known(self, case_id: str) -> Case | None:
        """Return the case from memory, where this process folds its partition and has caught up."""
        held = self.held.get(self.log.partition(case_id.encode()))
        row = held.cases.get(case_id) if held is not None and held.caught else None
        return row.case if row is not None else None
