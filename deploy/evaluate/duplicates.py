"""How well repeats are found: learned on the first four months of a file, judged on what came later, with what was known at reporting.

The closing text of the staff is the truth, and it is incomplete: they write "duplicate" only when they noticed.
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
from deploy.learn.duplicates import Threshold, fit, the_city
from deploy.learn.past import Past, past_of
from deploy.learn.rates import columns
from deploy.replay.columns import Recorded, read_records
from services.triage.likeness.near import Near, Numbers
from services.triage.likeness.ranking import Learned, Ranking, logistic
from services.triage.likeness.suggestions import LEAST, MOST

APRIL = 4
LIKELY_M, LIKELY_HOURS = 50.0, 90 * 24.0  # where an original is looked for that the text does not name


@dataclass(frozen=True)
class Judged:
    """What a ranking said of the later cases."""

    chances: Numbers  # that each is a duplicate
    suggested: list[list[str]]  # for each up to three cases
    milliseconds: Numbers


def evaluate(file: Path, city: str, console: Console) -> dict[str, float]:
    """Learn on the earlier cases, judge on the later ones, print a table, and return the figures. Raises CannotDo."""
    layout, records = read_records(file)
    cut = first_later(records, layout.clock)
    with Progress(console=console, transient=True) as bar:
        line = bar.add_task("cases near each case", total=len(records))
        past = past_of(records, the_city(city), layout.zone, lambda: bar.advance(line), cut, keep=cut)
        line = bar.add_task("learning", total=SEEDS + 1)
        learned, chosen = fit(past, cut, lambda: bar.advance(line))
        line = bar.add_task("judging", total=len(records) - cut)
        judged = judge(learned, past, cut, lambda: bar.advance(line))
    figures = figures_of(past, cut, judged, chosen)
    console.print(table(figures, len(records), cut))
    if learned.automatic is None:
        console.print("Nothing would be joined without a person: on later cases not even the surest joins were nearly certain.")
    return figures


def first_later(records: list[Recorded], zone: ZoneInfo) -> int:
    """Return where the later cases begin: in May, if the file goes from January to May or longer in one year; else after two thirds."""
    months = [(at.year, at.month) for at in (one.opened.astimezone(zone) for one in records)]
    later = [nth for nth, month in enumerate(months) if month > (months[0][0], APRIL)]
    return later[0] if later and months[0][1] == 1 and months[-1][0] == months[0][0] else round(len(records) * 2 / 3)


def judge(learned: Learned, past: Past, cut: int, step: Callable[[], object]) -> Judged:
    """Ask the ranking as the service does, one case after the other; the search in the store is measured by the bench."""
    ranking = Ranking.of(learned)
    rates = columns(past.chains[cut:], learned.rates)
    chances, suggested, spent = [], [], []
    for nth, row in enumerate(np.hstack([past.numbers[cut:], rates]), start=cut):
        begin = perf_counter_ns()
        chances.append(ranking.repeated(row.tolist()))
        suggested.append(best(ranking, past.seen[nth]))
        spent.append((perf_counter_ns() - begin) / 1e6)
        step()
    return Judged(np.array(chances), suggested, np.array(spent))


def best(ranking: Ranking, near: Near) -> list[str]:
    odds = ranking.odds(near)
    order = sorted(range(len(near)), key=lambda nth: (-odds[nth], near.ids[nth]))
    return [near.ids[nth] for nth in order if logistic(float(odds[nth])) >= LEAST][:MOST]


def figures_of(past: Past, cut: int, judged: Judged, chosen: Threshold) -> dict[str, float]:
    """Return all figures. An original is what the closing text names; where it names none of the file, the nearest likely one."""
    labels = past.duplicate[cut:]
    joined = (judged.chances >= chosen.probability) & np.array([bool(one) for one in judged.suggested])
    named = {nth: past.ids[past.original[nth] or 0] for nth in past.named if nth >= cut}
    unnamed = {nth: likely(past.seen[nth]) for nth in range(cut, len(past.ids)) if past.duplicate[nth] and nth not in named}
    found = {nth: id in judged.suggested[nth - cut] for nth, id in named.items()}
    alike = {nth: bool(set(ids) & set(judged.suggested[nth - cut])) for nth, ids in unnamed.items() if ids}
    return {
        "average_precision": float(average_precision_score(labels, judged.chances)),
        "automatic_precision": mean(labels[joined]),
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
    }


def likely(near: Near) -> list[str]:
    """Return the cases that may be the original where the staff name none: of the same type, within 50 m and 90 days, open."""
    marks = near.same_type & (near.metres <= LIKELY_M) & (near.hours <= LIKELY_HOURS)
    return [id for id, mark in zip(near.ids, marks, strict=True) if mark]


def mean(values: "Numbers | list[bool]") -> float:
    return float(np.mean(values)) if len(values) else 0.0


WORDS = {
    "average_precision": "average precision of “is a duplicate”",
    "automatic_precision": "joins at the surest threshold: share that staff marked",
    "automatic_recall": "joins at the surest threshold: share of the marked found",
    "suggestion_recall": "three suggestions contain the original that staff named",
    "p99_ms": "ranking, p99, ms",
    "duplicates": "later cases marked as duplicates",
    "named_originals": "of these with a named original in the file",
    "first_suggestion_recall": "the first suggestion is that original",
    "likely_originals": "not named, but an open one of the type within 50 m",
    "likely_suggestion_recall": "three suggestions contain one of those",
    "suggested_share": "share of all cases with any suggestion",
    "automatic_joins": "joins at the surest threshold",
}


def table(figures: dict[str, float], cases: int, cut: int) -> Table:
    shown = Table("", "", title=f"Duplicates: learned on {cut:,} cases, judged on the {cases - cut:,} after them")
    for name, value in figures.items():
        shown.add_row(WORDS[name], f"{value:,.0f}" if value > 1 and name != "p99_ms" else f"{value:.3f}")
    return shown
