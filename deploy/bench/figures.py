"""Figures out of measurements: medians with their spread, and quantiles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True)
class Figure:
    """The median of some measurements, and the least and the greatest of them."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Figure":
        return cls(median(values), min(values), max(values))

    def rounded(self) -> float:
        """Return the median with three digits that count, or whole above a hundred."""
        return round_to(self.median)

    def spread(self) -> list[float]:
        return [round_to(self.least), round_to(self.most)]


def round_to(value: float, digits: int = 3) -> float:
    return float(f"{value:.{digits}g}") if abs(value) < 10**digits else float(round(value))


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of all do not exceed."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def in_thirds(values: Sequence[float], of: Callable[[Sequence[float]], float]) -> Figure:
    """Return a figure of all values, and what it is in each third of them, which must be in the order of time."""
    size = ceil(len(values) / 3)
    parts = [of(values[start : start + size]) for start in range(0, len(values), size)]
    return Figure(of(values), min(parts), max(parts))
