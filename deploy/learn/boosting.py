"""Boosted trees by scikit-learn, written out as plain arrays, and the logistic regression on pairs."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from services.triage.likeness.features import pairs
from services.triage.likeness.near import Near, Numbers
from services.triage.likeness.ranking import Trees

SEEDS = 3  # forests whose mean is taken
SHAPE: dict[str, Any] = {
    "max_iter": 100,
    "learning_rate": 0.07,
    "max_leaf_nodes": 10,
    "min_samples_leaf": 80,
    "l2_regularization": 10.0,
    "max_features": 0.4,
    "early_stopping": False,
}


def boosted(rows: Numbers, labels: Numbers, seeds: int, step: Callable[[], object]) -> list[HistGradientBoostingClassifier]:
    models = []
    with threadpool_limits(1):  # on a busy machine several threads wait for one another most of the time
        for seed in range(seeds):
            models.append(HistGradientBoostingClassifier(**SHAPE, random_state=seed).fit(rows, labels))
            step()
    return models


def trees_of(models: Sequence[HistGradientBoostingClassifier]) -> Trees:
    """Return the mean of the models' sums of leaves. All numbers are present: which way a missing one would go is not kept."""
    base = float(np.mean([model._baseline_prediction.item() for model in models]))
    roots: list[int] = []
    parts: dict[str, list[Any]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    for nodes in (tree.nodes for model in models for [tree] in model._predictors):
        start = len(parts["feature"])
        roots.append(start)
        leaf = nodes["is_leaf"].astype(bool)
        parts["feature"] += np.where(leaf, -1, nodes["feature_idx"]).tolist()
        parts["threshold"] += np.where(leaf, 0.0, nodes["num_threshold"]).tolist()
        parts["left"] += (nodes["left"].astype(np.int64) + start).tolist()
        parts["right"] += (nodes["right"].astype(np.int64) + start).tolist()
        parts["value"] += np.where(leaf, nodes["value"] / len(models), 0.0).tolist()
    return Trees(base=base, roots=tuple(roots), **{name: tuple(part) for name, part in parts.items()})


def margins(models: Sequence[HistGradientBoostingClassifier], rows: Numbers) -> Numbers:
    """Return the log-odds that `trees_of` these models gives, for many rows at once."""
    with threadpool_limits(1):
        return np.asarray(np.mean([model.decision_function(rows) for model in models], axis=0), dtype=np.float64)


def pair_weights(named: Sequence[tuple[Near, str]]) -> tuple[tuple[float, ...], float] | None:
    """Return weights and intercept that tell the original from the others near a duplicate; None where there are too few to learn from."""
    usable = [(near, original) for near, original in named if original in near.ids]
    if len(usable) < 30:
        return None
    rows = np.vstack([pairs(near) for near, _ in usable])
    labels = np.array([id == original for near, original in usable for id in near.ids])
    model = LogisticRegression(C=1.0, max_iter=2000).fit(rows, labels)
    return tuple(model.coef_[0].tolist()), float(model.intercept_[0])
