"""A reader of the log that says what triage wants to say, one fact after the other, until it falls silent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from services.triage.decide import decide, due, fields, look, look_on
from shared.case import Case, evolve
from shared.city import City
from shared.events import AnyEvent
from shared.service import Fields, Query, World
from tests.unit.triage.town import NOON, TOWN

MANY = 400  # facts of one history; more would be an endless talk


class Reader:
    """The cases of one log, and a clock."""

    def __init__(self, city: City = TOWN, now: datetime = NOON) -> None:
        self.city, self.now = city, now
        self.cases: dict[str, Case] = {}
        self.said: list[AnyEvent] = []

    def fold(self, event: AnyEvent) -> bool:
        """Fold one event and say whether it took effect."""
        before = self.cases.get(event.case_id, Case(id=event.case_id))
        self.cases[event.case_id] = evolve(before, event)
        return self.cases[event.case_id] is not before

    def world(self, *cases: Case) -> World:
        """Return the world as a look at these cases shows it."""
        queries, found = look(cases, self.city, self.now), dict[str, Fields]()
        rows = {id: fields(case, self.city) for id, case in self.cases.items()}
        while more := {id: row for id, row in rows.items() if id not in found and any(fits(query, id, row) for query in queries)}:
            found.update(more)
            queries = look_on(cases, found)
        return World(self.city, found)

    def speak(self, ids: Iterable[str]) -> bool:
        """Say what is to be said about these cases; every fact must take effect. Return whether anything was said."""
        facts = [fact for id in ids for fact in self.wanted(id)]
        for fact in facts:
            before = self.cases[fact.case_id]
            stale = before.version != getattr(fact, "on", before.version) or fact.id in before.ids
            assert self.fold(fact) or stale, f"{fact.type} was said in vain"
            self.said.append(fact)
        assert len(self.said) < MANY, "triage does not fall silent"
        return bool(facts)

    def wanted(self, id: str) -> list[AnyEvent]:
        case = self.cases[id]
        return decide(case, self.world(case), self.now)

    def talk(self) -> None:
        """Let triage speak about one case after the other until it is silent about all."""
        while self.speak_in_turn():
            pass

    def speak_in_turn(self) -> bool:
        spoken = [self.speak([id]) for id in sorted(self.cases)]
        return any(spoken)

    def settle(self, waiting: timedelta = timedelta(minutes=5)) -> None:
        """Talk, and talk again whenever something is due, until nothing is or `waiting` is over."""
        until = self.now + waiting
        self.talk()
        while (next_look := self.due()) is not None and next_look <= until:
            assert next_look > self.now
            self.now = next_look
            self.talk()

    def due(self) -> datetime | None:
        times = [due(case, self.world(case), self.now) for case in self.cases.values()]
        return min((time for time in times if time is not None), default=None)


def fits(query: Query, id: str, row: Fields) -> bool:
    def value(name: str) -> Any:
        return id if name == "_id" else row.get(name)

    return all(value(name) in values for name, values in query.items())
