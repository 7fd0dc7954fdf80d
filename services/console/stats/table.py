"""The cases as columns of numbers, to be counted by masks: 43 bytes a row (and half as much room to grow), and most cases are one row.

Labels are codes into growing lists of values; code 0 is "", no value. Not safe for threads: `copy` lets one thread at a time near it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from services.console.carried import MEASURED
from services.console.stats.parts import FREE, LABELS, MOMENTS, Part

SMALL = ("kind", "bits", "standing", "voice")
Column = npt.NDArray[np.unsignedinteger]


class Codes:
    """The values of one label, each with its code."""

    def __init__(self) -> None:
        self.values: list[str] = [""]
        self.codes: dict[str, int] = {"": 0}

    def of(self, value: str) -> int:
        code = self.codes.get(value)
        if code is None:
            code = self.codes[value] = len(self.values)
            self.values.append(value)
        return code


class Table:
    """The rows of all cases. What a case was before is replaced; rows that it no longer needs are used again."""

    def __init__(self, room: int = 1024) -> None:
        self.used = 0
        self.free: list[int] = []
        self.first: dict[str, int] = {}  # the row of what each case is now
        self.further: dict[str, list[int]] = {}  # the other rows of the few that have some
        self.labels = {name: Codes() for name in LABELS}
        kinds = {**dict.fromkeys(LABELS, np.uint16), **dict.fromkeys(SMALL, np.uint8), **dict.fromkeys(MOMENTS, np.uint32)}
        self.columns: dict[str, Column] = {name: np.zeros(room, kind) for name, kind in kinds.items()}
        self.buckets: npt.NDArray[np.uint8] = np.zeros((len(MEASURED), room), np.uint8)

    def __len__(self) -> int:
        return len(self.first)

    @property
    def bytes(self) -> int:
        """Return how much the columns take, without the index of the cases."""
        return sum(column.nbytes for column in self.columns.values()) + self.buckets.nbytes

    def column(self, name: str) -> Column:
        return self.columns[name][: self.used]

    def measured(self, place: int) -> npt.NDArray[np.uint8]:
        """Return the buckets of one of MEASURED."""
        return self.buckets[place, : self.used]

    def put(self, cases: Mapping[str, Sequence[Part]]) -> None:
        """Replace the rows of these cases."""
        rows: list[int] = []
        parts: list[Part] = []
        for id, of_case in cases.items():
            rows += self.rows_for(id, len(of_case))
            parts += of_case
        at = np.array(rows, np.intp)
        for place, name in enumerate(LABELS):
            codes = self.labels[name]
            self.columns[name][at] = [codes.of(part.labels[place]) for part in parts]
        for name in SMALL:
            self.columns[name][at] = [getattr(part, name) for part in parts]
        for place, name in enumerate(MOMENTS):
            self.columns[name][at] = [part.moments[place] for part in parts]
        self.buckets[:, at] = np.array([part.buckets for part in parts], np.uint8).reshape(len(parts), len(MEASURED)).T

    def rows_for(self, id: str, count: int) -> list[int]:
        """Return the rows of a case, as many as it needs now."""
        if id not in self.first:
            self.first[id] = self.row()
        others = self.further.pop(id, [])
        for row in others[count - 1 :]:
            self.columns["kind"][row] = FREE
            self.free.append(row)
        kept = others[: count - 1]
        kept += [self.row() for _ in range(count - 1 - len(kept))]
        if kept:
            self.further[id] = kept
        return [self.first[id], *kept]

    def row(self) -> int:
        """Return a row that nobody uses."""
        if self.free:
            return self.free.pop()
        if self.used == len(self.columns["kind"]):
            self.grow()
        self.used += 1
        return self.used - 1

    def grow(self) -> None:
        """Make room for half as many rows again."""
        more = self.used // 2 + 1
        self.columns = {name: np.concatenate([column, np.zeros(more, column.dtype)]) for name, column in self.columns.items()}
        self.buckets = np.concatenate([self.buckets, np.zeros((len(MEASURED), more), np.uint8)], axis=1)
