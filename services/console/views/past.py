"""What a case has been through and no longer remembers: one row for each case that has forgotten something the figures count.

A row holds three things:

- `times`: the difference between all times that were measured (`views.times`) and those that the case itself still tells: what a
  reopening or a failed check made it forget, the checks, and what a late entry measured otherwise. A negative count takes back what the
  case tells wrongly. So what the case tells and this difference are together exactly what was measured, whatever happened.
- `rounds`: each round that a reopening ended, as it counts in the rates, under what the case was then.
- `voices`: by round, what the resident said last about the work (`views.rates`).

Most cases have one small row, written when their result is checked.
"""

from collections import Counter
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from services.console.carried import bits, remembered, seconds
from services.console.views.rates import judgement
from services.console.views.times import bucket, durations, stages
from shared.case import Case
from shared.city import City
from shared.events import CaseReopened, ReportVerified, ResolutionRejected, ResolutionVerified, WorkCompleted
from shared.service import Fold, View

BLANK: dict[str, Any] = {"times": {}, "rounds": [], "voices": {}}
TOLD = attrgetter("assigned_at", "accepted_at", "triaged_at", "clock_from", "completed_at", "reopenings", "status")
MEASURING = (ReportVerified, ResolutionVerified, ResolutionRejected, WorkCompleted)


def forgotten(fold: Fold) -> dict[str, int]:
    """Return how the event changes the difference: by time and bucket, what was measured and is not told, less what is told and was not."""
    if not fold.effective or (not isinstance(fold.event, MEASURING) and TOLD(fold.before) == TOLD(fold.after)):
        return {}
    found = Counter(f"{what}/{bucket(length)}" for what, length, _ in (*durations(fold), *stages(fold)))
    found.update(f"{what}/{bucket}" for what, bucket in remembered(fold.before).items())
    found.subtract(f"{what}/{bucket}" for what, bucket in remembered(fold.after).items())
    return {name: count for name, count in found.items() if count}


def finished(case: Case) -> list[Any]:
    """Return the round that ends now: when it began and was done, what it counts, and where."""
    what = case.classification
    place = (what.category, what.group, str(what.grade), what.grid or "") if what else ("", "", "", "")
    return [seconds(case.clock_from), seconds(case.completed_at), bits(case), *place, case.department or ""]


def keys(fold: Fold, city: City) -> Iterable[str]:
    reopened = fold.effective and isinstance(fold.event, CaseReopened)
    return (fold.event.case_id,) if reopened or forgotten(fold) or judgement(fold, city) else ()


def change(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
    """Add what the case forgets, the round that ends, and what the resident said."""
    old = row or BLANK
    times = Counter[str](old["times"])
    times.update(forgotten(fold))
    new = {**old, "times": {name: count for name, count in times.items() if count}}
    if fold.effective and isinstance(fold.event, CaseReopened):
        new["rounds"] = [*old["rounds"], finished(fold.before)]
    if said := judgement(fold, city):
        voices = {round: voice for round, voice in old["voices"].items() if round != str(fold.before.reopenings)}
        new["voices"] = voices if said[2] is None else {**voices, str(fold.before.reopenings): list(said[2])}
    return new


past = View("past", keys=keys, change=change)
