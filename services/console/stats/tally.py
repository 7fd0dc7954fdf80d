"""Counting rows of the table by groups, each figure by one pass over a column: what costs the same for one group and for a thousand."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.console.carried import MEASURED, STANDING
from services.console.stats.parts import AGAIN, NONE, NOW, OVERDUE, ROUND, voiced
from services.console.stats.table import Table
from services.console.views.rates import Counts
from services.console.views.rates import tally as heard
from services.console.views.times import BOUNDS, WIDTH

Rows = npt.NDArray[np.intp]
Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
VALUES = np.array([BOUNDS[0], *(bound / WIDTH**0.5 for bound in BOUNDS[1:])])  # seconds that a bucket stands for
SHARES = (0.5, 0.9, 0.99)
VOICES = 19  # numbers of voices, none included
ROUNDS = 1 << len(STANDING)


def said(number: int) -> Counts:
    """Return what a voice counts."""
    return heard({"counts": {}, "voices": {"": voiced(number)} if number else {}})


HEARD = ("asked_solved", "solved", "asked_satisfied", "satisfied", "asked_called_satisfied", "called_satisfied")
OF_ROUNDS = np.array([[number >> place & 1 for place in range(len(STANDING))] for number in range(ROUNDS)])
OF_VOICES = np.array([[counted.get(name, 0) for name in HEARD] for counted in map(said, range(VOICES))])


@dataclass(frozen=True)
class Selection:
    """Rows of the table by what they are counted for: cases, their times, rounds of the rates, and voices of residents."""

    cases: Rows
    times: Rows
    rounds: Rows
    voices: Rows


Groups = Callable[[Rows, str], Numbers]  # the group of each row; the name of the column that tells its moment


@dataclass(frozen=True)
class Tallies:
    """What was counted, by group: cases by status and the overdue ones, the counts of the rates, and the buckets of each time."""

    statuses: Numbers  # group, code of the status
    overdue: Numbers  # group
    standing: Numbers  # group, bits of STANDING
    voices: Numbers  # group, number of the voice
    times: Numbers  # time, group, bucket

    def counts(self) -> list[Counts]:
        """Return the counts from which the rates of each group are made."""
        sums = np.concatenate([self.standing @ OF_ROUNDS, self.voices @ OF_VOICES], axis=1)
        return [dict(zip((*STANDING, *HEARD), group, strict=True)) for group in sums.tolist()]


def select(table: Table, fits: Mask, counted: Mask, within: Callable[[str], Mask], moment: str) -> Selection:
    """Select the rows that `fits`: cases and their times by `moment`, rounds by their beginning and voices by the completion.

    `counted` are the rows of those who count in the rates.
    """
    kind = table.column("kind")
    there = fits & within(moment)
    rounds = fits & counted & ((kind == NOW) | (kind == ROUND))
    return Selection(
        cases=np.flatnonzero(there & (kind == NOW)),
        times=np.flatnonzero(there & ((kind == NOW) | (kind == AGAIN))),
        rounds=np.flatnonzero(rounds & (table.column("standing") > 0) & within("began")),
        voices=np.flatnonzero(rounds & (table.column("voice") > 0) & within("done")),
    )


def crossed(groups: Numbers, values: npt.NDArray[np.integer], count: int, width: int) -> Numbers:
    """Count how often each value occurs in each group."""
    return np.bincount(groups * width + values, minlength=count * width).reshape(count, width)


def tally(table: Table, some: Selection, groups: Groups, count: int, moment: str) -> Tallies:
    """Count the selected rows in `count` groups."""
    cases, times = groups(some.cases, moment), groups(some.times, moment)
    statuses = crossed(cases, table.column("status")[some.cases], count, len(table.labels["status"].values))
    overdue = (table.column("bits")[some.cases] & OVERDUE) // OVERDUE
    return Tallies(
        statuses=statuses,
        overdue=crossed(cases, overdue, count, 2)[:, 1],
        standing=crossed(groups(some.rounds, "began"), table.column("standing")[some.rounds], count, ROUNDS),
        voices=crossed(groups(some.voices, "done"), table.column("voice")[some.voices], count, VOICES),
        times=np.stack([buckets(table.measured(place), some.times, times, count) for place in range(len(MEASURED))]),
    )


def buckets(measured: npt.NDArray[np.uint8], rows: Rows, groups: Numbers, count: int) -> Numbers:
    """Count the buckets of a time; NONE is a bucket beyond the others, which is left out in the end."""
    return crossed(groups, measured[rows], count, NONE + 1)[:, : len(BOUNDS)]


def quantiles(histograms: Numbers) -> npt.NDArray[np.float64]:
    """Return the seconds of SHARES for each histogram (the last axis), as `views.times.quantile` does; NaN where nothing was measured."""
    passed = histograms.cumsum(axis=-1)
    total = passed[..., -1]
    places = [np.argmax(passed >= (share * total)[..., None], axis=-1) for share in SHARES]
    found: npt.NDArray[np.float64] = VALUES[np.stack(places, axis=-1)]
    found[total == 0] = np.nan
    return found
