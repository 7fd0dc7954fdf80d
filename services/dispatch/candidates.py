"""Whom to ask: the people who could take a case now, best first, each with the reason in plain words.

Ordinary cases stay with the responsible department while it has room, go first to those who look after the grid, then to the nearest.
Emergencies go to the nearest with the skill, however busy; if there is none, to the duty officer.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from services.dispatch.reasons import Rank, reason
from shared.case import Case
from shared.city import City, Person, Role, metres
from shared.terms import Grade

HANDLERS = frozenset(Role) - {Role.OPERATOR, Role.LEADER, Role.DUTY_OFFICER}

Preference = tuple[bool, bool]  # what comes before distance, false first


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take the case, how many tasks they have, how far away they are, and why they stand where they stand."""

    person: Person
    rank: Rank
    reason: str


@dataclass(frozen=True)
class Team:
    """Who handles a category for a department. Teams are equal only within one city object, so that they can be remembered."""

    department: str
    category: str
    emergency: bool
    city_id: int
    city: City = field(compare=False, repr=False)

    @classmethod
    def of(cls, case: Case, city: City) -> "Team":
        category = case.classification.category if case.classification else ""
        return cls(case.department or "", category, case.grade is Grade.EMERGENCY, id(city), city)


def members(case: Case, city: City) -> tuple[Person, ...]:
    """Return everybody who may ever be asked to handle the case, on duty or not."""
    return _members(Team.of(case, city))


def on_duty(case: Case, city: City, now: datetime) -> tuple[Person, ...]:
    """Return who of them is on duty, asked already or not."""
    return _on_duty(Team.of(case, city), now.replace(second=0, microsecond=0))


@lru_cache(maxsize=1024)
def _members(team: Team) -> tuple[Person, ...]:
    staff = [person for _, person in sorted(team.city.staff.items())]
    officers = (person for person in staff if team.emergency and person.role is Role.DUTY_OFFICER)
    return (*_handlers(team, [person for person in staff if person.role in HANDLERS]), *officers)


def _handlers(team: Team, handlers: list[Person]) -> list[Person]:
    own = [person for person in handlers if person.department == team.department]
    category = team.city.categories.get(team.category)
    if category is None:
        return own
    skilled = [person for person in handlers if category.skills <= person.skills]
    if team.department == category.department:
        return skilled or own
    return [person for person in own if category.skills <= person.skills] or own  # it was transferred to them


@lru_cache(maxsize=4096)
def _on_duty(team: Team, minute: datetime) -> tuple[Person, ...]:
    able = {person.id for person in _members(team)}
    return tuple(person for person in team.city.people(minute) if person.id in able)


def loads(others: Mapping[str, Mapping[str, Any]]) -> Counter[str]:
    """Return how many open tasks each person has, given the fields of their cases."""
    return Counter(fields["assignee"] for fields in others.values() if fields["assignee"] is not None)


def candidates(case: Case, city: City, load: Mapping[str, int], now: datetime, most: int = 1) -> list[Candidate]:
    """Return the best `most` of those who are on duty, were not asked yet and have room, the best one first."""
    hurry = case.grade is Grade.EMERGENCY
    free = [
        person
        for person in on_duty(case, city, now)
        if person.id not in case.offered and (hurry or load.get(person.id, 0) < person.capacity)
    ]
    place = case.location if city.located(case.location) else None
    ordered = sorted((_standing(case, person, load, metres(place, person.home) if place else None), person.id) for person in free)
    tiers = [standing[0] for standing, _ in ordered]
    found: list[Candidate] = []
    for index, ((tier, _, busy), key) in enumerate(ordered[:most]):
        person = city.staff[key]
        away = metres(place, person.home) if place else None
        rank = Rank(position=1 + tiers[:index].count(tier), peers=tiers.count(tier), load=busy, away=away)
        found.append(Candidate(person, rank, reason(case, city, person, rank)))
    return found


def _standing(case: Case, person: Person, load: Mapping[str, int], away: float | None) -> tuple[Preference, float, int]:
    """Return what decides who is asked first: the smallest goes first."""
    busy = load.get(person.id, 0)
    return _preference(case, person), busy if away is None else away, busy


def _preference(case: Case, person: Person) -> Preference:
    if case.grade is Grade.EMERGENCY:
        return person.role is Role.DUTY_OFFICER, False
    grid = case.classification.grid if case.classification else None
    return person.department != case.department, grid not in person.grids
