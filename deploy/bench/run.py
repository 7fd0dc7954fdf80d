"""The bench from begin to end: two systems one after the other, the same but for how many cases are stored when they start."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.bench.city import bench_city
from deploy.bench.floors import Floor, floors, plans
from deploy.bench.latency import Latency, delays
from deploy.bench.lives import Progress, Run, live
from deploy.bench.machine import Machine
from deploy.bench.reports import Reports
from deploy.bench.saves import flushes_of
from deploy.bench.stored import store
from deploy.local.engines import Engines
from deploy.local.jars import Say
from deploy.system import System
from shared.city import City
from shared.citypack import load_city
from shared.settings import Settings

Show = Callable[[str, int], Progress]  # what goes on, and how much of it there is
NO_LOG = "none:0"  # the address of a broker that is not asked for anything


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    warm: int = 500  # lives
    lives: int = 3000
    runs: int = 3
    rate: float = 20.0  # reports a second
    seconds: float = 60.0
    floors: int = 3
    few: int = 2_000  # stored cases
    many: int = 200_000
    growth_lives: int = 700
    growth_runs: int = 3


QUICK = Sizes(warm=50, lives=300, runs=1, seconds=5, floors=1, few=1_000, many=10_000, growth_lives=150, growth_runs=1)


@dataclass
class Results:
    """What was measured."""

    sizes: Sizes
    load_before: float  # average of the last minute, of others
    runs: list[Run] = field(default_factory=list)
    latency: Latency = field(default_factory=Latency)
    floors: list[Floor] = field(default_factory=list)
    saves: dict[str, dict[str, int]] = field(default_factory=dict)  # rows that each service saved in the last run
    few: list[Run] = field(default_factory=list)
    many: list[Run] = field(default_factory=list)
    rest: dict[str, int] = field(default_factory=dict)  # megabytes
    after: dict[str, int] = field(default_factory=dict)
    rest_many: dict[str, int] = field(default_factory=dict)


@dataclass
class Bench:
    """One bench in one folder, of which it replaces what an earlier one left."""

    folder: Path
    sizes: Sizes
    say: Say
    show: Show
    urls: Mapping[str, str] = field(default_factory=dict)  # of the services that are running

    def measure(self) -> Results:
        """Measure it all."""
        results = Results(self.sizes, os.getloadavg()[0])
        self.folder.mkdir(parents=True, exist_ok=True)
        city_folder = bench_city(self.folder / "city")
        city = load_city(city_folder)
        with self.system("few", self.sizes.few, city_folder, city) as system:
            self.with_few(system, city, results)
        with self.system("many", self.sizes.many, city_folder, city) as system:
            machine, reports = Machine.of(system), Reports(city)
            results.rest_many = machine.megabytes()
            results.many = self.growth(system.kafka_settings(), machine, reports, f"with {self.sizes.many:,} stored")
        return results

    @contextmanager
    def system(self, name: str, stored: int, city_folder: Path, city: City) -> Iterator[System]:
        """Give a running system that began with so many stored cases; its data goes with it, its logs only if all went well."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        self.fill(folder, stored, city_folder, city)
        with System(folder, city=str(city_folder), broker="kafka", say=self.say) as system:
            self.urls = system.urls
            yield system
        shutil.rmtree(folder)

    def fill(self, folder: Path, stored: int, city_folder: Path, city: City) -> None:
        progress = self.show(f"writing {stored:,} closed cases", stored)
        with Engines(folder, kafka=NO_LOG, say=self.say) as engines:
            settings = Settings().model_copy(update={"mongo": engines.mongo_url, "city": str(city_folder)})
            store(settings, city, stored, progress)

    def with_few(self, system: System, city: City, results: Results) -> None:
        """Measure all but the cost with many stored cases."""
        machine, reports, settings = Machine.of(system), Reports(city), system.kafka_settings()
        results.rest = machine.megabytes()
        results.few = self.growth(settings, machine, reports, f"with {self.sizes.few:,} stored")
        for number in range(self.sizes.runs):
            flushed = flushes_of(system.urls)
            run = self.lives(settings, machine, reports, self.sizes.lives, f"run {number + 1}: whole lives")
            results.runs.append(run.light() if number + 1 < self.sizes.runs else run)
        flushes = {name: now - flushed[name] for name, now in flushes_of(system.urls).items()}
        results.after = machine.megabytes()
        self.delays(settings, system.urls["intake"], reports, results)
        self.floor(settings, machine, city, flushes, results)

    def growth(self, settings: Settings, machine: Machine, reports: Reports, what: str) -> list[Run]:
        self.lives(settings, machine, reports, self.sizes.warm, "warming up")
        runs = range(self.sizes.growth_runs)
        return [self.lives(settings, machine, reports, self.sizes.growth_lives, f"lives {what}").light() for _ in runs]

    def lives(self, settings: Settings, machine: Machine, reports: Reports, lives: int, what: str) -> Run:
        return live(settings, self.urls, machine, reports, lives, self.show(what, lives))

    def delays(self, settings: Settings, intake: str, reports: Reports, results: Results) -> None:
        count = round(self.sizes.rate * self.sizes.seconds)
        progress = self.show(f"{self.sizes.rate:g} reports a second", count)
        results.latency = delays(settings, intake, reports, self.sizes.rate, self.sizes.seconds, progress)

    def floor(self, settings: Settings, machine: Machine, city: City, flushes: dict[str, int], results: Results) -> None:
        """Measure what the last run costs without logic."""
        run = results.runs[-1]
        planned = plans(settings, run, flushes, city)
        results.saves = {plan.service: plan.rows for plan in planned}
        engines = Machine({name: pid for name, pid in machine.pids.items() if name in ("kafka", "mongo")})
        progress = self.show("the same without logic", self.sizes.floors)
        results.floors = floors(settings, engines, run, planned, self.folder, self.sizes.floors, progress)
