"""What it costs to ask somebody: about how many seconds pass until they are on site, and what else it is worth to ask another.

For an emergency only the time counts: the way, whatever else they have in hand, behind other emergencies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from services.dispatch.roster import away, left
from services.dispatch.workload import Task, Wanted, Workload
from shared.case import Status
from shared.city import City, Person, Role, metres
from shared.sending import SendingWeights
from shared.terms import Location

A_SECOND = timedelta(seconds=1)
REST = 0.25  # of a task that takes longer than usual
A_DEGREE_M = 111_000.0  # of latitude, a little less than there is


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody who could be asked: what they have in hand, and how long their shift lasts; times in seconds from now."""

    person: Person
    tasks: Sequence[Task]
    at: Location  # as far as is known: at the task in work, on the way back from the last one, else where the post is
    left: float
    away: float
    now: datetime

    def room(self, urgent: bool, weights: SendingWeights) -> int:
        """Return how many more such cases they could take; a part of the room is kept for urgent ones."""
        kept = 0 if urgent else int(self.person.capacity * weights.spare)
        return self.person.capacity - kept - len(self.tasks)


class Cost(NamedTuple):
    """What it costs to ask a person. `way` and `near` in metres (None: unknown), `total` in seconds."""

    way: float | None
    near: float | None  # from an open task of theirs, where that is nearer
    ahead: int
    leaves: bool  # their shift ends before they could begin
    knows: bool
    handled: bool
    shares_language: bool
    total: float


def post_of(person: Person, workload: Workload, at_local: datetime, weights: SendingWeights) -> Post:
    tasks = workload.tasks(person.id)
    at = next((task.place for task in tasks if task.status == Status.WORKING and task.place), None)
    return Post(
        person=person,
        tasks=tasks,
        at=at or moving(person, tasks, workload, at_local, weights),
        left=left(person, at_local),
        away=away(person, at_local),
        now=at_local,
    )


def moving(person: Person, tasks: Sequence[Task], workload: Workload, at_local: datetime, weights: SendingWeights) -> Location:
    """Return where somebody without a task in work should be: on the way from the last one to the next one or to their post, or there."""
    following = min((task for task in tasks if task.status == Status.ACCEPTED and task.place), key=lambda task: task.turn, default=None)
    until = following.place if following and following.place else person.home
    since, origin = workload.last_seen.get(person.id, (None, person.home))
    started = max((at for at in (since, following.since if following else None) if at), default=None)
    if started is None:
        return person.home
    gone = (at_local - started) / A_SECOND * weights.speeds[person.role] / weights.detour
    whole = metres(origin, until)
    share = min(1.0, gone / whole) if whole > 0 else 1.0
    return Location.model_construct(lat=origin.lat + (until.lat - origin.lat) * share, lon=origin.lon + (until.lon - origin.lon) * share)


def cost(wanted: Wanted, post: Post, city: City, weights: SendingWeights, known: str | None = None) -> Cost:
    """Return what it costs to ask the person of `post`; `known` is who was the last at this place."""
    way = metres(wanted.place, post.at) if wanted.place else None
    near = nearest_task(wanted.place, post.tasks, weights.near_m) if wanted.place else None
    if way is not None and near is not None and near >= way:
        near = None
    metres_to_go = near if near is not None else way or 0.0
    ahead = sum([before(task, wanted) for task in post.tasks]) if post.tasks else 0
    begins = metres_to_go * weights.detour / weights.speeds[post.person.role] + weights.ahead_s * ahead
    begins -= begun(wanted, post, weights) if ahead else 0.0
    leaves = begins > post.left and not wanted.emergency  # whoever takes an emergency on stays until it is over
    total = begins + (post.away if leaves else 0.0)
    handled = post.person.id == wanted.handled_by
    knows, shares = post.person.id == known, wanted.language in post.person.languages
    if wanted.emergency:
        total += weights.officer_s if post.person.role is Role.DUTY_OFFICER else 0.0
    else:
        total += weights.open_s * (len(post.tasks) - ahead) + unsuited(wanted, post.person, city, weights)
        total += (0.0 if shares else language(wanted, city, weights)) + (weights.knows_place_s if known and not knows else 0.0)
        total += weights.knows_case_s if wanted.handled_by and not handled else 0.0
    return Cost(way, near, ahead, leaves, knows, handled, shares, total)


def begun(wanted: Wanted, post: Post, weights: SendingWeights) -> float:
    """Return how much of the task in work, if it goes before, should be done by now, in seconds; a rest of it always stays."""
    working = (task.since for task in post.tasks if task.status == Status.WORKING and task.since and before(task, wanted))
    return min((post.now - next(working, post.now)) / A_SECOND, (1 - REST) * weights.ahead_s)


def before(task: Task, wanted: Wanted) -> bool:
    """Whether a task will be done first. An emergency interrupts all but emergencies; a paused task does not go on."""
    if task.status == Status.PAUSED:
        return False
    if wanted.emergency:
        return task.emergency
    return task.status == Status.WORKING or task.turn < wanted.turn


def nearest_task(place: Location, tasks: Sequence[Task], near_m: float) -> float | None:
    """Return how far the nearest open task is from the place, if it is near."""
    found = near_m
    for task in tasks:
        if task.lat is None or abs(task.lat - place.lat) * A_DEGREE_M > found or task.status == Status.PAUSED:
            continue
        there = task.place
        found = min(found, metres(there, place)) if there else found
    return found if found < near_m else None


def unsuited(wanted: Wanted, person: Person, city: City, weights: SendingWeights) -> float:
    """Return what it counts against a person that the case is not of their department or grid."""
    if person.department != wanted.department:
        return weights.other_department_s
    return weights.other_grid_s if person.grids and wanted.grid not in person.grids else 0.0


def language(wanted: Wanted, city: City, weights: SendingWeights) -> float:
    """Return what it counts against a person that they do not speak the reporter's language."""
    category = city.categories.get(wanted.category)
    talk = category is not None and bool(category.skills & weights.talking)
    return weights.talk_s if talk else weights.language_s
