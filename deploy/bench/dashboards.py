"""How long the figures for dashboards take, with very many cases stored: the heaviest questions, each many times, over HTTP in one process.

The rows are made up as the console would have saved them: only what the figures are counted from. The console's own routes answer from
the copy that it has loaded from a store of its own.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from types import SimpleNamespace

import httpx
import psutil
from fastapi import FastAPI
from pymongo import MongoClient

from deploy.bench.lives import Progress
from deploy.bench.lookups import CHUNK, Show
from deploy.local.jars import Say
from deploy.local.mongo import start_nx
from deploy.local.ports import free_port
from services.console.carried import Carried
from services.console.following import Following
from services.console.stats.copy import Copy
from services.console.stats.routes import stats
from services.console.views.past import past
from services.console.views.times import BOUNDS
from shared.access import Caller, Reach, Role, Row
from shared.asked import admission_of
from shared.case import Status
from shared.city import City
from shared.gate import Admission
from shared.problems import install
from shared.process import collect_rarely
from shared.store import CASES, Document, Store
from shared.terms import Grade

NAME = "dashboards"
PARTITIONS = 12
OPEN_SHARE = 20  # one in so many
DAYS = 365
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
QUESTIONS = (
    "/api/stats",
    "/api/stats?grade=urgent&channel=phone&after=2026-01-01",
    "/api/stats/by/grid?limit=200",
    "/api/stats/by/category?limit=200",
    "/api/stats/by/grid?and=category&limit=200",
    "/api/stats/series?every=day",
    "/api/stats/series?every=day&after=2025-11-20",
)


@dataclass(frozen=True)
class Asked:
    """Milliseconds of one question: of the clock on the wall, and of the processor (others may want it at the same time)."""

    question: str
    p50_ms: float
    p99_ms: float
    cpu_ms: float


@dataclass(frozen=True)
class Dashboards:
    """How long it took to load the cases, what memory they take, and how long each question takes."""

    stored: int
    load_seconds: float
    memory_mb: float
    asked: tuple[Asked, ...]

    @property
    def sentences(self) -> list[str]:
        """Return what was measured, for people."""
        took = [
            f"{one.question}: median {one.p50_ms:.1f} ms, p99 {one.p99_ms:.1f} ms, {one.cpu_ms:.1f} ms of one core." for one in self.asked
        ]
        return [*took, f"{self.stored:,} cases were read in {self.load_seconds:.1f} s and take {self.memory_mb:.0f} MB."]


def measure_dashboards(folder: Path, city: City, stored: int, times: int, show: Show, say: Say) -> Dashboards:
    """Store so many rows in a store of its own in `folder`, and ask each question so often."""
    port = free_port()
    say(f"Figures for dashboards from {stored:,} stored cases.")
    engine = start_nx(folder / "nx", port)
    try:
        url = f"mongodb://127.0.0.1:{port}"
        fill(url, city, stored, show(f"writing {stored:,} rows", stored))
        return asyncio.run(ask(url, city, stored, times, show("questions", times * len(QUESTIONS))))
    finally:
        engine.stop()


def fill(url: str, city: City, stored: int, progress: Progress) -> None:
    with MongoClient[Document](url) as client:
        chunk: dict[str, list[Document]] = {CASES: [], past.name: []}
        for nth, (case, older) in enumerate(rows(city, stored), 1):
            chunk[CASES].append(case)
            chunk[past.name].append(older)
            if len(chunk[CASES]) == CHUNK or nth == stored:
                for name, documents in chunk.items():
                    client[NAME][name].insert_many(documents, ordered=False)
                    documents.clear()
                progress(CHUNK)


def rows(city: City, stored: int) -> Iterator[tuple[Document, Document]]:
    """Yield what the console saves of a case, and of its past: that it was checked, and what the resident said."""
    dice, grids, departments = random.Random(stored), sorted(city.grids), sorted(city.departments)
    for nth in range(stored):
        category = dice.choice(list(city.categories.values()))
        reported = NOW - timedelta(minutes=dice.randrange(1, DAYS * 24 * 60))
        status = Status.ACCEPTED if nth % OPEN_SHARE == 0 else Status.CLOSED
        id, partition = f"{nth:032x}", nth % PARTITIONS
        yield (
            {
                "_id": id, "partition": partition, "offset": nth, "status": str(status), "overdue": False,
                "category": category.code, "group": category.group, "grade": str(dice.choice(list(Grade))),
                "grid": dice.choice(grids), "confidential": False, "department": dice.choice(departments),
                "channel": dice.choice(("chat", "phone", "web")), "figures": carried(dice, reported, status).text,
            },
            {
                "_id": f"{partition}/{id}", "partition": partition, "offset": nth, "times": {f"check/{dice.randrange(80, 120)}": 1},
                "rounds": [], "voices": {"0": [True, True, dice.random() < 0.9]},
            },
        )  # fmt: skip


def carried(dice: random.Random, reported: datetime, status: Status) -> Carried:
    at = int(reported.timestamp())
    measured = {name: str(dice.randrange(40, len(BOUNDS) - 60)) for name in ("assignment", "acceptance", "response", "accept", "dispatch")}
    if status is not Status.CLOSED:
        return Carried(at, 0, at + 60, 0, 0, True, 0, measured)
    done = {name: str(dice.randrange(100, len(BOUNDS) - 60)) for name in ("resolution", "handle")}
    return Carried(at, at + 90_000, at + 60, at + 80_000, 127, True, 0, {**measured, **done})


MANAGER = Caller("manager-01", frozenset({Role.MANAGER}), signed_in=True)


async def ask(url: str, city: City, stored: int, times: int, progress: Progress) -> Dashboards:
    """Load the copy, and ask one question after the other."""
    collect_rarely()  # as every process of a service does
    store, before = Store(url, NAME, 10.0), resident()
    copy, begin = Copy(store), perf_counter()
    await Following(store, lambda: NOW, (copy,)).load()
    loaded, memory = perf_counter() - begin, resident() - before
    api = FastAPI()
    install(api)
    api.dependency_overrides[admission_of] = lambda: Admission(MANAGER, Row({Role.MANAGER: Reach.ALL}), "GET /api/stats")
    api.include_router(stats)
    api.state.process, api.state.stats = SimpleNamespace(city=city, now=lambda: NOW), copy
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://console") as client:
        spent = {question: [await timed(client, question, progress) for _ in range(times)] for question in QUESTIONS}
    await store.close()
    asked = tuple(told(question, of) for question, of in spent.items())
    return Dashboards(stored, loaded, memory, asked)


def told(question: str, spent: list[tuple[float, float]]) -> Asked:
    wall, cpu = [one for one, _ in spent], [one for _, one in spent]
    return Asked(question, median(wall), quantiles(wall, n=100)[98], median(cpu))


async def timed(client: httpx.AsyncClient, question: str, progress: Progress) -> tuple[float, float]:
    begin, worked = perf_counter(), process_time()
    (await client.get(question)).raise_for_status()
    progress(1)
    return (perf_counter() - begin) * 1000, (process_time() - worked) * 1000


def resident() -> float:
    """Return the memory of this process in megabytes."""
    return float(psutil.Process().memory_info().rss) / 1e6
