"""Speaking: looking at other cases, deciding about one after the other, publishing, and hearing what became of it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shared import metrics
from shared.case import Case, evolve
from shared.city import City
from shared.clock import monotonic
from shared.engines import Log, Rows
from shared.events import OWNERS, AnyEvent
from shared.memory import CaseRow, Held
from shared.service import Fields, Fold, Query, Service, World

log = logging.getLogger("gridcase")

AGAIN = timedelta(seconds=60)  # a case about which something was said is looked at again, should the fact never come back
A_MOMENT = timedelta(seconds=1)  # a look moves `due` on by at least this


class Spoken(NamedTuple):
    """A fact of ours on its way: about which version of its case (None: another case), and until when we wait (real seconds)."""

    version: int | None
    until: float


@dataclass
class Speaking:
    """Speaks for one process. What it said and has not heard again is remembered, and seen by later decisions."""

    service: Service
    log: Log
    store: Rows
    now: Callable[[], datetime]
    city: Callable[[], City]
    held: dict[int, Held]
    silent: bool = False
    seconds: Callable[[], float] = monotonic  # real ones, however fast the clock runs
    expected: dict[str, tuple[int, Fields]] = field(default_factory=dict)  # cases as they will be when our facts come back
    in_flight: dict[str, Spoken] = field(default_factory=dict)  # our facts that have not come back, by id

    async def decide(self, touched: Mapping[str, Held]) -> None:
        """Say what there is to say about these cases; partitions that are catching up are only folded."""
        speaking = [(held, held.cases[id]) for id, held in touched.items() if held.caught and id in held.cases]
        if speaking and not self.silent:
            await self.speak_about(speaking)

    async def speak_about(self, rows: Sequence[tuple[Held, CaseRow]]) -> None:
        """Decide about each in turn, each seeing what was decided before it, and publish it all."""
        now, city = self.now(), self.city()
        others = await self.look([row.case for _, row in rows], city, now)
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
        if any(fact.case_id == case.id for fact in facts):
            fields = self.service.fields(case, city)
            others[case.id] = fields
            self.expected[case.id] = (case.version, fields)

    async def look(self, cases: Sequence[Case], city: City, now: datetime) -> dict[str, Fields]:
        """Return the fields of the other cases that decisions about `cases` must see."""
        found = await self.found(self.service.look(cases, city, now), city)
        while further := self.service.look_on(cases, found):
            more = await self.found(further, city)
            if more.keys() <= found.keys():
                break
            found.update(more)
        return found

    async def found(self, queries: Sequence[Query], city: City) -> dict[str, Fields]:
        """Return the fields of cases that any of the queries finds: saved, overlaid with what is known here."""
        if not queries:
            return {}
        mine = [(id, row) for held in self.held.values() for id, row in held.dirty.items()]
        found: dict[str, Fields] = dict(await self.store.look(queries))
        for id, row in mine:
            found.pop(id, None)
            fields = row.fields(self.service, city)
            if any(fits(query, id, fields) for query in queries):
                found[id] = fields
        for id, (_, fields) in self.expected.items():
            found.pop(id, None)
            if any(fits(query, id, fields) for query in queries):
                found[id] = fields
        return found

    def forget(self) -> None:
        """Wait no longer for facts that should have come back."""
        self.in_flight = {id: spoken for id, spoken in self.in_flight.items() if spoken.until > self.seconds()}

    def forget_all(self) -> None:
        """Wait for nothing: when partitions change hands, what comes back may be skipped as already seen."""
        self.in_flight.clear()
        self.expected.clear()

    def hear(self, held: Held, fold: Fold) -> None:
        """Count a fold, and silence a fact of ours that came back without effect though nothing has changed."""
        event, name, version = fold.event, self.service.name, fold.before.version
        spoken = self.in_flight.pop(event.id, None)
        if event.case_id in self.expected and (fold.after.version >= self.expected[event.case_id][0] or (spoken and not fold.effective)):
            del self.expected[event.case_id]  # it has come to that, or will not
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


def fits(query: Query, id: str, fields: Mapping[str, Any]) -> bool:
    """Whether a case would be found by the query, as the store would find it."""
    return all((id if name == "_id" else fields.get(name)) in values for name, values in query.items())
