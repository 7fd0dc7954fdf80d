"""The log as it is read: every case folded, every message accounted for, in memory that stays small beside the log."""

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deploy.check.blank import EPOCH, Case, blank
from deploy.check.durations import Durations
from deploy.check.findings import Findings, Place
from deploy.check.fold import take
from deploy.check.members import Fact
from deploy.check.referee import Seen, faults
from deploy.check.refusal import refusal
from deploy.check.rules import SERVICES
from deploy.check.shapes import Unreadable, read_fact

UNREADABLE, IGNORED, EFFECTIVE, REPEATED = range(4)  # what became of a message


@dataclass(slots=True)
class Told:
    """One case as the log tells it: what it is, where its last fact stands, and the body that copies have of it."""

    case: Case
    partition: int
    index: int
    last: int = -1
    seen: Seen = field(default_factory=Seen)
    body: bytes | None = None
    body_of: str = ""
    spoken: str = ""  # a service that said something about it


@dataclass
class Part:
    """One partition: what became of each message, and which fact it was."""

    begin: int
    end: int
    outcomes: bytearray = field(default_factory=bytearray)
    facts: "array[int]" = field(default_factory=lambda: array("q"))

    def outcome(self, offset: int) -> int:
        """Return what became of the message at `offset`; what is not there cannot be read."""
        index = offset - self.begin
        return self.outcomes[index] if 0 <= index < len(self.outcomes) else UNREADABLE


def fingerprint(key: bytes | None, value: bytes | None) -> str:
    """Return what a progress row remembers of a message."""
    return hashlib.sha256(b"\0".join((key or b"", value or b""))).hexdigest()[:32]


def fact_hash(case_id: str, id: str, type: str) -> int:
    """Return 64 bits that tell a fact from others, within this run."""
    return hash((case_id, id, type))


@dataclass
class History:
    """The whole log, folded. `wanted` are places whose fingerprint somebody will ask for, `asked` ids whose fate clients want to know."""

    findings: Findings
    parts: dict[int, Part]
    place_of: Callable[[bytes], int]
    wanted: frozenset[Place] = frozenset()
    asked: frozenset[str] = frozenset()
    cases: dict[str, Told] = field(default_factory=dict)
    marks: dict[Place, str] = field(default_factory=dict)
    unreadable: dict[Place, tuple[str, str]] = field(default_factory=dict)  # reason, fingerprint
    reasons: dict[Place, str] = field(default_factory=dict)  # why a fact had no effect
    fates: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)  # id asked for: the cases it named, and whether it took effect
    silenced: Counter[tuple[str, str]] = field(default_factory=Counter)  # facts of services without effect: case and id
    effective_ids: set[int] = field(default_factory=set)
    durations: Durations = field(default_factory=Durations)
    events: int = 0
    newest: datetime = EPOCH

    def read(self, partition: int, offset: int, key: bytes | None, value: bytes | None) -> None:
        """Fold the next message of a partition."""
        self.events += 1
        place = partition, offset
        if place in self.wanted:
            self.marks[place] = fingerprint(key, value)
        try:
            fact = self.fact(partition, key, value)
        except Unreadable as error:
            self.unreadable[place] = str(error), fingerprint(key, value)
            self.account(place, UNREADABLE, 0)
            return
        told = self.cases.get(fact["case_id"])
        if told is None:
            told = self.cases[fact["case_id"]] = Told(blank(fact["case_id"]), partition, len(self.cases))
        told.last = offset
        outcome = self.fold(told, fact, place)
        self.account(place, outcome, fact_hash(fact["case_id"], fact["id"], fact["type"]))

    def fact(self, partition: int, key: bytes | None, value: bytes | None) -> Fact:
        """Return the fact in a message. Raises Unreadable, also if it stands in the wrong place."""
        fact = read_fact(value)
        wanted = fact["case_id"].encode()
        if key != wanted:
            raise Unreadable(f"its key {key!r} is not the case id {fact['case_id']!r}")
        known = self.cases.get(fact["case_id"])
        if (home := known.partition if known else self.place_of(wanted)) != partition:
            raise Unreadable(f"its key belongs to partition {home}")
        return fact

    def fold(self, told: Told, fact: Fact, place: Place) -> int:
        """Let the fact take effect if it may; return what became of it."""
        self.newest = max(self.newest, fact["at"])
        if fact["by"] in SERVICES:
            told.spoken = fact["by"]
        reason = refusal(told.case, fact)
        if fact["id"] in self.asked:
            self.fates.setdefault(fact["id"], []).append((fact["case_id"], reason is None))
        if reason is not None:
            self.reasons[place] = reason
            if fact["by"] in SERVICES:
                self.silenced[fact["case_id"], fact["id"]] += 1
            return REPEATED if fact["id"] in told.case["ids"] else IGNORED
        before = Durations.before(told.case)
        take(told.case, fact)
        self.durations.count(place[0], before, fact, told.case)
        self.judge(told, fact, place)
        return EFFECTIVE

    def judge(self, told: Told, fact: Fact, place: Place) -> None:
        """Hold a fact that took effect against the invariants themselves, apart from the table that let it pass."""
        for number, sentence in faults(told.seen, fact, told.case["status"]):
            self.findings.add(number, sentence, case=fact["case_id"], place=place)
        if (known := hash(fact["id"])) in self.effective_ids:
            self.findings.add(4, f"{fact['type']} {fact['id']} took effect a second time", case=fact["case_id"], place=place)
        self.effective_ids.add(known)

    def account(self, place: Place, outcome: int, fact: int) -> None:
        part = self.parts[place[0]]
        missing = place[1] - part.begin - len(part.outcomes)
        if missing > 0:
            self.findings.add(7, f"the log lacks {missing} messages before this one", place=place)
            part.outcomes.extend(bytes(missing))
            part.facts.extend([0] * missing)
        part.outcomes.append(outcome)
        part.facts.append(fact)

    def places(self) -> list[str]:
        """Return where facts stand, as the timeline names it."""
        return [
            f"{p}/{part.begin + index}" for p, part in self.parts.items() for index, what in enumerate(part.outcomes) if what != UNREADABLE
        ]

    def why(self, place: Place) -> str:
        """Return why the fact at a place had no effect."""
        return self.reasons.get(place, "it takes effect")


def begin(findings: Findings, begins: Mapping[int, int], ends: Mapping[int, int]) -> dict[int, Part]:
    """Return the partitions before anything is read; a log whose beginning is gone cannot tell everything."""
    for partition, first in begins.items():
        if first > 0:
            findings.add(1, f"the log begins at offset {first}: what was there before is lost", place=(partition, first))
    return {partition: Part(begins[partition], ends[partition]) for partition in sorted(ends)}
