"""The invariants of one case, held against its effective facts one by one, with as little knowledge of the life cycle as possible.

The table says what may happen; the referee says what must never have happened. It would notice a table that allows too much.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from deploy.check.clock import Clock, clock_faults
from deploy.check.conduct import Conduct, conduct_faults
from deploy.check.members import Fact
from deploy.check.rules import RULES

RELEASES = frozenset(
    {
        "assignment.declined",
        "assignment.expired",
        "case.returned",
        "case.withdrawn",
        "case.rejected",
        "case.merged",
        "case.transferred",
        "case.reopened",
    }
)
AFTER_THE_CLOSE = frozenset({"case.reopened", "objection.decided"})


@dataclass(slots=True)
class Seen:
    """What the referee remembers of a case."""

    version: int = 0
    holder: str | None = None
    closed: bool = False
    clock: Clock = field(default_factory=Clock)
    conduct: Conduct = field(default_factory=Conduct)


def faults(seen: Seen, fact: Fact, status: str) -> Iterator[tuple[int, str]]:
    """Yield what must not have happened, with the invariant's number, and remember the fact. `status` is the case's afterwards."""
    yield from version_faults(seen, fact)
    yield from conduct_faults(seen.conduct, fact, seen.holder)
    yield from holder_faults(seen, fact, status)
    yield from ((8, sentence) for sentence in clock_faults(seen.clock, fact, status))


def version_faults(seen: Seen, fact: Fact) -> Iterator[tuple[int, str]]:
    type, moves = fact["type"], RULES[fact["type"]].moves
    if seen.version == 0 and type != "case.reported":
        yield 1, f"{type} took effect before any case.reported"
    if not moves:
        return
    if fact["on"] != seen.version:
        yield 2, f"{type} took effect on version {fact['on']}, expected {seen.version}"
    seen.version = fact["on"] + 1
    if seen.closed and type not in AFTER_THE_CLOSE:
        yield 3, f"{type} took effect after the close, expected case.reopened"
    seen.closed = type == "case.closed" or (seen.closed and type == "objection.decided")


def holder_faults(seen: Seen, fact: Fact, status: str) -> Iterator[tuple[int, str]]:
    type = fact["type"]
    if type == "case.assigned":
        if seen.holder is not None:
            yield 3, f"assigned to {fact['assignee']} while {seen.holder} had it"
        seen.holder = fact["assignee"]
    elif type in RELEASES or (type == "case.reclassified" and status == "triaged"):
        seen.holder = None
