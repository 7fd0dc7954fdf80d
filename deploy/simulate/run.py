"""One scenario under one rule, in virtual time: offers, answers, work, and what came of it."""

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import simpy

from deploy.simulate.board import Board, filed
from deploy.simulate.people import Answer, Crowd
from deploy.simulate.rules import Desk, Rule
from deploy.simulate.scenario import DAY_S, Problem, Scenario
from deploy.simulate.worker import Worker
from services.dispatch.candidates import members, on_duty
from shared.case import Case, Status
from shared.city import City, Person

DRAIN_DAYS = 2  # after the last report
MINUTE, QUARTER = 60.0, 900.0
AGAIN = (60.0, 60.0, 120.0, 240.0)  # a case that waits is looked at again so many seconds later, besides whenever somebody has room
INSISTS_S = 900.0  # until an operator lets everybody be asked once more
Process = Generator[simpy.Event, Any, None]


@dataclass
class Life:
    """What became of a problem; times in seconds from the start of the scenario, None if it did not happen."""

    problem: Problem
    due: float
    asked: int = 0
    on_site: float | None = None
    done: float | None = None


@dataclass
class Run:
    """A simulation in progress."""

    city: City
    scenario: Scenario
    rule: Rule
    lives: dict[str, Life] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = simpy.Environment()
        self.crowd = Crowd(self.city, self.scenario)
        self.board = Board(self.city)
        self.desk = Desk(self.city, self.board.load, self.board.at)
        self.waiting: dict[str, None] = {}
        self.free: set[str] = set()  # who has got room, or come on duty, since the last sweep
        self.workers = {
            id: Worker(person, self.crowd, self.clock, self.arrived, self.done) for id, person in sorted(self.city.staff.items())
        }

    def play(self) -> "Run":
        """Let it all happen."""
        self.clock.process(self.reports())
        self.clock.process(self.sweeps())
        self.clock.run(until=(self.scenario.days + DRAIN_DAYS) * DAY_S)
        return self

    def now(self) -> datetime:
        return self.scenario.at(self.clock.now)

    def reports(self) -> Process:
        for problem in self.scenario.problems:
            yield self.clock.timeout(problem.at - self.clock.now)
            case = filed(problem, self.city, self.now())
            due = (case.resolve_by or self.now()) - self.scenario.start
            self.lives[case.id] = Life(problem, due / timedelta(seconds=1))
            self.board.put(case)
            self.choose(case)

    def sweeps(self) -> Process:
        """Look again at what waits for those who have got room or come on duty, the most urgent first."""
        here: set[str] = set()
        while True:
            yield self.clock.timeout(MINUTE)
            if self.clock.now % QUARTER < MINUTE:
                before, here = here, {person.id for person in self.city.people(self.now())}
                self.free |= here - before
            if self.free:
                freed, self.free = self.free, set()
                concerned = [id for id in self.waiting if any(one.id in freed for one in members(self.board.cases[id], self.city))]
                for id in sorted(concerned, key=lambda id: str(self.board.rows[id]["turn"])):
                    self.choose(self.board.cases[id])

    def choose(self, case: Case) -> None:
        """Ask whom the rule names, or wait."""
        self.desk.seen = self.board.look(case, self.now())
        person = self.rule(case, self.desk, self.now())
        if person is None:
            if case.id not in self.waiting:
                self.waiting[case.id] = None
                self.clock.process(self.wait(case.id))
            return
        self.waiting.pop(case.id, None)
        self.desk.last[person.id] = self.clock.now
        self.lives[case.id].asked += 1
        offered = (*case.offered, person.id)
        self.board.change(case.id, status=Status.ASSIGNED, since=self.now(), assignee=person.id, offered=offered)
        self.clock.process(self.offer(case.id, person))

    def wait(self, id: str) -> Process:
        for seconds in AGAIN:
            yield self.clock.timeout(seconds)
            if id not in self.waiting:
                return
            self.choose(self.board.cases[id])

    def offer(self, id: str, person: Person) -> Process:
        """Wait for the answer; a refusal or silence frees the case, and once enough were asked somebody higher up looks at it."""
        problem = self.lives[id].problem
        answer, after = self.crowd.answer(person, f"{id}/{self.rounds(id, person)}", problem.grade, self.clock.now)
        yield self.clock.timeout(after)
        if answer is Answer.YES:
            case = self.board.change(id, status=Status.ACCEPTED, since=self.now(), offered=())
            self.workers[person.id].take(case, problem)
            return
        case = self.board.change(id, status=Status.TRIAGED, since=self.now(), assignee=None)
        if len(case.offered) >= self.city.max_offers or all(one.id in case.offered for one in on_duty(case, self.city, self.now())):
            yield self.clock.timeout(INSISTS_S if len(case.offered) < self.city.max_offers else 0.0)
            case = self.board.change(id, offered=())
        self.choose(case)

    def rounds(self, id: str, person: Person) -> int:
        """Return how often the person was asked before about this case."""
        return self.lives[id].asked // self.city.max_offers

    def arrived(self, id: str, person: Person) -> None:
        life = self.lives[id]
        life.on_site = self.clock.now if life.on_site is None else life.on_site
        self.board.change(id, status=Status.WORKING, since=self.now())

    def done(self, id: str, person: Person) -> None:
        self.lives[id].done = self.clock.now
        self.board.change(id, status=Status.COMPLETED, since=self.now(), completed_at=self.now())
        self.free.add(person.id)
