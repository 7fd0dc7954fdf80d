"""What must be true after the chaos, worked out from the log alone by a loop that shares nothing with the recipe but `evolve`."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from shared.case import Case, Status, dump, evolve
from shared.city import City
from shared.events import OWNERS, AnyEvent, CaseParted, Change, decode
from shared.memory import found_by
from shared.service import Fold, Service, World
from tests.unit.recipe.engines import MemoryLog, saved
from tests.unit.recipe.processes import Group

ENVELOPE = ("_id", "partition", "offset")


class Reading:
    """The whole log, read once: every event, what it did, and what the cases are."""

    def __init__(self, log: MemoryLog) -> None:
        self.cases: dict[str, Case] = {}
        self.last: dict[str, tuple[int, int]] = {}
        self.folds: list[Fold] = []
        self.bad: set[tuple[int, int]] = set()
        for partition, line in enumerate(log.lines):
            for offset, (_, value) in enumerate(line):
                self.take(partition, offset, value)

    def take(self, partition: int, offset: int, value: bytes | None) -> None:
        try:
            event = decode(value or b"")
        except ValidationError:
            self.bad.add((partition, offset))
            return
        before = self.cases.get(event.case_id) or Case(id=event.case_id)
        after = evolve(before, event)
        self.cases[event.case_id], self.last[event.case_id] = after, (partition, offset)
        self.folds.append(Fold(before, event, after, partition, offset))

    def rows(self, service: Service, city: City) -> dict[str, dict[str, Any]]:
        """Return all views of a service, folded one event after the other."""
        rows: dict[str, dict[str, Any]] = {}
        for view in service.projections:
            contents: dict[tuple[int, str], tuple[int, Any]] = {}
            for fold in self.folds:
                for key in view.keys(fold, city):
                    _, old = contents.get((fold.partition, key), (-1, None))
                    contents[fold.partition, key] = (fold.offset, view.change(old, key, fold, city))
            rows[view.name] = {
                f"{partition}/{key}": saved({**content, "_id": f"{partition}/{key}", "partition": partition, "offset": offset})
                for (partition, key), (offset, content) in contents.items()
            }
        return rows


def check(groups: list[Group], log: MemoryLog, garbage: set[tuple[int, int]], now: datetime) -> list[str]:
    """Return every promise that was broken."""
    reading = Reading(log)
    trouble = one_effect(reading)
    if reading.bad != garbage:
        trouble.append(f"unreadable messages: {reading.bad}, put there: {garbage}")
    if {(partition, offset) for partition, offset, _ in log.dead} != garbage:
        trouble.append(f"dead letters: {log.dead}, garbage: {garbage}")
    for group in groups:
        trouble += copies(group, reading, log)
        trouble += debts(group, reading, now)
    return trouble


def one_effect(reading: Reading) -> list[str]:
    """Of equal ids one took effect; changes name the versions 0, 1, 2 and so on, in order of the log."""
    effective = [fold for fold in reading.folds if fold.effective]
    times = Counter((fold.event.case_id, fold.event.id) for fold in effective)
    trouble = [f"{id} took effect {count} times" for id, count in times.items() if count > 1]
    versions: dict[str, list[int]] = defaultdict(list)
    for fold in effective:
        if isinstance(fold.event, Change):
            versions[fold.event.case_id].append(fold.event.on)
    trouble += [f"versions of {id}: {named}" for id, named in versions.items() if named != list(range(len(named)))]
    meanings = Counter((event.type, event.case_id, meaning(event)) for event in (fold.event for fold in effective) if meaning(event))
    for event in (fold.event for fold in effective):
        if isinstance(event, CaseParted):  # and may join again
            meanings["case.joined", event.case_id, event.follower] -= 1
    return trouble + [f"{what} took effect {count} times" for what, count in meanings.items() if count > 1]


def meaning(event: AnyEvent) -> str | None:
    """Return what an addition says, where it may be said once only."""
    match event.type:
        case "case.joined":
            return event.follower
        case "deadline.missed":
            return f"{event.which} {event.deadline}"
        case "reminder.sent":
            return f"{event.share} {event.deadline}"
        case "outcome.published":
            return str(event.closing)
        case "standing.published":
            return str(event.round)
        case _:
            return None


def copies(group: Group, reading: Reading, log: MemoryLog) -> list[str]:
    """The store has what the log makes, and nothing else."""
    name, city = group.service.name, group.city
    wanted = {
        id: saved({**found_by(group.service, case, city), "_id": id, "partition": at[0], "offset": at[1], "body": dump(case)})
        for (id, case), at in zip(reading.cases.items(), reading.last.values(), strict=True)
    }
    got = {
        id: {member: value for member, value in row.items() if member not in ("due_key", "open_key")}
        for id, row in group.store.tables["cases"].rows.items()
    }
    trouble = differences(f"{name} cases", wanted, got)
    for view, rows in reading.rows(group.service, city).items():
        trouble += differences(f"{name} {view}", rows, group.store.tables[view].rows)
    progress = {partition: row["offset"] for partition, row in group.store.tables["progress"].rows.items()}
    ends = {partition: len(line) for partition, line in enumerate(log.lines) if line}
    return trouble + ([f"{name} progress {progress}, log {ends}"] if progress != ends else [])


def differences(what: str, wanted: Mapping[str, Any], got: Mapping[str, Any]) -> list[str]:
    wrong = sorted(id for id in wanted.keys() | got.keys() if wanted.get(id) != got.get(id))
    return [f"{what}: {len(wrong)} rows differ, first {wrong[0]}: log {wanted.get(wrong[0])}, copy {got.get(wrong[0])}"] if wrong else []


def debts(group: Group, reading: Reading, now: datetime) -> list[str]:
    """Nobody owes a fact: with the whole world in sight, `decide` is silent about every case."""
    service = group.service
    others = {id: service.fields(case, group.city) for id, case in reading.cases.items()}
    world = World(group.city, others)
    owed = [fact for case in reading.cases.values() if case.status is not Status.UNKNOWN for fact in service.decide(case, world, now)]
    foreign = [f.event.type for f in reading.folds if f.event.by == service.name and OWNERS[f.event.type] != service.name]
    return [f"{service.name} never said {fact.type} of {fact.case_id}" for fact in owed] + foreign


def committed_before_stored(group: Group, log: MemoryLog, partition: int) -> list[str]:
    """Return what was committed though a crash would lose it."""
    upto = group.committed[partition]
    tables = group.store.tables
    stored = tables["progress"].rows.get(partition, {"offset": 0})["offset"]
    trouble = [f"{group.service.name} committed {upto} of {partition}, progress {stored}"] if stored < upto else []
    last: dict[str, int] = {}
    for offset in range(upto):
        key, _ = log.lines[partition][offset]
        if key != b"nobody":
            last[(key or b"").decode()] = offset
    rows = tables["cases"].rows
    return trouble + [
        f"{group.service.name} committed {upto} of {partition}, but {id} is not saved up to {offset}"
        for id, offset in last.items()
        if id not in rows or rows[id]["offset"] < offset
    ]


def views_behind(group: Group, log: MemoryLog) -> list[str]:
    """Return the cases that are saved further than the timeline of their events: a crash now would leave the views wrong for ever."""
    if not any(view.name == "timeline" for view in group.service.projections):
        return []
    tables = group.store.tables
    return [
        f"{group.service.name} saved {row['_id']} up to {row['offset']} before its views"
        for row in tables["cases"].rows.values()
        if f"{row['partition']}/{row['offset']}" not in tables["timeline"].rows
    ]
