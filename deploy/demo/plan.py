"""The plan for one version of one case: what is known, what each person adds to it, and how much mischief is left.

Mischief (refusals, pauses, objections, ...) becomes rarer the longer a case has lived and ends at `CALM`, so that every case ends too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deploy.demo.acts import ADDITIONS, Act, Seen
from deploy.demo.day import Report
from deploy.demo.habits import habits
from deploy.demo.texts import sayings
from shared.city import Category, City
from shared.terms import Grade

CALM = 14  # the version from which everything goes straight
SLACK, LEAST_SLACK, MOST_SLACK = 0.5, timedelta(minutes=15), timedelta(hours=4)  # how much later than meant is as well


@dataclass(frozen=True)
class Known:
    """What people know beside the case: the city, what was really reported (None: a case without reporter), where the first of
    its echoes is filed, who has given the case back, and on whom an operator insists. `attempt` counts how often a plan for this
    version was refused."""

    city: City
    report: Report | None = None
    original: str | None = None
    attempt: int = 0
    given_back_by: str | None = None
    insisted_on: str | None = None


class Plan:
    """Collects what people will do about one case; `now` is when they saw it."""

    def __init__(self, case: Seen, known: Known, now: datetime, dice: Random) -> None:
        self.case, self.known, self.city, self.now, self.dice = case, known, known.city, now, dice
        self.calm = case.version >= CALM or known.attempt > 0
        self.grade = case.grade or Grade.NORMAL
        self.habits = habits()
        self.acts: list[Act] = []

    def chance(self, share: float) -> bool:
        """Throw the dice for mischief."""
        return not self.calm and self.dice.random() < share * max(0.0, 1 - self.case.version / CALM)

    def likely(self, share: float) -> bool:
        """Throw the dice for what does no harm."""
        return self.dice.random() < share

    def text(self, occasion: str) -> str:
        language = self.case.language if self.case.language in ("zh", "en") else "zh"
        return self.dice.choice(sayings()[occasion][language])

    def later(self, shortest: float, longest: float) -> datetime:
        """Return a moment so many hours from now."""
        return self.now + timedelta(hours=self.dice.uniform(shortest, longest))

    def add(
        self,
        step: str,
        at: datetime,
        actor: str,
        body: Mapping[str, Any] | None = None,
        late: timedelta | None = None,
        latest: datetime | None = None,
    ) -> None:
        """Note what somebody will do at `at`, or up to `latest`; `late` is how long before that it will have happened."""
        if actor == self.resident and self.known.report is None:
            return  # scheduled work has no reporter
        version = None if step in ADDITIONS else self.case.version
        latest = latest or at + min(max(SLACK * (at - self.now), LEAST_SLACK), MOST_SLACK)
        happened = at - late if late is not None else None
        self.acts.append(
            Act(self.case.id, at, latest, step, self.acting(actor), dict(body) if body is not None else None, version, happened)
        )

    def wake(self, at: datetime) -> None:
        """Look at the case again, should nothing have happened by then."""
        self.acts.append(Act(self.case.id, at, at + min(max(SLACK * (at - self.now), LEAST_SLACK), MOST_SLACK)))

    def photos(self) -> list[str]:
        """Return the names of photos of the result."""
        return [f"photo:{self.case.number}-{self.case.version}-{n}" for n in range(1, self.dice.choice([2, 2, 3]))]

    def acting(self, actor: str) -> str:
        """Return who really acts: with a confidential case only those whom it names, and the posts that the city lets at it."""
        if not self.case.confidential or actor == self.case.assignee or actor not in self.city.staff:
            return actor
        fit = sorted(self.city.confidential_to - {self.case.assignee})
        return actor if actor in fit or not fit else self.dice.choice(fit)

    @property
    def who(self) -> str:
        """Return who has the case."""
        return self.case.assignee or ""

    @property
    def resident(self) -> str:
        return f"resident-{self.case.number}"

    @property
    def category(self) -> Category | None:
        return self.city.categories.get(self.case.category or "")

    @property
    def supporting(self) -> tuple[str, ...]:
        """Return the departments that help with the category."""
        return self.category.supporting if self.category else ()

    @property
    def reachable(self) -> bool:
        """Whether the reporter can be called."""
        return self.known.report is not None and "contact" in self.known.report.body
