"""Holds the console's read models against the log: one row of the timeline an event, and totals and times that a recount confirms."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from deploy.check.blank import Case
from deploy.check.copies import Copy, Document
from deploy.check.durations import Times
from deploy.check.findings import Place
from deploy.check.history import EFFECTIVE, REPEATED, UNREADABLE, History, fact_hash
from deploy.check.refusal import deadline_key
from deploy.check.rules import OPEN

Tally = dict[str, int]  # how many cases have each status, and how many are overdue
OVERDUE = "overdue"
T = TypeVar("T")


def check_timeline(copy: Copy, rows: Iterable[Document], history: History) -> None:
    """See that every fact has one row, which says the right thing about the right fact."""
    found = {p: bytearray(len(part.outcomes)) for p, part in history.parts.items()}
    for row in rows:
        partition, offset = row["partition"], row["offset"]
        part = history.parts.get(partition)
        if part is not None and copy.beyond(partition, offset, part):
            continue
        outcome = part.outcome(offset) if part else UNREADABLE
        if part is None or outcome == UNREADABLE or row["_id"] != f"{partition}/{offset}":
            sentence = f"{copy.name}.timeline has a row {row['_id']} that is no fact of the log"
            history.findings.add(5, sentence, place=(partition, offset))
            continue
        found[partition][offset - part.begin] = 1
        check_moment(copy, row, outcome, part.facts[offset - part.begin], history)
    check_gaps(copy, found, history)


def check_moment(copy: Copy, row: Document, outcome: int, fact: int, history: History) -> None:
    """Hold one row of the timeline against what became of the fact."""
    place: Place = (row["partition"], row["offset"])
    case, _, position = str(row.get("place")).rpartition("/")
    if fact != fact_hash(case, row.get("event", ""), row.get("type", "")) or position != f"{place[1] + 1:018d}":
        history.findings.add(5, f"{copy.name}.timeline tells another fact than the log", case=case, place=place)
    elif row.get("effective") != (outcome == EFFECTIVE):
        said = "took effect" if row.get("effective") else "had no effect"
        sentence = f"{copy.name}.timeline says that {row['type']} {said}, but {history.why(place)}"
        history.findings.add(2, sentence, case=case, place=place)
    elif row.get("repeated") != (outcome == REPEATED):
        sentence = f"{copy.name}.timeline has repeated {row.get('repeated')}, expected {outcome == REPEATED}"
        history.findings.add(5, sentence, case=case, place=place)


def check_gaps(copy: Copy, found: Mapping[int, bytearray], history: History) -> None:
    for p, seen in found.items():
        part, at = history.parts[p], seen.find(0)
        while at >= 0 and part.begin + at < copy.next(p):
            if part.outcomes[at] != UNREADABLE:
                history.findings.add(5, f"{copy.name}.timeline has no row of it", place=(p, part.begin + at))
            at = seen.find(0, at + 1)


def standing(case: Case) -> dict[str, str]:
    """Return under which value of each kind a case counts."""
    what: Mapping[str, Any] = case["classification"] or {}
    values = {"category": what.get("category"), "grade": what.get("grade"), "department": case["department"], "grid": what.get("grid")}
    return {kind: value or "" for kind, value in values.items()}


def overdue(case: Case) -> bool:
    """Whether the city owes something that it promised for a time that has passed, by the log."""
    deadline = case["resolve_by"]
    return case["status"] in OPEN and deadline is not None and deadline_key("resolve", deadline) in case["missed"]


def recount(history: History) -> dict[str, dict[str, Tally]]:
    """Return how many cases have each status and are overdue, by row of the totals and value."""
    counts: dict[str, dict[str, Tally]] = {}
    for told in history.cases.values():
        status = told.case["status"]
        if status == "unknown":
            continue
        late = overdue(told.case)
        for kind, value in standing(told.case).items():
            tally = counts.setdefault(f"{told.partition}/{kind}", {}).setdefault(value, {OVERDUE: 0})
            tally[status] = tally.get(status, 0) + 1
            tally[OVERDUE] += late
    return counts


def check_totals(copy: Copy, rows: Iterable[Document], history: History) -> None:
    """Hold the totals against a recount of the folded cases."""
    said = {
        id: {value: {**counts, OVERDUE: late} for value, counts, late in row["entries"] if counts}
        for id, row in settled(copy, rows, history).items()
    }
    wanted = comparable(copy, recount(history), history)
    for id in sorted(said.keys() | wanted.keys()):
        has, expected = said.get(id, {}), wanted.get(id, {})
        for value in sorted(has.keys() | expected.keys()):
            if has.get(value) != expected.get(value):
                sentence = f"{copy.name}.totals {id} counts {has.get(value)} under {value!r}, expected {expected.get(value)}"
                history.findings.add(5, sentence)


def check_times(copy: Copy, rows: Iterable[Document], history: History) -> None:
    """Hold the histograms of the four times against those counted while folding."""
    said: dict[str, Times] = {
        id: {(measure, bucket): count for measure, histogram in row["times"].items() for bucket, count in histogram.items()}
        for id, row in settled(copy, rows, history).items()
    }
    wanted = comparable(copy, history.durations.counts, history)
    for id in sorted(said.keys() | wanted.keys()):
        has, expected = said.get(id, {}), wanted.get(id, {})
        for measure, bucket in sorted(has.keys() | expected.keys()):
            counts = has.get((measure, bucket), 0), expected.get((measure, bucket), 0)
            if counts[0] != counts[1]:
                sentence = f"{copy.name}.times {id!r} counts {counts[0]} of {measure} in bucket {bucket}, expected {counts[1]}"
                history.findings.add(5, sentence)


def settled(copy: Copy, rows: Iterable[Document], history: History) -> dict[str, Document]:
    """Return the rows of partitions that are folded to the end that was read, and neither behind nor beyond it."""
    kept: dict[str, Document] = {}
    for row in rows:
        part = history.parts.get(row["partition"])
        if part is not None and not copy.beyond(row["partition"], row["offset"], part):
            kept[row["_id"]] = row
    return comparable(copy, kept, history)


def comparable(copy: Copy, counts: Mapping[str, T], history: History) -> dict[str, T]:
    """Keep the rows of the partitions that the copy has folded to the end that was read."""
    behind = {*copy.lag(history.parts), *copy.ahead}
    return {id: row for id, row in counts.items() if int(id.partition("/")[0]) not in behind}
