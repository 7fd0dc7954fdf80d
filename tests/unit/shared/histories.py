"""Histories of a few cases: each step words one fact, fitting or not, about a case as it is or was a moment ago.

A step is four small numbers and a name, so hypothesis can draw and shrink it and a seeded generator can make a log of it.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from shared.case import Case, Status, evolve
from shared.city import City
from shared.events import EVENT_TYPES, AnyEvent, Classification, derived_id
from shared.terms import Clock, Grade, Limit, Location

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
HUMAN = (
    "case.reported",
    "case.supplemented",
    "case.withdrawn",
    "case.reclassified",
    "case.rejected",
    "case.merged",
    "case.assigned",
    "assignment.accepted",
    "assignment.declined",
    "work.started",
    "work.paused",
    "work.resumed",
    "work.completed",
    "case.transferred",
    "deadline.extended",
    "note.added",
    "resolution.verified",
    "resolution.rejected",
    "case.rated",
    "case.reopened",
    "outcome.published",
    "report.verified",
    "case.separated",
    "case.returned",
    "appeal.made",
    "appeal.decided",
    "resident.contacted",
    "delay.explained",
    "callback.recorded",
    "objection.decided",
    "remedy.decided",
)
FORWARD = ("assignment.accepted", "work.started", "work.completed", "resolution.verified")  # a life goes on with one of these
DETOURS = (
    "case.withdrawn",
    "case.rejected",
    "case.merged",
    "case.reclassified",
    "case.transferred",
    "note.added",
    "case.supplemented",
    "resident.contacted",
    "delay.explained",
    "remedy.decided",
    "case.returned",
    "case.separated",
)
ALL = (*EVENT_TYPES, *FORWARD, "case.triaged", "case.assigned", "case.closed")
CATEGORIES = ("01001", "01023", "X10204", "X10302", "06028-L", "01013")
DEPARTMENTS = ("water-utility", "lighting", "community")
STAFF = ("water-worker-01", "grid-worker-01", "operator-01", "community-director-05")
SPOTS = (
    Location(lat=30.0200, lon=104.0040),
    Location(lat=30.0201, lon=104.0041),
    Location(lat=30.0212, lon=104.0200),
    Location(lat=0.0, lon=0.0),
    None,
)
TEXTS = ("井盖破了", "路灯不亮 the lamp is out", "something is wrong here", "看望老人")
WAITS = (0, 0, 1, 7, 45, 600, 2_000, 6_000)  # minutes


class Step(NamedTuple):
    """What happens next: which type of fact, about which case, worded how, how late, and from which version."""

    kind: str
    case: int
    choice: int = 0
    wait: int = 0
    behind: int = 0


@dataclass
class History:
    """The cases as the facts have made them, and the log of all that was said."""

    now: datetime = MONDAY
    cases: dict[str, Case] = field(default_factory=dict)
    log: list[AnyEvent] = field(default_factory=list)

    def case(self, id: str) -> Case:
        return self.cases.get(id) or Case(id=id)

    def put(self, event: AnyEvent) -> bool:
        """Append a fact; return whether it took effect."""
        before = self.case(event.case_id)
        after = evolve(before, event)
        self.cases[event.case_id] = after
        self.log.append(event)
        return after is not before

    def take(self, step: Step) -> bool:
        """Let the step happen."""
        self.now += timedelta(minutes=WAITS[step.wait])
        return self.put(self.worded(step))

    def worded(self, step: Step) -> AnyEvent:
        return worded(step, self.case(case_id(step.case)), self.cases, self.now, len(self.log))


def case_id(index: int) -> str:
    return f"case-{index:03d}"


def worded(step: Step, case: Case, cases: Mapping[str, Case], now: datetime, serial: int) -> AnyEvent:
    """Return the fact that a step stands for. Equal choices of a life say equal additions: duplicates come by themselves."""
    model: Any = EVENT_TYPES[step.kind]
    told = content(step, case, cases, now)
    known = case.model_copy(update={"version": max(0, case.version - step.behind)})
    at = max(now, told["deadline"]) if step.kind == "deadline.missed" and step.choice % 2 else now
    said = {name: value for name, value in told.items() if name in model.model_fields}
    unique = derived_id("history", str(serial // (1 + step.choice % 2)), step.kind)
    by = "resident" if step.choice % 2 else STAFF[step.choice % len(STAFF)]
    event: AnyEvent = model.of(known, at=at, by=by, id=unique, **said)
    return event


def content(step: Step, case: Case, cases: Mapping[str, Case], now: datetime) -> dict[str, Any]:
    """Return values for all members that facts have; those that depend on the case fit more often than not."""
    choice = step.choice
    ids = sorted(id for id, known in cases.items() if known.status is not Status.UNKNOWN) or [case.id]
    other = cases.get(ids[choice % len(ids)]) or case
    hours = timedelta(hours=(1, 5, 60, -3)[choice % 4])
    which = ("respond", "resolve", "respond", "resolve", "dispatch", "check")[choice % 6]
    return {
        "number": case.id.upper(),
        "text": TEXTS[choice % len(TEXTS)],
        "channel": ("wechat", "phone")[choice % 2],
        "location": SPOTS[choice % len(SPOTS)],
        "category": (*CATEGORIES, None)[choice % 7],
        "reporter": f"r-{choice}",
        "same_as": other.id if choice % 3 == 1 else None,
        "reason": ("weather", "别的原因")[choice % 2],
        "classification": classification(choice, now),
        "into": other.id,
        "into_reported_at": other.reported_at,
        "follower": other.id,
        "assignee": STAFF[choice % len(STAFF)],
        "role": "unit_worker",
        "answer_by": now + hours,
        "approved_by": STAFF[-1],
        "look_again_at": now + abs(hours),
        "respond_by": now + hours,
        "resolve_by": now + 2 * hours,
        "outcome": "修好了 done",
        "department": DEPARTMENTS[choice % len(DEPARTMENTS)],
        "level": max(1, case.level + choice % 3),
        "which": which,
        "deadline": (case.respond_by if step.kind == "deadline.missed" and which == "respond" else case.resolve_by) or now,
        "closing": max(case.closings + (choice % 5 == 4), step.kind == "outcome.published"),
        "verifier": STAFF[1],
        "verify_by": now + abs(hours),
        "share": (0.5, 0.8)[choice % 2],
        "to": STAFF[:1],
        "how": "phone",
        "insists": choice % 3 == 0,
        "upheld": choice % 2 == 0,
        "calendar": ("other", "another")[choice % 2],
        "round": case.reopenings + (choice % 5 == 4),
        "reached": bool(choice % 4),
        "satisfied": bool(choice % 2),
        "handler": STAFF[0],
        "remedy_by": now + abs(hours),
        "solved": bool(choice % 3),
        "score": choice % 5 + 1,
    }


def classification(choice: int, now: datetime) -> Classification:
    return Classification(
        category=CATEGORIES[choice % len(CATEGORIES)],
        group="any",
        condition="any",
        grade=tuple(Grade)[choice % 4],
        department=DEPARTMENTS[choice % len(DEPARTMENTS)],
        grid=("G01", None)[choice % 2],
        confidential=choice % 5 == 0,
        check=choice % 3 == 0,
        limit=Limit(amount=2, clock=tuple(Clock)[choice % 4]),
        respond_by=now + timedelta(hours=1),
        resolve_by=now + timedelta(hours=1 + choice % 5),
        rules="history",
    )


def steps(kinds: Iterable[str] = tuple(EVENT_TYPES), cases: int = 3) -> st.SearchStrategy[list[Step]]:
    """Draw histories; a step that fits is as likely as one that does not."""
    kind = st.sampled_from([*kinds, *FORWARD, *FORWARD])
    choice, wait, behind = st.integers(0, 19), st.integers(0, len(WAITS) - 1), st.sampled_from((0, 0, 0, 0, 1))
    return st.lists(st.builds(Step, kind, st.integers(0, cases - 1), choice, wait, behind), max_size=30)


def seeded(seed: int, length: int, cases: int, kinds: tuple[str, ...] = ALL) -> History:
    """Return a history of every type of fact, the same for the same seed."""
    dice, history = random.Random(seed), History()
    while len(history.log) < length:
        history.take(likely(dice, history, cases, kinds))
    return history


def likely(dice: random.Random, history: History, cases: int, kinds: tuple[str, ...]) -> Step:
    """Return a step that is more often one that fits than not."""
    index = dice.randrange(cases)
    step = Step("", index, dice.randrange(20), dice.randrange(5), int(dice.random() < 0.1))
    known = history.case(case_id(index))
    if dice.random() < 0.15:
        return step._replace(kind=dice.choice(kinds))
    for kind in dice.sample(kinds, len(kinds)):
        step = step._replace(kind=kind, choice=dice.randrange(20))
        event = worded(step, known, history.cases, history.now, len(history.log))
        if evolve(known, event) is not known and (kind not in DETOURS or dice.random() < 0.1):
            break
    return step


def world_city(city: City) -> City:
    """Return the city with little room, so that offers run out."""
    few = {key: person.model_copy(update={"capacity": min(2, person.capacity)}) for key, person in city.staff.items()}
    return city.model_copy(update={"staff": few})
