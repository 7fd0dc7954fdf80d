"""The counts behind the three rates: what is assessed and what of it was good, by month, grid, department, category and kind of reporter.

One round of a case, from its filing or reopening to its next reopening, counts once:

- Its answer and its finishing count in the month (in the city's zone) in which the round began, under what the case is now. They are
  assessed once they are decided: the resident was contacted, the work is done, or the log says that the deadline was missed. Every fact
  takes out what the case counted before and puts in what it counts now, so a late entry or a correction changes the month that it is about.
- What the resident said counts in the month in which the work was done that it is about. One voice a round: the latest one since the work
  was last done, from a call-back or the resident's own rating; whoever handled the case has none. A row remembers the voices by case and
  round, for a later one replaces an earlier one; there are as many as were heard about one category in one grid in one month.
- Offers count in the month of their answer, under what the case was then.

A case that is merged, rejected or withdrawn stops counting with its present round; a round that was closed and reopened is over and stays.
Who counts (`City.rates`) is decided when the rows are read, not here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from shared.case import ENDS, Case
from shared.city import City
from shared.events import (
    AnyEvent,
    AssignmentAccepted,
    AssignmentExpired,
    CallbackRecorded,
    CaseRated,
    CaseReopened,
    ResolutionRejected,
)
from shared.service import Fold, View

SATISFIED_FROM = 4  # of 5, the score of a resident who is satisfied
Voice = tuple[bool, bool | None, bool | None]  # from a call-back, solved, satisfied
Counts = dict[str, int]


class Place(NamedTuple):
    """What the rows are sorted by."""

    month: str  # year and month
    grid: str
    department: str
    category: str
    named: str  # whether the reporter left a contact: "named" or "anonymous"

    @property
    def key(self) -> str:
        return "\t".join(self)


def place_of(case: Case, at: datetime | None, city: City) -> Place | None:
    """Return where something of `at` counts; None before the case was filed."""
    what = case.classification
    if what is None or at is None:
        return None
    named, local = "named" if case.reporter else "anonymous", city.local(at)
    return Place(f"{local.year:04d}-{local.month:02d}", what.grid or "", case.department or "", what.category, named)


def by(moment: datetime | None, deadline: datetime | None) -> bool:
    return moment is not None and deadline is not None and moment <= deadline


# All of a case on which its place and `standing` depend; most facts change none of it.
PLACED = attrgetter("clock_from", "classification", "department", "reporter")
DECISIVE = attrgetter(
    "clock_from",
    "contacted_at",
    "accepted_at",
    "completed_at",
    "respond_by",
    "first_resolve_by",
    "resolve_by",
    "missed",
    "classification",
    "department",
    "reporter",
)


def moved(before: Case, after: Case) -> bool:
    return (before.status in ENDS) is not (after.status in ENDS) or DECISIVE(before) != DECISIVE(after)


def standing(case: Case) -> Counts:
    """Return what the present round of a case counts, as far as it is decided."""
    if case.status in ENDS or case.clock_from is None:
        return {}
    done = case.completed_at is not None
    found: Counts = {}
    if done or case.contacted_at is not None or case.has_missed("respond", case.respond_by):
        found["assessed"] = 1
        found["contacted"] = int(by(case.contacted_at, case.respond_by))
        found["answered"] = int(by(case.contacted_at, case.respond_by) or by(case.accepted_at, case.respond_by))
    for name, deadline in (("first", case.first_resolve_by), ("current", case.resolve_by)):
        if done or case.has_missed("resolve", deadline):
            found[f"due_{name}"] = 1
            found[f"done_{name}"] = int(by(case.completed_at, deadline))
    return {name: count for name, count in found.items() if count}


def heard(event: AnyEvent, case: Case) -> Voice | None:
    """Return what the resident said about the work, None if nothing or if it was the handler who said it."""
    if event.by == case.assignee:
        return None
    if isinstance(event, CaseRated):
        return (False, event.solved, event.score >= SATISFIED_FROM)
    if isinstance(event, CallbackRecorded) and event.reached and (event.solved, event.satisfied) != (None, None):
        return (True, event.solved, event.satisfied)
    return None


def moves(fold: Fold, city: City) -> dict[Place, Counts]:
    """Return what the event adds to the counts of which place, and takes from them."""
    found: dict[Place, Counts] = {}
    if not fold.effective:
        return found
    before, after, event = fold.before, fold.after, fold.event
    if moved(before, after):
        there = place_of(after, after.clock_from, city)
        here = there if PLACED(before) == PLACED(after) else place_of(before, before.clock_from, city)
        if here and not isinstance(event, CaseReopened):
            add(found.setdefault(here, {}), standing(before), -1)
        if there:
            add(found.setdefault(there, {}), standing(after), 1)
    if isinstance(event, AssignmentAccepted | AssignmentExpired) and (place := place_of(before, event.happened_at, city)):
        signed = isinstance(event, AssignmentAccepted) and by(event.happened_at, before.answer_by)
        add(found.setdefault(place, {}), {"offers": 1, "signed": int(signed)}, 1)
    return {place: kept for place, counts in found.items() if (kept := {name: count for name, count in counts.items() if count})}


def add(sums: Counts, counts: Mapping[str, int], step: int) -> None:
    for name, count in counts.items():
        sums[name] = sums.get(name, 0) + step * count


def judgement(fold: Fold, city: City) -> tuple[Place, str, Voice | None] | None:
    """Return whose voice the event changes, and to what: nothing any more if the work must be done again."""
    if not fold.effective or not isinstance(fold.event, CaseRated | CallbackRecorded | ResolutionRejected):
        return None
    before = fold.before
    place, voice = place_of(before, before.completed_at, city), heard(fold.event, before)
    silent = voice is None and not (isinstance(fold.event, ResolutionRejected) and before.additions)
    return None if place is None or silent else (place, f"{before.id}/{before.reopenings}", voice)


def keys(fold: Fold, city: City) -> Iterable[str]:
    said = judgement(fold, city)
    return dict.fromkeys(place.key for place in (*moves(fold, city), *([said[0]] if said else ())))


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    """Move the counts of the place, and put the voice into its place."""
    place = Place(*key.split("\t"))
    counts, voices = dict(row["counts"]) if row else {}, row["voices"] if row else {}
    add(counts, moves(fold, city).get(place, {}), 1)
    if (said := judgement(fold, city)) and said[0] == place:
        voices = {round: voice for round, voice in voices.items() if round != said[1]}
        if said[2] is not None:
            voices[said[1]] = list(said[2])
    return {**place._asdict(), "counts": {name: count for name, count in counts.items() if count}, "voices": voices}


rates = View("rates", keys=keys, change=change, indexes=(("month",),))


def tally(row: Mapping[str, Any]) -> Counts:
    """Return all counts of a row, those of what residents said included."""
    sums: Counts = dict(row["counts"])
    for called, solved, satisfied in row["voices"].values():
        for name, said in (("solved", solved), ("satisfied", satisfied), *((("called_satisfied", satisfied),) if called else ())):
            if said is not None:
                add(sums, {f"asked_{name}": 1, name: int(said)}, 1)
    return sums
