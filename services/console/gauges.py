"""What Prometheus sees of the console: what events end or state, as they come, and what the read models say, every few seconds.

Each partition is folded by one process, so what is counted adds up over processes. The read models are the same for all: every process
shows the whole of them, and a query takes the greatest (`max without (instance)`), not the sum.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from prometheus_client import Histogram

from services.console.desk.delay import DELAY
from services.console.rating import RatesAsked, added_up, divided, formulas_of, months_of
from services.console.views import times, totals
from services.console.views.rates import Counts
from shared import metrics
from shared.case import REAL
from shared.city import City
from shared.clock import monotonic
from shared.events import DeadlineMissed, ReminderSent
from shared.service import Fold
from shared.terms import Grade
from shared.web import Reading

UNGRADED = NOBODY = "none"
RATES = ("response", "resolution", "satisfaction", "finishing")
RATES_SECONDS, RATES_SHARE = 60.0, 0.02  # the rates of a month are many rows: read this seldom, and for no more of our time
DEADLINES = ("respond", "resolve", "dispatch", "check")


def observe(fold: Fold) -> None:
    """Count each time and stage that the event has ended, and each missed deadline and reminder that it states."""
    if not fold.effective:
        return
    DELAY.folded(fold)
    for what, seconds, labels in times.durations(fold):
        time_of(what, *labels.values()).observe(seconds)
    for stage, seconds, labels in times.stages(fold):
        stage_of(stage, labels["grade"]).observe(seconds)
    if isinstance(fold.event, DeadlineMissed):
        metrics.MISSED.labels(fold.event.which, fold.after.grade or UNGRADED).inc()
    elif isinstance(fold.event, ReminderSent):
        metrics.REMINDERS.labels(f"{fold.event.share:g}", fold.after.grade or UNGRADED).inc()


@cache  # a tenth of what it costs to look it up each time
def time_of(what: str, group: str, grade: str, department: str) -> Histogram:
    return metrics.TIMES[what].labels(group, grade, department)


@cache
def stage_of(stage: str, grade: str) -> Histogram:
    return metrics.STAGE.labels(stage, grade)


def begin(city: City) -> None:
    """Name the series that the city's categories can make before anything has happened, so that Prometheus sees the first step."""
    for group, grade, department in kinds(city):
        for what in metrics.TIMES:
            time_of(what, group, grade, department)
    for grade in Grade:
        for stage in times.STAGES:
            stage_of(stage, grade)
        for which in DEADLINES:
            metrics.MISSED.labels(which, grade)
        for step in city.steps_of(grade):
            metrics.REMINDERS.labels(f"{step.share:g}", grade)


def kinds(city: City) -> set[tuple[str, Grade, str]]:
    """Return the groups, grades and departments that occur together unless somebody decides otherwise."""
    return {
        (category.group, condition.grade or category.grade, category.department)
        for category in city.categories.values()
        for condition in category.conditions
    }


@dataclass
class Gauges:
    """Brings the gauges up to date with the read models of all partitions."""

    rates_due: float = 0.0  # on the monotonic clock

    async def refresh(self, reads: Reading) -> None:
        city = reads.process.city
        begin(city)
        show_totals(totals.added_up(await reads.rows("totals", {"kind": {"$in": ["grade", "department"]}})), city)
        began = monotonic()
        if began >= self.rates_due:
            months = months_of(RatesAsked(), reads.process.now(), city)[-1:]
            rows = await reads.rows("rates", {"month": {"$in": months}})
            show_rates(await asyncio.to_thread(added_up, rows, "department", city), months[0], city)
            self.rates_due = monotonic() + max(RATES_SECONDS, (monotonic() - began) / RATES_SHARE)


def show_totals(tallies: Mapping[tuple[str, str], totals.Tally], city: City) -> None:
    """Show how many cases are open and overdue, and in which status they are."""
    nothing = totals.Tally({}, 0)
    grades = {(grade or UNGRADED,): tallies.get(("grade", grade), nothing) for grade in ("", *Grade)}
    departments = {(key or NOBODY,): tallies.get(("department", key), nothing) for key in known(city, values(tallies, "department"))}
    all = totals.everything(tallies)
    metrics.show(metrics.OPEN, {key: tally.open for key, tally in grades.items()})
    metrics.show(metrics.OVERDUE, {key: tally.overdue for key, tally in grades.items()})
    metrics.show(metrics.DEPARTMENT_OPEN, {key: tally.open for key, tally in departments.items()})
    metrics.show(metrics.DEPARTMENT_OVERDUE, {key: tally.overdue for key, tally in departments.items()})
    metrics.show(metrics.IN_STATUS, {(str(status),): all.of(status) for status in REAL})


def show_rates(sums: Mapping[str, Counts], month: str, city: City) -> None:
    """Show what the rates of the month divide; a rate without a denominator has no value, so both are shown, not their ratio."""
    formulas = formulas_of(month, city)
    found = {(rate, key or NOBODY): divided(formulas[rate], sums.get(key, {})) for rate in RATES for key in known(city, sums)}
    metrics.show(metrics.RATE_NUMERATOR, {key: ratio.numerator for key, ratio in found.items()})
    metrics.show(metrics.RATE_DENOMINATOR, {key: ratio.denominator for key, ratio in found.items()})


def values(tallies: Mapping[tuple[str, str], Any], kind: str) -> list[str]:
    return [value for of, value in tallies if of == kind]


def known(city: City, found: Iterable[str]) -> list[str]:
    """Return the city's departments and those that cases have, "" for none."""
    return sorted({"", *city.departments, *found})
