"""How the virtual time advances: in hops, each as long as the record allows.

Within a hop everything recorded goes in with its own time while the services' clock stands at the hop's beginning, where their timers
look once: so what they say of it has the recorded time too. No case may be closed later than its deadline within one hop: it would be
finished before the clock has come to the deadline.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from deploy.replay.columns import Recorded
from shared.clock import drive, driven

LONGEST = timedelta(days=1)  # timers fire between hops: what they say is at most so late
MOST_FACTS = 1_000  # openings and closings of one hop
BEFORE = timedelta(seconds=1)  # a hop ends so long before a late closing, where there is as much between it and the deadline
TICK = timedelta(milliseconds=1)

DeadlineOf = Callable[[Recorded], datetime | None]
NextTimer = Callable[[datetime], datetime | None]


def no_timer(after: datetime) -> datetime | None:
    """The timers of a city in which nobody waits for anything."""
    return None


@dataclass
class Plan:
    """All recorded moments in order, and where each hop ends."""

    records: Sequence[Recorded]
    deadline: DeadlineOf
    timer: NextTimer = no_timer
    openings: list[datetime] = field(init=False)
    closings: list[tuple[datetime, Recorded]] = field(init=False)
    moments: list[datetime] = field(init=False)

    def __post_init__(self) -> None:
        self.openings = [record.opened for record in self.records]
        found = [(record.closed, record) for record in self.records if record.closed]
        self.closings = sorted(found, key=lambda pair: (pair[0], pair[1].id))
        self.moments = sorted([*self.openings, *(at for at, _ in self.closings)])

    @property
    def first(self) -> datetime:
        return self.moments[0]

    @property
    def last(self) -> datetime:
        return self.moments[-1]

    def hop(self, begin: datetime, end: datetime) -> datetime:
        """Return when the hop that begins at `begin` ends, at the latest at `end`."""
        start = bisect_right(self.moments, begin)
        to = min(self.something(begin, start), end)
        if start + MOST_FACTS < len(self.moments):
            to = min(to, max(self.moments[start + MOST_FACTS], begin + timedelta(seconds=1)))
        for closed, record in self.closed(begin, to):
            deadline = self.deadline(record)
            if deadline is not None and begin < deadline < closed:
                return closed - min(BEFORE, (closed - deadline) / 2)
        return to

    def something(self, begin: datetime, start: int) -> datetime:
        """Return the usual end of a hop; where nothing was recorded until then, when something happens again."""
        usual = begin + LONGEST
        if start < len(self.moments) and self.moments[start] <= usual:
            return usual
        coming = [at for at in (self.timer(begin), *self.moments[start : start + 1]) if at is not None]
        return max(usual, min(coming)) if coming else datetime.max.replace(tzinfo=usual.tzinfo)

    def opened(self, begin: datetime, to: datetime) -> Sequence[Recorded]:
        """Return what was opened after `begin`, up to `to`."""
        return self.records[bisect_right(self.openings, begin) : bisect_right(self.openings, to)]

    def closed(self, begin: datetime, to: datetime) -> Sequence[tuple[datetime, Recorded]]:
        """Return what was closed after `begin`, up to `to`, in order."""
        low, high = (bisect_right(self.closings, at, key=lambda pair: pair[0]) for at in (begin, to))
        return self.closings[low:high]


@dataclass
class Clocks:
    """Two clocks in files: `door` is intake's, which must not find a recorded time in the future; `city`, all others', follows it."""

    door: Path
    city: Path

    def set(self, door: datetime, city: datetime) -> None:
        drive(self.door, door)
        drive(self.city, city)

    def begin(self, at: datetime) -> None:
        """Let both show `at`, or go on where an earlier run in this folder stopped."""
        if not (self.door.exists() and self.city.exists()):
            self.set(at, at)

    @property
    def now(self) -> datetime:
        """What the city's clock shows."""
        return driven(self.city)()

    def tick(self) -> None:
        """Move both on by next to nothing: a sweep that has seen it began after all that came before."""
        self.set(driven(self.door)() + TICK, self.now + TICK)
