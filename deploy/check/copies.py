"""Reads the services' databases and holds every row of a case against the fold of the log."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import orjson
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.check.blank import BLANK, Case
from deploy.check.findings import Findings
from deploy.check.history import History, Part, Told
from deploy.check.members import moment
from deploy.refusal import CannotDo

Document = dict[str, Any]
Client = MongoClient[Document]
Documents = Iterator[Document]
Tell = Callable[[int], None]
TIMES = (frozenset(name for name in BLANK if name.endswith(("_at", "_by", "since"))) | {"awaits", "clock_from"}) - {"handled_by"}
IN_ONE_FETCH = 2_000


@dataclass
class Copy:
    """A database in which one version of one service folded the log; `progress` is the next offset and the mark of each partition."""

    name: str
    service: str
    progress: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    committed: dict[int, int] = field(default_factory=dict)
    ahead: dict[int, int] = field(default_factory=dict)  # rows beyond the end that was read: partition, offset

    def next(self, partition: int) -> int:
        return self.progress.get(partition, (0, None))[0]

    def lag(self, parts: Mapping[int, Part]) -> dict[int, int]:
        """Return how many messages of each partition it has not folded."""
        behind = {p: part.end - max(self.next(p), part.begin) for p, part in parts.items()}
        return {p: count for p, count in behind.items() if count > 0}

    def beyond(self, partition: int, offset: int, part: Part) -> bool:
        """Whether a row was written after the log was read; whether the log has grown as far is seen at the end."""
        if offset < part.end:
            return False
        self.ahead[partition] = max(offset, self.ahead.get(partition, offset))
        return True


def connect(url: str) -> Client:
    """Return a client of the server. Raises CannotDo if it is away."""
    client: Client = MongoClient(url, tz_aware=True, serverSelectionTimeoutMS=5000)
    try:
        client.admin.command("ping")
    except PyMongoError as error:
        client.close()
        raise CannotDo(f"MongoDB at {url.rpartition('@')[2]} cannot be read: {error!r}") from error
    return client


def find_copies(client: Client, prefix: str) -> list[Copy]:
    """Return the copies in the server, of all services, versions and editions."""
    pattern = re.compile(re.escape(prefix) + r"_(?P<service>[a-z]+)_v\d+[a-z0-9]*")
    matches = [pattern.fullmatch(name) for name in sorted(client.list_database_names())]
    return [Copy(match[0], match["service"]) for match in matches if match]


def read_progress(client: Client, copy: Copy) -> None:
    """Note how far the copy says that it has come."""
    copy.progress = {row["_id"]: (row["offset"], row["mark"]) for row in client[copy.name]["progress"].find()}


def documents(client: Client, copy: Copy, collection: str, ids: Collection[str], tell: Tell) -> Documents:
    """Yield the rows with these ids, some thousands at a time, then those of which nobody knows.

    Every server finds rows by their ids at once; the embedded one takes long before a long answer begins, and for an exact count.
    """
    rows, found, wanted = client[copy.name][collection], 0, iter(ids)
    while batch := list(islice(wanted, IN_ONE_FETCH)):
        fetched = list(rows.find({"_id": {"$in": batch}}))
        found += len(fetched)
        tell(len(batch))
        yield from fetched
    if rows.estimated_document_count() > found:
        known = set(ids)
        yield from (row for row in rows.find({}, batch_size=IN_ONE_FETCH) if row["_id"] not in known)


def check_progress(copy: Copy, history: History) -> None:
    """Hold progress rows and committed offsets against the log."""
    findings = history.findings
    for p, (next, mark) in copy.progress.items():
        part = history.parts.get(p)
        if part is None or next > part.end:
            findings.add(6, f"{copy.name} has folded up to {next}, the log ends at {part.end if part else 0}", place=(p, next))
        elif next > part.begin and history.marks.get((p, next - 1)) != mark:
            findings.add(6, f"{copy.name} remembers another message before {next} than the log has", place=(p, next - 1))
    for p, offset in copy.committed.items():
        if offset > max(copy.next(p), history.parts[p].begin if p in history.parts else 0):
            findings.add(6, f"{copy.name} committed {offset} and stored only up to {copy.next(p)}", place=(p, offset))


def check_completeness(copies: Iterable[Copy], history: History) -> None:
    """Each service has a copy of the whole log; one still being folded beside it is only named."""
    whole, behind = set(), []
    for copy in copies:
        lag = copy.lag(history.parts)
        if lag:
            behind.append((copy, lag))
        else:
            whole.add(copy.service)
    for copy, lag in behind:
        sentence = f"{copy.name} has not folded {sum(lag.values())} messages, in partitions {sorted(lag)}"
        if copy.service in whole:
            history.findings.note(f"{sentence}: it is still being folded, or left over; checked as far as it is")
        else:
            history.findings.add(5, f"{sentence}, and no other copy of {copy.service} is complete")
    if history.events and not whole and not behind:
        history.findings.add(5, "no copy was found: no database of any service")


def check_cases(copy: Copy, rows: Iterable[Document], history: History) -> None:
    """Hold every row of a case against the fold, and see that none is missing."""
    found = bytearray(len(history.cases))
    for row in rows:
        told = history.cases.get(row["_id"])
        part = history.parts.get(row["partition"])
        if part is not None and copy.beyond(row["partition"], row["offset"], part):
            if told is not None:
                found[told.index] = 1
        elif told is None:
            history.findings.add(5, f"{copy.name} has a row, the log has no such case", case=row["_id"])
        else:
            found[told.index] = 1
            check_row(copy, row, told, history.findings)
    for id, told in history.cases.items():
        if not found[told.index] and told.last < copy.next(told.partition):
            place = (told.partition, told.last)
            history.findings.add(5, f"{copy.name} has no row of it", case=id, place=place)


def check_row(copy: Copy, row: Document, told: Told, findings: Findings) -> None:
    """Hold one row against its case."""
    place, offset = (told.partition, told.last), row["offset"]
    if row["partition"] != told.partition:
        findings.add(6, f"{copy.name} has it in partition {row['partition']}", case=row["_id"], place=place)
    elif offset > told.last:
        findings.add(6, f"{copy.name} has its row at offset {offset}, its last fact is at {told.last}", case=row["_id"], place=place)
    elif offset == told.last:
        check_body(copy, row, told, findings)
    elif told.last < copy.next(told.partition):
        findings.add(5, f"{copy.name} has its row at offset {offset}, expected {told.last}", case=row["_id"], place=place)


def check_body(copy: Copy, row: Document, told: Told, findings: Findings) -> None:
    """Hold the case that a copy has against the fold, and against what the other copies have."""
    place, text = (told.partition, told.last), row["body"].encode()
    digest = hashlib.blake2b(text, digest_size=12).digest()
    if digest == told.body:
        return
    try:
        differing = differences(orjson.loads(text), told.case)
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        return findings.add(5, f"{copy.name} has a body that cannot be read: {error!r}", case=row["_id"], place=place)
    for member, has, wanted in differing:
        number = 2 if member in ("version", "ids") else 5
        findings.add(number, f"{copy.name} has {member} {shown(has)}, expected {shown(wanted)}", case=row["_id"], place=place)
    if differing:
        return
    if told.body is not None:
        findings.add(5, f"the bodies in {told.body_of} and {copy.name} differ", case=row["_id"], place=place)
    told.body, told.body_of = digest, copy.name


def differences(body: Mapping[str, Any], case: Case) -> list[tuple[str, Any, Any]]:
    """Return the members that differ: name, what the copy has, what the fold expects."""
    found = []
    for member, wanted in case.items():
        has = body.get(member, BLANK.get(member))
        if member in TIMES and isinstance(has, str):
            has = moment(has)
        elif member == "pauses":
            has = [[moment(at) for at in pause] for pause in has]
        elif member == "classification" and isinstance(has, dict):
            times = {name: moment(has[name]) for name in ("respond_by", "resolve_by")}
            has = {"calendar": "", **has, **times}
        if has != wanted:
            found.append((member, has, wanted))
    return found


def shown(value: object) -> str:
    text = value.isoformat() if isinstance(value, datetime) else repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
