"""A case as rows of the table: one for what it is now, one for each round that is over, and one more for each repeated measurement.

Most cases are one row. A round that is over keeps the place that it had in the rates; times count under what the case is now.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from services.console.carried import MEASURED, Carried
from services.console.views.past import BLANK

FREE, NOW, ROUND, AGAIN = range(4)  # what a row of the table is
NAMED, CONFIDENTIAL, OVERDUE = 1, 2, 4  # bits of a row
NONE = 255  # the bucket of a time that was not measured
LABELS = ("category", "group", "grade", "grid", "department", "channel", "status")
MOMENTS = ("reported", "closed", "began", "done")
UNMEASURED = (NONE,) * len(MEASURED)
FIELDS = ("status", "overdue", "category", "group", "grade", "grid", "confidential", "department", "channel", "partition", "figures")


class Part(NamedTuple):
    """One row of the table: labels first, then what is counted."""

    labels: tuple[str, ...]  # one for each of LABELS
    kind: int
    bits: int
    standing: int  # bits of `carried.STANDING`
    voice: int  # `spoken`
    moments: tuple[int, ...]  # one for each of MOMENTS, in whole seconds since 1970; 0: not yet
    buckets: tuple[int, ...]  # one for each of MEASURED


def spoken(voice: Sequence[Any] | None) -> int:
    """Return the number of a voice: 0 for none, else 1 and up; `voices` undoes it."""
    if voice is None:
        return 0
    called, solved, satisfied = voice
    return 1 + 9 * int(called) + 3 * answer(solved) + answer(satisfied)


def answer(said: bool | None) -> int:
    return 0 if said is None else 1 + int(said)


def voiced(number: int) -> tuple[bool, bool | None, bool | None]:
    """Return the voice that has this number, 1 and up."""
    called, rest = divmod(number - 1, 9)
    solved, satisfied = divmod(rest, 3)
    said = (None, False, True)
    return bool(called), said[solved], said[satisfied]


def parts(document: Mapping[str, Any], past: Mapping[str, Any] | None) -> list[Part]:
    """Return the rows of a case, what it is now first, from its saved row and from its row of the view `past`."""
    carried, gone = Carried.read(document["figures"]), past or BLANK
    bits = NAMED * carried.named | CONFIDENTIAL * document["confidential"] | OVERDUE * document["overdue"]
    measured = list(rows_of(times_of(carried.remembered, gone["times"])))
    labels = tuple(document[name] for name in LABELS)
    voice = spoken(gone["voices"].get(str(carried.round)))
    moments = (carried.reported, carried.closed, carried.began, carried.done)
    found = [Part(labels, NOW, bits, carried.standing, voice, moments, measured[0] if measured else UNMEASURED)]
    found += [Part(labels, AGAIN, bits, 0, 0, moments, buckets) for buckets in measured[1:]]
    for round, (began, done, standing, *place, department) in enumerate(gone["rounds"]):
        category, group, grade, grid = place
        where = (category, group, grade, grid, department, document["channel"], document["status"])
        heard = spoken(gone["voices"].get(str(round)))
        found.append(Part(where, ROUND, bits, standing, heard, (carried.reported, carried.closed, began, done), UNMEASURED))
    return found


def times_of(remembered: Mapping[str, str], difference: Mapping[str, int]) -> dict[str, list[int]]:
    """Return the buckets of all times that were measured of a case."""
    counts = {f"{what}/{bucket}": 1 for what, bucket in remembered.items()}
    for name, count in difference.items():
        counts[name] = counts.get(name, 0) + count
    found: dict[str, list[int]] = {}
    for name, count in counts.items():
        what, _, bucket = name.partition("/")
        found.setdefault(what, []).extend([int(bucket)] * count)
    return found


def rows_of(times: Mapping[str, Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Yield rows that hold each time at most once and all of them together."""
    return zip_longest(*(times.get(what, ()) for what in MEASURED), fillvalue=NONE)
