"""Learn from closed cases which reports repeat earlier ones, and which.

Learned with what is known at reporting: the type, the place, the channel, the hour, and the cases near it that were open then. The queue is
left out: the record has the one in which a case ended, into which staff moved it after they had read it. A case that nobody had closed yet
when learning ended teaches nothing, for its closing text was not there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import Progress

from deploy.learn.boosting import SEEDS, boosted, margins, pair_weights, trees_of
from deploy.learn.duplicates_trial import cut_of, tried
from deploy.learn.past import Past, Positions, past_of
from deploy.learn.rates import columns, fit_rates, fitted
from deploy.refusal import CannotDo
from deploy.replay.columns import read_records
from services.triage.likeness.near import Numbers
from services.triage.likeness.ranking import DEFAULT, FILE, Learned, dump
from shared.city import City
from shared.citypack import CityInvalid, city_folder, load_city

FEWEST = 50  # duplicates, without which nothing is learned; joins, without which no threshold is chosen
BELIEVED = 25  # joins, without which no precision is believed
LATER = 0.25  # of what is learned from, the last cases: the threshold is chosen on the earlier half of them, judged on the later


@dataclass(frozen=True)
class Threshold:
    """From which probability on joins were the most precise on cases later than those learned from, and how precise on later ones still."""

    probability: float
    precision: float


NEVER = Threshold(1.0, 0.0)


def learn(history: Path, city: str, console: Console) -> tuple[bytes, bool, dict[str, float]]:
    """Return the artefact that a city keeps as `duplicates.json`, learned from all of the file; whether one that was learned from the
    earlier part of it judges the later part better than what runs; and figures. Raises CannotDo.
    """
    layout, records = read_records(history)
    town = the_city(city)
    with Progress(console=console, transient=True) as bar:
        line = bar.add_task("duplicates: cases near each case", total=len(records))
        past = past_of(records, town, layout.zone, lambda: bar.advance(line), len(records))
        line = bar.add_task("duplicates: trees", total=2 * (SEEDS + 1))
        trial, _ = fit(past, cut_of(past), lambda: bar.advance(line))
        learned, chosen = fit(past, len(records), lambda: bar.advance(line))
    found = tried(past, trial, town.learned.get(FILE) if town else None)
    console.print(
        f"Learned from {len(past.known(len(records), len(records))):,} closed cases, {past.duplicate.sum():,.0f} of them duplicates."
    )
    console.print(found.sentence)
    figures = {"duplicates": float(past.duplicate.sum()), "originals": float(len(past.named)), "automatic_precision": chosen.precision}
    return dump(learned), found.better, {**figures, "average_precision": found.new, "running_average_precision": found.running}


def the_city(name: str) -> City | None:
    """Return the city, whose types and groups the record's are read as; None without one of that name."""
    try:
        return load_city(city_folder(name))
    except CityInvalid:
        return None


def fit(past: Past, until: int, step: Callable[[], object]) -> tuple[Learned, Threshold]:
    """Learn from the first `until` cases as they stood when the next one was opened: rates, trees, weights on pairs, a threshold."""
    seen = past.known(until, until)
    if past.duplicate[seen].sum() < FEWEST:
        raise CannotDo(f"Only {past.duplicate[seen].sum():.0f} of the cases to learn from were closed as duplicates; {FEWEST} are needed.")
    chosen = threshold(past, until)
    step()
    rates, rows = material(past, seen)
    closed = set(seen.tolist())
    weights = pair_weights([(near, past.ids[past.original[nth] or 0]) for nth, (_, near) in past.named.items() if nth in closed])
    learned = Learned(
        rates=rates,
        trees=trees_of(boosted(rows, past.duplicate[seen], SEEDS, step)),
        weights=weights[0] if weights else DEFAULT.weights,
        intercept=weights[1] if weights else DEFAULT.intercept,
        automatic=chosen.probability if chosen.precision else None,
        precision=chosen.precision or None,
        points=past.points,
    )
    return learned, chosen


def material(past: Past, seen: Positions) -> tuple[dict[str, float], Numbers]:
    """Return the rates that these cases teach, and the rows that trees learn from."""
    chains, labels = [past.chains[nth] for nth in seen.tolist()], past.duplicate[seen]
    return fit_rates(chains, labels), np.hstack([past.numbers[seen], fitted(chains, labels)])


def threshold(past: Past, until: int) -> Threshold:
    """Return the most precise threshold on the last quarter, by trees learned on what came before; see `strictest`."""
    cut = round(until * (1 - LATER))
    seen, judged = past.known(cut, cut), past.known(until, until)
    later = judged[judged >= cut]
    if not past.duplicate[seen].any() or not len(later):
        return NEVER
    rates, rows = material(past, seen)
    models = boosted(rows, past.duplicate[seen], 1, lambda: None)
    asked = np.hstack([past.numbers[later], columns([past.chains[nth] for nth in later.tolist()], rates)])
    return strictest(margins(models, asked), past.duplicate[later])


def strictest(odds: Numbers, labels: Numbers) -> Threshold:
    """Return the most precise threshold of those that join at least `FEWEST` of the earlier half; its precision is that on the later half.

    The best of many thresholds looks better than it is on the cases that it was chosen by.
    """
    half = len(odds) // 2
    order = np.argsort(-odds[:half], kind="stable")
    if half < FEWEST:
        return NEVER
    hits = np.cumsum(labels[:half][order]) / np.arange(1, half + 1)
    least = odds[order][FEWEST - 1 + int(np.argmax(hits[FEWEST - 1 :]))]
    joined = labels[half:][odds[half:] >= least]
    precision = float(joined.mean()) if len(joined) >= BELIEVED else 0.0
    return Threshold(float(1 / (1 + np.exp(-least))), precision)
