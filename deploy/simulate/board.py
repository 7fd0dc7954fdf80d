"""The cases of a simulation as dispatch knows them: rows that are found by their fields, exactly as the service finds them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from deploy.simulate.scenario import Problem
from services.dispatch import nearby
from services.dispatch.workload import Workload
from shared.case import IN_WORK, Case, Status, unknown
from shared.city import City, Person
from shared.events import Classification
from shared.service import Fields
from shared.terms import Location

FOUND_BY = tuple(name for (name,) in nearby.INDEXES)


@dataclass
class Board:
    """All cases by id, and the rows by the fields that `look` asks for."""

    city: City
    cases: dict[str, Case] = field(default_factory=dict)
    rows: dict[str, Fields] = field(default_factory=dict)
    found: dict[tuple[str, str], dict[str, Fields]] = field(default_factory=dict)
    held: dict[str, dict[str, None]] = field(default_factory=dict)  # cases by person

    def put(self, case: Case) -> None:
        """Keep a case as it is now."""
        before = self.cases.get(case.id)
        if before is not None and before.assignee and before.status in IN_WORK:
            self.held[before.assignee].pop(case.id, None)
        for key in keys(self.rows.get(case.id, {})):
            self.found[key].pop(case.id, None)
        row = nearby.fields(case, self.city)
        self.cases[case.id], self.rows[case.id] = case, row
        for key in keys(row):
            self.found.setdefault(key, {})[case.id] = row
        if case.assignee and case.status in IN_WORK:
            self.held.setdefault(case.assignee, {})[case.id] = None

    def change(self, id: str, **update: Any) -> Case:
        case = self.cases[id].model_copy(update=update)
        self.put(case)
        return case

    def look(self, case: Case, now: datetime) -> Workload:
        """Return what dispatch would see when it decides about the case."""
        return Workload(self.asked(nearby.look([case], self.city, now)))

    def asked(self, queries: Sequence[Any]) -> dict[str, Fields]:
        rows: dict[str, Fields] = {}
        for query in queries:
            for name, values in query.items():
                for value in values:
                    rows.update(self.found.get((name, value), {}))
        return rows

    def load(self, person: Person) -> int:
        """Return how many tasks somebody has."""
        return len(self.held.get(person.id, ()))

    def at(self, person: Person) -> Location:
        """Return where somebody is, as far as dispatch knows: at the task in work, else at their post."""
        working = (self.cases[id].location for id in self.held.get(person.id, ()) if self.cases[id].status is Status.WORKING)
        return next((place for place in working if place), person.home)


def keys(row: Fields) -> Iterator[tuple[str, str]]:
    """Yield by what a row is found."""
    return ((name, row[name]) for name in FOUND_BY if row.get(name) is not None)


def filed(problem: Problem, city: City, at: datetime) -> Case:
    """Return a problem as triage has filed it."""
    category = city.categories[problem.category]
    limit = category.condition(problem.condition).limit
    grid = city.grid_at(problem.place)
    deadline = city.calendar.add(at, limit)
    what = Classification(
        category=category.code,
        group=category.group,
        condition=problem.condition,
        grade=problem.grade,
        department=category.department,
        grid=grid.id if grid else None,
        confidential=category.confidential,
        check=category.check_after,
        limit=limit,
        respond_by=at + timedelta(days=7),
        resolve_by=deadline,
        rules=city.version,
    )
    known = {"status": Status.TRIAGED, "since": at, "triaged_at": at, "reported_at": at, "location": problem.place}
    named = {"classification": what, "department": what.department, "resolve_by": deadline, "language": problem.language}
    return unknown(problem.id).model_copy(update={**known, **named})
