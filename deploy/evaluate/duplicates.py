"""How well repeats are found: learned on the first four months of a file, judged on what came later, with what was known at reporting.

Joins are those that triage would make by itself: where the type allows it, within its radius and window, and only if the ranking has
earned it. The closing text of the staff is the truth, and it is incomplete: they write "duplicate" only when they noticed.
So precision is a lower bound. What was closed after learning ended is not learned from: its closing text was not there yet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns
from zoneinfo import ZoneInfo

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sklearn.metrics import average_precision_score

from deploy.learn.boosting import SEEDS
from deploy.learn.duplicates import fit, the_city
from deploy.learn.past import Past, past_of
from deploy.learn.rates import columns
from deploy.replay.columns import Recorded, read_records
from services.triage.likeness.automatic import choice, earned, sure
from services.triage.likeness.near import Marks, Near, Numbers, Wanted
from services.triage.likeness.ranking import Learned, Ranking, logistic
from services.triage.likeness.suggestions import LEAST, MOST
from shared.city import City

APRIL = 4
Figures = dict[str, float | None]  # None where there was nothing to measure
LIKELY_M, LIKELY_HOURS = 50.0, 90 * 24.0  # where an original is looked for that the text does not name


@dataclass(frozen=True)
class Judged:
    """What a ranking said of the later cases."""

    chances: Numbers  # that each is a duplicate
    joined: list[str | None]  # into which triage would have merged each
    surest: Marks  # which are as sure as the surest ones were, whether that is sure enough or not
    suggested: list[list[str]]  # for each up to three cases
    milliseconds: Numbers


def evaluate(file: Path, city: str, console: Console) -> Figures:
    """Learn on the earlier cases, judge on the later ones, print a table, and return the figures. Raises CannotDo."""
    layout, records = read_records(file)
    town = the_city(city)
    cut = first_later(records, layout.clock)
    with Progress(console=console, transient=True) as bar:
        line = bar.add_task("cases near each case", total=len(records))
        past = past_of(records, town, layout.zone, lambda: bar.advance(line), cut, keep=cut)
        line = bar.add_task("learning", total=SEEDS + 1)
        learned, _ = fit(past, cut, lambda: bar.advance(line))
        line = bar.add_task("judging", total=len(records) - cut)
        judged = judge(learned, past, cut, town, lambda: bar.advance(line))
    figures = figures_of(past, cut, judged)
    console.print(table(figures, len(records), cut))
    if town is None or not earned(learned, town):
        needed = f"the city demands {town.automatic_precision:.0%}" if town else "no such city demands anything"
        console.print(f"Nothing is joined without a person: the surest joins were right in {learned.precision or 0:.0%}, {needed}.")
    return figures


def first_later(records: list[Recorded], zone: ZoneInfo) -> int:
    """Return where the later cases begin: in May, if the file goes from January to May or longer in one year; else after two thirds."""
    months = [(at.year, at.month) for at in (one.opened.astimezone(zone) for one in records)]
    later = [nth for nth, month in enumerate(months) if month > (months[0][0], APRIL)]
    return later[0] if later and months[0][1] == 1 and months[-1][0] == months[0][0] else round(len(records) * 2 / 3)


def judge(learned: Learned, past: Past, cut: int, town: City | None, step: Callable[[], object]) -> Judged:
    """Ask the ranking as the service does, one case after the other; the search in the store is measured by the bench."""
    ranking = Ranking.of(learned)
    rates = columns(past.chains[cut:], learned.rates)
    chances, joined, suggested, spent = [], [], [], []
    for nth, row in enumerate(np.hstack([past.numbers[cut:], rates]), start=cut):
        begin = perf_counter_ns()
        chances.append(ranking.repeated(row.tolist()))
        joined.append(join(ranking, chances[-1], past.wanted[nth], past.seen[nth], town))
        suggested.append(best(ranking, past.seen[nth]))
        spent.append((perf_counter_ns() - begin) / 1e6)
        step()
    surest = np.array(chances) >= (np.inf if learned.automatic is None else learned.automatic)
    return Judged(np.array(chances), joined, surest, suggested, np.array(spent))


def join(ranking: Ranking, chance: float, wanted: Wanted, near: Near, town: City | None) -> str | None:
    """Return the case that triage would merge the report into by itself, as `services.triage.likeness.automatic` has it."""
    category = town.categories.get(wanted.code) if town else None
    rule = category.duplicate if category else None
    if town is None or rule is None or not rule.automatic or not sure(chance, ranking.learned, town):
        return None
    nth = choice(near, ranking.odds(near), rule)
    return None if nth is None else near.ids[nth]


def best(ranking: Ranking, near: Near) -> list[str]:
    odds = ranking.odds(near)
    order = sorted(range(len(near)), key=lambda nth: (-odds[nth], near.ids[nth]))
    return [near.ids[nth] for nth in order if logistic(float(odds[nth])) >= LEAST][:MOST]


def figures_of(past: Past, cut: int, judged: Judged) -> Figures:
    """Return all figures. An original is what the closing text names; where it names none of the file, the nearest likely one."""
    labels = past.duplicate[cut:]
    joined = np.array([one is not None for one in judged.joined])
    surest = judged.surest & np.array([bool(one) for one in judged.suggested])
    named = {nth: past.ids[past.original[nth] or 0] for nth in past.named if nth >= cut}
    unnamed = {nth: likely(past.seen[nth]) for nth in range(cut, len(past.ids)) if past.duplicate[nth] and nth not in named}
    found = {nth: id in judged.suggested[nth - cut] for nth, id in named.items()}
    alike = {nth: bool(set(ids) & set(judged.suggested[nth - cut])) for nth, ids in unnamed.items() if ids}
    return {
        "average_precision": float(average_precision_score(labels, judged.chances)),
        "automatic_precision": mean(labels[joined]) if joined.any() else None,
        "automatic_recall": float(labels[joined].sum() / max(1.0, labels.sum())),
        "suggestion_recall": mean(list(found.values())),
        "p99_ms": float(np.quantile(judged.milliseconds, 0.99)),
        "duplicates": float(labels.sum()),
        "named_originals": float(len(named)),
        "first_suggestion_recall": mean([judged.suggested[nth - cut][:1] == [id] for nth, id in named.items()]),
        "likely_originals": float(len(alike)),
        "likely_suggestion_recall": mean(list(alike.values())),
        "suggested_share": mean([bool(one) for one in judged.suggested]),
        "automatic_joins": float(joined.sum()),
        "surest_precision": mean(labels[surest]) if surest.any() else None,
        "surest_recall": float(labels[surest].sum() / max(1.0, labels.sum())),
    }


def likely(near: Near) -> list[str]:
    """Return the cases that may be the original where the staff name none: of the same type, within 50 m and 90 days, open."""
    marks = near.same_type & (near.metres <= LIKELY_M) & (near.hours <= LIKELY_HOURS)
    return [id for id, mark in zip(near.ids, marks, strict=True) if mark]


def mean(values: "Numbers | list[bool]") -> float:
    return float(np.mean(values)) if len(values) else 0.0


WORDS = {
    "average_precision": "average precision of “is a duplicate”",
    "automatic_precision": "joins without a person: share that staff marked",
    "automatic_recall": "joins without a person: share of the marked found",
    "suggestion_recall": "three suggestions contain the original that staff named",
    "p99_ms": "ranking, p99, ms",
    "duplicates": "later cases marked as duplicates",
    "named_originals": "of these with a named original in the file",
    "first_suggestion_recall": "the first suggestion is that original",
    "likely_originals": "not named, but an open one of the type within 50 m",
    "likely_suggestion_recall": "three suggestions contain one of those",
    "suggested_share": "share of all cases with any suggestion",
    "automatic_joins": "joins without a person",
    "surest_precision": "the surest, joined or not: share that staff marked",
    "surest_recall": "the surest, joined or not: share of the marked found",
}


def table(figures: Figures, cases: int, cut: int) -> Table:
    shown = Table("", "", title=f"Duplicates: learned on {cut:,} cases, judged on the {cases - cut:,} after them")
    for name, value in figures.items():
        number = "–" if value is None else f"{value:,.0f}" if value > 1 and name != "p99_ms" else f"{value:.3f}"
        shown.add_row(WORDS[name], number)
    return shown
