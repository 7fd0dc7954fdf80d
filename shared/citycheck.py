"""What must fit together between the files of a city; each check names every place where it does not.

An empty collection is one that could not be read: that is a fault already, and nothing is checked against it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from shapely import STRtree

from shared.category import CONDITION, Category
from shared.city import plain
from shared.people import Person, Role
from shared.places import Area, Grid, Level, Step
from shared.terms import Grade
from shared.weights import Formula, RateWeights, formulas_on

Finding = tuple[str, str, str]  # key of the entry, its field, what is wrong
MONDAY = datetime(2024, 1, 1)  # noqa: DTZ001  any week will do: rosters know weekdays and local times only
MAX_GROUPS = 24  # a group labels metrics
OVERLAP = 0.001  # of the smaller grid; less is a matter of drawing


def categories(
    found: Mapping[str, Category],
    departments: Collection[str],
    groups: Collection[str],
    staff: Collection[Person],
    named: Collection[str] = (),
) -> Iterator[Finding]:
    for code, category in found.items():
        if groups and category.group not in groups:
            yield code, "group", f"there is no group {category.group!r}"
        for department in (category.department, *category.supporting):
            if departments and department not in departments:
                field = "department" if department == category.department else "supporting"
                yield code, field, f"there is no department {department!r}"
        if not any(word.isascii() for word in category.words) or all(word.isascii() for word in category.words):
            yield code, "words", "there must be words in both languages"
        for what, twice in (
            ("words", _twice(plain(word) for word in category.words)),
            ("conditions", _twice(condition.key for condition in category.conditions)),
            ("attributes", _twice([CONDITION, *(question.code for question in category.attributes)])),
        ):
            if twice:
                yield code, what, f"{', '.join(twice)} stands there twice"
        if category.conditions[0].hours is not None:
            yield code, "conditions", "the first condition holds whenever no other does; it must have no hours"
        for other in sorted(category.family - frozenset(named or found)):
            yield code, "family", f"there is no category {other!r}"
        if staff:
            yield from _served(code, category, staff)


def _served(code: str, category: Category, staff: Collection[Person]) -> Iterator[Finding]:
    able = [person for person in staff if category.skills <= person.skills]
    if not able:
        yield code, "skills", f"nobody of the staff has {', '.join(sorted(category.skills))}"
    elif category.grade is Grade.EMERGENCY:
        gap = next((moment for moment in _moments(able) if not any(one.on_duty(moment) for one in able)), None)
        if gap is not None:
            yield code, "skills", f"nobody with {', '.join(sorted(category.skills))} is on duty on {gap:%A at %H:%M}"


def _moments(people: Collection[Person]) -> list[datetime]:
    """Return the moments of a week at which somebody's duty may end, and the first one."""
    ends = {shift.end for person in people for shift in person.shifts}
    return [MONDAY, *(datetime.combine(MONDAY + timedelta(days=day), end) for day in range(7) for end in sorted(ends))]


def staff(found: Mapping[str, Person], departments: Collection[str], grids: Collection[str], levels: int) -> Iterator[Finding]:
    for key, person in found.items():
        if departments and person.department not in departments:
            yield key, "department", f"there is no department {person.department!r}"
        for grid in sorted(person.grids - frozenset(grids)) if grids else ():
            yield key, "grids", f"there is no grid {grid!r}"
        if person.level >= levels > 0:
            yield key, "level", f"the ladder has no level {person.level}"


def grids(found: Mapping[str, Grid], areas: Collection[str]) -> Iterator[Finding]:
    ordered = list(found.values())
    shapes = [grid.shape for grid in ordered]
    for grid in ordered:
        if areas and grid.community not in areas:
            yield grid.id, "community", f"there is no area {grid.community!r}"
    if not shapes:
        return
    for one, other in zip(*STRtree(shapes).query(shapes, predicate="intersects"), strict=True):
        if one < other:
            shared = shapes[one].intersection(shapes[other]).area
            if shared > OVERLAP * min(shapes[one].area, shapes[other].area):
                yield ordered[other].id, "geometry", f"it overlaps grid {ordered[one].id}"


def areas(found: Mapping[str, Area], levels: Collection[Level]) -> Iterator[Finding]:
    for key, area in found.items():
        parent = found.get(area.parent or "")
        if area.level >= len(levels):
            yield key, "level", f"the ladder has no level {area.level}"
        if area.parent is not None and parent is None:
            yield key, "parent", f"there is no area {area.parent!r}"
        elif parent is not None and parent.level <= area.level:
            yield key, "parent", f"{area.parent!r} is not above it on the ladder"


def reminded(departments: Collection[str], staff: Collection[Person], steps: Iterable[Step]) -> Iterator[Finding]:
    """Somebody hears of every reminder: the head of the unit, or who leads the first level."""
    if not any(step.reminder for step in steps) or any(one.role is Role.LEADER and one.level == 0 for one in staff):
        return
    headed = {one.department for one in staff if one.role is Role.UNIT_HEAD}
    for department in sorted(frozenset(departments) - headed) if staff else ():
        yield department, "id", "nobody would hear of its reminders: it has no unit_head, and level 0 has no leader"


def steps(found: Iterable[Step], levels: Collection[Level]) -> Iterator[Finding]:
    """Each grade's steps rise, and so do those of all."""
    last: dict[Grade | None, Step] = {}
    for number, step in enumerate(found, start=1):
        if step.level >= len(levels):
            yield str(number), "level", f"the ladder has no level {step.level}"
        before = last.get(step.grade)
        if before is not None and (step.share <= before.share or step.level < before.level):
            yield str(number), "share", "the steps must rise"
        last[step.grade] = step


def weights(found: Iterable[RateWeights], formulas: Collection[Formula]) -> Iterator[Finding]:
    last: RateWeights | None = None
    for number, entry in enumerate(found, start=1):
        if last is not None and entry.since <= last.since:
            yield str(number), "since", "the days from which weights hold must rise"
        for rate in sorted(entry.weights.keys() - formulas_on(entry.since, formulas).keys()):
            yield str(number), rate, f"there is no rate {rate!r} on {entry.since}"
        last = entry


def formulas(found: Iterable[Formula]) -> Iterator[Finding]:
    last: dict[str, Formula] = {}
    for number, entry in enumerate(found, start=1):
        if entry.id in last and entry.since <= last[entry.id].since:
            yield str(number), "since", f"the days from which {entry.id!r} is computed so must rise"
        last[entry.id] = entry


def rates(excluded: Collection[str], categories: Collection[str]) -> Iterator[Finding]:
    for code in sorted(frozenset(excluded) - frozenset(categories)) if categories else ():
        yield "", "excluded", f"there is no category {code!r}"


def sealed_for(named: Collection[str], staff: Collection[str], categories: Iterable[Category]) -> Iterator[Finding]:
    """The posts that may see confidential cases are there, and there is one if the city has such cases: else nobody could steer them."""
    for id in sorted(frozenset(named) - frozenset(staff)) if staff else ():
        yield "", "confidential_to", f"there is no post {id!r}"
    sealed = next((category.code for category in categories if category.confidential), None)
    if sealed is not None and not named:
        yield "", "confidential_to", f"category {sealed} is confidential: name at least one post that may see and steer such cases"


def groups(found: Collection[str]) -> Iterator[Finding]:
    if len(found) > MAX_GROUPS:
        yield "", "group", f"{len(found)} groups are too many to label metrics; {MAX_GROUPS} are allowed"


def skills(named: Collection[str], used: Collection[str], groups: Collection[str]) -> Iterator[Finding]:
    """A city that names skills names all that its categories ask for, but those that are called as a group is."""
    for skill in sorted(frozenset(used) - frozenset(named) - frozenset(groups)) if named and groups else ():
        yield "", "skills", f"skill {skill!r} has no name"
    for skill in sorted(frozenset(named) - frozenset(used)) if used else ():
        yield "", "skills", f"no category asks for the skill {skill!r}"


def homes(named: Collection[str], groups: Collection[str]) -> Iterator[Finding]:
    for group in sorted(frozenset(named) - frozenset(groups)) if groups else ():
        yield "", "homes", f"there is no group {group!r}"


def _twice(keys: Iterable[str]) -> list[str]:
    return sorted(key for key, count in Counter(keys).items() if count > 1)
