"""What was learned from a history: how likely a report repeats something, and which of the cases near it. Plain JSON, no code in it.

The first is a forest of boosted trees (sums of leaf values, then a logistic function), the second a logistic regression on pairs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from services.triage.likeness.features import NAMES, PAIR_NAMES, pairs
from services.triage.likeness.near import Near, Numbers
from shared.terms import Location

FORM = "likeness-1"
FILE = "duplicates.json"  # its name among what a city has learned


class Trees(BaseModel):
    """Boosted trees, their nodes one after the other: `feature` is -1 in a leaf, `left` and `right` are positions in the same arrays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: float = 0.0
    roots: tuple[int, ...] = ()
    feature: tuple[int, ...] = ()
    threshold: tuple[float, ...] = ()
    left: tuple[int, ...] = ()
    right: tuple[int, ...] = ()
    value: tuple[float, ...] = ()


class Learned(BaseModel):
    """The artefact. `rates` are shares of duplicates by key; `weights` stand in the order of `pairs`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str = Field(default=FORM, pattern=f"^{FORM}$")
    names: tuple[str, ...] = NAMES
    pair_names: tuple[str, ...] = PAIR_NAMES
    rates: dict[str, float] = {}
    trees: Trees = Trees()
    weights: tuple[float, ...]
    intercept: float
    automatic: float | None = None  # from this probability on joins were the most precise
    precision: float | None = None  # how precise, on later cases than those it was learned from and those the threshold was chosen on
    points: tuple[Location, ...] = ()  # default coordinates that were found


@dataclass(frozen=True)
class Ranking:
    """A learned ranking that is ready to be asked."""

    learned: Learned
    nodes: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]

    @classmethod
    def of(cls, learned: Learned) -> Self:
        """Raises ValueError if it was learned with other features than these."""
        if learned.names != NAMES or learned.pair_names != PAIR_NAMES:
            raise ValueError("the ranking was learned with other features; learn again")
        trees = learned.trees
        whole = [np.array(one, dtype=np.int64) for one in (trees.feature, trees.left, trees.right)]
        parts = [np.array(one, dtype=np.float64) for one in (trees.threshold, trees.value)]
        return cls(learned, (whole[0], parts[0], whole[1], whole[2], parts[1]))

    @classmethod
    def load(cls, content: bytes) -> Self:
        """Raises ValueError for what is no such artefact."""
        return cls.of(Learned.model_validate_json(content))

    def repeated(self, row: Sequence[float]) -> float:
        """Return the probability that a report with these features was called a duplicate by the staff."""
        feature, threshold, left, right, value = self.nodes
        at = np.array(self.learned.trees.roots, dtype=np.int64)
        numbers = np.asarray(row, dtype=np.float64)
        while len(at) and (inner := feature[at] >= 0).any():
            down = np.where(numbers[feature[at]] <= threshold[at], left[at], right[at])
            at = np.where(inner, down, at)
        return logistic(self.learned.trees.base + float(value[at].sum() if len(at) else 0.0))

    def odds(self, near: Near) -> Numbers:
        """Return the log-odds, for each case near, that it is the one which a duplicate repeats; words are not in it."""
        return np.asarray(pairs(near) @ np.array(self.learned.weights) + self.learned.intercept, dtype=np.float64)


def dump(learned: Learned) -> bytes:
    return json.dumps(learned.model_dump(), ensure_ascii=False, sort_keys=True).encode()


def logistic(margin: float) -> float:
    return float(1 / (1 + np.exp(-margin)))


# Before anything was learned: the same type at the same point, near and recent, as the domain's rule has it.
DEFAULT = Learned(weights=(3.0, 1.0, 1.5, -0.5, -0.35, 0.3, 0.3, 0.7, 0.0, 0.5), intercept=-2.0)


@lru_cache(maxsize=4)
def ranking_of(content: bytes | None) -> Ranking:
    """Return the ranking that a city has learned, or the one of the first day."""
    return Ranking.load(content) if content else Ranking.of(DEFAULT)
