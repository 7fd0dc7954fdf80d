"""How the board is told: packed rows, long polls, words that are made once, and looks at confidential cases on record."""

import asyncio
import gzip
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from fastapi import Request, Response

from services.console.desk.board import Board, Changes, Marks
from services.console.desk.feed import Feed
from services.console.desk.rows import Entry
from services.console.desk.vocabulary import quarter, vocabulary
from shared.city import City
from shared.clock import monotonic

POLL_SECONDS = 4.0  # real ones, fewer than a process is given to stop
LOOKS_REMEMBERED = 100_000
SMALL = 1_000  # bytes that are not worth packing
JSON = "application/json"


@dataclass
class Looked:
    """Which version of which confidential case was shown to whom last, so that each is recorded once."""

    remembered: int = LOOKS_REMEMBERED
    versions: OrderedDict[tuple[str, str], int] = field(default_factory=OrderedDict)

    def unseen(self, caller: str, entries: Iterable[Entry]) -> list[Entry]:
        """Return the confidential rows that the caller was not shown as they are now."""
        return [entry for entry in entries if entry.sealed and self.versions.get((caller, entry.id)) != entry.version]

    def note(self, caller: str, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.versions[caller, entry.id] = entry.version
            self.versions.move_to_end((caller, entry.id))
        while len(self.versions) > self.remembered:
            self.versions.popitem(last=False)


@dataclass
class Desk:
    """What the routes of the desk answer from."""

    feed: Feed
    looked: Looked = field(default_factory=Looked)
    words: tuple[str, bytes] = ("", b"")
    poll_seconds: float = POLL_SECONDS

    @property
    def board(self) -> Board:
        return self.feed.board

    def worded(self, city: City, now: datetime) -> tuple[str, bytes]:
        """Return the words with what tells one version of them from every other; made anew for each pack and quarter of an hour."""
        at = quarter(now)
        version = f"{city.version[:24]}-{at.timestamp():.0f}"
        if self.words[0] != version:
            self.words = version, orjson.dumps(vocabulary(city, at))
        return self.words


def epoch_of(board: Board, marks: Marks) -> str:
    """Return what begins the cursors of somebody who reaches these marks: who comes to reach others must read the rows anew."""
    return board.epoch + sha256("\n".join(sorted(marks)).encode()).hexdigest()[:8]


def cursor_of(board: Board, marks: Marks) -> str:
    return f"{epoch_of(board, marks)}.{board.seq}"


def place_of(cursor: str, board: Board, marks: Marks) -> int | None:
    """Return the number of the change up to which somebody knows the board; None if it is not this board, or not as they see it."""
    epoch, _, seq = cursor.partition(".")
    return int(seq) if epoch == epoch_of(board, marks) and seq.isascii() and seq.isdecimal() else None


async def awaited(board: Board, place: int, marks: Marks, within: float) -> Changes | None:
    """Return what has changed since `place` as soon as there is something to see, nothing after `within` seconds; None if it is too old."""
    deadline = monotonic() + within
    while True:
        moved, found, place = board.moved, board.since(place, marks), board.seq
        left = deadline - monotonic()
        if found is None or found.changed or found.gone or left <= 0:
            return found
        with suppress(TimeoutError):
            async with asyncio.timeout(left):
                await moved.wait()


def fragments(entries: Iterable[Entry]) -> list[orjson.Fragment]:
    return [orjson.Fragment(entry.row) for entry in entries]


async def packed(request: Request, told: dict[str, Any]) -> Response:
    """Answer as JSON, made and packed in a thread if it is much."""
    return await zipped(request, await asyncio.to_thread(orjson.dumps, told))


async def zipped(request: Request, body: bytes) -> Response:
    headers = {"Vary": "Accept-Encoding"}
    if len(body) < SMALL or not takes_gzip(request):
        return Response(body, media_type=JSON, headers=headers)
    body = await asyncio.to_thread(gzip.compress, body, 1, mtime=0)
    return Response(body, media_type=JSON, headers={**headers, "Content-Encoding": "gzip"})


def takes_gzip(request: Request) -> bool:
    accepted = [part.partition(";") for part in request.headers.get("accept-encoding", "").replace(" ", "").split(",")]
    return any(coding == "gzip" and quality not in ("q=0", "q=0.0") for coding, _, quality in accepted)
