"""What dispatch knows of other cases when it chooses: who has what in hand, what else waits, and who was last at a place.

It is read from the `fields` of their rows (`nearby.py`); what a row does not say is taken as unknown.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from shared.case import Case, Status
from shared.city import City, Person
from shared.service import Fields
from shared.terms import Grade, Location

OFFICE = 100  # whoever has room for so many cases is never full, and handles them where they are
GRADES = {grade: str(rank) for rank, grade in enumerate(Grade)}  # the most urgent first


def turn(case: Case) -> str:
    """Return what puts cases in order: the grade, then the deadline, then the id."""
    deadline = case.resolve_by.isoformat() if case.resolve_by else "9"
    return f"{GRADES[case.grade or Grade.NORMAL]}/{deadline}/{case.id}"


def counted(person: Person) -> bool:
    """Whether it matters how many tasks somebody has."""
    return person.capacity < OFFICE


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case for which somebody is wanted, as far as it matters for the choice."""

    id: str
    department: str
    category: str
    grade: Grade
    grid: str | None
    place: Location | None
    language: str
    asked: tuple[str, ...]
    turn: str
    handled_by: str | None = None  # who has handled this very case before

    @classmethod
    def of(cls, case: Case, city: City) -> "Wanted":
        what = case.classification
        return cls(
            id=case.id,
            department=case.department or "",
            category=what.category if what else "",
            grade=case.grade or Grade.NORMAL,
            grid=what.grid if what else None,
            place=case.location if city.located(case.location) else None,
            language=case.language,
            asked=case.offered,
            turn=turn(case),
            handled_by=case.handled_by,
        )

    @classmethod
    def read(cls, id: str, row: Fields) -> "Wanted":
        return cls(
            id=id,
            department=row.get("department") or "",
            category=row.get("category") or "",
            grade=Grade(row["grade"]) if row.get("grade") else Grade.NORMAL,
            grid=row.get("grid"),
            place=place_at(row.get("lat"), row.get("lon")),
            language=row.get("language") or "zh",
            asked=tuple(row.get("offered") or ()),
            turn=row["turn"],
            handled_by=row.get("handled_by"),
        )

    @property
    def emergency(self) -> bool:
        return self.grade is Grade.EMERGENCY

    @property
    def urgent(self) -> bool:
        return self.grade is Grade.EMERGENCY or self.grade is Grade.URGENT


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a person has in hand; `turn` says what it is done before. Its place in degrees, None if it is unknown."""

    turn: str
    status: str
    lat: float | None
    lon: float | None
    since: datetime | None  # of the status

    @property
    def emergency(self) -> bool:
        return self.turn < GRADES[Grade.URGENT]

    @property
    def place(self) -> Location | None:
        return place_at(self.lat, self.lon)


@dataclass(frozen=True)
class Workload:
    """The rows of other cases, by what they mean."""

    rows: Mapping[str, Fields] = field(default_factory=dict)

    @cached_property
    def by_person(self) -> Mapping[str, list[Fields]]:
        """The rows of what each person has in hand."""
        found: dict[str, list[Fields]] = {}
        for row in self.rows.values():
            if row.get("assignee") is not None:
                found.setdefault(row["assignee"], []).append(row)
        return found

    def tasks(self, person: str) -> list[Task]:
        return [task_of(row) for row in self.by_person.get(person, ())]

    @property
    def waiting(self) -> Iterable[tuple[str, Fields]]:
        """The rows of cases that nobody has, by id."""
        return ((id, row) for id, row in self.rows.items() if row.get("waiting") is not None)

    def last_at(self, keys: Collection[str]) -> str | None:
        """Return who was the last to complete something at a place, given its keys (`nearby.kept`)."""
        done = [(row["completed_at"], row["handler"]) for row in self.rows.values() if row.get("kept") in keys]
        return max(done)[1] if done else None

    @cached_property
    def last_seen(self) -> Mapping[str, tuple[datetime, Location]]:
        """When and where each person last completed something, as far as the look found it."""
        found: dict[str, tuple[datetime, Location]] = {}
        for row in self.rows.values():
            place = place_at(row.get("lat"), row.get("lon")) if row.get("seen") else None
            if place is not None and (row["handler"] not in found or found[row["handler"]][0] < row["completed_at"]):
                found[row["handler"]] = (row["completed_at"], place)
        return found

    def load(self, person: str) -> int:
        return len(self.by_person.get(person, ()))


def loads(others: Mapping[str, Fields]) -> Workload:
    """Return what is in the rows of other cases."""
    return Workload(others)


def task_of(row: Fields) -> Task:
    turn, status = row.get("turn") or GRADES[Grade.NORMAL], row.get("status") or Status.ACCEPTED.value
    return Task(turn, status, row.get("lat"), row.get("lon"), row.get("since"))


def place_at(lat: float | None, lon: float | None) -> Location | None:
    return None if lat is None or lon is None else Location.model_construct(lat=lat, lon=lon)
