"""Services as processes on engines that are there already, with a topic and databases of their own."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from uuid import uuid4

import httpx
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.structs import OffsetAndMetadata
from bson import json_util
from pymongo import MongoClient
from pymongo.database import Database

from deploy.issuer.badges import Badges
from deploy.rebuild import service_of
from deploy.system import SERVICES, System
from shared.case import Case, evolve
from shared.citypack import city_folder, load_city
from shared.events import AnyEvent, decode
from shared.process import group_of
from shared.settings import Settings
from shared.stream import KafkaLog
from tests.eventually import eventually

MONDAY = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai: most of the staff are on duty
RESIDENT = "resident"
QUICK = {"GRIDCASE_FLUSH_SECONDS": "0.1", "GRIDCASE_SWEEP_SECONDS": "0.25"}


def monday_morning() -> dict[str, str]:
    """Return the settings of a clock that begins on that Monday now, at its usual speed."""
    return {"GRIDCASE_CLOCK_START": MONDAY.isoformat(), "GRIDCASE_CLOCK_SINCE": datetime.now(UTC).isoformat()}


def unique(word: str) -> str:
    return f"{word}{uuid4().hex[:10]}"


class Deployed:
    """Some services and what a test needs around them: the log, the databases, and a client for HTTP.

    `replicas` are the processes of each service named; what is not named does not run.
    """

    def __init__(
        self,
        data: Path,
        kafka: str,
        mongo: str,
        replicas: Mapping[str, int],
        environment: Mapping[str, str] | None = None,
        issuer: Literal["keys", "page"] = "keys",
    ):
        names = {"GRIDCASE_TOPIC": unique("facts-"), "GRIDCASE_DATABASE": unique("t"), "GRIDCASE_PARTITIONS": "4"}
        self.environment = {**names, **QUICK, **monday_morning(), **(environment or {})}
        self.said: list[str] = []
        wanted = {name: replicas.get(name, 0) for name in SERVICES}
        how: dict[str, Any] = {"kafka": kafka, "mongo": mongo, "environment": self.environment, "replicas": wanted}
        self.system = System(data, issuer=issuer, say=self.said.append, **how)
        self.badges = Badges(self.system.mint, load_city(city_folder(self.system.settings["GRIDCASE_CITY"])))
        self.keys: dict[str, str] = {}  # of reporters, by case
        self.mongo: MongoClient[dict[str, Any]] = MongoClient(mongo, tz_aware=True, serverSelectionTimeoutMS=5000)
        own = {name.removeprefix("GRIDCASE_").lower(): value for name, value in self.environment.items()}
        self.settings = Settings.model_validate({**own, "kafka": kafka, "mongo": mongo})
        self.log = KafkaLog(self.settings, "test", patience=30)
        self.left = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as undo:
            undo.callback(self.mongo.close)
            undo.push_async_callback(asyncio.to_thread, self.system.stop)
            await asyncio.to_thread(self.system.start, 120)
            self.web = await undo.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=60))
            await self.log.start()
            undo.push_async_callback(self.log.stop)
            self.left = undo.pop_all()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.left.aclose()

    # -- over HTTP

    def url(self, process: str) -> str:
        return self.system.processes[process].url

    async def ask(
        self,
        method: str,
        process: str,
        path: str,
        *,
        by: str | None = None,
        key: str | None = None,
        match: int | None = None,
        lang: str = "en",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        """Send a request to a process (`dispatch`, `dispatch-2`), for a post, for `resident` (who reported the case), or for nobody."""
        told = {**self.signed(by, path), "Idempotency-Key": key, "If-Match": f'"{match}"' if match is not None else None}
        sent = {"Accept-Language": lang, **{name: value for name, value in told.items() if value is not None}, **(headers or {})}
        return await self.web.request(method, self.url(process) + path, headers=sent, **more)

    def signed(self, by: str | None, path: str = "") -> dict[str, str]:
        """Return the header by which somebody says who they are."""
        if by == RESIDENT:
            return {"Gridcase-Key": self.keys[path.split("/")[2]]}
        return {} if by is None else self.badges.bearer(by)

    async def report(self, *, key: str | None = None, lang: str = "zh", **body: Any) -> str:
        """Report something; return the case."""
        answer = await self.ask("POST", "intake", "/reports", key=key, lang=lang, json={"channel": "phone", **body})
        assert answer.status_code == 201, answer.text
        return self.remember(answer)

    def remember(self, answer: httpx.Response) -> str:
        """Keep the key of a case that was reported; return the case."""
        receipt = answer.json()
        self.keys[receipt["case_id"]] = receipt["key"]
        return str(receipt["case_id"])

    async def seen(self, case_id: str, wanted: Callable[[dict[str, Any]], object], within: float = 120) -> dict[str, Any]:
        """Wait until the console shows the case so that `wanted` holds; return what it shows."""

        async def probe() -> dict[str, Any]:
            answer = await self.ask("GET", "console", f"/cases/{case_id}", by=self.badges.observer)
            shown: dict[str, Any] = answer.json()
            assert answer.status_code == 200, shown
            assert wanted(shown), shown
            return shown

        return await eventually(probe, within)

    async def in_status(self, case_id: str, *statuses: str, within: float = 120) -> dict[str, Any]:
        return await self.seen(case_id, lambda shown: shown["status"] in statuses, within)

    async def progress(self, process: str) -> dict[str, Any]:
        """Return what the process says of its progress; nothing is held by one that does not answer."""
        try:
            found: dict[str, Any] = (await self.web.get(f"{self.url(process)}/health/progress", timeout=5)).json()
        except httpx.TransportError:
            return {"next": {}, "caught": False, "swept": None, "in_flight": 0}
        return found

    # -- the log

    async def say(self, *events: AnyEvent) -> list[tuple[int, int]]:
        return await self.log.publish(events)

    async def records(self, topic: str | None = None) -> list[ConsumerRecord]:
        """Return everything in the log, or in the topic of dead letters."""
        places = [TopicPartition(topic or self.settings.topic, p) for p in range(1 if topic else self.log.partitions)]
        begins, ends = await self.log.reader.beginning_offsets(places), await self.log.reader.end_offsets(places)
        return sorted([record async for record in self.log.read(begins, ends)], key=lambda r: (r.partition, r.offset))

    async def dead(self) -> list[tuple[dict[str, str], bytes | None]]:
        """Return the dead letters: their headers and what they hold."""
        return [({name: value.decode() for name, value in r.headers}, r.value) for r in await self.records(f"{self.settings.topic}.dead")]

    async def told(self) -> dict[str, list[tuple[AnyEvent, bool]]]:
        """Return every fact that can be read by case, in the order of the log, and whether it took effect."""
        return folded(record for record in await self.records() if record.partition == self.log.partition(record.key or b""))

    async def effective(self, kind: str) -> list[AnyEvent]:
        return [event for facts in (await self.told()).values() for event, took in facts if took and event.type == kind]

    async def ends(self) -> dict[int, int]:
        return await self.log.ends(range(self.log.partitions))

    async def forget_offsets(self, name: str) -> None:
        """Set the group of a service, whose processes have stopped, back to the start of the log."""
        group = group_of(self.settings, service_of(name))
        consumer = AIOKafkaConsumer(bootstrap_servers=self.settings.kafka, group_id=group, enable_auto_commit=False)
        await consumer.start()
        try:
            places = [TopicPartition(self.settings.topic, p) for p in range(self.log.partitions)]
            consumer.assign(places)
            await eventually(partial(committed, consumer, places))
        finally:
            await consumer.stop()

    # -- copies

    def database(self, name: str, edition: str = "") -> Database[dict[str, Any]]:
        """Return the database in which a service keeps its copy."""
        return self.mongo[group_of(self.settings.model_copy(update={"edition": edition}), service_of(name))]

    def bodies(self, name: str) -> dict[str, Any]:
        """Return the cases of a copy as they were saved, without the offset."""
        return {str(row["_id"]): row["body"] for row in self.database(name)["cases"].find({}, {"body": True})}

    def rows(self, name: str, edition: str = "") -> dict[str, str]:
        """Return all that a copy was folded into: offset and body of each case, and whole rows of views."""
        database = self.database(name, edition)
        found = {f"cases/{row['_id']}": shown(row) for row in database["cases"].find({}, {"offset": True, "body": True})}
        for view in service_of(name).projections:
            found |= {f"{view.name}/{row['_id']}": shown(row) for row in database[view.name].find()}
        return found

    def hash(self, name: str, edition: str = "") -> str:
        """Return what is the same for two copies that hold the same."""
        return hashlib.sha256(shown(self.rows(name, edition)).encode()).hexdigest()

    def folded_to(self, name: str, edition: str = "") -> dict[int, int]:
        """Return up to where a copy says that it is saved."""
        return {int(row["_id"]): int(row["offset"]) for row in self.database(name, edition)["progress"].find()}

    async def at_rest(self, *names: str, edition: str = "", within: float = 120) -> None:
        """Wait until the copies of these services have folded the whole log, and nothing more is said."""
        chosen = names or self.running
        processes = [] if edition else [name for name in self.system.processes if name.partition("-")[0] in chosen]
        goals: dict[str, datetime] = {}
        last: object = None

        async def probe() -> bool:
            nonlocal last
            before, last = last, await self.ends()
            there = {partition: end for partition, end in last.items() if end}
            looked = [await self.has_looked(process, goals) for process in processes]
            return all(looked) and before == last and all(there.items() <= self.folded_to(name, edition).items() for name in chosen)

        await eventually(probe, within, every=0.5)

    async def has_looked(self, process: str, goals: dict[str, datetime]) -> bool:
        """Whether a process has caught up, has looked at what is due since `goals` was begun, and all that it said has come back."""
        shown = await self.progress(process)
        if not shown["caught"] or not shown["swept"]:
            return False
        goal = goals.setdefault(process, datetime.fromisoformat(shown["now"]))
        return not shown["in_flight"] and datetime.fromisoformat(shown["swept"]) >= goal

    @property
    def running(self) -> list[str]:
        return sorted({name.partition("-")[0] for name in self.system.ports})


def shown(row: Mapping[str, Any]) -> str:
    return json_util.dumps(row, sort_keys=True)


async def committed(consumer: AIOKafkaConsumer, places: Sequence[TopicPartition]) -> bool:
    await consumer.commit({place: OffsetAndMetadata(0, "") for place in places})
    return True


def folded(records: Iterable[ConsumerRecord]) -> dict[str, list[tuple[AnyEvent, bool]]]:
    """Return the facts of each case in order, and whether each took effect; what is no fact in its place is left out."""
    cases: dict[str, Case] = {}
    told: dict[str, list[tuple[AnyEvent, bool]]] = {}
    for record in records:
        try:
            event = decode(record.value or b"")
        except ValueError:
            continue
        if record.key != event.case_id.encode():
            continue
        before = cases.get(event.case_id) or Case(id=event.case_id)
        cases[event.case_id] = after = evolve(before, event)
        told.setdefault(event.case_id, []).append((event, after is not before))
    return told
