"""How much each reading counts, and from which probability on: found on messages that the readings had not seen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from services.triage.model.features import Vector

Truth = NDArray[np.bool_]

PRECISION = 0.95  # of what is filed without an operator
FALSE_ALARMS = 0.05  # share of what is no emergency that may be taken for one by other hands: what the city asked for
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Mixture:
    """The weights of the parts, and the probabilities that they give."""

    weights: tuple[float, ...]
    shares: Vector


def mix(parts: Sequence[Vector], right: Truth, start: Sequence[float]) -> Mixture:
    """Find the weights under which the right labels of the messages are likeliest."""

    def surprise(weights: NDArray[np.float64]) -> float:
        return float(-np.log((_softmax(parts, weights) * right).sum(axis=1) + TINY).mean())

    found = minimize(
        surprise, np.array(start, dtype=np.float64), method="Nelder-Mead", options={"maxiter": 120, "xatol": 0.02, "fatol": 1e-4}
    )
    weights = tuple(round(float(weight), 3) for weight in np.maximum(found.x, 0.0))
    return Mixture(weights=weights, shares=_softmax(parts, np.array(weights)))


@dataclass(frozen=True, eq=False)
class Stack:
    """The weights of the columns of each part in a yes or no, and the probabilities that they give."""

    weights: tuple[Vector, ...]
    bias: float
    shares: Vector


def stack(parts: Sequence[Vector], real: Truth) -> Stack:
    """Find the weights of all columns under which what is real is likeliest; what is never real stays at even odds."""
    sizes = [part.shape[1] for part in parts]
    if real.all() or not real.any():
        return Stack(tuple(np.zeros(size, np.float32) for size in sizes), 0.0, np.full(len(real), 0.5, np.float32))
    columns = np.hstack(list(parts))
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(columns, real)
    weights = np.split(fitted.coef_[0].astype(np.float32), np.cumsum(sizes)[:-1])
    return Stack(tuple(weights), float(fitted.intercept_[0]), fitted.predict_proba(columns)[:, 1])


def from_precision(sureness: Vector, right: Truth) -> tuple[float, float, float]:
    """Return the lowest threshold from which on `PRECISION` of the messages are right, the precision there and the share of messages."""
    order = np.argsort(-sureness)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero((precision >= PRECISION) & (np.arange(len(order)) >= 20))
    if not len(enough):
        return 1.01, 0.0, 0.0
    last = int(enough[-1])
    return float(sureness[order][last]), float(precision[last]), (last + 1) / len(order)


def from_alarms(danger: Vector, real: Truth, hands: Sequence[str]) -> tuple[float, float, float]:
    """Return the threshold that flags `FALSE_ALARMS` of what is no emergency, the share of emergencies found and of false alarms.

    Every hand counts as much as any other, however much it wrote; messages that tell no hand count by their number.
    """
    if not real.any() or real.all():
        return 0.5, 0.0, 0.0
    calm, found = evenly(hands, ~real), evenly(hands, real)
    order = np.argsort(-danger)
    flagged = np.cumsum(calm[order]) <= FALSE_ALARMS
    threshold = float(danger[order][max(int(flagged.sum()) - 1, 0)])
    return threshold, float(found[danger >= threshold].sum()), float(calm[danger >= threshold].sum())


def evenly(hands: Sequence[str], asked: Truth) -> NDArray[np.float64]:
    """Return how much each message counts among those that are asked for, so that every hand counts alike; all of them sum to 1."""
    _, place = np.unique(np.array(hands), return_inverse=True)
    sizes = np.bincount(place, weights=asked)
    usual = sizes[sizes > 0].mean()
    counts = np.where(asked, np.where(np.array(hands) == "", 1.0, usual / np.maximum(sizes[place], 1.0)), 0.0)
    weights: NDArray[np.float64] = counts / counts.sum()
    return weights


def _softmax(parts: Sequence[Vector], weights: NDArray[np.float64]) -> Vector:
    sums = sum(weight * part for weight, part in zip(weights, parts, strict=True))
    raised = np.exp(sums - np.max(sums, axis=1, keepdims=True))
    shares: Vector = raised / raised.sum(axis=1, keepdims=True)
    return shares
