"""One person at work in the simulation: takes the most urgent task, goes there, works, and drops everything for an emergency."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from deploy.simulate.people import Crowd
from deploy.simulate.scenario import Problem
from services.dispatch.roster import away
from services.dispatch.workload import GRADES, turn
from shared.case import Case
from shared.city import Person, metres
from shared.terms import Grade, Location

Process = Generator[simpy.Event, Any, None]
URGENT_TURN = GRADES[Grade.URGENT]


@dataclass
class Job:
    """A task that was accepted."""

    problem: Problem
    turn: str
    left_s: float

    @property
    def emergency(self) -> bool:
        return self.turn < URGENT_TURN


@dataclass
class Worker:
    """Somebody, where they are, what they still have to do; `arrived` and `done` hear of it."""

    person: Person
    crowd: Crowd
    clock: simpy.Environment
    arrived: Callable[[str, Person], None]
    done: Callable[[str, Person], None]
    jobs: list[Job] = field(default_factory=list)
    current: Job | None = None
    busy_s: float = 0.0
    metres: float = 0.0

    def __post_init__(self) -> None:
        self.at: Location = self.person.home
        self.home_by = 0.0
        self.speed = self.crowd.speed(self.person)
        self.news = self.clock.event()
        self.process = self.clock.process(self.run())

    def take(self, case: Case, problem: Problem) -> None:
        """Put an accepted task on the list; an emergency interrupts what is no emergency."""
        job = Job(problem, turn(case), problem.work_s * self.crowd.effort(self.person, problem))
        self.jobs.append(job)
        if self.current is not None and job.emergency and not self.current.emergency:
            self.process.interrupt()
        elif not self.news.triggered:
            self.news.succeed()

    def run(self) -> Process:
        while True:
            job = min(self.jobs, key=lambda one: one.turn, default=None)
            wait = self.not_now(job)
            if job is None or wait > 0:
                yield self.news | self.clock.timeout(wait) if job else self.news
                self.news = self.clock.event() if self.news.triggered else self.news
                continue
            yield from self.handle(job)

    def not_now(self, job: Job | None) -> float:
        """Return for how long they do not begin anything: off duty, absent or at their break. An emergency that was accepted is begun."""
        now = self.clock.now
        if job is None or job.emergency:
            return 0.0
        if not self.crowd.there(self.person, now):
            return max(60.0, away(self.person, self.crowd.local(now)) - self.crowd.local(now).second)
        return self.crowd.break_left(self.person, now)

    def handle(self, job: Job) -> Process:
        """Go there, work, and come to an end, unless an emergency comes first."""
        self.current, began = job, self.clock.now
        try:
            if job.problem.travels(self.crowd.city):
                yield from self.travel(job)
            self.arrived(job.problem.id, self.person)
            yield from self.labour(job)
        except simpy.Interrupt:
            return
        finally:
            self.busy_s += self.clock.now - began
            self.current = None
        self.jobs.remove(job)
        self.home_by = self.clock.now + self.way(self.at, self.person.home, 1.3) / self.speed
        self.done(job.problem.id, self.person)

    def labour(self, job: Job) -> Process:
        began = self.clock.now
        try:
            yield self.clock.timeout(job.left_s)
        except simpy.Interrupt:
            job.left_s -= self.clock.now - began
            raise

    def travel(self, job: Job) -> Process:
        """Go to the place; whoever is interrupted on the way is as far as they got."""
        here, there = self.whereabouts(), job.problem.place
        whole, began = self.way(here, there, job.problem.detour), self.clock.now
        try:
            yield self.clock.timeout(whole / self.speed)
            self.at = there
            self.metres += whole
        except simpy.Interrupt:
            gone = min(1.0, (self.clock.now - began) * self.speed / whole) if whole else 1.0
            self.at = between(here, there, gone)
            self.metres += whole * gone
            raise
        finally:
            self.home_by = self.clock.now

    def whereabouts(self) -> Location:
        """Return where they are: on the way back to their post since the last task, or there."""
        whole = self.way(self.at, self.person.home, 1.3) / self.speed
        if whole == 0 or self.clock.now >= self.home_by:
            return self.person.home if self.home_by and self.clock.now > self.home_by else self.at
        return between(self.at, self.person.home, 1 - (self.home_by - self.clock.now) / whole)

    def way(self, a: Location, b: Location, detour: float) -> float:
        return metres(a, b) * detour


def between(a: Location, b: Location, share: float) -> Location:
    return Location.model_construct(lat=a.lat + (b.lat - a.lat) * share, lon=a.lon + (b.lon - a.lon) * share)
