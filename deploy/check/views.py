"""Holds the console's read models against the log: one row of the timeline an event, and totals and times that a recount confirms."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from deploy.check.copies import Copy, Document
from deploy.check.fold import Case, deadline_key
from deploy.check.history import EFFECTIVE, REPEATED, UNREADABLE, History, fact_hash
from deploy.check.rules import OPEN

Row = tuple[int, str, str]  # partition, kind, value
Count = dict[str, int]

TIMELINE = ("case_id", "event", "type", "effective", "repeated")
COUNTED = ("kind", "value", "counts", "overdue")
TIMED = ("kind", "value", "times")


def check_timeline(copy: Copy, rows: Iterable[Document], history: History) -> None:
    """See that every fact has one row, which says the right thing about the right fact."""
    found = {p: bytearray(len(part.outcomes)) for p, part in history.parts.items()}
    for row in rows:
        partition, offset = row["partition"], row["offset"]
        part = history.parts.get(partition)
        if part is not None and copy.beyond(partition, offset, part):
            continue
        place, outcome = (partition, offset), part.outcome(offset) if part else UNREADABLE
        if part is None or outcome == UNREADABLE or row["_id"] != f"{partition}/{offset}":
            history.findings.add(5, f"{copy.name}.timeline has a row {row['_id']} that is no fact of the log", place=place)
            continue
        found[partition][offset - part.begin] = 1
        if part.facts[offset - part.begin] != fact_hash(row["case_id"], row["event"], row["type"]):
            history.findings.add(5, f"{copy.name}.timeline tells another fact than the log", case=row["case_id"], place=place)
        elif row["effective"] != (outcome == EFFECTIVE):
            said = "took effect" if row["effective"] else "had no effect"
            sentence = f"{copy.name}.timeline says that {row['type']} {said}, but {history.why(place)}"
            history.findings.add(2, sentence, case=row["case_id"], place=place)
        elif row["repeated"] != (outcome == REPEATED):
            history.findings.add(5, f"{copy.name}.timeline says repeated {row['repeated']}", case=row["case_id"], place=place)
    check_gaps(copy, found, history)


def check_gaps(copy: Copy, found: Mapping[int, bytearray], history: History) -> None:
    for p, seen in found.items():
        part, at = history.parts[p], seen.find(0)
        while at >= 0 and part.begin + at < copy.next(p):
            if part.outcomes[at] != UNREADABLE:
                history.findings.add(5, f"{copy.name}.timeline has no row of it", place=(p, part.begin + at))
            at = seen.find(0, at + 1)


def standing(case: Case) -> dict[str, str]:
    """Return under which kinds and values a case counts."""
    what: Mapping[str, Any] = case["classification"] or {}
    values = {"category": what.get("category"), "grade": what.get("grade"), "department": case["department"], "grid": what.get("grid")}
    return {"all": "", **{kind: value or "" for kind, value in values.items()}}


def overdue(case: Case) -> bool:
    """Whether the city owes something that it promised for a time that has passed, by the log."""
    deadline = case["resolve_by"]
    return case["status"] in OPEN and deadline is not None and deadline_key("resolve", deadline) in case["missed"]


def recount(history: History) -> tuple[dict[Row, Count], Counter[Row]]:
    """Return how many cases have each status, and how many are overdue, by row of the totals."""
    counts: dict[Row, Count] = {}
    late: Counter[Row] = Counter()
    for told in history.cases.values():
        status = told.case["status"]
        if status == "unknown":
            continue
        for kind, value in standing(told.case).items():
            row = (told.partition, kind, value)
            of = counts.setdefault(row, {})
            of[status] = of.get(status, 0) + 1
            late[row] += overdue(told.case)
    return counts, late


def settled_rows(copy: Copy, view: str, rows: Iterable[Document], history: History) -> dict[Row, Document]:
    """Return the rows of partitions that are folded to the end that was read, and neither behind nor beyond it."""
    kept: dict[Row, Document] = {}
    for row in rows:
        part = history.parts.get(row["partition"])
        if row["_id"] != f"{row['partition']}/{row['kind']}/{row['value']}" or part is None:
            history.findings.add(5, f"{copy.name}.{view} has a row {row['_id']} that stands in a wrong place")
        elif not copy.beyond(row["partition"], row["offset"], part):
            kept[row["partition"], row["kind"], row["value"]] = row
    lag = copy.lag(history.parts)
    return {key: row for key, row in kept.items() if key[0] not in lag and key[0] not in copy.ahead}


def check_totals(copy: Copy, rows: Iterable[Document], history: History) -> None:
    """Hold the totals against a recount of the folded cases."""
    has = settled_rows(copy, "totals", rows, history)
    counts, late = recount(history)
    for row in sorted(has.keys() | comparable(copy, counts, history)):
        document = has.get(row, {"counts": {}, "overdue": 0})
        wanted = counts.get(row, {})
        if document["counts"] != wanted or document["overdue"] != late[row]:
            said = f"{document['counts']} with {document['overdue']} overdue, expected {wanted} with {late[row]}"
            history.findings.add(5, f"{copy.name}.totals counts {said} under {row[1]}/{row[2]}", place=(row[0], -1))


def check_times(copy: Copy, rows: Iterable[Document], history: History) -> None:
    """Hold the histograms of the four times against those counted while folding."""
    has = settled_rows(copy, "times", rows, history)
    counts = history.durations.counts
    for row in sorted(has.keys() | comparable(copy, counts, history)):
        times: dict[str, Count] = has[row]["times"] if row in has else {}
        told = {(measure, bucket): count for measure, histogram in times.items() for bucket, count in histogram.items()}
        wanted = counts.get(row, Counter())
        if told != wanted:
            differing = [key for key in sorted(told.keys() | wanted.keys()) if told.get(key, 0) != wanted.get(key, 0)]
            shown = [f"{key[0]} bucket {key[1]}: {told.get(key, 0)}, expected {wanted.get(key, 0)}" for key in differing]
            history.findings.add(5, f"{copy.name}.times under {row[1]}/{row[2]} has {'; '.join(shown[:3])}", place=(row[0], -1))


def comparable(copy: Copy, counts: Mapping[Row, Any], history: History) -> set[Row]:
    """Return the rows that a copy must have: those of the partitions that it has folded to the end."""
    lag = copy.lag(history.parts)
    return {row for row in counts if row[0] not in lag and row[0] not in copy.ahead}
