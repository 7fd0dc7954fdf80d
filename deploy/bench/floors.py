"""The floor of a run: its plan for each service, and its five processes, started together and timed from the first to the last."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bson import json_util
from pymongo import MongoClient

from deploy.bench.floor import SENT_TOGETHER, Plan
from deploy.bench.lives import Progress, Run
from deploy.bench.machine import Machine
from deploy.bench.saves import folds_of, saves_of
from deploy.bench.watch import Stalled
from deploy.rebuild import service_of
from deploy.system import SERVICES
from deploy.topics import connected, create_topics
from shared.city import City
from shared.events import OWNERS
from shared.process import group_of
from shared.settings import Settings

TOPIC = "bench-floor"
SAMPLES = 1000  # documents of each collection, as the services saved them
BY_HAND = frozenset({"case.reported", "assignment.accepted", "work.completed"})  # what the bench itself sent
ROUND_SECONDS = 180.0


@dataclass(frozen=True)
class Floor:
    """One round: how long it took, and the processor seconds of the engines and of the five processes."""

    seconds: float
    cpu: float


def plans(settings: Settings, run: Run, flushes: Mapping[str, int], city: City) -> list[Plan]:
    """Return what each process has to do so that together they do what the services did in `run`."""
    folds = folds_of(run.seen)
    made = []
    with MongoClient[dict[str, object]](settings.mongo) as client:
        for name in SERVICES:
            service = service_of(name)
            saves = saves_of(service, folds, flushes[name], city)
            db = client[group_of(settings, service)]
            samples = {one: [json_util.dumps(row) for row in db[one].find(limit=SAMPLES)] for one in saves.rows}
            said = [one for one in run.seen if OWNERS[one.event["type"]] == name and one.event["type"] not in BY_HAND]
            sends = [(one.key.decode(), one.value.decode()) for one in said]
            plan = Plan(
                service=name,
                messages=run.events,
                sends=sends,
                flushes=saves.flushes,
                rows=dict(saves.rows),
                different=dict(saves.different),
                samples=samples,
            )
            made.append(plan)
    return made


def floors(
    settings: Settings, engines: Machine, run: Run, planned: Sequence[Plan], folder: Path, rounds: int, progress: Progress
) -> list[Floor]:
    """Run the floor so many times. Raises Stalled if a process ends before its time."""
    own = settings.model_copy(update={"topic": TOPIC})
    asyncio.run(create_topics(own))
    return asyncio.run(all_rounds(own, engines, run, planned, folder, rounds, progress))


async def all_rounds(
    settings: Settings, engines: Machine, run: Run, planned: Sequence[Plan], folder: Path, rounds: int, progress: Progress
) -> list[Floor]:
    ours = [(one.key, one.value) for one in run.seen if one.event["type"] in BY_HAND]
    async with AsyncExitStack() as stack:
        log = await stack.enter_async_context(connected(settings))
        workers = [await stack.enter_async_context(worker(settings, plan, folder)) for plan in planned]
        for one in workers:
            await line_of(one)
        machine = Machine({**engines.pids, **{str(one.pid): one.pid for one in workers}})
        found = []
        for _ in range(rounds):
            before, began = machine.seconds(), time.monotonic()
            for one in workers:
                if one.stdin:
                    one.stdin.write(b"go\n")
            for start in range(0, len(ours), SENT_TOGETHER):
                await log.send(TOPIC, ours[start : start + SENT_TOGETHER])
            ended = [float(await line_of(one)) for one in workers]
            found.append(Floor(max(ended) - began, sum(machine.since(before).values())))
            progress(1)
        return found


@asynccontextmanager
async def worker(settings: Settings, plan: Plan, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Give one process of the floor; it ends with the context."""
    file = folder / f"floor-{plan.service}.json"
    file.write_text(plan.model_dump_json(), encoding="utf-8")
    told = {"GRIDCASE_KAFKA": settings.kafka, "GRIDCASE_MONGO": settings.mongo, "GRIDCASE_TOPIC": TOPIC, "GRIDCASE_CITY": settings.city}
    with file.with_suffix(".log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.bench.floor", str(file),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=log, env={**os.environ, **told},
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def line_of(process: asyncio.subprocess.Process) -> str:
    """Return the next line that the process says. Raises Stalled."""
    said = await asyncio.wait_for(process.stdout.readline(), ROUND_SECONDS) if process.stdout else b""
    if not said:
        raise Stalled("A process of the floor has ended before its time: see floor-*.log in the bench's folder.")
    return said.decode().strip()
