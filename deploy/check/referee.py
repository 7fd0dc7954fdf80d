"""The invariants of one case, held against its effective facts one by one, with as little knowledge of the life cycle as possible.

The table says what may happen; the referee says what must never have happened. It would notice a table that allows too much.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from deploy.check.rules import RULES
from deploy.check.shapes import Fact

RELEASES = frozenset(
    {
        "assignment.declined",
        "assignment.expired",
        "case.withdrawn",
        "case.rejected",
        "case.merged",
        "case.transferred",
        "case.reopened",
    }
)


@dataclass(slots=True)
class Seen:
    """What the referee remembers of a case."""

    version: int = 0
    holder: str | None = None
    closed: bool = False
    missed: tuple[tuple[str, str], ...] = ()
    deadlines: dict[str, str] = field(default_factory=dict)


def faults(seen: Seen, fact: Fact, status: str) -> Iterator[tuple[int, str]]:
    """Yield what must not have happened, with the invariant's number, and remember the fact. `status` is the case's afterwards."""
    yield from version_faults(seen, fact)
    yield from holder_faults(seen, fact, status)
    yield from deadline_faults(seen, fact)


def version_faults(seen: Seen, fact: Fact) -> Iterator[tuple[int, str]]:
    type, moves = fact["type"], RULES[fact["type"]].moves
    if seen.version == 0 and type != "case.reported":
        yield 1, f"{type} took effect before any case.reported"
    if not moves:
        return
    if fact["on"] != seen.version:
        yield 2, f"{type} took effect on version {fact['on']}, expected {seen.version}"
    seen.version = fact["on"] + 1
    if seen.closed and type != "case.reopened":
        yield 3, f"{type} took effect after the close, expected case.reopened"
    seen.closed = type == "case.closed"


def holder_faults(seen: Seen, fact: Fact, status: str) -> Iterator[tuple[int, str]]:
    type = fact["type"]
    if type == "case.assigned":
        if seen.holder is not None:
            yield 3, f"assigned to {fact['assignee']} while {seen.holder} had it"
        seen.holder = fact["assignee"]
    elif type in RELEASES or (type == "case.reclassified" and status == "triaged"):
        seen.holder = None


def deadline_faults(seen: Seen, fact: Fact) -> Iterator[tuple[int, str]]:
    told = fact.get("classification") or fact
    for which in ("respond", "resolve"):
        if f"{which}_by" in told:
            seen.deadlines[which] = told[f"{which}_by"].isoformat()
    if fact["type"] != "deadline.missed":
        return
    which, deadline = fact["which"], fact["deadline"].isoformat()
    if seen.deadlines.get(which) != deadline:
        yield 8, f"{which} deadline {deadline} was missed, expected {seen.deadlines.get(which)}"
    if fact["at"] < fact["deadline"]:
        yield 8, f"{which} deadline {deadline} was missed at {fact['at'].isoformat()}, before it had passed"
    if (which, deadline) in seen.missed:
        yield 8, f"{which} deadline {deadline} was missed twice"
    seen.missed = (*seen.missed, (which, deadline))
