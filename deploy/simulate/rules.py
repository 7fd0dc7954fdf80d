"""The rules that are compared: ours, which is the function that dispatch calls, and the three that everybody knows.

All of them ask the same people: on duty, with the skill, not asked yet; one's own department first; with room, unless it is an emergency,
which all of them may give to anybody however busy, and to the duty officer only if nobody else is left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.dispatch.candidates import on_duty
from services.dispatch.matching import whom
from services.dispatch.workload import Workload
from shared.case import Case
from shared.city import City, Person, Role, metres
from shared.terms import Grade, Location


@dataclass
class Desk:
    """What a rule may use: what `look` found, how many tasks anybody has, where they are known to be, when they were asked last."""

    city: City
    load: Callable[[Person], int]
    at: Callable[[Person], Location]
    seen: Workload = field(default_factory=Workload)
    last: dict[str, float] = field(default_factory=dict)


Rule = Callable[[Case, Desk, datetime], Person | None]


def ours(case: Case, desk: Desk, now: datetime) -> Person | None:
    """Ask whom dispatch would ask, by the weights of the city."""
    found = whom(case, desk.city, desk.seen, now)
    return found.person if found else None


def pool(case: Case, desk: Desk, now: datetime) -> list[Person]:
    """Return who may be asked: the first kind of people of whom there is anybody."""
    emergency = case.grade is Grade.EMERGENCY
    free = [one for one in on_duty(case, desk.city, now) if one.id not in case.offered and (emergency or desk.load(one) < one.capacity)]
    if emergency:
        return [one for one in free if one.role is not Role.DUTY_OFFICER] or free
    return [one for one in free if one.department == case.department] or free


def nearest(case: Case, desk: Desk, now: datetime) -> Person | None:
    """Ask the nearest: from the task they are working on, else from their post."""
    place = case.location
    return min(pool(case, desk, now), key=lambda one: (metres(place, desk.at(one)) if place else 0.0, one.id), default=None)


def round_robin(case: Case, desk: Desk, now: datetime) -> Person | None:
    """Ask whose turn it is: whoever was not asked for the longest time."""
    return min(pool(case, desk, now), key=lambda one: (desk.last.get(one.id, -1.0), one.id), default=None)


def least_loaded(case: Case, desk: Desk, now: datetime) -> Person | None:
    """Ask who has the fewest open tasks; of equals, who was not asked for the longest time."""
    return min(pool(case, desk, now), key=lambda one: (desk.load(one), desk.last.get(one.id, -1.0), one.id), default=None)


RULES: Mapping[str, Rule] = {"ours": ours, "nearest": nearest, "round_robin": round_robin, "least_loaded": least_loaded}
