"""Counting by the values of one dimension, or of two: the groups that occur, the largest first, and no more of them than asked for."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from services.console.fields import URGENCY
from services.console.stats.dimensions import Coded, coded
from services.console.stats.parts import OVERDUE
from services.console.stats.question import Question, selected
from services.console.stats.table import Table
from services.console.stats.tally import Numbers, Rows, Selection, Tallies, tally
from shared.case import OPEN, REAL, Status
from shared.city import City

Sort = Literal["key", "reported", "open", "overdue", "closed", "merged", "rejected", "withdrawn"]
STATUSES: dict[str, frozenset[Status]] = {
    "reported": REAL,
    "open": OPEN,
    "overdue": OPEN,
    **{str(status): frozenset({status}) for status in (Status.CLOSED, Status.MERGED, Status.REJECTED, Status.WITHDRAWN)},
}
RANKS = {str(grade): f"{rank}" for grade, rank in URGENCY.items()}  # grades are sorted by urgency


class Split(NamedTuple):
    """The groups that occur, as a value of each dimension, and what was counted in them."""

    keys: list[tuple[str, ...]]
    tallies: Tallies
    omitted: int  # groups beyond the limit


def split(table: Table, question: Question, city: City, sort: Sort, limit: int) -> Split:
    """Count by the values of the question's dimensions. A group occurs if a case, a round or a voice of it is counted."""
    some = selected(table, question, city)
    ways = [coded(dimension, table, city) for dimension in question.by]
    codes, room = together(table, ways)
    there = np.zeros(room, np.bool_)
    for rows in (some.cases, some.rounds, some.voices):
        there[codes[rows]] = True
    weights = np.bincount(codes[weighing(table, some.cases, sort)], minlength=room)
    found = [(keys_of(code, ways), code) for code in np.flatnonzero(there).tolist()]
    found.sort(key=lambda one: (-int(weights[one[1]]), [(not key, RANKS.get(key, ""), key) for key in one[0]]))
    kept = found[:limit]
    places = np.full(room, -1, np.int64)
    places[[code for _, code in kept]] = np.arange(len(kept))
    of = places[codes]
    within = Selection(*(rows[of[rows] >= 0] for rows in (some.cases, some.times, some.rounds, some.voices)))
    counted = tally(table, within, lambda rows, _: of[rows], len(kept), question.when)
    return Split([keys for keys, _ in kept], counted, len(found) - len(kept))


def together(table: Table, ways: Sequence[Coded]) -> tuple[Numbers, int]:
    """Return one code for each row of the table that stands for its values of all dimensions, and how many codes there may be."""
    codes, room = np.zeros(table.used, np.int64), 1
    for way in ways:
        column = table.column(way.column)
        codes = codes * len(way.values) + (column if way.places is None else way.places[column])
        room *= len(way.values)
    return codes, room


def weighing(table: Table, cases: Rows, sort: Sort) -> Rows:
    """Return the cases whose number sorts the groups; none if they are sorted by key alone."""
    if sort == "key":
        return cases[:0]
    wanted = np.array([value in STATUSES[sort] for value in table.labels["status"].values], np.bool_)
    some = wanted[table.column("status")[cases]]
    if sort == "overdue":
        some &= (table.column("bits")[cases] & OVERDUE) > 0
    found: Rows = cases[some]
    return found


def keys_of(code: int, ways: Sequence[Coded]) -> tuple[str, ...]:
    """Return the values that the code of a group stands for."""
    keys: list[str] = []
    for way in reversed(ways):
        code, place = divmod(code, len(way.values))
        keys.append(way.values[place])
    return tuple(reversed(keys))
