"""One service's copy of the log as it stands in its database, and what tells two copies apart."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson import json_util
from pymongo import MongoClient

from shared.service import Service

SHOWN = 5  # rows named that differ


@dataclass(frozen=True)
class Finding:
    """What a comparison says about one collection."""

    collection: str
    rows: int
    hash: str
    differing: Sequence[str]

    @property
    def same(self) -> bool:
        return not self.differing

    def __str__(self) -> str:
        if self.same:
            return f"  {self.collection}: {self.rows:,} rows, the same ({self.hash})"
        more = ", ..." if len(self.differing) > SHOWN else ""
        return f"  {self.collection}: {len(self.differing):,} of {self.rows:,} rows differ: {', '.join(self.differing[:SHOWN])}{more}"


class Copy:
    """The database of one service and edition."""

    def __init__(self, client: MongoClient[dict[str, Any]], name: str, service: Service) -> None:
        self.db, self.name = client[name], name
        self.collections = ["cases", *(view.name for view in service.projections)]

    def progress(self, begins: Mapping[int, int]) -> dict[int, int]:
        """Return up to where all rows are saved, by partition."""
        saved = {int(row["_id"]): int(row["offset"]) for row in self.db["progress"].find()}
        return {**begins, **saved}

    def rows(self, collection: str) -> dict[str, bytes]:
        """Return the hash of each row by its id."""
        only = {"offset": True, "body": True} if collection == "cases" else None
        return {str(row["_id"]): digest(row) for row in self.db[collection].find({}, only)}


def digest(row: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(json_util.dumps(row, sort_keys=True).encode()).digest()


def compare(one: Copy, other: Copy) -> list[Finding]:
    """Return what is the same and what is not: of cases their offset and body, of views whole rows."""
    return [finding(name, one.rows(name), other.rows(name)) for name in one.collections]


def finding(collection: str, one: Mapping[str, bytes], other: Mapping[str, bytes]) -> Finding:
    """Compare rows by id, in the order of the ids."""
    ids = sorted(one.keys() | other.keys())
    whole = hashlib.sha256(b"".join(id.encode() + one.get(id, b"") for id in ids)).hexdigest()[:16]
    return Finding(collection, len(ids), whole, [id for id in ids if one.get(id) != other.get(id)])
