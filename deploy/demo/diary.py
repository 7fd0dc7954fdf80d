"""What people mean to do, in order of time; who has seen a newer version of a case has mostly forgotten what they meant before."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from deploy.demo.acts import ADDITIONS, Act

UNAWARE = 0.2  # of people act on what they saw before, and are told that somebody was faster


@dataclass(frozen=True)
class Entry:
    """An act and the key that it is sent with; `planned` is the version of the case for which it was meant."""

    act: Act
    key: str
    planned: int


class Diary:
    """All entries by case: a case has a handful, a city a few hundred that are open."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Entry]] = {}
        self.versions: dict[str, int] = {}  # of each case, as it was last planned
        self.attempts: Counter[tuple[str, int]] = Counter()

    def __len__(self) -> int:
        return sum(map(len, self.entries.values()))

    def plan(self, case_id: str, version: int, acts: Iterable[Act], dice: Random) -> None:
        """Note what people will do about this version of a case."""
        kept = [one for one in self.entries.get(case_id, []) if one.act.step in ADDITIONS or (one.act.step and dice.random() < UNAWARE)]
        attempt = self.attempts[case_id, version]
        new = [Entry(act, f"{case_id}-{version}-{attempt}-{act.step}", version) for act in acts]
        self.entries[case_id] = [*(one for one in kept if one.planned < version), *new]
        self.versions[case_id] = version

    def knows(self, case_id: str, version: int) -> bool:
        """Whether this version of the case was planned."""
        return self.versions.get(case_id) == version

    def refused(self, entry: Entry) -> bool:
        """Note that an act did not come about; return whether the case must be planned again, being as it was seen."""
        if self.versions.get(entry.act.case_id) != entry.planned or entry.act.step in ADDITIONS:
            return False
        del self.versions[entry.act.case_id]
        return True

    def due(self, now: datetime) -> list[Entry]:
        """Take out what is to be done by now, in order."""
        ready = [one for entries in self.entries.values() for one in entries if one.act.at <= now]
        for case_id in {one.act.case_id for one in ready}:
            left = [one for one in self.entries[case_id] if one.act.at > now]
            if left:
                self.entries[case_id] = left
            else:
                del self.entries[case_id]
        return sorted(ready, key=lambda one: one.act.at)

    def next(self) -> datetime | None:
        """Return until when something must be done."""
        return min((one.act.latest for entries in self.entries.values() for one in entries), default=None)

    def waits(self, case_id: str) -> bool:
        """Whether anybody still means to do something about the case."""
        return bool(self.entries.get(case_id))
