"""What dispatch looks at before it chooses, and by which fields it is found: never more rows than the choice needs.

Of a small team all tasks are asked for by `desk`, in one question; of a large one only those of the nearest people, by `assignee`.
Posts that have room for everything (an office, a hotline) are not counted. `waiting` finds the cases that compete, `kept` who was
at the place lately, `seen` where people were lately, for an emergency. Each is an equality on one field of strings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from services.dispatch.candidates import asked
from services.dispatch.places import kept_key, kept_keys, seen_key, seen_keys
from services.dispatch.workload import GRADES, Wanted, counted, turn
from shared.case import IN_WORK, Case, Status
from shared.city import City, Person
from shared.service import Fields, Query
from shared.terms import Grade, Location

SMALL = 200  # tasks that the people of a small team can have at most
DONE = frozenset({Status.COMPLETED, Status.CLOSED})
INDEXES = (("assignee",), ("desk",), ("waiting",), ("kept",), ("seen",))
RUSH = 20  # cases looked at together; of more, nobody asks who was where lately


def look(cases: Sequence[Case], city: City, now: datetime) -> list[Query]:
    """Ask for what must be known to choose for the cases that nobody has."""
    people: dict[str, Person] = {}
    waiting, kept, seen = (set[str]() for _ in range(3))
    for case in cases:
        if case.status is not Status.TRIAGED:
            continue
        able = [person for person in asked(case, city, now) if counted(person)]
        people.update((person.id, person) for person in able)
        if able:
            waiting.update(rival_keys(case, able))
        if able and case.grade is Grade.EMERGENCY:
            seen.update(key for person in able for key in seen_keys(person.id, now))
        elif able and case.location is not None and city.located(case.location):
            kept.update(kept_keys(case.location, now))
    rush = len(cases) > RUSH
    found = {"waiting": waiting, "kept": () if rush else kept, "seen": () if rush else seen}
    return [*in_hand(people.values(), city), *({name: tuple(sorted(values))} for name, values in found.items() if values)]


def in_hand(people: Iterable[Person], city: City) -> list[Query]:
    """Ask for what these people have in hand."""
    able = [person for person in people if counted(person)]
    desks = {person.department for person in able if small(person.department, city)}
    names = {person.id for person in able if person.department not in desks}
    return [{name: tuple(sorted(values))} for name, values in (("desk", desks), ("assignee", names)) if values]


def rival_keys(case: Case, able: Iterable[Person]) -> list[str]:
    """Return where the cases wait that go before this one: of the same people's departments, and at least as urgent."""
    grade = case.grade or Grade.NORMAL
    grades = [one for one in Grade if GRADES[one] <= GRADES[grade] and (one is Grade.EMERGENCY) is (grade is Grade.EMERGENCY)]
    return [f"{department}/{one}" for department in {case.department, *(person.department for person in able)} for one in grades]


def small(department: str, city: City) -> bool:
    """Whether all that a department has in hand may be read at once."""
    return _small(Posts(id(city), city), department)


@dataclass(frozen=True)
class Posts:
    """The staff of a city; equal only within one city object, so that what is counted can be remembered."""

    city_id: int
    city: City = field(compare=False, repr=False)


@lru_cache(maxsize=1024)
def _small(posts: Posts, department: str) -> bool:
    return sum(person.capacity for person in posts.city.staff.values() if person.department == department) <= SMALL


def fields(case: Case, city: City) -> Fields:
    """Name what the choice for other cases must know of this one, and what it is found by."""
    if case.status is Status.TRIAGED:
        return {
            **placed(case, city),
            "waiting": waiting_key(case, city),
            "offered": case.offered,
            "language": case.language,
            **before(case),
        }
    if case.status in IN_WORK and case.assignee is not None:
        person = city.staff.get(case.assignee)
        desk = person.department if person and counted(person) else None
        return {**placed(case, city), "assignee": case.assignee, "desk": desk, "since": case.since}
    if case.status in DONE and case.location is not None and case.completed_at and city.located(case.location):
        return finished(case, case.location, case.completed_at)
    return {}


def before(case: Case) -> Fields:
    """Return who has handled the case before, if anybody has."""
    return {"handled_by": case.handled_by} if case.handled_by else {}


def finished(case: Case, place: Location, at: datetime) -> Fields:
    """Return who was where, when the case was completed; once it is closed, only for the next case at the same place."""
    kept = {"kept": kept_key(place, at), "handler": case.assignee, "completed_at": at}
    if case.status is Status.CLOSED or case.assignee is None:
        return kept
    return {**kept, "seen": seen_key(case.assignee, at), "lat": place.lat, "lon": place.lon}


def waiting_key(case: Case, city: City) -> str | None:
    """Return where a case waits; None once so many were asked that it waits for a person to decide."""
    return f"{case.department}/{case.grade or Grade.NORMAL}" if len(case.offered) < city.max_offers else None


def placed(case: Case, city: City) -> dict[str, Any]:
    """Return what an open case is, and where."""
    wanted = Wanted.of(case, city)
    return {
        "status": case.status.value,
        "department": wanted.department,
        "category": wanted.category,
        "grade": wanted.grade.value,
        "grid": wanted.grid,
        "lat": wanted.place.lat if wanted.place else None,
        "lon": wanted.place.lon if wanted.place else None,
        "turn": turn(case),
    }
