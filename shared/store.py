"""The only module that speaks to MongoDB (motor): a service's database, with portable operations alone.

Cases are saved when the store has an older offset, rows of views by compare-and-set: both are safe against a writer that lost its
partition.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Any, TypeVar

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError, ConnectionFailure, DuplicateKeyError, ServerSelectionTimeoutError
from pymongo.errors import PyMongoError as StoreError

from shared.case import EPOCH, OPEN, dump, load
from shared.clock import monotonic
from shared.memory import NOT_SAVED, CaseRow, ViewRow
from shared.service import Query, Service

__all__ = ["Conflict", "Store", "StoreError", "Unreachable"]

T = TypeVar("T")
Document = dict[str, Any]
DUPLICATE_KEY = 11000
CASES, PROGRESS = "cases", "progress"
CHUNK = 500  # operations of one bulk
SETTLED = "settled/"  # begins the `open_key` of an open case about which this service has nothing to say


class Conflict(Exception):
    """Somebody else wrote a row that belongs to this process: it is not the only one that thinks so."""


class Unreachable(Exception):
    """The store did not answer for as long as the settings allow."""


def row_of(document: Document) -> CaseRow:
    """Return the row that was saved as `document`."""
    due = document["due_key"]
    settled = document["open_key"] is None or document["open_key"].startswith(SETTLED)
    return CaseRow(load(document["body"]), document["offset"], due and datetime.fromisoformat(due[3:]), settled)


def due_key(partition: int, due: datetime) -> str:
    """Return what rows are found by when they are due. One string: every server can use an index on one field of strings."""
    return f"{partition:02d}/{due.astimezone(UTC).isoformat(timespec='microseconds')}"


def open_key(partition: int, id: str, settled: bool = False) -> str:
    """Return what rows are found by that are not settled, or that are, and whose case is open: another pack may call for a fact."""
    return f"{SETTLED if settled else ''}{partition:02d}/{id}"


def case_document(partition: int, row: CaseRow, fields: Mapping[str, Any]) -> Document:
    """Return a case as it is saved: one JSON text, and beside it what it can be found by."""
    return {
        **fields,
        "_id": row.case.id,
        "partition": partition,
        "offset": row.offset,
        "due_key": due_key(partition, row.due) if row.due else None,
        "open_key": open_key(partition, row.case.id, row.settled) if not row.settled or row.case.status in OPEN else None,
        "body": dump(row.case),
    }


def view_document(partition: int, key: str, row: ViewRow) -> Document:
    """Return a view row as it is saved."""
    return {**(row.content or {}), "_id": f"{partition}/{key}", "partition": partition, "offset": row.offset}


def stored_row(document: Document | None) -> ViewRow:
    """Return a view row as it was saved."""
    if document is None:
        return ViewRow(None)
    content = {name: value for name, value in document.items() if name not in ("_id", "partition", "offset")}
    return ViewRow(content, document["offset"], document["offset"])


def filters(query: Query) -> Iterator[Document]:
    """Yield filters that find together what the query asks for: equality finds an index everywhere, `$in` only on `_id`."""
    names = [name for name in query if name != "_id"]
    ids = {"_id": {"$in": list(query["_id"])}} if "_id" in query else {}
    for values in product(*(query[name] for name in names)):
        yield {**ids, **dict(zip(names, values, strict=True))}


class Store:
    """One service's database. All times are real seconds."""

    def __init__(self, url: str, name: str, patience: float) -> None:
        self.client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url, tz_aware=True, serverSelectionTimeoutMS=5000, retryWrites=False, retryReads=False
        )
        self.db = self.client[name]
        self.patience = patience

    async def prepare(self, service: Service) -> None:
        """Wait for the server and make the indexes."""
        cases = [("due_key",), ("open_key",), *service.indexes]
        await self.patiently(lambda: self.client.admin.command("ping"))
        for keys in cases:
            await self.db[CASES].create_index([(key, 1) for key in keys])
        for view in service.projections:
            for keys in view.indexes:
                await self.db[view.name].create_index([(key, 1) for key in keys])

    async def index(self, collection: str, *fields: str) -> None:
        """Make an index on each of the fields, of a collection of the service's own."""
        for name in fields:
            await self.db[collection].create_index([(name, 1)])

    async def close(self) -> None:
        self.client.close()

    async def patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Repeat what does no harm twice while the server is away; raises Unreachable after `patience` seconds."""
        deadline = monotonic() + self.patience
        while True:
            try:
                return await work()
            except ConnectionFailure as error:
                if monotonic() > deadline:
                    raise Unreachable(f"MongoDB has been away for {self.patience:.0f} s: {error}") from error
                await asyncio.sleep(0.2)

    # -- cases

    async def cases(self, ids: Iterable[str]) -> dict[str, CaseRow]:
        """Return the saved rows of these cases; those never saved are missing."""
        return {row.case.id: row for row in await self.case_rows({"_id": {"$in": list(ids)}})}

    async def case_rows(self, filter: Document, sort: Sequence[tuple[str, int]] = (), limit: int = 0) -> list[CaseRow]:
        """Return the saved rows that `filter` finds."""
        return [row_of(document) for document in await self.find(CASES, filter, sort, limit)]

    async def due(self, partition: int, now: datetime, limit: int) -> list[CaseRow]:
        """Return saved rows of the partition that should be looked at by `now`, the longest waiting first."""
        keys = {"$gte": due_key(partition, EPOCH), "$lte": due_key(partition, now)}
        return await self.case_rows({"due_key": keys}, [("due_key", 1)], limit)

    async def soonest(self, partition: int, now: datetime) -> datetime | None:
        """Return when the next look after `now` is due in what is saved of the partition."""
        keys = {"$gt": due_key(partition, now), "$lt": due_key(partition + 1, EPOCH)}
        found = await self.case_rows({"due_key": keys}, [("due_key", 1)], 1)
        return found[0].due if found else None

    async def unsettled(self, partition: int, after: str, limit: int, settled: bool = False) -> list[CaseRow]:
        """Return saved rows of a partition about which something may have to be said, by id, beginning behind `after`.

        With `settled` those of open cases about which only another pack can call for a fact.
        """
        keys = {"$gt": open_key(partition, after, settled), "$lt": open_key(partition + 1, "", settled)}
        return await self.case_rows({"open_key": keys}, [("open_key", 1)], limit)

    async def look(self, queries: Sequence[Query]) -> dict[str, Document]:
        """Return what the queries find, by case id, without the bodies."""
        found: dict[str, Document] = {}
        for query in queries:
            for filter in filters(query):
                for document in await self.find(CASES, filter, projection={"body": False}):
                    found[document["_id"]] = document
        return found

    async def save_cases(self, documents: Sequence[Document]) -> None:
        """Save each where the store has nothing newer."""
        await self.replace_newer(CASES, documents)

    async def save_progress(self, documents: Sequence[Document]) -> None:
        """Save how far each partition is folded."""
        await self.replace_newer(PROGRESS, documents)

    async def progress(self) -> dict[int, Document]:
        """Return the progress rows by partition."""
        return {row["_id"]: row for row in await self.find(PROGRESS, {})}

    async def replace_newer(self, collection: str, documents: Sequence[Document]) -> None:
        """Replace where the saved offset is not beyond the document's; where it is, the saved one is right."""
        for start in range(0, len(documents), CHUNK):
            chunk = documents[start : start + CHUNK]
            operations = [ReplaceOne({"_id": d["_id"], "offset": {"$lte": d["offset"]}}, d, upsert=True) for d in chunk]
            await self.patiently(lambda operations=operations: self.bulk(collection, operations))  # type: ignore[misc]

    async def bulk(self, collection: str, operations: Sequence[Any]) -> int:
        """Write; return how many operations found their row. A key that is there already counts as not found."""
        try:
            result = await self.db[collection].bulk_write(list(operations), ordered=False)
        except BulkWriteError as error:
            details = error.details or {}
            if details.get("writeConcernErrors") or any(e["code"] != DUPLICATE_KEY for e in details["writeErrors"]):
                raise
            return len(operations) - len(details["writeErrors"])
        return int(result.matched_count) + int(result.upserted_count) + int(result.inserted_count)

    # -- views

    async def rows(self, view: str, ids: Iterable[str]) -> dict[str, Document]:
        """Return saved rows of a view by `_id`."""
        return {row["_id"]: row for row in await self.find(view, {"_id": {"$in": list(ids)}})}

    async def swap_rows(self, view: str, changes: Sequence[tuple[int, Document]]) -> None:
        """Save each row if the store still has it at the given offset (-1: not at all); raises Conflict otherwise.

        An answer that got lost leaves the outcome unknown and is raised: the caller gives up and folds again.
        """
        for start in range(0, len(changes), CHUNK):
            operations: list[Any] = []
            for saved, row in changes[start : start + CHUNK]:
                if saved == NOT_SAVED:
                    operations.append(InsertOne(row))
                else:
                    operations.append(ReplaceOne({"_id": row["_id"], "offset": saved}, row))
            if await self.bulk_once(view, operations) != len(operations):
                raise Conflict(f"a row of {view} was written by somebody else")

    async def bulk_once(self, collection: str, operations: Sequence[Any]) -> int:
        """Write what must not be written twice: repeated only while no server was found to send it to."""
        deadline = monotonic() + self.patience
        while True:
            try:
                return await self.bulk(collection, operations)
            except ServerSelectionTimeoutError:
                if monotonic() > deadline:
                    raise

    # -- reading

    async def find(
        self,
        collection: str,
        filter: Mapping[str, Any],
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        projection: Mapping[str, bool] | None = None,
    ) -> list[Document]:
        """Return what the filter finds, in order, at most `limit` (0: all)."""

        async def once() -> list[Document]:
            cursor = self.db[collection].find(filter, projection)
            if sort:
                cursor = cursor.sort(list(sort))
            if limit:
                cursor = cursor.limit(limit)
            return list(await cursor.to_list(None))

        return await self.patiently(once)

    async def each(
        self, collection: str, projection: Mapping[str, bool], chunk: int, filter: Mapping[str, Any] | None = None
    ) -> AsyncIterator[list[Document]]:
        """Yield all rows that the filter finds in chunks, in no order; what changes meanwhile may be seen before or after the change."""
        cursor = self.db[collection].find(filter or {}, projection, batch_size=chunk)
        try:
            while rows := await cursor.to_list(chunk):
                yield rows
        finally:
            await cursor.close()

    async def count(self, collection: str, filter: Mapping[str, Any]) -> int:
        """Return how many rows the filter finds."""
        return int(await self.patiently(lambda: self.db[collection].count_documents(filter)))

    async def put(self, collection: str, id: str, document: Document) -> None:
        """Save a document of the service's own, not derived from the log."""
        await self.patiently(lambda: self.db[collection].replace_one({"_id": id}, {**document, "_id": id}, upsert=True))

    async def get(self, collection: str, id: str) -> Document | None:
        """Return a document of the service's own."""
        found = await self.find(collection, {"_id": id}, limit=1)
        return found[0] if found else None

    async def count_up(self, collection: str, id: str, window: str) -> int:
        """Count one more in `window`, where a count from another window ends; return the count. Where windows meet one may get lost."""
        rows, one = self.db[collection], {"_id": id, "window": window}
        try:
            await self.patiently(lambda: rows.update_one(one, {"$inc": {"count": 1}}, upsert=True))
        except DuplicateKeyError:  # it is there, with another window
            await self.patiently(lambda: rows.replace_one({"_id": id, "window": {"$ne": window}}, {**one, "count": 1}))
        found = await self.get(collection, id)
        return int(found["count"]) if found else 1

    async def ping(self) -> None:
        """Raise ConnectionFailure if the server is away."""
        await self.client.admin.command("ping")
