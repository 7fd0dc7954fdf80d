"""The replay's own fold of the log: what became of every recorded case, for the staff to act on and for the comparison at the end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.case import Case, Status, evolve, unknown
from shared.events import AnyEvent, DeadlineMissed, decode
from shared.stream import KafkaLog

OVER = frozenset({Status.CLOSED, Status.MERGED, Status.REJECTED, Status.WITHDRAWN})


@dataclass(slots=True)
class Life:
    """What is kept of a case: where it stands, its first deadline, when it was done, and when its deadlines were said to be missed."""

    status: Status
    deadline: datetime | None
    completed: datetime | None
    missed: list[datetime] = field(default_factory=list)


@dataclass
class Ledger:
    """All cases by the record's id (their `source`), and by their own id those on which anybody may still act."""

    log: KafkaLog
    cases: dict[str, Case] = field(default_factory=dict)
    lives: dict[str, Life] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)  # source: case id
    touched: set[str] = field(default_factory=set)  # sources of cases that changed since the staff looked
    next: dict[int, int] = field(default_factory=dict)
    statuses: Counter[Status] = field(default_factory=Counter)
    let_go: set[str] = field(default_factory=set)  # ids of cases about which nothing more can be said
    doubled: int = 0  # cases with a source that another case has
    events: int = 0

    async def start(self) -> None:
        """Begin at the beginning of the log."""
        partitions = range(self.log.partitions)
        self.reader = AIOKafkaConsumer(bootstrap_servers=self.log.settings.kafka, group_id=None, enable_auto_commit=False)
        await self.log.patiently(self.reader.start)
        self.reader.assign([TopicPartition(self.log.topic, p) for p in partitions])
        for p, begin in (await self.log.begins(partitions)).items():
            self.reader.seek(TopicPartition(self.log.topic, p), begin)
            self.next[p] = begin

    async def stop(self) -> None:
        await self.reader.stop()

    async def read(self, wait_ms: int) -> bool:
        """Fold what has come, waiting a little if nothing has; return whether anything came."""
        try:
            found = await self.reader.getmany(timeout_ms=wait_ms)
        except KafkaError:  # the broker starts again: the next read goes on where this one stopped
            return False
        for place, messages in found.items():
            for message in messages:
                self.next[place.partition] = message.offset + 1
                self.fold(decode(message.value))
        return bool(found)

    @property
    def unanswered(self) -> bool:
        """Whether cases wait for a service to say something at once."""
        return self.statuses[Status.REPORTED] + self.statuses[Status.TRIAGED] + self.statuses[Status.ASSIGNED] > 0

    def fold(self, event: AnyEvent) -> None:
        """Let one fact take effect if it may."""
        self.events += 1
        if event.case_id in self.let_go:
            return
        before = self.cases.get(event.case_id) or unknown(event.case_id)
        case = evolve(before, event)
        if case is before or case.source is None:
            return
        if self.ids.setdefault(case.source, case.id) != case.id:
            self.doubled += before.status is Status.UNKNOWN
            return
        self.cases[case.id] = case
        self.touched.add(case.source)
        self.remember(before, case, event)

    def remember(self, before: Case, case: Case, event: AnyEvent) -> None:
        """Note what the comparison needs; of a case whose outcome is published nothing else is kept."""
        source = case.source or ""
        life = self.lives.setdefault(source, Life(case.status, None, None))
        life.status, life.completed = case.status, case.completed_at
        life.deadline = life.deadline or case.first_resolve_by
        if isinstance(event, DeadlineMissed) and event.which == "resolve":
            life.missed.append(event.deadline)
        self.statuses[before.status] -= 1
        self.statuses[case.status] += 1
        if case.status is Status.CLOSED and case.published >= case.closings:
            self.let_go.add(case.id)
            del self.cases[case.id]

    def case_of(self, source: str) -> Case | None:
        """Return the case that a record became, if it is there."""
        id = self.ids.get(source)
        return self.cases.get(id) if id else None

    def missing(self, sources: Iterable[str]) -> list[str]:
        """Return which of the records are not here yet."""
        return [source for source in sources if source not in self.ids]

    def over(self) -> int:
        """Return how many cases have come to an end."""
        return sum(self.statuses[status] for status in OVER)
