"""A made-up log, and the rows that the product's own pure functions make of it, for tests to spoil."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from deploy.check.copies import Copy, Document, check_cases, check_completeness, check_progress
from deploy.check.findings import Findings
from deploy.check.history import History, begin, fingerprint
from deploy.check.views import check_timeline, check_times, check_totals
from services.console.views.timeline import timeline
from services.console.views.times import times
from services.console.views.totals import totals
from shared.case import Case, evolve
from shared.city import City
from shared.events import decode
from shared.memory import CaseRow, ViewRow
from shared.service import Fold
from shared.store import case_document, view_document

GOLDEN = Path(__file__).parents[3] / "samples" / "golden.ndjson"
NO_CITY = cast(City, None)  # these views do not look at it
Message = tuple[int, bytes | None, bytes | None]  # partition, key, value
VIEWS = (timeline, totals, times)
CHECKS: dict[str, Callable[[Copy, Iterable[Document], History], None]] = {
    "timeline": check_timeline,
    "totals": check_totals,
    "times": check_times,
}


def fact(type: str, case: str = "a", at: str = "09:00", id: str | None = None, by: str = "resident", **members: Any) -> Message:
    """Return a fact about a case, in partition 0, at a time of one day."""
    told = {"id": id or f"{case}/{type}/{at}", "case_id": case, "at": f"2026-03-02T{at}:00Z", "by": by, "type": type, **members}
    return 0, case.encode(), json.dumps(told).encode()


def what(department: str = "lighting", respond: str = "10:00", resolve: str = "12:00") -> dict[str, Any]:
    """Return a classification."""
    deadlines = {"respond_by": f"2026-03-02T{respond}:00Z", "resolve_by": f"2026-03-02T{resolve}:00Z"}
    words = {"category": "01023", "group": "lamps", "condition": "any", "grade": "normal", "department": department, "rules": "r"}
    limit = {"amount": 2.0, "clock": "urgent_hours"}
    return {**words, "grid": None, "confidential": False, "check": False, "limit": limit, **deadlines}


def reported(case: str = "a", at: str = "09:00", **members: Any) -> Message:
    return fact("case.reported", case, at, on=0, **{"number": case, "text": "a lamp is out", "channel": "web", **members})


def triaged(case: str = "a", at: str = "09:01", on: int = 1) -> Message:
    return fact("case.triaged", case, at, by="triage", on=on, classification=what(), reason="lamp")


def assigned(case: str = "a", at: str = "09:02", on: int = 2, **members: Any) -> Message:
    offer = {"assignee": "worker-1", "role": "unit_worker", "answer_by": "2026-03-02T09:30:00Z", "reason": "near"}
    return fact("case.assigned", case, at, by="dispatch", on=on, **{**offer, **members})


def accepted(case: str = "a", at: str = "09:03", on: int = 3) -> Message:
    return fact("assignment.accepted", case, at, by="worker-1", on=on)


def completed(case: str = "a", at: str = "09:30", on: int = 4) -> Message:
    return fact("work.completed", case, at, by="worker-1", on=on, outcome="new lamp")


def closed(case: str = "a", at: str = "09:40", on: int = 5, id: str | None = None) -> Message:
    return fact("case.closed", case, at, id=id, by="closure", on=on, outcome="new lamp")


def missed(case: str = "a", at: str = "12:01", deadline: str = "12:00") -> Message:
    return fact("deadline.missed", case, at, by="dispatch", which="resolve", deadline=f"2026-03-02T{deadline}:00Z")


def merged(case: str, into: str, at: str = "09:05", into_at: str = "09:00") -> Message:
    told = {"into": into, "into_reported_at": f"2026-03-02T{into_at}:00Z", "reason": "the same"}
    return fact("case.merged", case, at, by="triage", on=1, **told)


def joined(case: str, follower: str, at: str = "09:06") -> Message:
    return fact("case.joined", case, at, id=f"{follower}->{case}/joined", by="triage", follower=follower)


LIFE = [reported(), triaged(), assigned(), accepted(), completed(), closed()]


def golden() -> list[Message]:
    """Return a log of every type of fact, with many that have no effect."""
    lines = GOLDEN.read_bytes().splitlines()
    return [(0, json.loads(line)["case_id"].encode(), line) for line in lines]


def read(messages: Sequence[Message], asked: Iterable[str] = (), partitions: int = 1) -> History:
    """Return what the check knows after reading the log; every key belongs to partition 0."""
    counts = [sum(at == p for at, _, _ in messages) for p in range(partitions)]
    parts = begin(Findings(), dict.fromkeys(range(partitions), 0), dict(enumerate(counts)))
    wanted = frozenset((p, count - 1) for p, count in enumerate(counts))
    history = History(Findings(), parts, lambda key: 0, wanted, frozenset(asked))
    for partition, key, value in messages:
        history.read(partition, len(parts[partition].outcomes), key, value)
    return history


@dataclass
class Rows:
    """What a service's database holds after folding the log in partition 0."""

    cases: dict[str, Document] = field(default_factory=dict)
    views: dict[str, dict[str, Document]] = field(default_factory=lambda: {view.name: {} for view in VIEWS})
    copy: Copy = field(default_factory=lambda: Copy("gridcase_console_v1", "console"))

    @staticmethod
    def of(messages: Sequence[Message]) -> "Rows":
        rows = Rows()
        known: dict[str, Case] = {}
        contents: dict[tuple[str, str], ViewRow] = {}
        for offset, (_, _, value) in enumerate(messages):
            event = decode(value or b"")
            before = known.get(event.case_id) or Case(id=event.case_id)
            known[event.case_id] = after = evolve(before, event)
            rows.cases[event.case_id] = case_document(0, CaseRow(after, offset), {})
            fold = Fold(before, event, after, 0, offset)
            for view in VIEWS:
                for key in view.keys(fold, NO_CITY):
                    old = contents.get((view.name, key), ViewRow(None))
                    contents[view.name, key] = new = ViewRow(view.change(old.content, key, fold, NO_CITY), offset)
                    rows.views[view.name][key] = view_document(0, key, new)
        rows.copy.progress = {0: (len(messages), fingerprint(*messages[-1][1:]))}
        return rows

    def checked(self, history: History) -> list[str]:
        """Return the violations that the check finds in these rows."""
        check_completeness([self.copy], history)
        check_progress(self.copy, history)
        check_cases(self.copy, self.cases.values(), history)
        for name, check in CHECKS.items():
            check(self.copy, self.views[name].values(), history)
        return history.findings.violations()

    def tamper(self, case: str, **members: Any) -> None:
        """Change members of a case's body."""
        body = {**json.loads(self.cases[case]["body"]), **members}
        self.cases[case]["body"] = json.dumps(body)
