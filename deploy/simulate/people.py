"""How people are in the simulation: when they are there, whether they answer, how fast they travel. No rule knows any of it beforehand."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from deploy.simulate.scenario import DAY_S, Problem, Scenario
from services.dispatch.roster import left
from shared.city import City, Person
from shared.sending import SPEEDS, SendingWeights
from shared.terms import Grade

ABSENT = 0.02  # share of days on which somebody on the roster is not there
REFUSES = {Grade.EMERGENCY: 0.01, Grade.URGENT: 0.04, Grade.NORMAL: 0.05, Grade.SERVICE: 0.05}
SILENT = {Grade.EMERGENCY: 0.03, Grade.URGENT: 0.05, Grade.NORMAL: 0.05, Grade.SERVICE: 0.05}  # offers that nobody answers
ANSWER_S = {Grade.EMERGENCY: 25.0, Grade.URGENT: 90.0, Grade.NORMAL: 240.0, Grade.SERVICE: 600.0}  # mean
BREAK_S = 1800.0
TALKING = SendingWeights().talking
UNHEARD, UNHEARD_TALK = 1.15, 1.6  # times as long, if an interpreter must be found


class Answer(StrEnum):
    """What comes of an offer."""

    YES = "yes"
    NO = "no"
    NONE = "none"


@dataclass(frozen=True)
class Crowd:
    """Everybody's habits, by the dice of the scenario."""

    city: City
    scenario: Scenario

    def local(self, seconds: float) -> datetime:
        return self.city.local(self.scenario.at(seconds))

    def absent(self, person: Person, seconds: float) -> bool:
        """Whether somebody is not there today; a day begins at 04:00, so that no night shift is torn apart."""
        day = int((seconds - 4 * 3600) // DAY_S)
        return self.scenario.dice("absent", person.id, day).random() < ABSENT

    def there(self, person: Person, seconds: float) -> bool:
        return left(person, self.local(seconds)) > 0 and not self.absent(person, seconds)

    def break_left(self, person: Person, seconds: float) -> float:
        """Return for how many seconds somebody still has their daily break, which falls into the middle of the shift."""
        day = int(seconds // DAY_S)
        local = self.local(day * DAY_S)
        longest = max(person.shifts, key=lambda shift: (shift.end.hour - shift.start.hour) % 24)
        hours = (longest.end.hour - longest.start.hour) % 24 or 24
        middle = (longest.start.hour + hours / 2) % 24 * 3600 - (local.hour * 3600)
        begins = day * DAY_S + middle + self.scenario.dice("break", person.id, day).uniform(-3600, 3600)
        return begins + BREAK_S - seconds if begins <= seconds < begins + BREAK_S and hours > 4 else 0.0

    def answer(self, person: Person, case: str, grade: Grade, seconds: float) -> tuple[Answer, float]:
        """Return what somebody says to an offer, and after how many seconds."""
        dice, limit = self.scenario.dice("answer", person.id, case), self.city.answer_within[grade] / timedelta(seconds=1)
        drawn, after = dice.random(), dice.expovariate(1 / ANSWER_S[grade])
        if after >= limit or drawn < SILENT[grade] or not self.there(person, seconds):
            return Answer.NONE, limit
        return (Answer.NO if drawn < SILENT[grade] + REFUSES[grade] else Answer.YES), after

    def effort(self, person: Person, problem: Problem) -> float:
        """Return how much longer the work takes without a common language."""
        if problem.language in person.languages:
            return 1.0
        return UNHEARD_TALK if self.city.categories[problem.category].skills & TALKING else UNHEARD

    def speed(self, person: Person) -> float:
        """Return how many metres a second somebody makes: by their role, some faster, some slower."""
        return SPEEDS[person.role] * math.exp(self.scenario.dice("speed", person.id).gauss(0, 0.15))
