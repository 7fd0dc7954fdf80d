"""Who of the city's staff does what: picked by post, place and shift, never the person who must not."""

from datetime import datetime, timedelta
from random import Random

from deploy.demo.acts import Seen
from shared.city import City, Person, Role

QUARTER = timedelta(minutes=15)
QUARTERS = 4 * 24 * 3  # a weekend off


def somebody(city: City, at: datetime, dice: Random, *roles: Role, but: str | None = None) -> Person | None:
    """Return one of those on duty with one of the roles; if none is, one who is not."""
    there = [one for one in city.people(at) if one.role in roles and one.id != but]
    anyone = [one for _, one in sorted(city.staff.items()) if one.role in roles and one.id != but]
    return dice.choice(there or anyone) if there or anyone else None


def checker(case: Seen, city: City, at: datetime, dice: Random) -> Person | None:
    """Return who looks at the result: the grid worker of the place, else an operator; never the handler."""
    own = [one for one in city.people(at) if one.role is Role.GRID_WORKER and case.grid in one.grids and one.id != case.assignee]
    return dice.choice(own) if own else somebody(city, at, dice, Role.OPERATOR, Role.DUTY_OFFICER, but=case.assignee)


def looker(case: Seen, city: City, at: datetime) -> Person | None:
    """Return the grid worker on duty where the case is; none if that is not known."""
    grid = city.grid_at(case.location)
    return next((one for one in city.people(at) if one.role is Role.GRID_WORKER and grid is not None and grid.id in one.grids), None)


def head(case: Seen, city: City) -> Person | None:
    """Return the head of the department that has the case."""
    return next((one for _, one in sorted(city.staff.items()) if one.role is Role.UNIT_HEAD and one.department == case.department), None)


def judge(case: Seen, city: City, at: datetime, dice: Random) -> Person | None:
    """Return who decides about an appeal: a leader of the next level up or above, or a duty officer; never the handler."""
    needed = min(case.level + 1, len(city.levels) - 1)
    leaders = [one for _, one in sorted(city.staff.items()) if one.role is Role.LEADER and one.level >= needed and one.id != case.assignee]
    officer = somebody(city, at, dice, Role.DUTY_OFFICER, but=case.assignee)
    fit = [*leaders, *([officer] if officer is not None else [])]
    return dice.choice(fit) if fit else None


def handler(case: Seen, city: City, at: datetime, dice: Random) -> Person | None:
    """Return whom an operator would give the case to: of its department, with the skill, on duty, as far as there is such a person."""
    category = city.categories.get(case.category or "")
    skills = category.skills if category else frozenset[str]()
    there = {one.id for one in city.people(at)}
    staff = [one for _, one in sorted(city.staff.items()) if one.role not in (Role.OPERATOR, Role.LEADER)]
    own = [one for one in staff if one.department == case.department] or staff
    skilled = [one for one in own if skills <= one.skills] or own
    return dice.choice([one for one in skilled if one.id in there] or skilled) if skilled else None


def in_shift(person: Person | None, at: datetime, city: City) -> datetime:
    """Return `at`, or when the person's next shift has begun."""
    if person is None:
        return at
    moments = (at + n * QUARTER for n in range(QUARTERS))
    return next((moment for moment in moments if person.on_duty(city.local(moment))), at)
