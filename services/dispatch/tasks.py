"""The tasks of one person, in the order in which they should be looked at."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.case import IN_WORK, Case, Status
from shared.city import City, Person, metres
from shared.terms import Grade, Location

MOST = 200  # tasks of one answer


class Task(BaseModel):
    """A case as its handler needs it on the way; `informed` if the person is only told of it."""

    model_config = ConfigDict(frozen=True)

    id: str
    number: str
    status: Status
    version: int
    category: str | None
    grade: Grade | None
    grid: str | None
    location: Location | None
    address: str | None
    text: str
    answer_by: datetime | None
    resolve_by: datetime | None
    overdue: bool
    metres: int | None
    informed: bool


class Tasks(BaseModel):
    """What a person has to do, the next deadline first."""

    model_config = ConfigDict(frozen=True)

    person: str
    capacity: int
    on_duty: bool
    tasks: list[Task]


def tasks_of(person: Person, cases: Iterable[Case], city: City, now: datetime) -> Tasks:
    """Return the open tasks among `cases` by deadline, then by distance; what the person is only told of comes last."""
    found = {case.id: task(case, person, city) for case in cases if concerns(case, person)}
    ordered = sorted(found.values(), key=lambda one: (one.informed, *urgency(one)))
    return Tasks(person=person.id, capacity=person.capacity, on_duty=person.on_duty(city.local(now)), tasks=ordered)


def concerns(case: Case, person: Person) -> bool:
    return case.status in IN_WORK and (case.assignee == person.id or person.id in case.informed)


def urgency(task: Task) -> tuple[bool, float, float, str]:
    """Return what puts tasks in order: those without deadline or place after those with."""
    deadline = task.answer_by or task.resolve_by
    far = float("inf") if task.metres is None else task.metres
    return deadline is None, deadline.timestamp() if deadline else 0.0, far, task.id


def task(case: Case, person: Person, city: City) -> Task:
    what = case.classification
    place = case.location if city.located(case.location) else None
    return Task(
        **{name: getattr(case, name) for name in COPIED},
        category=what.category if what else None,
        grid=what.grid if what else None,
        location=place,
        text=case.text,
        metres=round(metres(place, person.home)) if place else None,
        informed=case.assignee != person.id,
    )


COPIED = ("id", "number", "status", "version", "grade", "address", "answer_by", "resolve_by", "overdue")
