"""Whom to ask: the people who could take a case now, best first, each with the reason in plain words.

Best is who costs least (`cost.py`): about who is there first, with what speaks for or against them in seconds. Ordinary cases go to
those who have room; an emergency goes to whoever is there soonest, however busy, and to the duty officer if nobody else can.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from services.dispatch.cost import Cost, Post, cost, post_of
from services.dispatch.places import kept_keys
from services.dispatch.reasons import Rank, Standing, joined, reason
from services.dispatch.roster import away
from services.dispatch.workload import Wanted, Workload, loads
from shared.case import Case
from shared.city import City, Person, Role, Words

__all__ = ["Candidate", "asked", "candidates", "loads", "members", "on_duty", "ranked"]

HANDLERS = frozenset(Role) - {Role.OPERATOR, Role.LEADER, Role.DUTY_OFFICER}
NEAREST = 8  # of those on duty whose load is looked at first
WIDER = timedelta(minutes=1)  # each time that a case has waited so long, twice as many are looked at
WIDEST = 128


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take the case, what it costs to ask them, and why they stand where they stand."""

    person: Person
    cost: Cost
    rank: Rank
    words: Words

    @property
    def reason(self) -> str:
        """The words of both languages in one line."""
        return joined(self.words)


@dataclass(frozen=True)
class Team:
    """Who handles a category for a department. Teams are equal only within one city object, so that they can be remembered."""

    department: str
    category: str
    emergency: bool
    city_id: int
    city: City = field(compare=False, repr=False)

    @classmethod
    def of(cls, wanted: Wanted, city: City) -> "Team":
        return cls(wanted.department, wanted.category, wanted.emergency, id(city), city)


def members(case: Case, city: City) -> tuple[Person, ...]:
    """Return everybody who may ever be asked to handle the case, on duty or not."""
    return _members(Team.of(Wanted.of(case, city), city))


def on_duty(case: Case, city: City, now: datetime) -> tuple[Person, ...]:
    """Return who of them is on duty, asked already or not."""
    return present(Wanted.of(case, city), city, now)


def present(wanted: Wanted, city: City, now: datetime) -> tuple[Person, ...]:
    return _on_duty(Team.of(wanted, city), now.replace(second=0, microsecond=0))


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


def asked(case: Case, city: City, now: datetime) -> tuple[Person, ...]:
    """Return those on duty whose load must be known: the nearest who were not asked; more of them the longer the case waits."""
    wanted = Wanted.of(case, city)
    free = [person for person in present(wanted, city, now) if person.id not in wanted.asked]
    most = min(WIDEST, NEAREST * 2 ** min(4, max(0, (now - case.since) // WIDER)))
    return nearest(wanted, free, city, now, most)


def nearest(wanted: Wanted, people: Sequence[Person], city: City, now: datetime, most: int) -> tuple[Person, ...]:
    """Return the `most` of the people who would cost least if nobody had anything in hand; in their own order if they are no more."""
    if len(people) <= most:
        return tuple(people)
    local, nobody, weights = city.local(now), Workload(), city.dispatch.weights
    costs = {person.id: cost(wanted, post_of(person, nobody, local, weights), city, weights).total for person in people}
    return tuple(sorted(people, key=lambda person: (costs[person.id], person.id))[:most])


def posts_of(case: Case, city: City, load: Workload, now: datetime) -> list[Post]:
    """Return where those stand whose load must be known."""
    return posts_for(asked(case, city, now), city, load, now)


def posts_for(people: Iterable[Person], city: City, load: Workload, now: datetime) -> list[Post]:
    local = city.local(now)
    return [post_of(person, load, local, city.dispatch.weights) for person in people]


def candidates(case: Case, city: City, load: Workload, now: datetime, most: int = 1) -> list[Candidate]:
    """Return the best `most` of those who are on duty, were not asked yet and have room, the best one first."""
    return best_of(posts_of(case, city, load, now), case, city, load, now, most)


def best_of(posts: Sequence[Post], case: Case, city: City, load: Workload, now: datetime, most: int = 1) -> list[Candidate]:
    """Return the best `most` of the posts that have room, the best one first.

    Nobody, if the shift of the best one ends before they could begin and somebody else comes on duty before they are back.
    """
    wanted = Wanted.of(case, city)
    ordered = with_room(wanted, posts, city, load, now)
    if ordered and ordered[0][0].leaves and relieved(case, wanted, ordered[0][1].away, city, now):
        return []
    return [worded(wanted, city, ordered, position) for position in range(min(most, len(ordered)))]


Ranked = list[tuple[Cost, Post]]


def with_room(wanted: Wanted, posts: Iterable[Post], city: City, load: Workload, now: datetime) -> Ranked:
    """Return those of the posts that have room for it, the cheapest first."""
    weights = city.dispatch.weights
    return ranked(wanted, [post for post in posts if wanted.emergency or post.room(wanted.urgent, weights) > 0], city, load, now)


def ranked(wanted: Wanted, posts: Sequence[Post], city: City, load: Workload, now: datetime) -> Ranked:
    """Return the posts by what they cost, the cheapest first; of equals the one whose id comes first."""
    known = load.last_at(kept_keys(wanted.place, now)) if wanted.place else None
    known = known if any(post.person.id == known for post in posts) else None
    costs = [(cost(wanted, post, city, city.dispatch.weights, known), post) for post in posts]
    return sorted(costs, key=lambda one: (one[0].total, one[1].person.id))


def relieved(case: Case, wanted: Wanted, back: float, city: City, now: datetime) -> bool:
    """Whether somebody else comes on duty before `back` seconds have passed, and before the case must be dispatched."""
    local, here = city.local(now), {person.id for person in present(wanted, city, now)}
    filed = case.triaged_at or case.since
    until = (city.calendar.add(filed, city.dispatch_within[wanted.grade]) - now) / timedelta(seconds=1)
    others = (person for person in _members(Team.of(wanted, city)) if person.id not in here and person.id not in wanted.asked)
    return any(away(person, local) < min(back, until) for person in others)


def worded(wanted: Wanted, city: City, ordered: Ranked, position: int, standing: Standing = Standing.FREE) -> Candidate:
    """Return the candidate at a position, with the reason."""
    found, post = ordered[position]
    officer = post.person.role is Role.DUTY_OFFICER
    peers = [index for index, (_, one) in enumerate(ordered) if (one.person.role is Role.DUTY_OFFICER) is officer]
    own = [one.way or 0.0 for one, other in ordered if other.person.department == post.person.department]
    rank = Rank(1 + peers.index(position), len(peers), len(post.tasks), found.way is not None and found.way <= min(own), standing)
    return Candidate(post.person, found, rank, reason(wanted, city, post.person, rank, found))
