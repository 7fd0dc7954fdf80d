"""The counts behind the three rates, made anew from the events of the log alone, by nothing of the view."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.city import City
from shared.service import Fold

Place = tuple[str, str, str, str, str]
Counts = dict[Place, Counter[str]]
GONE = ("case.merged", "case.rejected", "case.withdrawn")


@dataclass
class Round:
    """What is known of one round of a case, as the events tell it."""

    began: datetime | None = None
    contacted: datetime | None = None
    accepted: datetime | None = None
    done: datetime | None = None
    voice: dict[str, Any] = field(default_factory=dict)


@dataclass
class Told:
    """What is known of one case."""

    city: City
    counts: Counts
    now: Round = field(default_factory=Round)
    about: dict[str, Any] = field(default_factory=dict)
    missed: set[tuple[str, datetime]] = field(default_factory=set)
    gone: bool = False

    def place(self, at: datetime) -> Place:
        of = self.about
        named = "named" if of["reporter"] else "anonymous"
        return (f"{self.city.local(at):%Y-%m}", of["grid"] or "", of["department"], of["category"], named)

    def hear(self, event: Any) -> None:
        """Take in one event that had an effect."""
        self.about |= {name: getattr(event, name) for name in ("reporter",) if event.type == "case.reported"}
        if event.type in ("case.triaged", "case.reclassified"):
            what = event.classification
            first = self.about.get("first") or what.resolve_by
            self.about |= {**what.model_dump(), "first": first}
            self.now.began = self.now.began or event.at  # a revived case goes on with the clock that it had
        if event.type == "case.reopened":
            self.finish()
            self.now = Round(began=event.at)
        for name in ("respond_by", "resolve_by", "department", "assignee", "answer_by"):
            if event.type != "remedy.decided" and hasattr(event, name):
                self.about[name] = getattr(event, name)
        self.work(event)

    def work(self, event: Any) -> None:
        now = self.now
        match event.type:
            case "assignment.accepted":
                self.offer(event.happened_at <= self.about["answer_by"], event.happened_at)
                now.accepted = now.accepted or event.at
            case "assignment.expired":
                self.offer(False, event.happened_at)
            case "resident.contacted":
                now.contacted = min(now.contacted or event.happened_at, event.happened_at)
            case "deadline.missed":
                self.missed.add((event.which, event.deadline))
            case "work.completed":
                now.done = event.at
            case "resolution.rejected":
                now.done, now.voice = None, {}
            case "case.rated" if event.by != self.about["assignee"]:
                now.voice = {"solved": event.solved, "satisfied": event.score > 3}
            case "callback.recorded" if event.by != self.about["assignee"] and event.reached:
                said = {"solved": event.solved, "satisfied": event.satisfied, "called_satisfied": event.satisfied}
                now.voice = said if (event.solved, event.satisfied) != (None, None) else now.voice
            case _:
                self.gone = event.type in GONE or (self.gone and event.type not in ("case.separated", "case.revived"))

    def offer(self, signed: bool, at: datetime) -> None:
        self.counts.setdefault(self.place(at), Counter()).update({"offers": 1, "signed": int(signed)})

    def finish(self) -> None:
        """Count the round that is over, or that stands as it is."""
        now, of = self.now, self.about
        if self.gone or now.began is None:
            return
        found: Counter[str] = Counter()
        if now.done or now.contacted or ("respond", of["respond_by"]) in self.missed:
            heard = now.contacted is not None and now.contacted <= of["respond_by"]
            taken = now.accepted is not None and now.accepted <= of["respond_by"]
            found.update({"assessed": 1, "contacted": int(heard), "answered": int(heard or taken)})
        for name, deadline in (("first", of["first"]), ("current", of["resolve_by"])):
            if now.done or ("resolve", deadline) in self.missed:
                found.update({f"due_{name}": 1, f"done_{name}": int(now.done is not None and now.done <= deadline)})
        self.counts.setdefault(self.place(now.began), Counter()).update(found)
        if now.done:
            said = {name: value for name, value in now.voice.items() if value is not None}
            voices = {f"asked_{name}": 1 for name in said} | {name: int(value) for name, value in said.items()}
            self.counts.setdefault(self.place(now.done), Counter()).update(voices)


def recounted(folds: Iterable[Fold], city: City) -> dict[Place, dict[str, int]]:
    """Return the counts of every place that has any."""
    counts: Counts = {}
    cases: dict[str, Told] = {}
    for fold in folds:
        if fold.effective:
            cases.setdefault(fold.event.case_id, Told(city, counts)).hear(fold.event)
    for told in cases.values():
        told.finish()
    return {place: kept for place, found in counts.items() if (kept := {name: n for name, n in found.items() if n})}
