"""Recorded history, hop by hop: what was recorded goes in, the staff act, the services settle, the clock moves on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from deploy.replay.clockwork import Clocks, Plan
from deploy.replay.columns import Recorded
from deploy.replay.door import Door
from deploy.replay.ledger import Ledger
from deploy.replay.staff import wanted
from deploy.replay.stillness import Stillness
from deploy.system import SERVICES
from services.closure.decide import closing
from services.closure.publishing import outcome_due, standing_due
from services.dispatch import ladder
from services.dispatch.stages import stage_deadlines
from shared.case import CLOCKED, Case, Status
from shared.city import City, plain
from shared.events import AnyEvent
from shared.stream import KafkaLog

READ_MS = 20
PATIENT_MS = 100  # while somebody is expected to answer
ALL_EVERY = 10  # hops after which those are waited for, too, that only read: they must not fall far behind
SECOND = timedelta(seconds=1)
AT_ONCE = 500  # facts of the staff that are sent together

Tell = Callable[[datetime], None]


@dataclass
class History:
    """One replay under way."""

    city: City
    plan: Plan
    clocks: Clocks
    log: KafkaLog
    ledger: Ledger
    door: Door
    stillness: Stillness
    records: dict[str, Recorded]
    tell: Tell
    spoken: set[str] = field(default_factory=set)  # ids of facts that have not come back

    async def run(self, end: datetime) -> None:
        """Advance to `end`. What the log holds from an earlier run is not said again."""
        now, since = self.clocks.now, self.plan.first - SECOND
        await self.settle(now)
        for number in count(1):
            to = self.plan.hop(now, end)
            await self.hop(now, since, to)
            self.tell(to)
            if number % ALL_EVERY == 0 or to >= end:
                await self.stillness.folded(await self.stillness.ends(), SERVICES)
            if to >= end:
                break
            now = since = to
        self.clocks.set(door=end, city=end)
        await self.settle(end)

    async def hop(self, begin: datetime, since: datetime, to: datetime) -> None:
        """Let the timers look at `begin`, and let everything happen that was recorded after `since`, up to `to`."""
        self.spoken.clear()
        self.clocks.set(door=to, city=max(begin, self.clocks.now))
        new = self.plan.opened(since, to)
        missing = set(self.ledger.missing(record.id for record in new))
        self.ledger.touched.update(record.id for _, record in self.plan.closed(since, to))
        await self.door.send([record for record in new if record.id in missing])
        await self.settle(to)

    async def settle(self, until: datetime) -> None:
        """Let the staff act on what happened by `until`, and return once nobody has anything left to say."""
        while True:
            await self.act(until)
            ends = await self.stillness.ends()
            if self.ledger.next != ends or self.ledger.touched:
                await self.ledger.read(READ_MS)
            elif self.ledger.unanswered and await self.ledger.read(PATIENT_MS):
                continue
            elif await self.stillness.settled():
                return

    async def act(self, until: datetime) -> None:
        """Say what the staff have to say about the cases that have changed."""
        facts = [fact for fact in self.facts(until) if fact.id not in self.spoken]
        for start in range(0, len(facts), AT_ONCE):
            await self.log.publish(facts[start : start + AT_ONCE])
        self.spoken.update(fact.id for fact in facts)

    def facts(self, until: datetime) -> Iterable[AnyEvent]:
        touched, self.ledger.touched = self.ledger.touched, set()
        now = self.clocks.now
        for source in sorted(touched):
            case, record = self.ledger.case_of(source), self.records.get(source)
            if case is not None and record is not None:
                yield from wanted(case, record, until, now, self.city)


def deadline_by(city: City, ledger: Ledger) -> Callable[[Recorded], datetime | None]:
    """Return the function that tells a case's deadline: the one it has, or the one that it will get."""
    names = {plain(name): category for category in city.categories.values() for name in (category.name.en, category.name.zh, category.code)}

    def deadline(record: Recorded) -> datetime | None:
        case = ledger.case_of(record.id)
        if case is not None:
            return case.resolve_by
        category = names.get(plain(record.category))
        return city.calendar.add(record.opened, category.condition(None).limit) if category else None

    return deadline


def timer_by(city: City, ledger: Ledger) -> Callable[[datetime], datetime | None]:
    """Return the function that tells when a service next says something because time has passed."""

    def next_timer(after: datetime) -> datetime | None:
        return min((at for case in ledger.cases.values() for at in timers(case, city) if at > after), default=None)

    return next_timer


def timers(case: Case, city: City) -> list[datetime]:
    """Return the moments for which a service waits to say something about the case."""
    moments = [standing_due(case, city), outcome_due(case, city), *(at for _, at in stage_deadlines(case, city))]
    if case.status is Status.COMPLETED:
        moments.append(closing(case, city))
    if case.status in CLOCKED:
        moments.extend(ladder.moments(case, city))
    return [at for at in moments if at is not None]


def end_of(plan: Plan, city: City) -> datetime:
    """Return when everything that was recorded has been closed and published."""
    wait = timedelta(hours=city.objection_hours + city.publish_after_hours)
    return plan.last + min(wait, timedelta(hours=city.objection_hours, days=city.publish_within_days)) + timedelta(hours=1)
