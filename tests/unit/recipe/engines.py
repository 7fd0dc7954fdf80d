"""A log and a Mongo server in memory: every operation stops at gates, between which anything may happen to the process.

The store above this server is the real `shared.store.Store`; only the driver below it is ours.
"""

import random
import zlib
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from pymongo import InsertOne
from pymongo.errors import AutoReconnect, BulkWriteError

from shared.events import AnyEvent, encode
from shared.memory import fingerprint
from shared.store import DUPLICATE_KEY, Document, Store

PARTITIONS = 3
BROKEN = 8000  # some code of an error that is not a duplicate key


class Gate:
    """Awaited where a process waits for an engine; whoever drives the coroutine decides when it goes on, or whether."""

    def __await__(self) -> Generator["Gate", None, None]:
        yield self


@dataclass
class Dice:
    """All chance of one run; `chaos` off makes the engines reliable."""

    random: random.Random
    chaos: bool = True

    def falls(self, chance: float) -> bool:
        return self.chaos and self.random.random() < chance

    async def pause(self) -> None:
        """Wait for some gates."""
        for _ in range(self.random.randint(1, 12) if self.chaos else 1):
            await Gate()


# -- the log


@dataclass
class MemoryLog:
    """Partitions of messages, and those that are on the way: sent, timed out, but not lost."""

    dice: Dice
    lines: list[list[tuple[bytes | None, bytes | None]]] = field(default_factory=lambda: [[] for _ in range(PARTITIONS)])
    delayed: list[AnyEvent] = field(default_factory=list)
    dead: list[tuple[int, int, str]] = field(default_factory=list)

    def partition(self, key: bytes) -> int:
        return zlib.crc32(key) % PARTITIONS

    def append(self, event: AnyEvent) -> tuple[int, int]:
        key = event.case_id.encode()
        return self.put(self.partition(key), key, encode(event))

    def put(self, partition: int, key: bytes | None, value: bytes | None) -> tuple[int, int]:
        self.lines[partition].append((key, value))
        return partition, len(self.lines[partition]) - 1

    async def send(self, event: AnyEvent) -> tuple[int, int]:
        """Append as a producer does that repeats what was not acknowledged."""
        await Gate()
        if self.dice.falls(0.03):  # in the log, but the acknowledgement is lost
            self.append(event)
            await Gate()
        elif self.dice.falls(0.02):  # timed out; it will arrive much later
            self.delayed.append(event)
            await Gate()
        return self.append(event)

    def arrive(self) -> None:
        """Let a delayed message arrive."""
        if self.delayed:
            self.append(self.delayed.pop(self.dice.random.randrange(len(self.delayed))))

    async def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        await Gate()
        return {partition: len(self.lines[partition]) for partition in partitions}

    async def begins(self, partitions: Iterable[int]) -> dict[int, int]:
        await Gate()
        return dict.fromkeys(partitions, 0)

    async def marks_at(self, offsets: Mapping[int, int]) -> dict[int, str]:
        await Gate()
        return {p: fingerprint(*self.lines[p][offset]) for p, offset in offsets.items() if offset < len(self.lines[p])}


# -- the store


def saved(value: Any) -> Any:
    """Return a value as Mongo gives it back: times cut to milliseconds, tuples as lists, nothing shared."""
    if isinstance(value, datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    if isinstance(value, Mapping):
        return {name: saved(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [saved(item) for item in value]
    return value


def satisfies(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(value == wanted) or (isinstance(value, list) and wanted in value)
    return all(OPERATORS[name](value, limit) for name, limit in wanted.items())


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "$in": lambda value, limit: any(one in limit for one in (value if isinstance(value, list) else [value])),
    "$lt": lambda value, limit: value is not None and value < limit,
    "$lte": lambda value, limit: value is not None and value <= limit,
    "$gt": lambda value, limit: value is not None and value > limit,
    "$gte": lambda value, limit: value is not None and value >= limit,
}


def found(row: Document, filter: Mapping[str, Any]) -> bool:
    return all(satisfies(row.get(name), wanted) for name, wanted in filter.items())


@dataclass
class Cursor:
    rows: list[Document]
    dice: Dice

    def sort(self, keys: Sequence[tuple[str, int]]) -> "Cursor":
        for name, direction in reversed(keys):
            self.rows.sort(key=lambda row: row[name], reverse=direction < 0)
        return self

    def limit(self, most: int) -> "Cursor":
        return Cursor(self.rows[:most], self.dice)

    async def to_list(self, length: None) -> list[Document]:
        read = [saved(row) for row in self.rows]
        for _ in range(40 if self.dice.falls(0.1) else 1):  # an answer takes its time
            await Gate()
        return read


@dataclass
class Waiting:
    """A query on its way to the server: it reads when it gets there."""

    collection: "Collection"
    filter: Mapping[str, Any]
    without: frozenset[str]
    order: Sequence[tuple[str, int]] = ()
    most: int | None = None

    def sort(self, keys: Sequence[tuple[str, int]]) -> "Waiting":
        self.order = keys
        return self

    def limit(self, most: int) -> "Waiting":
        self.most = most
        return self

    async def to_list(self, length: None) -> list[Document]:
        await Gate()
        rows = [row for row in self.collection.rows.values() if found(row, self.filter)]
        kept = [{name: value for name, value in row.items() if name not in self.without} for row in rows]
        cursor = Cursor(kept, self.collection.dice).sort(self.order)
        return await (cursor.limit(self.most) if self.most else cursor).to_list(None)


@dataclass
class Collection:
    """Rows by `_id`; bulks are not atomic, their operations come in any order."""

    dice: Dice
    rows: dict[Any, Document] = field(default_factory=dict)

    def find(self, filter: Mapping[str, Any], projection: Mapping[str, bool] | None = None) -> Waiting:
        return Waiting(self, filter, frozenset(projection or ()))

    async def bulk_write(self, operations: Sequence[Any], ordered: bool) -> SimpleNamespace:
        await Gate()
        repeatable = all(getattr(operation, "_upsert", False) for operation in operations)
        done = await self.written(operations)
        if self.dice.falls(0.02):  # the answer is lost
            if not repeatable:
                raise AutoReconnect("connection closed")
            done = await self.written(operations)
        await Gate()
        return done

    async def written(self, operations: Sequence[Any]) -> SimpleNamespace:
        order, errors, done = list(operations), [], 0
        if self.dice.chaos:
            self.dice.random.shuffle(order)
        for operation in order:
            if self.dice.falls(0.2):
                await Gate()
            code = BROKEN if self.dice.falls(0.003) else self.write(operation)
            if code > 1:
                errors.append({"code": code})
            done += code == 1
        if errors:
            raise BulkWriteError({"writeErrors": errors, "writeConcernErrors": []})
        return SimpleNamespace(matched_count=done, upserted_count=0, inserted_count=0)

    def write(self, operation: Any) -> int:
        """Do it; return 1, 0 if no row was found, or the code of an error."""
        document = saved(operation._doc)
        old = self.rows.get(document["_id"])
        if isinstance(operation, InsertOne):
            if old is not None:
                return DUPLICATE_KEY
        elif old is None or not found(old, operation._filter):
            if not operation._upsert:
                return 0
            if old is not None:
                return DUPLICATE_KEY
        if old is not None and document["offset"] < old["offset"]:
            raise AssertionError(f"the offset of row {document['_id']} falls from {old['offset']} to {document['offset']}")
        self.rows[document["_id"]] = document
        return 1


class MemoryStore(Store):
    """The real store over a server in memory."""

    def __init__(self, dice: Dice) -> None:
        self.tables: dict[str, Collection] = defaultdict(lambda: Collection(dice))
        self.db = self.tables  # type: ignore[assignment]
        self.patience = 0.0
