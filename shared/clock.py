"""The only clock. It reads the machine's time, or runs from another start at another speed, or is driven by a file (replays)."""

import mmap
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Now = Callable[[], datetime]


def real() -> datetime:
    """Return the machine's time, UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds that never go back, for measuring."""
    return time.monotonic()


def unix() -> float:
    """Return the machine's time in Unix seconds: by it tokens expire, however fast the city's clock runs."""
    return time.time()


def fast(start: datetime, since: datetime, speed: float) -> Now:
    """Return a clock that showed `start` when the machine's time was `since` and runs `speed` times as fast; all processes agree on it."""
    return lambda: start + timedelta(seconds=(real() - since).total_seconds() * speed)


def driven(file: Path) -> Now:
    """Return a clock that shows what `drive` last wrote into `file`: another process moves it on."""
    with file.open("rb") as opened:
        shown = mmap.mmap(opened.fileno(), 8, prot=mmap.PROT_READ)
    return lambda: datetime.fromtimestamp(struct.unpack_from("<d", shown)[0], UTC)


def drive(file: Path, at: datetime) -> None:
    """Make all clocks driven by `file` show `at`."""
    packed = struct.pack("<d", at.timestamp())
    if not file.exists():
        file.write_bytes(packed)
    with file.open("r+b") as opened, mmap.mmap(opened.fileno(), 8) as shown:
        shown[:8] = packed
