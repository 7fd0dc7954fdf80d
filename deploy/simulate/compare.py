"""Many scenarios under every rule, and what may be said about the difference: means with 95 % confidence intervals over the seeds."""

import math
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from scipy.stats import t

from deploy.simulate.figures import Figures, figures
from deploy.simulate.rules import RULES
from deploy.simulate.run import Run
from deploy.simulate.scenario import make_scenario
from shared.city import City
from shared.citypack import load_city

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Plan:
    """What is simulated: the same days of the same city for every rule, once for each seed."""

    city: Path
    seeds: tuple[int, ...]
    start: datetime
    days: int
    a_day: int
    storm: int | None

    @property
    def runs(self) -> list[tuple[str, int]]:
        return [(rule, seed) for seed in self.seeds for rule in RULES]


@dataclass(frozen=True)
class Mean:
    """A mean over the seeds; `error` is half of its confidence interval."""

    value: float
    error: float


def simulate_all(plan: Plan, processes: int) -> Iterator[tuple[str, int, Figures]]:
    """Yield the figures of each rule and seed as they come; with one process in this one."""
    if processes == 1:
        yield from (simulated(plan, rule, seed) for rule, seed in plan.runs)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            for done in as_completed([pool.submit(partial(simulated, plan), rule, seed) for rule, seed in plan.runs]):
                yield done.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def simulated(plan: Plan, rule: str, seed: int) -> tuple[str, int, Figures]:
    city = city_of(plan.city)
    scenario = make_scenario(city, seed, plan.start, plan.days, plan.a_day, plan.storm)
    return rule, seed, figures(Run(city, scenario, RULES[rule]).play())


@cache
def city_of(folder: Path) -> City:
    """Return the city, read once in each process."""
    return load_city(folder)


def mean_of(values: Sequence[float]) -> Mean:
    """Return the mean with the interval of Student's t distribution."""
    known = [value for value in values if not math.isnan(value)]
    if len(known) < 2:
        return Mean(known[0] if known else math.nan, math.nan)
    error = float(np.std(known, ddof=1)) / math.sqrt(len(known)) * float(t.ppf((1 + CONFIDENCE) / 2, len(known) - 1))
    return Mean(float(np.mean(known)), error)


Results = Mapping[str, Mapping[int, Figures]]  # rule -> seed -> figures


def means(results: Results) -> dict[str, dict[str, Mean]]:
    """Return the mean of each figure for each rule."""
    return {rule: means_of(list(runs.values())) for rule, runs in results.items()}


def means_of(runs: Sequence[Figures]) -> dict[str, Mean]:
    return {name: mean_of([found[name] for found in runs]) for name in runs[0]}


def against(results: Results, rule: str, other: str, name: str) -> Mean:
    """Return by how much a figure of `rule` is above that of `other`, seed by seed: both had the same luck."""
    return mean_of([results[rule][seed][name] - results[other][seed][name] for seed in results[rule]])
