"""`gridcase simulate`: what the terminal shows of a comparison, and how it ends."""

import json as notation
import os
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from deploy.simulate.compare import Mean, Plan, Results, city_of, means, simulate_all
from deploy.simulate.figures import Figures
from deploy.simulate.rules import RULES
from deploy.simulate.verdict import Means, differences, faults
from deploy.up import INTERRUPTED
from shared.citypack import city_folder

WIDE = 150  # of a table that nobody looks at on a terminal
START = date(2026, 10, 9)  # a Friday; the Saturday after it is worked, the Sunday is not
SHOWN = {
    "emergency_on_site_p50_s": "emergency on site, median, min",
    "emergency_on_site_mean_s": "emergency on site, mean, min",
    "emergency_on_site_p90_s": "emergency on site, 9 of 10, min",
    "urgent_on_site_p50_s": "urgent on site, median, min",
    "urgent_on_site_mean_s": "urgent on site, mean, min",
    "urgent_on_site_p90_s": "urgent on site, 9 of 10, min",
    "normal_on_site_p50_s": "normal on site, median, min",
    "on_time_share": "on time, %",
    "metres_per_case": "way of a case, m",
    "load_spread": "spread of the load",
}

UNITS = {"s": (1 / 60, 1), "share": (100, 1), "case": (1, 0), "spread": (1, 3)}  # by the end of the name: factor, decimals


def simulate(
    seeds: Annotated[int, typer.Option(min=1, help="So many scenarios, each under every rule")] = 20,
    first: Annotated[int, typer.Option(help="The first seed")] = 1,
    days: Annotated[int, typer.Option(min=1, help="Days with reports; two more follow without")] = 4,
    cases: Annotated[int, typer.Option(min=1, help="Cases a day, besides the storm's")] = 240,
    storm: Annotated[
        bool, typer.Option("--storm/--no-storm", help="Whether the second day has a storm (the only one, if there is but one)")
    ] = True,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day")] = None,
    city: Annotated[str, typer.Option(envvar="GRIDCASE_CITY", help="Name of a pack under deploy/cities, or the path of a folder")] = "demo",
    processes: Annotated[int, typer.Option(min=0, help="At once; 0: one for each core")] = 0,
    json: Annotated[bool, typer.Option("--json", help="End with one JSON line: an object for each rule")] = False,
) -> None:
    """Compare our choice of whom to send with nearest-first, round-robin and least-loaded, in virtual time."""
    from deploy.cli import in_sentences

    out = Console(stderr=json, highlight=False, markup=False, soft_wrap=True)
    if not out.is_terminal:
        out.width = WIDE
    with in_sentences():
        plan = plan_of(city_folder(city), range(first, first + seeds), (start.date() if start else START), days, cases, storm)
        results = watched(plan, processes or os.cpu_count() or 1, out)
    found = means(results)
    out.print(table("mean over the seeds, ± 95 %", found), soft_wrap=False)
    out.print(table("ours minus the other, seed by seed, ± 95 %", differences(results)), soft_wrap=False)
    missed = conclude(found, results, out)
    if json:
        sys.stdout.write(notation.dumps(plain(found)) + "\n")
    raise typer.Exit(1 if missed else 0)


def plan_of(folder: Path, seeds: range, start: date, days: int, cases: int, storm: bool) -> Plan:
    midnight = datetime.combine(start, time(), tzinfo=ZoneInfo(city_of(folder).zone))
    return Plan(folder, tuple(seeds), midnight, days, cases, min(1, days - 1) if storm else None)


def watched(plan: Plan, processes: int, out: Console) -> Results:
    """Simulate, and show how far it is; Ctrl-C stops it."""
    storm = "" if plan.storm is None else ", one with a storm in which such reports come ten times as often as in a busy hour"
    what = f"{len(plan.seeds)} scenarios of {plan.days} days from {plan.start:%Y-%m-%d}{storm}"
    out.print(f"{what}; each under {len(RULES)} rules. Ctrl-C stops it.")
    results: dict[str, dict[int, Figures]] = {rule: {} for rule in RULES}
    columns = (TextColumn("simulations"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
            line = progress.add_task("", total=len(plan.runs))
            for rule, seed, figures in simulate_all(plan, processes):
                results[rule][seed] = figures
                progress.advance(line)
    except KeyboardInterrupt:
        out.print("Stopped; nothing was kept.")
        raise typer.Exit(INTERRUPTED) from None
    return results


def table(head: str, found: Means) -> Table:
    """Return figures by rule side by side, with half of the 95 % confidence interval."""
    shown = Table(title=None)
    shown.add_column(head)
    for rule in found:
        shown.add_column(rule, justify="right")
    told = next(iter(found.values()))
    for name, words in SHOWN.items():
        if name in told:
            shown.add_row(words, *(worded(name, figures[name]) for figures in found.values()))
    return shown


def worded(name: str, mean: Mean) -> str:
    scale, places = UNITS[name.rsplit("_", 1)[-1]]
    return f"{mean.value * scale:.{places}f} ± {mean.error * scale:.{places}f}"


def conclude(found: Means, results: Results, out: Console) -> list[str]:
    """Say whether our rule is as good as is demanded; return what it is not."""
    missed = faults(found, results)
    for sentence in missed:
        out.print(sentence, style="red")
    if not missed:
        out.print("Our rule is sooner on site, more often on time, and spreads the load as is demanded.", style="green")
    return missed


def plain(found: Means) -> dict[str, dict[str, float | None]]:
    """Return the means for machines; what cannot be known is null."""
    return {
        rule: {name: round(mean.value, 4) if mean.value == mean.value else None for name, mean in figures.items()}
        for rule, figures in found.items()
    }
