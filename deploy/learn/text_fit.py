"""Fits the linear readings of a text model with scikit-learn: one on the pieces of the texts, one on their meaning.

A support vector machine reads the sparse pieces, a logistic regression the dense meaning; how they are mixed is found on
messages that neither has seen. Everything is seeded and runs on one thread, so that the same rows give the same model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import SVC, LinearSVC

from deploy.refusal import CannotDo
from services.triage.model.features import Vector, meaning, piece_names
from services.triage.model.normalise import normalised
from services.triage.model.prediction import Danger, Head

Labels = NDArray[np.str_]
Places = NDArray[np.intp]

MOST_PIECES = 24_000
SEEN_IN = 2  # messages in which a piece must be to count
MARGIN = 0.3  # C of the support vector machine
LOOSENESS = 20.0  # C of the logistic regression
DANGER_MARGIN = 5.0  # C of the support vector machine that knows danger
DANGER_WIDTH = 1.0  # of its Gaussian kernel
STEPS = 300
NEAR_ENOUGH = 1e-3
FOLDS = 4
ALIKE = 0.5  # cosine of the pieces from which two messages stay in one fold


@dataclass(frozen=True, eq=False)
class Material:
    """Messages as the readings see them."""

    vocabulary: list[str]
    rarity: Vector
    pieces: csr_matrix
    meaning: Vector


@dataclass(frozen=True, eq=False)
class Readings:
    """The two readings of one question, not yet mixed; `labels` are in order."""

    labels: tuple[str, ...]
    pieces: Vector
    pieces_bias: Vector
    meaning: Vector
    meaning_bias: Vector

    def sums(self, material: Material, places: Places) -> tuple[Vector, Vector]:
        """Return what each reading says of the messages at `places`."""
        return (
            np.asarray(material.pieces[places] @ self.pieces) + self.pieces_bias,
            material.meaning[places] @ self.meaning + self.meaning_bias,
        )

    def mixed(self, of_pieces: float, of_meaning: float) -> Head:
        bias = of_pieces * self.pieces_bias + of_meaning * self.meaning_bias
        return Head(labels=self.labels, pieces=of_pieces * self.pieces, meaning=of_meaning * self.meaning, bias=bias)

    def summed(self, of_pieces: Vector, of_meaning: Vector, bias: float) -> Head:
        """Return one reading of a yes or no, made of all labels' readings with these weights."""
        offset = self.pieces_bias @ of_pieces + self.meaning_bias @ of_meaning + bias
        return Head(
            labels=("danger",),
            pieces=(self.pieces @ of_pieces)[:, None],
            meaning=(self.meaning @ of_meaning)[:, None],
            bias=np.array([offset], dtype=np.float32),
        )


def material(texts: Sequence[str]) -> Material:
    """Return the messages as numbers, with a vocabulary of all of them."""
    read = [normalised(text) for text in texts]
    return _numbered(read, read, meaning(read))


def as_new(seen: Material, texts: Sequence[str], held: Places) -> Material:
    """Return the same messages with a vocabulary of all but those at `held`: these meet it as a new message does."""
    read = [normalised(text) for text in texts]
    apart = set(held.tolist())
    return _numbered([text for place, text in enumerate(read) if place not in apart], read, seen.meaning)


def _numbered(learned: Sequence[str], read: Sequence[str], meant: Vector) -> Material:
    counter = TfidfVectorizer(analyzer=piece_names, min_df=SEEN_IN, max_features=MOST_PIECES, dtype=np.float32).fit(learned)
    names = [str(name) for name in counter.get_feature_names_out()]
    return Material(vocabulary=names, rarity=counter.idf_.astype(np.float32), pieces=counter.transform(read).tocsr(), meaning=meant)


def fit(seen: Material, places: Places, labels: Labels) -> Readings:
    """Learn `labels` of the messages at `places`."""
    if len(set(labels)) < 2:
        raise CannotDo("There is nothing to tell apart: the history has one kind of message only.")
    by_pieces = LinearSVC(C=MARGIN, random_state=0).fit(seen.pieces[places], labels)
    by_meaning = LogisticRegression(C=LOOSENESS, max_iter=STEPS, tol=NEAR_ENOUGH).fit(seen.meaning[places], labels)
    return Readings(
        labels=tuple(str(label) for label in by_pieces.classes_),
        pieces=_columns(by_pieces.coef_),
        pieces_bias=_columns(by_pieces.intercept_[:, None])[0],
        meaning=_columns(by_meaning.coef_),
        meaning_bias=_columns(by_meaning.intercept_[:, None])[0],
    )


def fit_danger(seen: Material, places: Places, real: NDArray[np.bool_]) -> Danger:
    """Learn which of the messages at `places` tell of danger; without two kinds to compare nothing is near to danger."""
    if real.all() or not real.any():
        return Danger(np.zeros((1, seen.meaning.shape[1]), np.float32), np.zeros(1, np.float32), np.zeros(1, np.float32), DANGER_WIDTH)
    fitted = SVC(C=DANGER_MARGIN, gamma=DANGER_WIDTH, class_weight="balanced", random_state=0).fit(seen.meaning[places], real)
    vectors, weights, bias = (
        np.asarray(part, dtype=np.float32) for part in (fitted.support_vectors_, fitted.dual_coef_[0], fitted.intercept_)
    )
    return Danger(vectors, weights, bias, DANGER_WIDTH)


def folds(seen: Material, labels: Labels, hands: Sequence[str]) -> list[Places]:
    """Part the first messages, as many as there are labels, into folds to hold back.

    What one hand wrote stays together, so that a model is judged on hands that it has not read; so does what is nearly alike
    among messages that tell no hand.
    """
    pieces = seen.pieces[: len(labels)]
    _, alike = connected_components(pieces @ pieces.T > ALIKE)
    groups = [hand or str(group) for hand, group in zip(hands, alike, strict=True)]
    return [np.asarray(held) for _, held in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels, groups)]


def _columns(weights: Vector) -> Vector:
    """Return one column a label; scikit-learn gives a single row for two labels."""
    rows = np.vstack([-weights, weights]) if len(weights) == 1 else weights
    columns: Vector = np.ascontiguousarray(rows.T, dtype=np.float32)
    return columns
