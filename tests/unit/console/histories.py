"""Histories of a few cases, as hypothesis draws them: every type of event, fitting or not, and what the log makes of them."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from shared.case import ALLOWED, Case, evolve
from shared.events import EVENT_TYPES, AnyEvent, Change, Classification, derived_id
from shared.service import Fold
from shared.terms import Clock, Grade, Limit, Location

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
IDS = ("a", "b", "c")
TYPES = tuple(EVENT_TYPES)
PARTITIONS = 2
VOICES = ("case.rated", "callback.recorded")
FORWARD = ("case.triaged", "case.assigned", "assignment.accepted", "work.completed", "case.closed", "case.reopened", "resident.contacted")

Step = tuple[str, str, int, int]  # case, type of event, a choice, hours since the last event


def classification(choice: int = 0, at: datetime = MONDAY) -> Classification:
    return Classification(
        category=("lamp", "gas", "noise")[choice % 3],
        group=("roads", "safety", "life")[choice % 3],
        condition="any",
        grade=tuple(Grade)[choice % 4],
        department=("works", "fire")[choice % 2],
        grid=("g1", "g2", None)[choice % 3],
        confidential=choice % 5 == 4,
        check=False,
        limit=Limit(amount=4, clock=Clock.URGENT_HOURS),
        respond_by=at + HOUR,
        resolve_by=at + 4 * HOUR,
        rules="v1",
    )


def facts(case: Case, kind: str, choice: int, at: datetime, others: dict[str, Case]) -> dict[str, Any]:
    """Return what the event says, chosen so that it fits often."""
    target = others[IDS[choice % len(IDS)]]
    return {
        "number": f"N-{case.id}",
        "text": "路灯不亮 lamp out",
        "channel": "phone",
        "reason": "because",
        "classification": classification(choice, at),
        "into": target.id,
        "into_reported_at": target.reported_at,
        "follower": target.id,
        "assignee": "W-1",
        "role": "unit_worker",
        "answer_by": at + HOUR,
        "approved_by": "L-1",
        "look_again_at": at + HOUR,
        "respond_by": at + HOUR,
        "resolve_by": at + 9 * HOUR,
        "outcome": "done",
        "department": ("works", "fire")[choice % 2],
        "level": case.level + 1,
        "which": ("resolve", "respond")[choice % 4 // 2],
        "deadline": (case.resolve_by, case.respond_by)[choice % 4 // 2] or at,
        "closing": max(case.closings, int(kind == "outcome.published")),
        "solved": bool(choice % 2),
        "score": choice % 5 + 1,
        "verifier": "W-1",
        "verify_by": at + HOUR,
        "upheld": bool(choice % 2),
        "how": "phone",
        "share": 0.5,
        "to": ("W-1",),
        "calendar": "c2",
        "round": case.reopenings,
        "reached": choice % 3 != 0,
        "satisfied": (True, False, None)[choice % 3],
        "handler": "works",
        "reporter": ("r-1", None)[choice % 2],
        "location": (Location(lat=30.0, lon=120.0), Location(lat=30.01, lon=120.0), None)[choice % 3],
        "remedy_by": at + 9 * HOUR,
    }


def said(case: Case, kind: str, at: datetime, others: dict[str, Case], choice: int = 0) -> AnyEvent:
    """Word an event about the case as it is now; some are late entries, some voices are the handler's own."""
    model: Any = EVENT_TYPES[kind]
    told = facts(case, kind, choice, at, others)
    by = "operator" if kind in VOICES and choice % 5 else "W-1"
    if kind == "deadline.missed":
        at = max(at, told["deadline"])
    elif choice % 7 == 6:
        at, told["late"] = at - 50 * HOUR, True
    some = {name: value for name, value in told.items() if name in model.model_fields}
    if issubclass(model, Change):
        event: AnyEvent = model.of(case, at=at, by=by, **some)
    else:
        event = model.of(case, at=at, by=by, id=derived_id(kind, case.id, str(at), str(choice)), **some)
    return event


def likely(case: Case, kind: str) -> str:
    """Let most histories begin with a report."""
    return "case.reported" if case.version == 0 else kind


def folded(steps: Sequence[Step], start: int = 0) -> list[Fold]:
    """Fold the steps into a log of PARTITIONS partitions; every fifth event comes twice."""
    cases = {id: Case(id=id) for id in IDS}
    folds: list[Fold] = []
    at = MONDAY
    for number, (id, kind, choice, hours) in enumerate(steps):
        at += hours * HOUR
        before = cases[id]
        event = said(before, likely(before, kind), at, cases, choice)
        for _ in range(2 if number % 5 == 0 else 1):
            after = evolve(cases[id], event)
            folds.append(Fold(cases[id], event, after, IDS.index(id) % PARTITIONS, start + len(folds)))
            cases[id] = after
    return folds


def lived(choices: Sequence[tuple[str, int, int, int]]) -> list[Fold]:
    """Fold steps that are nearly all allowed, so that lives get far; those of a life's own way, and voices, come often."""
    cases = {id: Case(id=id) for id in IDS}
    folds: list[Fold] = []
    at = MONDAY
    for id, number, choice, hours in choices:
        at += hours * HOUR
        allowed = [kind for kind in (*TYPES, *6 * FORWARD, *3 * VOICES) if cases[id].status in ALLOWED[kind]]
        before = cases[id]
        event = said(before, allowed[number % len(allowed)], at, cases, choice)
        cases[id] = evolve(before, event)
        folds.append(Fold(before, event, cases[id], IDS.index(id) % PARTITIONS, len(folds)))
    return folds


steps = st.tuples(st.sampled_from(IDS), st.sampled_from(TYPES), st.integers(0, 30), st.integers(0, 5))
histories = st.lists(steps, max_size=60).map(folded)


def seeded(seed: int) -> list[Fold]:
    """Return histories that are long enough for cases to be closed and reopened, the same for the same seed."""
    dice = random.Random(seed)
    return lived([(dice.choice(IDS), dice.randrange(999), dice.randrange(31), dice.choice((0, 0, 0, 1, 30, 60))) for _ in range(90)])


lives = st.integers(0, 2**32).map(seeded)


def life(*kinds: str, hours: int = 1) -> list[Fold]:
    """Fold one case through these events, an hour apart."""
    return [fold for number, fold in enumerate(folded([("a", kind, 0, hours) for kind in kinds])) if fold.effective]
