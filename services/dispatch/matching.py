"""Who gets whom when several cases wait and there is not room for all: the most urgent first, then as cheaply as possible together.

Everybody who sees the same world finds the same pairs, so each case can be decided by itself: it takes the person that the pairs give
it, or waits because somebody more urgent needs them. The assignment problem is solved by SciPy. A case that waits alone gets its best
candidate.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import inf

import numpy as np
from scipy.optimize import linear_sum_assignment

from services.dispatch.candidates import Candidate, best_of, posts_of, present, ranked, relieved, worded
from services.dispatch.cost import Post, cost
from services.dispatch.workload import GRADES, Wanted, Workload
from shared.case import Case
from shared.city import City
from shared.sending import SendingWeights
from shared.terms import Grade

CASES, PLACES = 30, 20  # at most so many cases and places are matched: the most urgent cases, everybody's first place before second ones
OUT = 1e9  # seconds; more than all costs together
URGENT = GRADES[Grade.URGENT]


@dataclass(frozen=True, slots=True)
class Place:
    """Room for one more task: the first (0), second, ... of a person."""

    number: int
    post: Post


def whom(case: Case, city: City, load: Workload, now: datetime) -> Candidate | None:
    """Return whom the case gets now; None if it must wait."""
    posts = posts_of(case, city, load, now)
    best = next(iter(best_of(posts, case, city, load, now)), None)
    if best is None:
        return None
    own, weights = Wanted.of(case, city), city.dispatch.weights
    rivals = rivals_of(own, posts, city, load, now)
    if not scarce(own, rivals, posts, weights):
        return best
    given = matched([own, *rivals], posts, city, now).get(own.id)
    if given is None or given.person.id == best.person.id:
        return best if given else None
    ordered = ranked(own, [post for post in posts if fits(own, Place(0, post), weights)], city, load, now)
    position = next(index for index, (_, post) in enumerate(ordered) if post is given)
    if ordered[position][0].leaves and relieved(case, own, given.away, city, now):
        return None
    return worded(own, city, ordered, position)


def rivals_of(own: Wanted, posts: Sequence[Post], city: City, load: Workload, now: datetime) -> list[Wanted]:
    """Return the most urgent of the other cases that wait for the same people; an emergency competes with emergencies alone."""
    here = {post.person.id for post in posts}
    waiting = ((row["turn"], id) for id, row in load.waiting if id != own.id and (row["turn"] < URGENT) is own.emergency)
    read = (Wanted.read(id, load.rows[id]) for _, id in heapq.nsmallest(4 * CASES, waiting))
    able = (one for one in read if any(person.id in here and person.id not in one.asked for person in present(one, city, now)))
    return list(islice(able, CASES - 1))


def scarce(own: Wanted, rivals: Sequence[Wanted], posts: Sequence[Post], weights: SendingWeights) -> bool:
    """Whether cases compete: emergencies for whoever is near, others if there is not room for all of them."""
    if not rivals or own.emergency:
        return bool(rivals)
    return sum(max(0, post.room(own.urgent, weights)) for post in posts) <= len(rivals)


def matched(cases: Sequence[Wanted], posts: Sequence[Post], city: City, now: datetime) -> dict[str, Post]:
    """Return who gets whom: as many of the most urgent as there is room for, at the least cost together. The rest stays waiting."""
    rows, weights = sorted(cases, key=lambda one: one.turn), city.dispatch.weights
    places = places_of(rows, posts, weights)
    costs = np.full((len(rows), len(places) + len(rows)), 10 * OUT * len(rows))
    for row, wanted in enumerate(rows):
        costs[row, len(places) :] = OUT * (len(rows) - row)
        costs[row, : len(places)] = np.minimum(costs_of(wanted, places, city, now, weights), 10 * OUT * len(rows))
    pairs = zip(*linear_sum_assignment(costs), strict=True)
    return {rows[row].id: places[column].post for row, column in pairs if column < len(places)}


def costs_of(wanted: Wanted, places: Sequence[Place], city: City, now: datetime, weights: SendingWeights) -> list[float]:
    """Return what each place costs a case; infinity where it cannot have it."""
    able = {person.id for person in present(wanted, city, now)}.difference(wanted.asked)
    first: dict[str, float] = {}
    found: list[float] = []
    room_needed, urgent = not wanted.emergency, wanted.urgent
    for place in places:
        post, name = place.post, place.post.person.id
        if name not in able or (room_needed and post.room(urgent, weights) <= place.number):
            found.append(inf)
            continue
        if name not in first:
            first[name] = cost(wanted, post, city, weights).total
        found.append(first[name] + place.number * weights.ahead_s)
    return found


def places_of(rows: Sequence[Wanted], posts: Sequence[Post], weights: SendingWeights) -> list[Place]:
    """Return the room that there is, everybody's first place before anybody's second."""
    most = -(-len(rows) // max(1, len(posts))) + 1
    room = (Place(number, post) for number in range(most) for post in posts)
    return list(islice((place for place in room if any(fits(wanted, place, weights) for wanted in rows)), PLACES))


def fits(wanted: Wanted, place: Place, weights: SendingWeights) -> bool:
    return wanted.emergency or place.post.room(wanted.urgent, weights) > place.number
