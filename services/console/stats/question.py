"""A question to the table: which rows pass, and in what groups they are counted. Pure; the caller keeps others away from the table."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from services.console.stats.dimensions import Coded, Dimension, coded, told_apart_too_far
from services.console.stats.parts import CONFIDENTIAL, NAMED
from services.console.stats.periods import Period
from services.console.stats.table import Table
from services.console.stats.tally import Mask, Numbers, Rows, Selection, Tallies, select, tally
from shared.city import City

QUARTER = 900  # seconds


class Question(NamedTuple):
    """What is counted: filters, the period, and what must lie in it; `by` names the dimensions that are told apart."""

    filters: Mapping[Dimension, Sequence[str]]
    period: Period
    when: str
    by: tuple[Dimension, ...] = ()

    @property
    def leaves_out(self) -> bool:
        """Whether confidential cases are left out: the answer would tell both what a case is about and where."""
        return told_apart_too_far({*self.filters, *self.by})


def selected(table: Table, question: Question, city: City) -> Selection:
    """Return the rows that the question is about."""
    fits = np.ones(table.used, np.bool_)
    for dimension, wanted in question.filters.items():
        fits &= passes(table, coded(dimension, table, city), set(wanted))
    bits = table.column("bits")
    if question.leaves_out:
        fits &= (bits & CONFIDENTIAL) == 0
    return select(table, fits, counted(table, city), lambda column: within(table, column, question.period), question.when)


def passes(table: Table, of: Coded, wanted: set[str]) -> Mask:
    allowed = np.array([value in wanted for value in of.values], np.bool_)
    found: Mask = (allowed if of.places is None else allowed[of.places])[table.column(of.column)]
    return found


def counted(table: Table, city: City) -> Mask:
    """Return the rows that count in the rates, as the city rules."""
    excluded = np.array([value in city.rates.excluded for value in table.labels["category"].values], np.bool_)
    found: Mask = ~excluded[table.column("category")]
    return found if city.rates.anonymous else found & ((table.column("bits") & NAMED) > 0)


def within(table: Table, column: str, period: Period) -> Mask:
    low, high = period.bounds
    moments = table.column(column)
    found: Mask = (moments >= low) & (moments < high)
    return found


def together(table: Table, question: Question, city: City) -> Tallies:
    """Count all that the question is about as one group."""
    return tally(table, selected(table, question, city), lambda rows, _: np.zeros(len(rows), np.int64), 1, question.when)


def in_time(table: Table, question: Question, city: City, edges: Sequence[int]) -> Tallies:
    """Count by the spans between the edges (seconds since 1970); edges inside lie on quarters of an hour, as days of all zones do."""
    first = edges[0] // QUARTER
    quarters = np.arange(first, edges[-1] // QUARTER + 1) * QUARTER
    places = np.searchsorted(np.array(edges[1:-1], np.int64), quarters, side="right")  # looked up, which is quicker than to search

    def groups(rows: Rows, moment: str) -> Numbers:
        return places[table.column(moment)[rows] // QUARTER - first]

    return tally(table, selected(table, question, city), groups, len(edges) - 1, question.when)
