"""How long it takes to find what a report may repeat, with very many cases stored: the search, and the ranking of what it found.

The rows are made up: only what triage finds and compares cases by, one in twenty of an open case, thick in the middle of a city that is
20 km wide and thin at its edges. Looks are as thick there as cases are.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from pymongo import MongoClient

from deploy.bench.lives import Progress
from deploy.local.jars import Say
from deploy.local.mongo import start_nx
from deploy.local.ports import free_port
from services.triage.likeness.automatic import repeats
from services.triage.likeness.near import FIELD, Wanted, fields_of, near
from services.triage.likeness.suggestions import suggestions
from shared.case import Case, Status
from shared.city import City
from shared.store import CASES, Document, Store
from shared.terms import Location

NAME = "lookups"
CHUNK = 5_000
OPEN_SHARE = 20  # one in so many
SPREAD = 0.045  # degrees, of a normal distribution: two thirds of the cases within 5 km of the middle
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
TEXTS = ("路灯不亮了，晚上很黑", "楼下垃圾没人收", "井盖坏了有危险", "The street light is out", "rubbish was dumped at the corner")


Show = Callable[[str, int], Progress]  # what goes on, and how much of it there is


@dataclass(frozen=True)
class Lookups:
    """Milliseconds of a look, and how many cases one had to compare."""

    stored: int
    looks: int
    p50_ms: float
    p99_ms: float
    compared: float
    compared_most: int


def measure(folder: Path, city: City, stored: int, looks: int, show: Show, say: Say) -> Lookups:
    """Store so many rows in a store of its own in `folder`, and look so often. Its data goes with it if the caller removes the folder."""
    port = free_port()
    say(f"Look-ups among {stored:,} stored cases.")
    engine = start_nx(folder / "nx", port)
    try:
        url = f"mongodb://127.0.0.1:{port}"
        fill(url, city, stored, show(f"writing {stored:,} rows", stored))
        return asyncio.run(look(url, city, stored, looks, show("look-ups", looks)))
    finally:
        engine.stop()


def fill(url: str, city: City, stored: int, progress: Progress) -> None:
    """Write the rows, and the index afterwards."""
    with MongoClient[Document](url) as client:
        rows, chunk = client[NAME][CASES], []
        for row in documents(city, stored):
            chunk.append(row)
            if len(chunk) == CHUNK:
                rows.insert_many(chunk, ordered=False)
                progress(len(chunk))
                chunk = []
        if chunk:
            rows.insert_many(chunk, ordered=False)
            progress(len(chunk))
        rows.create_index([(FIELD, 1)])


def documents(city: City, stored: int) -> Iterator[Document]:
    dice, codes = random.Random(stored), sorted(city.categories)
    for nth in range(stored):
        status = Status.TRIAGED if nth % OPEN_SHARE == 0 else Status.CLOSED
        at = NOW - timedelta(minutes=dice.randrange(1, 200_000))
        case = Case(id=f"{nth:032x}", status=status, reported_at=at, text=dice.choice(TEXTS), channel="web", location=somewhere(dice, city))
        yield {"_id": case.id, "offset": nth, "partition": nth % 8, **fields_of(case, dice.choice(codes), case.location)}


def somewhere(dice: random.Random, city: City) -> Location:
    middle = next(iter(sorted(city.grids.items())))[1].shape.centroid
    return Location(lat=round(dice.gauss(middle.y, SPREAD), 5), lon=round(dice.gauss(middle.x, SPREAD), 5))


async def look(url: str, city: City, stored: int, looks: int, progress: Progress) -> Lookups:
    """Look as triage does, one after the other."""
    store, dice, codes = Store(url, NAME, 10.0), random.Random(looks), sorted(city.categories)
    spent, compared = [], []
    for _ in range(looks):
        code, at = dice.choice(codes), somewhere(dice, city)
        wanted = Wanted(at, NOW, code, city.categories[code].group, dice.choice(TEXTS), "", "web")
        begin = perf_counter()
        others = await store.look([wanted.query])
        suggestions(wanted, others, city)
        repeats(wanted, near(wanted, others, city), city)
        spent.append((perf_counter() - begin) * 1000)
        compared.append(len(others))
        progress(1)
    await store.close()
    return Lookups(stored, looks, median(spent), quantiles(spent, n=100)[98], sum(compared) / looks, max(compared))
