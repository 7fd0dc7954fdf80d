"""Cases that were closed long ago, written straight into the databases of services that are not running yet.

Some hundred lives are told by the services' own decisions; the others are like one of them, with an id and a number of their own. Rows are
what the product saves: `Service.fields`, `case_document`, and the views' rows. They come from before the log begins: their offsets are
negative, so that no event of the log is behind them.
"""

import asyncio
import random
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from aiokafka.partitioner import murmur2
from pymongo import MongoClient

from deploy.bench.lives import Progress
from deploy.bench.reports import Reports
from deploy.bench.watch import RESULT
from deploy.rebuild import service_of
from deploy.system import SERVICES
from services.console.views.timeline import place
from services.intake.views.requests import requests, shown
from shared.case import Case, evolve, unknown
from shared.city import City
from shared.events import AnyEvent, AssignmentAccepted, WorkCompleted
from shared.memory import CaseRow, ViewRow, found_by
from shared.number import number_of
from shared.process import group_of
from shared.service import Fold, Service, World
from shared.settings import Settings
from shared.store import CASES, Document, Store, case_document, view_document

PATTERNS = 300
CHUNK = 1000
AGO, HOUR = timedelta(days=60), timedelta(hours=1)
SPEAKERS = ("triage", "dispatch", "closure")
BEFORE = -2  # the greatest offset: -1 means that a row was never saved


@dataclass(frozen=True)
class Pattern:
    """A closed case, all that happened to it, and the rows of that in the views that have one row an event."""

    case: Case
    folds: tuple[Fold, ...]
    histories: Mapping[str, tuple[dict[str, Any], ...]]


def patterns(city: City, count: int, now: datetime) -> list[Pattern]:
    """Return lives from report to publication, as the services decide; nothing that comes again by itself."""
    facts = Reports(city).facts()
    mended = (one for one in facts if one.category and not city.categories[one.category].repeat_days)
    return [pattern(one.model_copy(update={"at": now - AGO}), city) for one in islice(mended, count)]


def pattern(reported: AnyEvent, city: City) -> Pattern:
    case, folds, said = unknown(reported.case_id), [], [reported]
    while said:
        before, case = case, evolve(case, said[0])
        folds.append(Fold(before, said[0], case, 0, 0))
        said = next_facts(case, city)
    views = [view for name in SERVICES for view in service_of(name).projections if view.by_offset]
    histories = {
        view.name: tuple(view.change(None, str(fold.offset), fold, city) for fold in folds if list(view.keys(fold, city))) for view in views
    }
    return Pattern(case, tuple(folds), histories)


def next_facts(case: Case, city: City) -> list[AnyEvent]:
    """Return what is said next: by the staff, or by the first service that has something to say, at the latest when the outcome is due."""
    now = case.last_at + HOUR / 4
    if case.status == "assigned" and case.assignee:
        return [AssignmentAccepted.of(case, at=now, by=case.assignee)]
    if case.status == "accepted" and case.assignee:
        return [WorkCompleted.of(case, at=now, by=case.assignee, outcome="已到场处理，恢复正常。", media=RESULT)]
    later = now + AGO / 2 if case.status == "closed" else now
    return next((said for name in SPEAKERS if (said := service_of(name).decide(case, World(city), later))), [])


@dataclass(frozen=True)
class Twin:
    """A case like another one, from before the log begins: its first event has the offset `begin`."""

    like: Pattern
    case: Case
    partition: int
    begin: int


def twins(of: list[Pattern], count: int, partitions: int) -> Iterator[Twin]:
    """Yield so many cases with ids and numbers of their own."""
    dice, begins = random.Random(count), dict.fromkeys(range(partitions), -100 * count)
    for nth in range(count):
        like, id = of[nth % len(of)], UUID(int=dice.getrandbits(128)).hex
        partition = (murmur2(id.encode()) & 0x7FFFFFFF) % partitions
        yield Twin(like, like.case.model_copy(update={"id": id, "number": number_of(id)}), partition, begins[partition])
        begins[partition] += len(like.folds)


def documents(service: Service, twin: Twin, city: City) -> Iterator[tuple[str, Document]]:
    """Yield the rows that a service has of a case alone, each with its collection."""
    row = CaseRow(twin.case, twin.begin + len(twin.like.folds) - 1, None, True)
    yield CASES, case_document(twin.partition, row, found_by(service, twin.case, city))
    if any(view.name == requests.name for view in service.projections):
        yield requests.name, view_document(twin.partition, twin.case.id, ViewRow(public_row(twin, city), BEFORE))
    for view in service.projections:
        for offset, content in enumerate(twin.like.histories.get(view.name, ()), twin.begin):
            own = {**content, "place": place(twin.case.id, offset), "case": twin.case.id}
            yield view.name, view_document(twin.partition, str(offset), ViewRow(own, offset))


def public_row(twin: Twin, city: City) -> dict[str, Any]:
    """Return what the public sees of a case."""
    row: dict[str, Any] | None = None
    for fold in twin.like.folds:
        row = requests.change(row, twin.case.id, fold, city) if list(requests.keys(fold, city)) else row
    told = row or {}
    return {**told, **shown(twin.case, city, told["updated"])}


def sums(service: Service, of: list[Pattern], partitions: int, city: City) -> Iterator[tuple[str, Document]]:
    """Yield the rows that add cases up, in each partition as many as all cases together touch; they add up the patterns."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for view in service.projections:
        for fold in (fold for one in of for fold in one.folds if not view.by_offset and view.name != requests.name):
            for key in view.keys(fold, city):
                rows[view.name, key] = view.change(rows.get((view.name, key)), key, fold, city)
    for (name, key), content in rows.items():
        for partition in range(partitions):
            yield name, view_document(partition, key, ViewRow(content, BEFORE))


def store(settings: Settings, city: City, count: int, progress: Progress) -> None:
    """Write so many closed cases into the five databases, with the indexes that the services will want."""
    told = patterns(city, min(count, PATTERNS), datetime.now(UTC))
    services = {group_of(settings, service_of(name)): service_of(name) for name in SERVICES}
    with MongoClient[Document](settings.mongo) as client, ThreadPoolExecutor(1) as thread:
        writer = Writer(client, thread)
        for name, service in services.items():
            for collection, row in sums(service, told, settings.partitions, city):
                writer.add(name, collection, row)
        for twin in twins(told, count, settings.partitions):
            for name, service in services.items():
                for collection, row in documents(service, twin, city):
                    writer.add(name, collection, row)
            progress(1)
        writer.finish()
    asyncio.run(index(settings, services))


async def index(settings: Settings, services: Mapping[str, Service]) -> None:
    """Make the indexes afterwards: that is cheaper than to keep them while writing."""
    for name, service in services.items():
        prepared = Store(settings.mongo, name, settings.patience_seconds)
        await prepared.prepare(service)
        await prepared.close()


class Writer:
    """Rows on their way, a thousand at once, while the next ones are made."""

    def __init__(self, client: MongoClient[Document], thread: ThreadPoolExecutor) -> None:
        self.client, self.thread = client, thread
        self.waiting: dict[tuple[str, str], list[Document]] = {}
        self.sent: Future[object] | None = None

    def add(self, database: str, collection: str, row: Document) -> None:
        rows = self.waiting.setdefault((database, collection), [])
        rows.append(row)
        if len(rows) >= CHUNK:
            self.send(database, collection)

    def send(self, database: str, collection: str) -> None:
        rows = self.waiting.pop((database, collection))
        if self.sent:
            self.sent.result()
        self.sent = self.thread.submit(self.client[database][collection].insert_many, rows, ordered=False)

    def finish(self) -> None:
        for database, collection in list(self.waiting):
            self.send(database, collection)
        if self.sent:
            self.sent.result()
