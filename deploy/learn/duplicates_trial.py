"""Whether what was learned of duplicates is better than what runs: both judge the same later cases, with what was known at reporting.

What is new has learned from the earlier part only. What runs may have seen some of the later part, if it was learned from this very
history: then it has the advantage, and nothing is switched on for less. Default points are those of the whole history for both.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import average_precision_score

from deploy.learn.past import Past
from deploy.learn.rates import columns
from services.triage.likeness.ranking import DEFAULT, Learned, Ranking

LATER = 1 / 3  # of the history, on which the two are compared
MARGIN = 0.01  # of average precision; less than that may be chance


@dataclass(frozen=True)
class Trial:
    """The average precision of both on the same later cases; `told` is how what runs is called."""

    new: float
    running: float
    cases: int
    told: str

    @property
    def better(self) -> bool:
        return self.new > self.running + MARGIN

    @property
    def sentence(self) -> str:
        return (
            f"On the {self.cases:,} cases of the last third, average precision of what was learned from those before: {self.new:.3f}; "
            f"of {self.told}: {self.running:.3f}."
        )


def cut_of(past: Past) -> int:
    return round(len(past.ids) * (1 - LATER))


def tried(past: Past, learned: Learned, running: bytes | None) -> Trial:
    """Compare what was learned from the first two thirds with what runs. What this version cannot read does not run either."""
    now, told = opponent(running)
    cut = cut_of(past)
    return Trial(precision(past, cut, Ranking.of(learned)), precision(past, cut, now), len(past.ids) - cut, told)


def opponent(running: bytes | None) -> tuple[Ranking, str]:
    if running is None:
        return Ranking.of(DEFAULT), "no ranking, for none runs"
    try:
        return Ranking.load(running), "the one that runs"
    except ValueError:
        return Ranking.of(DEFAULT), "no ranking, for the one in the pack cannot be read"


def precision(past: Past, cut: int, ranking: Ranking) -> float:
    """Return the average precision on the cases from `cut` on: the share of duplicates where nothing was learned: all are alike then."""
    rows = np.hstack([past.numbers[cut:], columns(past.chains[cut:], ranking.learned.rates)])
    labels = past.duplicate[cut:]
    return float(average_precision_score(labels, [ranking.repeated(row.tolist()) for row in rows])) if labels.any() else 0.0
