"""A learned model: linear readings of a message, and what is near to danger, loaded from bytes without running any code that they hold.

Each reading (`Head`) adds what every piece of the text and its meaning say for each label; the softmax of the sums is a
probability, calibrated on messages that were held back. The file is a NumPy archive of plain arrays and one JSON document.
"""

import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from zipfile import BadZipFile

import numpy as np
from pydantic import BaseModel, ConfigDict

from services.triage.model.features import Together, Vector, meanings, pieces

FORMAT = 1
DANGER = ("vectors", "weights", "bias")
HEADS = ("type", "condition", "grade", "danger")
ID_LENGTH = 12
STEPS = 512  # in which the numbers of a vector of length 1 are kept


class Facts(BaseModel):
    """What a model says of itself: its thresholds, and how good it was on messages that it had not learned from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    labels: Mapping[str, tuple[str, ...]]
    automatic: float  # probability of the type from which no operator is needed
    report: float  # probability below which a text is taken to be no report
    emergency: float  # probability from which danger is taken to be there
    words_weight: float  # what the city's words add to the reading of the type
    danger_weight: float  # what nearness to messages of danger adds to the reading of danger
    danger_width: float
    danger_usual: tuple[float, ...]  # what the usual grade of the likely types adds to it, the most urgent first
    default_weight: float  # what the usual grade of the likely types adds to the reading of the grade
    quality: Mapping[str, float]
    rows: int


@dataclass(frozen=True, eq=False)
class Head:
    """One reading: `pieces` has a row for each known piece, `meaning` for each number of the sentence's vector."""

    labels: tuple[str, ...]
    pieces: Vector
    meaning: Vector
    bias: Vector

    def sums(self, features: "Features") -> Vector:
        """Return what speaks for each label."""
        spoken: Vector = features.values @ self.pieces[features.known] + features.meaning @ self.meaning + self.bias
        return spoken


@dataclass(frozen=True, eq=False)
class Danger:
    """How near a sentence is to messages that told of danger: a support vector machine with Gaussian kernel."""

    vectors: Vector
    weights: Vector
    bias: Vector
    width: float

    def says(self, meant: Vector) -> Vector:
        """Return what speaks for danger in each sentence; the rows of `meant` and what they are compared with have length 1."""
        apart = 1.0 + np.einsum("ij,ij->i", meant, meant)[:, None] - 2.0 * (meant @ self.vectors.T)
        spoken: Vector = np.exp(-self.width * apart) @ self.weights + self.bias[0]
        return spoken


@dataclass(frozen=True, eq=False)
class Features:
    """A message as a model sees it: the numbers of its known pieces, how much each weighs, where they stand, and its meaning."""

    known: list[int]
    values: Vector
    places: list[tuple[int, int, int]]  # the number of a piece, where it begins and ends
    meaning: Vector


@dataclass(frozen=True, eq=False)
class Predictor:
    """A model in memory. `id` is a short hash of its bytes."""

    id: str
    facts: Facts
    vocabulary: Mapping[str, int]
    rarity: Vector
    heads: Mapping[str, Head]
    danger: Danger
    learned: frozenset[int]  # fingerprints of the texts that it learned from: on these it cannot be judged

    @classmethod
    def load(cls, content: bytes) -> Self:
        """Read a model. Raises `ValueError` if the bytes are none."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return cls._read(hashlib.sha256(content).hexdigest()[:ID_LENGTH], arrays)
        except (KeyError, ValueError, EOFError, OSError, BadZipFile) as wrong:
            raise ValueError(f"this is no model of texts: {wrong}") from wrong

    @classmethod
    def _read(cls, id: str, arrays: Mapping[str, Any]) -> Self:
        facts = Facts.model_validate_json(arrays["facts"].tobytes())
        names: list[str] = json.loads(arrays["vocabulary"].tobytes())
        if facts.format != FORMAT or len(names) != len(arrays["rarity"]):
            raise ValueError("this model was made for another version of the software")
        heads = {
            name: Head(
                labels=tuple(facts.labels[name]),
                pieces=arrays[f"{name}.pieces"].astype(np.float32),
                meaning=arrays[f"{name}.meaning"].astype(np.float32),
                bias=arrays[f"{name}.bias"].astype(np.float32),
            )
            for name in HEADS
        }
        return cls(
            id=id,
            facts=facts,
            vocabulary={name: place for place, name in enumerate(names)},
            rarity=arrays["rarity"].astype(np.float32),
            heads=heads,
            danger=Danger(
                vectors=arrays["near.vectors"].astype(np.float32),
                weights=arrays["near.weights"].astype(np.float32),
                bias=arrays["near.bias"].astype(np.float32),
                width=facts.danger_width,
            ),
            learned=frozenset(arrays["learned"].tolist()),
        )

    def features(self, text: str) -> Features:
        """Return what the model sees of a normalised text."""
        places = [(self.vocabulary[name], start, end) for name, start, end in pieces(text) if name in self.vocabulary]
        known = list(dict.fromkeys(number for number, _, _ in places))
        values = self.rarity[known]
        length = float(np.sqrt(values @ values)) or 1.0
        return Features(known=known, values=values / length, places=places, meaning=meanings.of(text))

    @cached_property
    def dangers(self) -> Together[float]:
        """Return what nearness to danger says of normalised texts; the vectors that they are compared with are read once for all."""
        return Together(self._dangers)

    def _dangers(self, texts: Sequence[str]) -> list[float]:
        meanings.foresee(texts)
        said: list[float] = self.danger.says(np.stack([meanings.of(text) for text in texts])).tolist()
        return said


def probabilities(sums: Vector) -> Vector:
    """Return the softmax of a row of sums."""
    raised = np.exp(sums - sums.max())
    shares: Vector = raised / raised.sum()
    return shares


def fingerprint(text: str) -> int:
    """Return a number that stands for a text as it was written."""
    return zlib.crc32(text.encode())


def write(facts: Facts, vocabulary: list[str], rarity: Vector, heads: Mapping[str, Head], danger: Danger, learned: Iterable[str]) -> bytes:
    """Return a model as bytes; weights are stored with 16 bits."""
    arrays: dict[str, Any] = {
        "facts": np.frombuffer(facts.model_dump_json().encode(), dtype=np.uint8),
        "vocabulary": np.frombuffer(json.dumps(vocabulary, ensure_ascii=False).encode(), dtype=np.uint8),
        "rarity": rarity.astype(np.float32),
        "learned": np.array(sorted({fingerprint(text) for text in learned}), dtype=np.uint32),
    }
    for name, head in heads.items():
        arrays |= {f"{name}.{part}": getattr(head, part).astype(np.float16) for part in ("pieces", "meaning", "bias")}
    arrays |= {f"near.{part}": getattr(danger, part).astype(np.float16) for part in DANGER}
    arrays["near.vectors"] = (np.round(danger.vectors * STEPS) / STEPS).astype(
        np.float16
    )  # exact enough, and half the size when compressed
    written = io.BytesIO()
    np.savez_compressed(written, allow_pickle=False, **arrays)
    return written.getvalue()
