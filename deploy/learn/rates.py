"""Shares of duplicates by key, each drawn towards that of the more general key as far as there are few cases."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from services.triage.likeness.features import Rates, rate
from services.triage.likeness.near import Numbers

WEIGHT = 20.0  # as many cases as the more general rate counts for
FOLDS = 5
Chains = Sequence[Sequence[Sequence[str]]]  # for each case its chains of keys, from the general to the special


def fit_rates(chains: Chains, labels: Numbers) -> dict[str, float]:
    """Return the rate of every key, and under the empty key that of everything."""
    rates = {"": float(labels.mean()) if len(labels) else 0.0}
    depth = max((len(chain) for of in chains for chain in of), default=0)
    for level in range(depth):
        sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        for of, label in zip(chains, labels, strict=True):
            for chain in {chain[: level + 1]: None for chain in map(tuple, of) if len(chain) > level and chain[level] not in rates}:
                one = sums[chain[level]]
                one[0] += label
                one[1] += 1
                one[2] = rate(rates, chain[:level])
        rates |= {key: (hits + WEIGHT * above) / (count + WEIGHT) for key, (hits, count, above) in sums.items()}
    return rates


def columns(chains: Chains, rates: Rates) -> Numbers:
    return np.array([[rate(rates, chain) for chain in of] for of in chains], dtype=np.float64)


def fitted(chains: Chains, labels: Numbers) -> Numbers:
    """Return the rates of the cases that rates are learned from, each case by rates that were learned without it."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(labels))
    found = np.zeros((len(labels), len(chains[0]) if len(chains) else 0))
    for one in range(FOLDS):
        there, here = np.flatnonzero(fold != one).tolist(), np.flatnonzero(fold == one).tolist()
        rates = fit_rates([chains[nth] for nth in there], labels[there])
        found[here] = columns([chains[nth] for nth in here], rates)
    return found
