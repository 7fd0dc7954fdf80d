"""The clock of one case, held against its effective facts: missed or reminded of, given back by a pause or a reopening, corrected.

How long a city works on which day is not known here: what was left of a limit in working time is only bounded, of the others it is exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deploy.check.members import Fact

WITHOUT_BREAK = {"urgent_hours": timedelta(hours=1), "natural_days": timedelta(days=1)}  # clocks for which every hour counts, by unit
ROUNDING = timedelta(seconds=1)
PUBLIC = ("respond", "resolve")


@dataclass(slots=True)
class Clock:
    """What is remembered of a case's deadlines."""

    deadlines: dict[str, datetime] = field(default_factory=dict)
    stated: frozenset[tuple[str, datetime]] = frozenset()
    reminded: frozenset[tuple[float, datetime]] = frozenset()
    ticks: str = ""  # which clock the limit runs on
    amount: float = 0.0  # of the limit, in the unit of that clock
    done: datetime | None = None  # when the work was completed
    paused: datetime | None = None
    extended: bool = False
    asked: bool = False  # somebody was, since it was filed or reopened
    answered: bool = False  # somebody took it on since then
    unchecked: bool = False  # said to be done, and nobody has looked


def clock_faults(clock: Clock, fact: Fact, status: str) -> Iterator[str]:
    """Yield what must not have happened, and remember the fact. `status` is the case's afterwards."""
    match fact["type"]:
        case "deadline.missed":
            yield from missed_faults(clock, fact)
        case "reminder.sent":
            yield from reminder_faults(clock, fact)
        case "work.resumed":
            yield from resumed_faults(clock, fact)
        case "case.reopened":
            yield from reopened_faults(clock, fact)
        case "deadline.corrected":
            yield from corrected_faults(clock, fact)
    remember(clock, fact, status)


def missed_faults(clock: Clock, fact: Fact) -> Iterator[str]:
    which, deadline = fact["which"], fact["deadline"]
    named = f"{which} deadline {deadline.isoformat()} was missed"
    if which in PUBLIC and clock.deadlines.get(which) != deadline:
        yield f"{named}, expected {shown(clock.deadlines.get(which))}"
    if fact["at"] < deadline:
        yield f"{named} at {fact['at'].isoformat()}, before it had passed"
    if clock.paused is not None:
        yield f"{named} while the clock stood still"
    if {"respond": clock.answered, "dispatch": clock.asked, "check": not clock.unchecked}.get(which):
        yield f"{named} though what it asks for had happened"
    if (which, deadline) in clock.stated:
        yield f"{named} twice"
    clock.stated |= {(which, deadline)}


def reminder_faults(clock: Clock, fact: Fact) -> Iterator[str]:
    share, deadline = fact["share"], fact["deadline"]
    named = f"reminded at {share:.0%} of the time until {deadline.isoformat()}"
    if clock.deadlines.get("resolve") != deadline:
        yield f"{named}, expected {shown(clock.deadlines.get('resolve'))}"
    if fact["at"] >= deadline:
        yield f"{named} at {fact['at'].isoformat()}, when it had passed"
    if clock.paused is not None:
        yield f"{named} while the clock stood still"
    if (share, deadline) in clock.reminded:
        yield f"{named} twice"
    clock.reminded |= {(share, deadline)}


def resumed_faults(clock: Clock, fact: Fact) -> Iterator[str]:
    """What was left of the time when the case was paused is given back; a deadline that had passed by then stays."""
    before, after = clock.deadlines.get("resolve"), fact["resolve_by"]
    if clock.paused is None or before is None:
        return
    left = before - clock.paused
    if left <= timedelta(0):
        least = most = before
    elif clock.ticks in WITHOUT_BREAK:
        least = most = fact["at"] + left
    else:
        least, most = before, after
    if not least - ROUNDING <= after <= most + ROUNDING:
        yield f"resumed with the deadline {after.isoformat()}, expected {least.isoformat()}"


def reopened_faults(clock: Clock, fact: Fact) -> Iterator[str]:
    """The rest of the limit runs: what the fact says was not spent, and never less than was left when the work was completed."""
    before, unit = clock.deadlines.get("resolve"), WITHOUT_BREAK.get(clock.ticks)
    if not fact["spent"] or unit is None:
        return
    rest = fact["resolve_by"] - fact["at"]
    if abs(rest - (1 - fact["spent"]) * clock.amount * unit) > ROUNDING:
        yield f"reopened with {rest} left, expected {1 - fact['spent']:.2%} of {clock.amount:g} {clock.ticks}"
    if before and clock.done and not clock.extended and rest < before - clock.done - ROUNDING:
        yield f"reopened with {rest} left, expected at least {before - clock.done}: so much was left when the work was completed"


def corrected_faults(clock: Clock, fact: Fact) -> Iterator[str]:
    """A correction moves what the calendar alone made: not what a person set, and nothing while the clock stands still."""
    if clock.paused is not None:
        yield "the deadlines were corrected while the clock stood still"
    moved = [which for which in PUBLIC if clock.deadlines.get(which) != fact[f"{which}_by"]]
    if not moved:
        yield "a correction moved no deadline"
    if clock.extended and "resolve" in moved:
        yield f"a correction moved the deadline that a person had set, {shown(clock.deadlines.get('resolve'))}"


def remember(clock: Clock, fact: Fact, status: str) -> None:
    type = fact["type"]
    if type != "verification.requested":  # which says only what it looks like from afar
        told = fact.get("classification") or fact
        clock.deadlines |= {which: told[f"{which}_by"] for which in PUBLIC if f"{which}_by" in told}
        if "limit" in told:
            clock.ticks, clock.amount = told["limit"]["clock"], told["limit"]["amount"]
    if type == "work.completed":
        clock.done = fact["at"]
    if type == "work.paused":
        clock.paused = fact["at"]
    elif type in ("work.resumed", "case.transferred") or (type == "case.reclassified" and status == "triaged"):
        clock.paused = None
    if type in ("deadline.extended", "case.reopened"):
        clock.extended = type == "deadline.extended"
    if type in ("case.assigned", "case.reopened"):
        clock.asked = type == "case.assigned"
    if type in ("assignment.accepted", "case.reopened"):
        clock.answered = type == "assignment.accepted"
    if type in ("work.completed", "resolution.verified", "resolution.rejected", "case.closed"):
        clock.unchecked = type == "work.completed"


def shown(deadline: datetime | None) -> str:
    return deadline.isoformat() if deadline else "none"
