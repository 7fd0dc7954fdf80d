"""What happens to the city in a simulated week, whoever is sent: which problems come up when and where, and how long each takes.

A scenario follows from its seed alone, and so do the dice of every meeting of a case with a person: all rules face the same luck.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from deploy.demo.day import QUESTION, somewhere
from deploy.demo.texts import Mix, mix
from shared.city import Category, City, Condition
from shared.terms import Grade, Location

HOUR_S, DAY_S = 3600.0, 86_400.0
STORM_CATEGORIES = ("Y05-06", "Y05-03", "01003", "01004", "04002", "10002")  # flooding, sewers, gullies, trees, cables
STORM_HOURS = (14, 19)
STORM_TIMES = 10
LANGUAGES = {"zh": 0.93, "en": 0.04, "ii": 0.03}  # of reporters in a county where several peoples live together
BUSIEST = 10  # o'clock
MINUTES = {"advice": 8.0, "sanitation": 25.0, "traffic": 15.0, "enforcement": 25.0, "police": 30.0, "noise": 25.0, "door-check": 25.0}
TALK_MINUTES, REPAIR_MINUTES = 40.0, 40.0  # median work on site, where the skill is not named above
SPREAD = 0.5  # of the logarithm of the time of work
AT_THE_DESK = frozenset({"advice"})  # nobody has to go anywhere


@dataclass(frozen=True)
class Problem:
    """One case to come: times in seconds from the start of the scenario."""

    id: str
    at: float
    category: str
    condition: str
    grade: Grade
    place: Location
    language: str
    work_s: float
    detour: float

    def travels(self, city: City) -> bool:
        return not city.categories[self.category].skills & AT_THE_DESK


@dataclass(frozen=True)
class Scenario:
    """Days of a city. `storm` is the day (from 0) with a storm, None if there is none."""

    seed: int
    start: datetime
    days: int
    storm: int | None
    problems: tuple[Problem, ...]

    def dice(self, *names: object) -> Random:
        """Return dice that fall the same way under every rule."""
        return Random("/".join(map(str, (self.seed, *names))))

    def at(self, seconds: float) -> datetime:
        return self.start + timedelta(seconds=seconds)


def make_scenario(city: City, seed: int, start: datetime, days: int, a_day: int, storm: int | None) -> Scenario:
    """Return what happens from `start`, a midnight in the city, on `days` days with about `a_day` cases each."""
    dice, shares = Random(seed), mix()
    found: list[Problem] = []
    for day in range(days):
        for hour, weight in enumerate(shares.hours):
            expected = a_day * weight / sum(shares.hours)
            codes = [kind(city, dice, shares) for _ in range(poisson(expected, dice))]
            if day == storm and STORM_HOURS[0] <= hour < STORM_HOURS[1]:
                codes += storm_of(city, dice, a_day * shares.hours[BUSIEST] / sum(shares.hours), shares)
            found += [one(city, code, (day * 24 + hour + dice.random()) * HOUR_S, dice) for code in codes]
    found.sort(key=lambda problem: problem.at)
    numbered = tuple(Problem(**{**vars(problem), "id": f"{seed}-{number:05}"}) for number, problem in enumerate(found))
    return Scenario(seed, start, days, storm, numbered)


def poisson(expected: float, dice: Random) -> int:
    """Return a number from a Poisson distribution (Knuth's method)."""
    number, product = 0, dice.random()
    while product > math.exp(-expected):
        number, product = number + 1, product * dice.random()
    return number


def kind(city: City, dice: Random, shares: Mix) -> str:
    """Return a category by the mix of the demo day: a question, an emergency, or anything else by its weight."""
    drawn = dice.random()
    if drawn < shares.questions and QUESTION in city.categories:
        return QUESTION
    urgent = drawn > 1 - shares.emergencies
    codes = [code for code, one in city.categories.items() if (one.grade is Grade.EMERGENCY) is urgent and code != QUESTION]
    return dice.choices(codes, [shares.weights.get(code, 1.0) for code in codes])[0]


def storm_of(city: City, dice: Random, an_hour: float, shares: Mix) -> list[str]:
    """Return what comes on top in an hour of the storm: what such types have in the busiest hour, many times over."""
    codes = [code for code in STORM_CATEGORIES if code in city.categories]
    everything = sum(shares.weights.get(code, 1.0) for code in city.categories)
    number = poisson(an_hour * len(codes) / everything * (STORM_TIMES - 1), dice) if codes else 0
    return dice.choices(codes, k=number) if number else []


def one(city: City, code: str, at: float, dice: Random) -> Problem:
    category = city.categories[code]
    condition: Condition = dice.choice(category.conditions)
    return Problem(
        id="",
        at=at,
        category=code,
        condition=condition.key,
        grade=condition.grade or category.grade,
        place=somewhere(city, dice),
        language=dice.choices(list(LANGUAGES), list(LANGUAGES.values()))[0],
        work_s=minutes(category) * 60 * math.exp(dice.gauss(0, SPREAD)),
        detour=max(1.0, dice.gauss(1.3, 0.15)),
    )


def minutes(category: Category) -> float:
    known: Sequence[float] = [MINUTES[skill] for skill in sorted(category.skills) if skill in MINUTES]
    if known:
        return max(known)
    return TALK_MINUTES if category.skills & {"care", "mediation", "hardship"} else REPAIR_MINUTES
