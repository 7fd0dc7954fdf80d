"""How fast lists are read by Open311, with very many cases stored: from a real intake process, on engines of its own.

The rows are made up: one in twenty of an open case, all of them reported in the last 80 days, so that every one is in the window of a list.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import httpx
from pymongo import MongoClient

from deploy.bench.lives import Progress
from deploy.bench.lookups import CHUNK, TEXTS, somewhere
from deploy.bench.machine import Machine
from deploy.local.engines import Engines
from deploy.local.jars import Say
from deploy.rebuild import service_of
from deploy.system import SERVICES, System
from services.intake.views.requests import requests, shown
from shared.case import Case, Status
from shared.city import City
from shared.memory import ViewRow
from shared.number import number_of
from shared.process import group_of
from shared.settings import Settings
from shared.stamps import stamp
from shared.store import Document, Store, view_document

Show = Callable[[str, int], Progress]  # what goes on, and how much of it there is

OPEN_SHARE = 20  # one in so many
SPREAD = timedelta(days=80)
WARM, AT_ONCE = 30, 4  # requests before it counts, and on their way together
NO_LOG = "none:0"  # the address of a broker that is not asked for anything
BASE = "/open311/v2"
ASKED = {
    "100, JSON": "requests.json?page_size=100",
    "100, XML": "requests.xml?page_size=100",
    "100 open ones, JSON": "requests.json?page_size=100&status=open",
    "100 of two services, JSON": "requests.json?page_size=100&service_code=01037,01002",
    "100 in a window of the map, JSON": "requests.json?page_size=100&bbox={box}",
    "1,000, JSON": "requests.json",
    "changed in the last hour, JSON": "requests.json?page_size=100&updated_after={hour}",
}


@dataclass(frozen=True)
class Asked:
    """One kind of list: requests a second, milliseconds, and processor milliseconds of intake and of the store for one."""

    name: str
    rate: float
    p50_ms: float
    p99_ms: float
    intake_ms: float
    mongo_ms: float


def measure(folder: Path, city: City, stored: int, times: int, show: Show, say: Say) -> list[Asked]:
    """Store so many rows in engines of its own in `folder`, and ask so often for each kind of list."""
    say(f"Open311 with {stored:,} stored requests.")
    with Engines(folder, kafka=NO_LOG, say=say) as engines:
        settings = Settings().model_copy(update={"mongo": engines.mongo_url})
        fill(settings, city, stored, show(f"writing {stored:,} rows", stored))
    only = {name: int(name == "intake") for name in SERVICES}
    with System(folder, city=city.name, broker="kafka", replicas=only, say=say) as system:
        return asyncio.run(ask(system, city, times, show))


def fill(settings: Settings, city: City, stored: int, progress: Progress) -> None:
    """Write the rows, and the indexes afterwards."""
    name, rows = group_of(settings, service_of("intake")), documents(city, stored, settings.partitions, datetime.now(UTC))
    with MongoClient[Document](settings.mongo) as client:
        while chunk := list(islice(rows, CHUNK)):
            client[name][requests.name].insert_many(chunk, ordered=False)
            progress(len(chunk))
    asyncio.run(index(settings, name))


async def index(settings: Settings, name: str) -> None:
    store = Store(settings.mongo, name, settings.patience_seconds)
    await store.prepare(service_of("intake"))
    await store.close()


def documents(city: City, stored: int, partitions: int, now: datetime) -> Iterator[Document]:
    dice, codes = random.Random(stored), sorted(code for code, one in city.categories.items() if not one.confidential)
    for nth in range(stored):
        status = Status.TRIAGED if nth % OPEN_SHARE == 0 else Status.CLOSED
        at, id = now - dice.random() * SPREAD, f"{nth:032x}"
        case = Case(
            id=id,
            number=number_of(id),
            status=status,
            reported_at=at,
            location=somewhere(dice, city),
            text=dice.choice(TEXTS),
            channel="web",
            wish=dice.choice(codes),
            address="河沿路1号",
        )
        changed = stamp(at + dice.random() * (now - at))
        note = [changed, str(status), ""]
        content = {**shown(case, city, changed), "media": None, "notes": [note] * 5}
        yield view_document(nth % partitions, id, ViewRow(content, -2))


async def ask(system: System, city: City, times: int, show: Show) -> list[Asked]:
    machine, found = Machine.of(system), []
    middle = next(iter(sorted(city.grids.items())))[1].shape.centroid
    box = f"{middle.x - 0.01},{middle.y - 0.01},{middle.x + 0.01},{middle.y + 0.01}"
    hour = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    async with httpx.AsyncClient(base_url=system.urls["intake"] + BASE, trust_env=False, timeout=60) as client:
        for name, path in ASKED.items():
            address = f"/{path.format(box=box, hour=hour)}"
            await asked(client, address, WARM)
            progress, before, began = show(name, times), machine.seconds(), perf_counter()
            spent = await asked(client, address, times)
            progress(times)
            rate, used = times / (perf_counter() - began), machine.since(before)
            cost = (1000 * used[one] / times for one in ("intake", "mongo"))
            found.append(Asked(name, rate, median(spent), quantiles(spent, n=100)[98], *cost))
    return found


async def asked(client: httpx.AsyncClient, address: str, times: int) -> list[float]:
    """Ask so often, a few at once, and return the milliseconds that each answer took."""
    spent: list[float] = []

    async def one_after_the_other() -> None:
        for _ in range(times // AT_ONCE):
            began = perf_counter()
            (await client.get(address)).raise_for_status()
            spent.append(1000 * (perf_counter() - began))

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))
    return spent
