"""The clock of a demo: a file that all services read, moved on only when everybody has dealt with what is there.

So latency never looks like lateness. `speed` bounds how fast it may go (virtual seconds a real second); without one it jumps.
"""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from shared.clock import drive, driven, monotonic

FIRST_DAY = date(2026, 3, 9)  # a Monday without holidays nearby
STEP_SECONDS = 0.5  # a clock that people watch moves at least so often


def midnight(city_zone: ZoneInfo, file: Path) -> datetime:
    """Return where the clock begins: at the demo's first day, or after what an earlier demo left in the folder."""
    first = datetime.combine(FIRST_DAY, time(), city_zone)
    if not file.exists():
        return first.astimezone(UTC)
    later = driven(file)().astimezone(city_zone).date() + timedelta(days=1)
    while later.isoweekday() != first.isoweekday():
        later += timedelta(days=1)
    return max(first, datetime.combine(later, time(), city_zone)).astimezone(UTC)


class Pace:
    """Moves the clock."""

    def __init__(self, file: Path, start: datetime, speed: float | None) -> None:
        self.file, self.now, self.speed = file, start, speed
        self.moved = monotonic()
        drive(file, start)

    async def to(self, at: datetime) -> None:
        """Move on to `at`; with a speed at most as far as the time that has passed allows, which is awaited."""
        if self.speed is None:
            self.show(max(self.now, at))
            return
        wanted = (at - self.now).total_seconds() / self.speed
        await asyncio.sleep(max(0.0, min(wanted, STEP_SECONDS) - (monotonic() - self.moved)))
        self.show(min(max(at, self.now), self.now + timedelta(seconds=(monotonic() - self.moved) * self.speed)))

    def nudge(self, seconds: float) -> None:
        """Move on a little, whatever waits."""
        self.show(self.now + timedelta(seconds=seconds))

    def show(self, at: datetime) -> None:
        self.now, self.moved = at, monotonic()
        drive(self.file, at)
