"""One process of a small service, driven gate by gate, with a reliable log and store and the time in hand."""

import random
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from shared.case import Case, Status, evolve
from shared.city import City
from shared.events import (
    AnyEvent,
    AssignmentAccepted,
    CaseAssigned,
    CaseReported,
    CaseTriaged,
    Change,
    DeadlineMissed,
    NoteAdded,
    WorkPaused,
    WorkResumed,
)
from shared.memory import Held, Taken
from shared.recipe import Recipe
from shared.service import Fold, Service, View, World
from tests.unit.recipe.engines import Dice, Gate, MemoryLog, MemoryStore
from tests.unit.shared.histories import MONDAY, classification

HOUR = timedelta(hours=1)
CASE = "case-001"


def greet(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Say one note about each case, and another one an hour after its report."""
    names = ["hello", *(["later"] if now >= case.reported_at + HOUR else [])]
    notes = [NoteAdded.of(case, at=now, by="dispatch", id=f"{case.id}/{name}", text=name) for name in names]
    return [note for note in notes if note.id not in case.ids and case.status is not Status.UNKNOWN]


def greet_due(case: Case, world: World, now: datetime) -> datetime | None:
    return case.reported_at + HOUR if now < case.reported_at + HOUR else None


def count(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    return {"events": (row["events"] if row else 0) + 1}


ALL = View("all", keys=lambda fold, city: ("all",), change=count)
GREETER = Service("dispatch", views=1, decide=greet, due=greet_due, projections=(ALL,))


class Bench:
    """One process with a reliable log and store, and the time in hand."""

    def __init__(self, service: Service = GREETER, log: MemoryLog | None = None, store: MemoryStore | None = None) -> None:
        dice = Dice(random.Random(1), chaos=False)
        self.log, self.store, self.now = log or MemoryLog(dice), store or MemoryStore(dice), MONDAY
        self.acked: list[int] = []
        self.heard: list[AnyEvent] = []
        self.recipe = Recipe(service, self, self.store, lambda: self.now, lambda: None)  # type: ignore[arg-type,return-value]

    def partition(self, key: bytes) -> int:
        return self.log.partition(key)

    async def publish(self, events: Any) -> list[tuple[int, int]]:
        self.heard += events
        return [await self.log.send(event) for event in events]

    async def bury(self, taken: Taken, step: str, reason: str) -> None:
        self.log.dead.append((taken.partition, taken.offset, step))

    def taken(self, partition: int, offset: int) -> Taken:
        key, value = self.log.lines[partition][offset]
        return Taken(partition, offset, key, value, lambda: self.acked.append(offset))

    def line(self, partition: int) -> list[Taken]:
        return [self.taken(partition, offset) for offset in range(len(self.log.lines[partition]))]

    def report(self, id: str = CASE) -> int:
        """Append a report; return its partition."""
        return self.log.append(report(id))[0]

    def restarted(self) -> "Bench":
        """Return another process on the same log and store."""
        other = Bench(self.recipe.service, self.log, self.store)
        other.now = self.now
        return other

    def hold(self, partition: int, end: int | None = None) -> Held:
        held = Held(partition, 0, len(self.log.lines[partition]) if end is None else end)
        self.recipe.take_up(held)
        return held


def report(id: str = CASE) -> CaseReported:
    return CaseReported.of(Case(id=id), at=MONDAY, by="resident", id=f"r-{id}", number="N", text="x", channel="web")


def done(work: Coroutine[Any, Any, Any]) -> Any:
    """Let a coroutine run through all its gates."""
    try:
        while True:
            work.send(None)
    except StopIteration as end:
        return end.value


def upto(work: Coroutine[Any, Any, Any], gates: int) -> None:
    for _ in range(gates):
        assert isinstance(work.send(None), Gate)


def overdue(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Say that the deadline was missed, while it runs."""
    deadline = case.resolve_by
    if case.status not in (Status.ACCEPTED, Status.WORKING) or deadline is None or now < deadline or case.missed:
        return []
    return [DeadlineMissed.of(case, at=now, by="dispatch", id=f"{case.id}/missed", which="resolve", deadline=deadline)]


def hasty(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Say of every case in work that its deadline was missed, too early: the fact has no effect."""
    if case.status not in (Status.ACCEPTED, Status.PAUSED) or case.resolve_by is None:
        return []
    return [DeadlineMissed.of(case, at=now, by="dispatch", id=f"{case.id}/missed", which="resolve", deadline=case.resolve_by)]


def paused_and_resumed() -> list[AnyEvent]:
    """Return a life in which the clock stands still for a moment; the deadline stays."""
    case, events = Case(id=CASE), list[AnyEvent]()
    what, deadline = classification(0, MONDAY), classification(0, MONDAY).resolve_by
    words: tuple[tuple[type[Change], dict[str, Any]], ...] = (
        (CaseReported, {"number": "N", "text": "x", "channel": "web"}),
        (CaseTriaged, {"classification": what, "reason": ""}),
        (CaseAssigned, {"assignee": "w", "role": "unit_worker", "answer_by": deadline, "reason": ""}),
        (AssignmentAccepted, {}),
        (WorkPaused, {"reason": "weather", "approved_by": "x", "look_again_at": deadline}),
        (WorkResumed, {"resolve_by": deadline}),
    )
    for model, told in words:
        event: Any = model.of(case, at=MONDAY, by="somebody", **told)
        events.append(event)
        case = evolve(case, event)
    return events
