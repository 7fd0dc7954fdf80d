"""A city small enough to know by heart: two departments, two grids, one street, and days that are all worked from 8 to 12 and 14 to 18."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any

from shared.calendar import Calendar, Hours
from shared.case import Case, evolve
from shared.category import Category, Condition, Department, Words
from shared.city import City, Person, Role, Shift
from shared.events import AnyEvent, CaseReported, CaseTriaged, Classification, Said
from shared.places import Area, Grid, Level, Step
from shared.terms import Clock, Grade, Limit, Location

NOON = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)  # Monday, 12:00 in Shanghai: everybody but the night watch is on duty
NIGHT = datetime(2026, 10, 12, 18, 0, tzinfo=UTC)  # Tuesday 02:00: nobody but the duty officer and the gas fitters
HOUR = timedelta(hours=1)
GATE = Location(lat=30.000, lon=104.000)
SAYINGS = count(1)
TWO_HOURS = Limit(amount=2, clock=Clock.URGENT_HOURS)
FOUR_WORK_HOURS = Limit(amount=4, clock=Clock.WORK_HOURS)

DAY = Shift(days=frozenset(range(7)), start=time(8), end=time(20))
ALWAYS = Shift(days=frozenset(range(7)), start=time(0), end=time(0))


def words(en: str) -> Words:
    return Words(zh=f"{en}（中）", en=en)


def person(id: str, role: Role, department: str, skills: str = "", *, east: float = 0.0, **more: Any) -> Person:
    """Return somebody who lives `east` kilometres of the gate."""
    given = {"capacity": 2, "shifts": (DAY,), **more}
    home = Location(lat=GATE.lat, lon=GATE.lon + east / 96.3)
    return Person(id=id, role=role, title=words(id), department=department, skills=frozenset(skills.split()), home=home, **given)


STAFF = (
    person("drain-1", Role.UNIT_WORKER, "drainage", "drainage", east=0.3),
    person("drain-2", Role.UNIT_WORKER, "drainage", "drainage", east=0.6),
    person("drain-3", Role.UNIT_WORKER, "drainage", "drainage", east=0.9),
    person("gas-1", Role.UNIT_WORKER, "gas", "gas", east=1.0, shifts=(ALWAYS,)),
    person("gas-2", Role.UNIT_WORKER, "gas", "gas", east=2.0, shifts=(ALWAYS,)),
    person("grid-1", Role.GRID_WORKER, "community", "care", east=5.0, grids=frozenset({"G1"})),
    person("grid-2", Role.GRID_WORKER, "community", "care", east=0.1, grids=frozenset({"G2"})),
    person("handy-1", Role.UNIT_WORKER, "parks", "drainage trees", east=0.1),
    person("operator-1", Role.OPERATOR, "street", shifts=(ALWAYS,)),
    person("duty-1", Role.DUTY_OFFICER, "street", shifts=(ALWAYS,)),
    person("leader-1", Role.LEADER, "street", level=1),
    person("leader-2", Role.LEADER, "street", level=2),
)


def category(code: str, department: str, skill: str, grade: Grade, limit: Limit, **more: Any) -> Category:
    return Category(
        code=code,
        group="things",
        name=words(code),
        words=(code, "东西"),
        grade=grade,
        conditions=(Condition(key="any", name=words("any"), limit=limit),),
        department=department,
        skills=frozenset({skill}),
        outcome=words(f"{code} is in order again."),
        **more,
    )


CATEGORIES = (
    category("cover", "drainage", "drainage", Grade.URGENT, TWO_HOURS, check_after=True),
    category("puddle", "drainage", "drainage", Grade.NORMAL, FOUR_WORK_HOURS),
    category("leak", "gas", "gas", Grade.EMERGENCY, Limit(amount=1, clock=Clock.URGENT_HOURS)),
    category("visit", "community", "care", Grade.NORMAL, FOUR_WORK_HOURS, confidential=True),
)


def square(id: str, west: float) -> Grid:
    ring = ((west, 29.99), (west + 0.02, 29.99), (west + 0.02, 30.01), (west, 30.01), (west, 29.99))
    return Grid(id=id, name=words(id), community="C1", polygon=(ring,))


def small_city(**changes: Any) -> City:
    """Return the city, with other values where they matter."""
    given: dict[str, Any] = {
        "name": "small",
        "title": words("Small"),
        "zone": "Asia/Shanghai",
        "version": "1",
        "calendar": Calendar(
            zone="Asia/Shanghai",
            working_hours=(Hours(opens=time(8), closes=time(12)), Hours(opens=time(14), closes=time(18))),
            holidays=frozenset({date(2026, 10, 1)}),
        ),
        "groups": {"things": words("things")},
        "categories": {one.code: one for one in CATEGORIES},
        "departments": {id: Department(id=id, name=words(id)) for id in DEPARTMENTS},
        "areas": {"C1": Area(id="C1", name=words("C1"), level=0)},
        "grids": {grid.id: grid for grid in (square("G1", 103.99), square("G2", 104.01))},
        "staff": {one.id: one for one in STAFF},
        "levels": tuple(Level(id=name, name=words(name)) for name in ("community", "street", "county")),
        "steps": (Step(share=1.0, level=1), Step(share=1.5, level=2)),
        "dispatch_within": dict.fromkeys(Grade, TWO_HOURS),
        "respond_within": {grade: Limit(amount=24, clock=Clock.URGENT_HOURS) for grade in Grade},
        "answer_within": {grade: timedelta(minutes=10) for grade in Grade},
        "max_offers": 3,
        "max_extensions": 2,
        "pause_reasons": {"weather": words("weather")},
        "check_within": FOUR_WORK_HOURS,
    }
    return City(**{**given, **changes})


DEPARTMENTS = ("community", "drainage", "empty", "gas", "parks", "street")
CITY = small_city()


def reported(at: datetime = NOON, location: Location | None = GATE, **more: Any) -> Case:
    """Return a case that was just reported."""
    told = {"number": "10", "text": "something is wrong", "channel": "web", "location": location, **more}
    return evolve(Case(id="c1"), CaseReported.of(Case(id="c1"), at=at, by="intake", **told))


def classification(code: str, at: datetime, city: City = CITY, **more: Any) -> Classification:
    what = city.categories[code]
    limit = what.conditions[0].limit
    given: dict[str, Any] = {
        "category": code,
        "group": what.group,
        "condition": "any",
        "grade": what.grade,
        "department": what.department,
        "grid": "G1",
        "confidential": what.confidential,
        "check": what.check_after,
        "limit": limit,
        "respond_by": at + timedelta(hours=24),
        "resolve_by": city.calendar.add(at, limit),
        "rules": city.version,
    }
    return Classification(**{**given, **more})


def triaged(code: str = "cover", at: datetime = NOON, location: Location | None = GATE, **more: Any) -> Case:
    """Return a case that triage has just named; `more` are members of the classification."""
    case = reported(at, location)
    return evolve(case, CaseTriaged.of(case, at=at, by="triage", classification=classification(code, at, **more), reason="words"))


def said(by: str, at: datetime = NOON) -> Said:
    """Return how a person says something new."""
    return Said(id=f"said-{next(SAYINGS)}", at=at, by=by, late=False)


def after(case: Case, facts: list[AnyEvent]) -> Case:
    """Return the case after facts that must all take effect."""
    for fact in facts:
        changed = evolve(case, fact)
        assert changed is not case, f"{fact.type} had no effect"
        case = changed
    return case
