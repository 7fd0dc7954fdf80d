"""What the bench says at the end: a table for people, and the same as one JSON object."""

import os
from collections.abc import Mapping
from dataclasses import asdict
from statistics import median
from typing import Any

from rich.table import Table

from deploy.bench.figures import Figure, in_thirds, quantile, round_to
from deploy.bench.lives import Run
from deploy.bench.run import Results

TARGETS = {  # name -> at least (+) or at most (-)
    "lives_per_s": +100.0,
    "assign_p50_ms": -120.0,
    "assign_p99_ms": -300.0,
    "intake_p99_ms": -300.0,
    "floor_ratio": -2.0,
    "growth_ratio": -1.2,
}
SAID = {
    "lives_per_s": "whole lives a second",
    "events_per_s": "events a second",
    "cpu_ms_per_life": "CPU of a life, services and engines, ms",
    "bound_lives_per_s": "lives a second that this CPU would allow",
    "assign_p50_ms": "report to assignment, median, ms",
    "assign_p99_ms": "report to assignment, 99 of 100, ms",
    "intake_p50_ms": "answer to a report, median, ms",
    "intake_p99_ms": "answer to a report, 99 of 100, ms",
    "floor_ratio": "time against the same without logic",
    "floor_cpu_ratio": "CPU against the same without logic",
    "growth_ratio": "CPU of an event, many stored against few",
}


def figures(results: Results) -> dict[str, Figure]:
    """Return every figure by its name."""
    runs, latency, floors = results.runs, results.latency, results.floors
    least = min(floor.seconds for floor in floors), median(floor.seconds for floor in floors), max(floor.seconds for floor in floors)
    floor_cpu = median(floor.cpu for floor in floors)
    few, many = events_cost(results.few), events_cost(results.many)
    cpu = Figure.of([run.cpu_ms_per_life for run in runs])
    cores = os.cpu_count() or 1
    return {
        "lives_per_s": Figure.of([run.per_second for run in runs]),
        "events_per_s": Figure.of([run.events / run.seconds for run in runs]),
        "cpu_ms_per_life": cpu,
        "bound_lives_per_s": Figure(*(1000 * cores / value for value in (cpu.median, cpu.most, cpu.least))),
        "assign_p50_ms": in_thirds(latency.assign, lambda values: quantile(values, 0.5)),
        "assign_p99_ms": in_thirds(latency.assign, lambda values: quantile(values, 0.99)),
        "intake_p50_ms": in_thirds(latency.intake, lambda values: quantile(values, 0.5)),
        "intake_p99_ms": in_thirds(latency.intake, lambda values: quantile(values, 0.99)),
        "floor_ratio": ratio(Figure.of([run.seconds for run in runs]), Figure(least[1], least[0], least[2])),
        "floor_cpu_ratio": Figure.of([sum(run.cpu.values()) / floor_cpu for run in runs]),
        "growth_ratio": ratio(many, few),
    }


def ratio(one: Figure, other: Figure) -> Figure:
    """Return the ratio of the medians, and how far the extremes would take it."""
    return Figure(one.median / other.median, one.least / other.most, one.most / other.least)


def events_cost(runs: list[Run]) -> Figure:
    return Figure.of([run.cpu_ms_per_event for run in runs])


def met(name: str, value: float) -> bool | None:
    """Whether a figure meets its target; None if it has none."""
    target = TARGETS.get(name)
    if target is None:
        return None
    return value >= target if target > 0 else value <= -target


def by_process(runs: list[Run]) -> dict[str, float]:
    """Return the CPU milliseconds that each process spends on an event."""
    return {name: round_to(median(1000 * run.cpu[name] / run.events for run in runs)) for name in runs[0].cpu}


def table(results: Results) -> Table:
    """Return the figures for people."""
    shown = Table("figure", "median", "from", "to", "target", title="gridcase bench")
    for name, figure in figures(results).items():
        target, value = TARGETS.get(name), figure.rounded()
        said = "" if target is None else f"{'at least' if target > 0 else 'at most'} {abs(target):g}"
        style = {True: "green", False: "red", None: ""}[met(name, value)]
        shown.add_row(SAID[name], f"{value:g}", *(f"{end:g}" for end in figure.spread()), said, style=style)
    return shown


def processes(results: Results) -> Table:
    """Return what each process costs."""
    shown = Table("process", "CPU ms an event", "MB at rest", "MB after the runs", "MB at rest, many stored")
    for name, cost in by_process(results.runs).items():
        shown.add_row(name, f"{cost:g}", *(str(found[name]) for found in (results.rest, results.after, results.rest_many)))
    return shown


def as_json(results: Results) -> dict[str, Any]:
    """Return all figures, how they were got, and on what machine."""
    found = figures(results)
    run = results.runs[-1]
    values: dict[str, Any] = {name: figure.rounded() for name, figure in found.items()}
    return values | {
        "spread": {name: figure.spread() for name, figure in found.items()},
        "met": {name: met(name, values[name]) for name in TARGETS},
        "cpu_ms_per_event": by_process(results.runs),
        "growth_ms_per_event": {"few": by_process(results.few), "many": by_process(results.many)},
        "memory_mb": {"rest": results.rest, "after": results.after, "rest_many": results.rest_many},
        "events_per_life": round_to(run.events / run.lives),
        "merged": sum(one.merged for one in [*results.runs, *results.few, *results.many]),
        "saved_rows": results.saves,
        "floor_seconds": [round_to(floor.seconds) for floor in results.floors],
        "run_seconds": [round_to(one.seconds) for one in results.runs],
        "sizes": asdict(results.sizes),
        "machine": {"cores": os.cpu_count(), "load_before": round_to(results.load_before)},
    }


def notes(results: Results) -> list[str]:
    """Return what a reader must know to read the figures."""
    run, cores = results.runs[-1], os.cpu_count() or 1
    rows = {name: sum(saved.values()) for name, saved in results.saves.items()}
    merged = sum(one.merged for one in [*results.runs, *results.few, *results.many])
    return [
        *([f"{merged} cases were merged as duplicates and lived less than a whole life: the figures are too good."] if merged else []),
        f"A life is {run.events / run.lives:g} events: the six, and the check that closure confirms by policy. Staff answer at once.",
        f"Saved rows of the last run, one a case or view row and flush: {listed(rows)}.",
        f"{cores} cores, load {results.load_before:.1f} before the start; neighbours change times, and CPU by a third at most.",
    ]


def listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in numbers.items())
