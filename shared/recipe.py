"""Step and flush: how every service turns the log into its own copy and its copy into facts. Written here and nowhere else.

A step folds a batch, decides and publishes; a flush, behind it, saves rows, marks progress and acknowledges. The log is the truth:
what a crash cuts off comes again, the same facts are said again with the same ids, and change nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from shared import metrics
from shared.case import Case, evolve, unknown
from shared.city import City
from shared.clock import monotonic
from shared.events import OWNERS, AnyEvent, decode
from shared.memory import CaseRow, Held, RowKey, Snapshot, Taken, ViewRow, fingerprint
from shared.service import Fields, Fold, Query, Service, View, World
from shared.store import Document, case_document, stored_row, view_document

log = logging.getLogger("gridcase")

AGAIN = timedelta(seconds=60)  # a case about which something was said is looked at again, should the fact never come back
A_MOMENT = timedelta(seconds=1)  # a look moves `due` on by at least this
PAGE = 500  # cases of one look when many wait


class Log(Protocol):
    """What the recipe needs of the log."""

    async def publish(self, events: Sequence[AnyEvent]) -> list[tuple[int, int]]: ...
    async def bury(self, taken: Taken, step: str, reason: str) -> None: ...
    def partition(self, key: bytes) -> int: ...


class Rows(Protocol):
    """What the recipe needs of the store."""

    async def cases(self, ids: Iterable[str]) -> dict[str, CaseRow]: ...
    async def due(self, partition: int, now: datetime, limit: int) -> list[CaseRow]: ...
    async def soonest(self, partition: int, now: datetime) -> datetime | None: ...
    async def unsettled(self, partition: int, after: str, limit: int) -> list[CaseRow]: ...
    async def look(self, queries: Sequence[Query]) -> dict[str, Document]: ...
    async def rows(self, view: str, ids: Iterable[str]) -> dict[str, Document]: ...
    async def swap_rows(self, view: str, changes: Sequence[tuple[int, Document]]) -> None: ...
    async def save_cases(self, documents: Sequence[Document]) -> None: ...
    async def save_progress(self, documents: Sequence[Document]) -> None: ...


class Spoken(NamedTuple):
    """A fact of ours on its way: about which version of its case (None: another case), and until when we wait (real seconds)."""

    version: int | None
    until: float


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
    expected: dict[str, tuple[int, Fields]] = field(default_factory=dict)  # cases as they will be when our facts come back
    in_flight: dict[str, Spoken] = field(default_factory=dict)  # our facts that have not come back, by id
    swept: datetime | None = None  # the time that the last whole sweep looked at

    # -- step

    async def step(self, batch: Sequence[Taken]) -> None:
        """Fold a batch, decide about every case it touches, publish, and remember what to acknowledge."""
        async with self.turn:
            with metrics.STEP.labels(self.service.name).time():
                mine = self.in_order(batch)
                events = await self.decoded(mine)
                touched = await self.fold(mine, events)
                await self.decide(touched)
                for held, taken in mine:
                    if self.held.get(held.partition) is held:
                        held.unacked.append(taken)
                        self.unacked += 1
                for held in self.held.values():  # not while a step has scratch copies
                    held.evict(self.memory_rows // len(self.held))
        self.pulse.set()
        self.pulse = asyncio.Event()

    def in_order(self, batch: Sequence[Taken]) -> list[tuple[Held, Taken]]:
        """Return the messages that are next in their partitions; others come from an earlier assignment and will come again."""
        mine, upto = [], {partition: held.next for partition, held in self.held.items()}
        for taken in batch:
            held = self.held.get(taken.partition)
            if held is not None and taken.offset == upto[taken.partition]:
                upto[taken.partition] += 1
                mine.append((held, taken))
        return mine

    async def decoded(self, mine: Sequence[tuple[Held, Taken]]) -> list[AnyEvent | None]:
        """Return the events; None where a message cannot be one, which the dead letters then say."""
        events: list[AnyEvent | None] = []
        for _, taken in mine:
            try:
                events.append(self.read(taken))
            except ValueError as error:
                events.append(None)
                await self.bury(taken, "decode", str(error), keep=self.service.keeps_dead)
        return events

    def read(self, taken: Taken) -> AnyEvent:
        """Return the event in a message. Raises ValueError if there is none, or if it stands in the wrong place."""
        event = decode(taken.value or b"")
        key = event.case_id.encode()
        if taken.key != key:
            raise ValueError(f"key {taken.key!r} is not the case id {event.case_id!r}")
        if self.log.partition(key) != taken.partition:
            raise ValueError(f"partition {taken.partition} is not the key's, {self.log.partition(key)}")
        return event

    async def bury(self, taken: Taken, step: str, reason: str, keep: bool = True) -> None:
        """Put a message aside, with the reason; `keep` is False where another service writes the dead letter."""
        log.error("put aside by %s: partition %s offset %s: %s", step, taken.partition, taken.offset, reason)
        metrics.DEAD.labels(self.service.name, step).inc()
        if keep:
            await self.log.bury(taken, step, reason)

    # -- fold

    async def fold(self, mine: Sequence[tuple[Held, Taken]], events: Sequence[AnyEvent | None]) -> dict[str, Held]:
        """Fold events in order and change the views; memory changes at the end, at once. Return the cases touched."""
        touched = {e.case_id: held for (held, _), e in zip(mine, events, strict=True) if e is not None}
        rows = await self.remembered(touched)
        folds, failed = self.folds(mine, events, rows)
        changes, more = await self.project(folds)
        for taken, step, reason in [*failed, *more]:
            await self.bury(taken, step, reason)
        return self.remember(mine, touched, rows, folds, changes)

    async def remembered(self, touched: Mapping[str, Held]) -> dict[str, CaseRow]:
        """Return rows of the cases as scratch: from memory, else from the store, else new."""
        missing = [id for id, held in touched.items() if id not in held.cases]
        saved = await self.store.cases(missing) if missing else {}
        scratch = {}
        for id, held in touched.items():
            row = held.cases.get(id) or saved.get(id) or CaseRow(unknown(id), -1)
            scratch[id] = CaseRow(row.case, row.offset, row.due, row.settled, row.revision)
        return scratch

    def folds(
        self, mine: Sequence[tuple[Held, Taken]], events: Sequence[AnyEvent | None], rows: dict[str, CaseRow]
    ) -> tuple[list[tuple[Held, Taken, Fold]], list[tuple[Taken, str, str]]]:
        """Fold into scratch what the rows have not seen. An event that `evolve` cannot take is put aside, the rest goes on."""
        folds, failed = [], []
        for (held, taken), event in zip(mine, events, strict=True):
            if event is None or taken.offset <= rows[event.case_id].offset:
                continue
            row, before = rows[event.case_id], rows[event.case_id].case
            try:
                row.case = evolve(before, event)
            except Exception as error:  # noqa: BLE001 - concerns this event alone: a dead letter, and the partition flows on
                failed.append((taken, "evolve", repr(error)))
            row.offset, row.due, row.settled = taken.offset, None, False
            folds.append((held, taken, Fold(before, event, row.case, taken.partition, taken.offset)))
        return folds, failed

    async def project(
        self, folds: Sequence[tuple[Held, Taken, Fold]]
    ) -> tuple[dict[tuple[int, RowKey], ViewRow], list[tuple[Taken, str, str]]]:
        """Return the view rows that the folds change, in scratch, and what could not be projected."""
        touches: list[tuple[Held, Taken, Fold, View, str]] = []
        failed: list[tuple[Taken, str, str]] = []
        city = self.city()
        for held, taken, fold in folds:
            for view in self.service.projections:
                try:
                    touches.extend((held, taken, fold, view, key) for key in view.keys(fold, city))
                except Exception as error:  # noqa: BLE001 - as in folds
                    failed.append((taken, "project", repr(error)))
        scratch = await self.view_rows(
            [(held, view.name, key) for held, _, fold, view, key in touches if not (view.by_offset and fold.offset >= held.end)]
        )
        for held, taken, fold, view, key in touches:
            row = scratch.setdefault((held.partition, (view.name, key)), ViewRow(None))
            if fold.offset > row.offset:
                try:
                    row.content, row.offset = view.change(row.content, key, fold, city), fold.offset
                except Exception as error:  # noqa: BLE001 - as in folds
                    failed.append((taken, "project", repr(error)))
        return scratch, failed

    async def view_rows(self, wanted: Sequence[tuple[Held, str, str]]) -> dict[tuple[int, RowKey], ViewRow]:
        """Return scratch copies of view rows: from memory, else from the store, else new."""
        scratch: dict[tuple[int, RowKey], ViewRow] = {}
        missing: dict[str, dict[str, tuple[int, RowKey]]] = {}
        for held, view, key in wanted:
            known = held.rows.get((view, key))
            if known is not None:
                scratch[held.partition, (view, key)] = ViewRow(known.content, known.offset, known.saved)
            else:
                missing.setdefault(view, {})[f"{held.partition}/{key}"] = (held.partition, (view, key))
        for view, ids in missing.items():
            saved = await self.store.rows(view, ids)
            for id, name in ids.items():
                scratch[name] = stored_row(saved.get(id))
        return scratch

    def remember(
        self,
        mine: Sequence[tuple[Held, Taken]],
        touched: Mapping[str, Held],
        rows: Mapping[str, CaseRow],
        folds: Sequence[tuple[Held, Taken, Fold]],
        changes: Mapping[tuple[int, RowKey], ViewRow],
    ) -> dict[str, Held]:
        """Put scratch into memory, without an await; what belongs to a lost partition is dropped."""
        folded = {fold.event.case_id for _, _, fold in folds}
        kept = {id: held for id, held in touched.items() if self.held.get(held.partition) is held}
        for id, held in kept.items():
            if id in folded:
                held.put(rows[id])
            elif id not in held.cases:
                held.cases[id] = rows[id]
        holders = {held.partition: held for held, _, _ in folds if self.held.get(held.partition) is held}
        for (partition, key), row in changes.items():
            if partition in holders:
                holders[partition].put_row(key, row)
        for held, taken in mine:
            if self.held.get(held.partition) is held:
                held.next, held.mark = taken.offset + 1, fingerprint(taken.key, taken.value)
                self.folded += 1
        for held, _, fold in folds:
            self.account(held, fold)
        return kept

    def account(self, held: Held, fold: Fold) -> None:
        """Count a fold, and silence a fact of ours that came back without effect though nothing has changed."""
        event, name, version = fold.event, self.service.name, fold.before.version
        spoken = self.in_flight.pop(event.id, None)
        if fold.effective:
            metrics.EVENTS.labels(name, event.type).inc()
            if OWNERS[event.type] == name:
                log.info("%s %s partition=%s offset=%s by=%s", event.case_id, event.type, fold.partition, fold.offset, event.by)
        else:
            metrics.IGNORED.labels(name, event.type).inc()
            if spoken is not None and spoken.version == version and event.id not in fold.before.ids:
                held.muted[event.id] = version
                metrics.MUTED.labels(name, event.type).inc()
                log.error("%s %s had no effect at version %s and is not said again", event.case_id, event.type, version)
        if held.caught:
            self.observe(fold)

    # -- decide

    async def decide(self, touched: Mapping[str, Held]) -> None:
        """Say what there is to say about these cases; partitions that are catching up are only folded."""
        speaking = [(held, held.cases[id]) for id, held in touched.items() if held.caught and id in held.cases]
        if speaking and not self.silent:
            await self.speak_about(speaking)

    async def speak_about(self, rows: Sequence[tuple[Held, CaseRow]]) -> None:
        """Decide about each in turn, each seeing what was decided before it, and publish it all."""
        now, city = self.now(), self.city()
        others = await self.look([row.case for _, row in rows], city)
        facts: list[AnyEvent] = []
        for held, row in rows:
            if self.held.get(held.partition) is held:
                facts += self.say(held, row, World(city, others), others, now)
        if facts:
            await self.log.publish(facts)
            for fact in facts:
                metrics.FACTS.labels(self.service.name, fact.type).inc()

    def say(self, held: Held, row: CaseRow, world: World, others: dict[str, Fields], now: datetime) -> list[AnyEvent]:
        """Return what is new to say about one case, and set when to look at it again."""
        case, parked = row.case, False
        try:
            wanted = self.service.decide(case, world, now)
            due = self.service.due(case, world, now)
        except Exception as error:
            log.exception("cannot decide about case %s: %r", case.id, error)
            metrics.DEAD.labels(self.service.name, "decide").inc()
            wanted, due, parked = [], None, True  # until an event touches it or the process starts again
        wanted = [fact for fact in wanted if held.muted.get(fact.id) != case.version]
        if wanted:
            due = now + AGAIN if due is None or due <= now else due
        elif due is not None:
            due = max(due, now + A_MOMENT)
        settled = not wanted and due is None and not parked
        if (due, settled) != (row.due, row.settled):
            row.due, row.settled = due, settled
            held.put(row)
        facts = [fact for fact in wanted if fact.id not in self.in_flight]
        self.foresee(case, facts, others, world.city)
        return facts

    def foresee(self, case: Case, facts: Sequence[AnyEvent], others: dict[str, Fields], city: City) -> None:
        """Let later decisions see the case as it will be once these facts come back."""
        for fact in facts:
            self.in_flight[fact.id] = Spoken(case.version if fact.case_id == case.id else None, self.seconds() + AGAIN.total_seconds())
            if fact.case_id == case.id:
                case = evolve(case, fact)
        if facts:
            fields = self.service.fields(case, city)
            others[case.id] = fields
            self.expected[case.id] = (case.version, fields)

    async def look(self, cases: Sequence[Case], city: City) -> dict[str, Fields]:
        """Return the fields of the other cases that decisions about `cases` must see: saved, overlaid with what is known here."""
        queries = self.service.look(cases, city)
        if not queries:
            return {}
        mine = [(id, row) for held in self.held.values() for id, row in held.dirty.items()]
        found: dict[str, Fields] = dict(await self.store.look(queries))
        for id, row in mine:
            found.pop(id, None)
            fields = self.service.fields(row.case, city)
            if any(fits(query, id, fields) for query in queries):
                found[id] = fields
        for id, (version, fields) in list(self.expected.items()):
            held = self.held.get(self.log.partition(id.encode()))
            known = held.cases.get(id) if held else None
            if known is None or known.case.version >= version:
                del self.expected[id]
            elif any(fits(query, id, fields) for query in queries):
                found[id] = fields
            else:
                found.pop(id, None)
        return found

    # -- timers

    async def sweep(self) -> None:
        """Look again at what is due, and finish catching up where nothing is left to read."""
        async with self.turn:
            now = self.now()
            self.in_flight = {id: spoken for id, spoken in self.in_flight.items() if spoken.until > self.seconds()}
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
            await self.speak_about([(held, row) for row in rows[start : start + PAGE]])

    # -- flush

    async def flush(self, helds: Sequence[Held] | None = None, ack: bool = True) -> None:
        """Save view rows, then cases, then progress; then acknowledge what was folded before. One at a time."""
        async with self.flushing:
            snapshots = [self.snapshot(held) for held in (helds if helds is not None else list(self.held.values()))]
            if not any(s.cases or s.rows or s.acking or s.next > s.held.folded_to for s in snapshots):
                return
            with metrics.FLUSH.labels(self.service.name).time():
                await self.save(snapshots)
            for snapshot in snapshots:
                snapshot.saved()
                if ack and self.held.get(snapshot.held.partition) is snapshot.held:
                    self.unacked -= len(snapshot.acking)
                    for taken in snapshot.acking:
                        taken.ack()

    async def save(self, snapshots: Sequence[Snapshot]) -> None:
        views: dict[str, list[tuple[int, Document]]] = {}
        for snapshot in snapshots:
            for (view, _), _, saved, _, document in snapshot.rows:
                views.setdefault(view, []).append((saved, document))
        for view, changes in views.items():
            await self.store.swap_rows(view, changes)
        cases = [document for snapshot in snapshots for _, _, document in snapshot.cases]
        if cases:
            await self.store.save_cases(cases)
        marks = [{"_id": s.held.partition, "offset": s.next, "mark": s.mark} for s in snapshots if s.next > s.held.folded_to]
        if marks:
            await self.store.save_progress(marks)

    def snapshot(self, held: Held) -> Snapshot:
        """Take what has changed, without an await."""
        city = self.city()
        acking, held.unacked = tuple(held.unacked), []
        return Snapshot(
            held,
            tuple(
                (row, row.revision, case_document(held.partition, row, self.service.fields(row.case, city))) for row in held.dirty.values()
            ),
            tuple((key, row, row.saved, row.offset, view_document(held.partition, key[1], row)) for key, row in held.dirty_rows.items()),
            held.next,
            held.mark,
            acking,
        )

    # -- assignment

    def take_up(self, held: Held) -> None:
        """A partition is ours from now on."""
        self.held[held.partition] = held

    async def give_up(self, partitions: Iterable[int]) -> None:
        """Save what was folded of partitions that are being taken away; acknowledge nothing: it would count for the next owner."""
        lost = [self.held.pop(partition) for partition in partitions if partition in self.held]
        self.in_flight.clear()  # what comes back after this may be skipped as already seen
        self.expected.clear()
        if lost:
            await self.flush(lost, ack=False)
            self.unacked = sum(len(held.unacked) for held in self.held.values())

    # -- what HTTP asks

    def known(self, case_id: str) -> Case | None:
        """Return the case from memory, where this process folds its partition and has caught up."""
        held = self.held.get(self.log.partition(case_id.encode()))
        row = held.cases.get(case_id) if held is not None and held.caught else None
        return row.case if row is not None else None


def fits(query: Query, id: str, fields: Mapping[str, Any]) -> bool:
    """Whether a case would be found by the query, as the store would find it."""
    return all((id if name == "_id" else fields.get(name)) in values for name, values in query.items())
