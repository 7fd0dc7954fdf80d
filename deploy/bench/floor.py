"""One process of the floor: what the engines and their clients cost a service when nothing is decided.

`python -m deploy.bench.floor FILE` consumes all messages with the product's own consumer, sends those that its service said in a run
of lives, and replaces as many rows, guarded, of its service's documents, with its service's indexes, evenly while it consumes. It speaks
in lines: it says `ready`, is told `go`, and says when it had done it all (seconds of the monotonic clock); as often as it is told.
"""

import asyncio
import importlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import uvloop
from bson import json_util
from pydantic import BaseModel, ConfigDict

from shared.consuming import consumer, consuming
from shared.memory import Taken
from shared.settings import Settings
from shared.store import CHUNK, Document, Store
from shared.stream import KafkaLog

SENT_TOGETHER = 100
WAIT_SECONDS = 0.005  # as a step waits


class Plan(BaseModel):
    """What one process is to do in a round: all counts are those of its service in the run."""

    model_config = ConfigDict(frozen=True)

    service: str
    messages: int  # of all
    sends: list[tuple[str, str]]  # key and value
    flushes: int
    rows: dict[str, int]  # by collection: how many are saved
    different: dict[str, int]  # how many of them are different ones
    samples: dict[str, list[str]]  # documents, as extended JSON


@dataclass
class Worker:
    """The process at work. `pending` are messages that wait for their row to be saved."""

    plan: Plan
    settings: Settings
    pending: list[Taken] = field(default_factory=list)
    partitions: set[int] = field(default_factory=set)
    assigned: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        name = f"floor_{self.plan.service}"
        self.log, self.store = KafkaLog(self.settings), Store(self.settings.mongo, name, self.settings.patience_seconds)
        self.faust = consumer(self.settings, name, self.receive, self.take_up, self.give_up)
        self.documents = {
            collection: numbered([json_util.loads(text) for text in self.plan.samples[collection]], rows, self.plan.different[collection])
            for collection, rows in self.plan.rows.items()
            if self.plan.samples[collection]
        }

    async def receive(self, taken: Taken) -> None:
        self.pending.append(taken)

    async def take_up(self, partitions: set[int]) -> None:
        self.partitions |= partitions
        if len(self.partitions) == self.settings.partitions:
            self.assigned.set()

    async def give_up(self, partitions: set[int]) -> None:
        self.partitions -= partitions

    async def work(self) -> None:
        await self.log.start()
        await self.store.prepare(importlib.import_module(f"services.{self.plan.service}.app").service)
        async with consuming(self.faust, stop_timeout=5):
            await self.assigned.wait()
            tell("ready")
            while await asyncio.to_thread(sys.stdin.readline) == "go\n":
                await asyncio.gather(self.send(), self.consume())
                tell(repr(time.monotonic()))
        await self.log.stop()
        await self.store.close()

    async def send(self) -> None:
        messages = [(key.encode(), value.encode()) for key, value in self.plan.sends]
        for start in range(0, len(messages), SENT_TOGETHER):
            await self.log.send(self.settings.topic, messages[start : start + SENT_TOGETHER])

    async def consume(self) -> None:
        """Save after every so many messages as between two flushes of the service, then acknowledge them."""
        consumed, saved, stretch = 0, dict.fromkeys(self.documents, 0), max(1, self.plan.messages // self.plan.flushes)
        while consumed < self.plan.messages:
            await asyncio.sleep(WAIT_SECONDS)
            if len(self.pending) < min(stretch, self.plan.messages - consumed):
                continue
            taken, self.pending = self.pending[:stretch], self.pending[stretch:]
            consumed += len(taken)
            for collection, documents in self.documents.items():
                due = self.plan.rows[collection] * consumed // self.plan.messages
                await self.save(collection, list(islice(documents, due - saved[collection])))
                saved[collection] = due
            for one in taken:
                one.ack()

    async def save(self, collection: str, documents: list[Document]) -> None:
        for start in range(0, len(documents), CHUNK):
            await self.store.replace_newer(collection, documents[start : start + CHUNK])


def numbered(samples: list[Document], rows: int, different: int) -> Iterator[Document]:
    """Yield the samples for ever, with offsets that grow; of each `rows` documents so many have ids of their own, the others come again."""
    for offset, sample in enumerate(cycle(samples)):
        again, number = divmod(offset, rows)
        yield {**sample, "_id": f"{again}/{number % different}", "offset": offset}


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    plan = Plan.model_validate_json(Path(sys.argv[1]).read_bytes())
    uvloop.run(at_work(plan))


async def at_work(plan: Plan) -> None:
    await Worker(plan, Settings()).work()


if __name__ == "__main__":
    main()
