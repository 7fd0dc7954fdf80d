"""Histories of a few cases, as hypothesis draws them: every type of event, fitting or not, and what the log makes of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from shared.case import Case, evolve
from shared.events import EVENT_TYPES, AnyEvent, Change, Classification, derived_id
from shared.service import Fold
from shared.terms import Clock, Grade, Limit

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
IDS = ("a", "b", "c")
TYPES = tuple(EVENT_TYPES)
PARTITIONS = 2

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
    deadline = case.resolve_by or at
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
        "which": "resolve",
        "deadline": deadline,
        "closing": max(1, case.closings),
        "solved": bool(choice % 2),
        "score": choice % 5 + 1,
    }


def said(case: Case, kind: str, at: datetime, others: dict[str, Case], choice: int = 0) -> AnyEvent:
    """Word an event about the case as it is now."""
    model: Any = EVENT_TYPES[kind]
    told = facts(case, kind, choice, at, others)
    if kind == "deadline.missed":
        at = max(at, told["deadline"])
    some = {name: value for name, value in told.items() if name in model.model_fields}
    if issubclass(model, Change):
        event: AnyEvent = model.of(case, at=at, by="W-1", **some)
    else:
        event = model.of(case, at=at, by="W-1", id=derived_id(kind, case.id, str(at), str(choice)), **some)
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


steps = st.tuples(st.sampled_from(IDS), st.sampled_from(TYPES), st.integers(0, 30), st.integers(0, 5))
histories = st.lists(steps, max_size=60).map(folded)


def life(*kinds: str, hours: int = 1) -> list[Fold]:
    """Fold one case through these events, an hour apart."""
    return [fold for number, fold in enumerate(folded([("a", kind, 0, hours) for kind in kinds])) if fold.effective]
