"""Runs a demo: the system in a data folder, the day that is lived in it, and at the end the check."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import httpx
from rich.console import Console

from deploy.demo.calls import Calls
from deploy.demo.day import DAWN, Report, make_day
from deploy.demo.interrupt import until_interrupted
from deploy.demo.kills import Kills
from deploy.demo.life import Life
from deploy.demo.outcome import Ran, checked
from deploy.demo.pace import Pace, midnight
from deploy.demo.quiet import Quiet
from deploy.demo.screen import Screen, announce
from deploy.demo.summary import Summary
from deploy.issuer.badges import Badges
from deploy.refusal import CannotDo
from deploy.running import pointing_to
from deploy.system import System
from deploy.topics import connected
from shared.city import City
from shared.citypack import city_folder, load_city
from shared.clock import monotonic

CLOCK, HISTORY = "clock", "history.ndjson"
FLUSH_SECONDS, SWEEP_SECONDS = 0.05, 0.05  # the clock waits for both, so they are short
LONGEST_CHECK = 1200.0  # real seconds
TEN = timedelta(hours=10)  # by then there is something to see on every page


@dataclass(frozen=True)
class Speeds:
    """How many times as fast as in life the clock goes: until ten of the first morning, and from then on, so that one can take part."""

    first: float = 240.0
    then: float = 60.0


@dataclass(frozen=True)
class Options:
    """What was asked for. `speeds` is None where the clock may jump; `data` None stands for a folder that is thrown away."""

    cases: int
    seed: int
    check: bool
    speeds: Speeds | None
    city: str
    data: Path | None
    port: int | None
    broker: Literal["auto", "kafka", "tansu"]
    kill: Sequence[str]
    leave: bool


@dataclass(frozen=True)
class Day:
    """What is to be lived: who reports what in which city, and the clock."""

    city: City
    start: datetime  # midnight
    reports: Sequence[Report]
    pace: Pace


def run(options: Options, console: Console) -> Summary | None:
    """Run the demo; return the summary if it was to be checked. Raises CannotDo, and KeyboardInterrupt when it is stopped."""
    began = monotonic()
    city = load_city(city_folder(options.city))
    with folder(options.data, console) as data:
        clock = data / CLOCK
        start = midnight(ZoneInfo(city.zone), clock)
        reports = make_day(city, start, options.cases, options.seed)
        pace = Pace(clock, start + timedelta(hours=DAWN), options.speeds.first if options.speeds else None)
        environment = {
            "GRIDCASE_CLOCK_FILE": str(clock.resolve()),
            "GRIDCASE_FLUSH_SECONDS": str(FLUSH_SECONDS),
            "GRIDCASE_SWEEP_SECONDS": str(SWEEP_SECONDS),
        }
        system = System(
            data,
            port=options.port,
            city=options.city,
            broker=options.broker,
            environment=environment,
            issuer="page",
            say=console.print,
        )
        with system, system.supervise(), pointing_to(data):
            announce(system, console, city, options.check)
            summary = until_interrupted(lived(options, Day(city, start, reports, pace), system, Screen(console, city), began))
        if summary is not None and not summary.fine:
            raise Wrong(summary)
        return summary


class Wrong(CannotDo):
    """The check found something; the summary says what."""

    def __init__(self, summary: Summary) -> None:
        super().__init__("The demo did not end as it must.")
        self.summary = summary


@contextmanager
def folder(data: Path | None, console: Console) -> Iterator[Path]:
    """Give the data folder; one that nobody named is removed at the end, but kept where something went wrong."""
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        yield data
        return
    made = Path(tempfile.mkdtemp(prefix="gridcase-demo-"))
    try:
        yield made
    except CannotDo:
        console.print(f"Data and logs are kept in {made}.", highlight=False, soft_wrap=True)
        raise
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    shutil.rmtree(made, ignore_errors=True)


@asynccontextmanager
async def calling(urls: Mapping[str, str], history: Path, badges: Badges) -> AsyncIterator[Calls]:
    calls = Calls(urls, history, badges)
    try:
        yield calls
    finally:
        await calls.close()


async def lived(options: Options, day: Day, system: System, screen: Screen, began: float) -> Summary | None:
    """Live the day, and the days after it that its cases need."""
    badges = Badges(system.mint, day.city)
    async with connected(system.kafka_settings()) as log, calling(system.urls, system.data / HISTORY, badges) as calls:
        quiet = Quiet(system.urls, log, calls.client, 3 * FLUSH_SECONDS)
        begins = await log.ends(range(log.partitions))
        life = Life(day.city, day.reports, calls, quiet, day.pace, options.seed)
        kills = Kills(system, options.kill, len(day.reports), options.seed)
        life.before_acting = kills.count
        with screen:
            if not options.check:
                await shown(options, day, life, system, screen)
                return None
            await finished(life, system, screen)
            await kills.finish()
            await quiet.wait(day.pace)
        screen.console.print(f"All is silent at {day.pace.now:%Y-%m-%d %H:%M} UTC; the check begins.", highlight=False)
        return await checked(Ran(system, life, kills, begins, began, system.data / HISTORY))


async def shown(options: Options, day: Day, life: Life, system: System, screen: Screen) -> None:
    """Live one day after the other for somebody who watches and may take part, until Ctrl-C, or to the end of the first one."""
    speeds = options.speeds or Speeds()
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        for number in count(1):
            while life.unsent:
                if number == 1 and day.pace.speed != speeds.then and day.pace.now >= day.start + TEN:
                    day.pace.speed = speeds.then
                    screen.say(f"It is ten o'clock. From now on the clock goes {speeds.then:g} times as fast as in life.")
                with suppress(httpx.TransportError):  # an issuer that is started again says so later
                    if system.issuer:
                        life.taken = frozenset((await client.get(f"{system.issuer.url}/taken")).json())
                await turned(life, system, screen)
            if options.leave:
                return
            life.unsent.extend(make_day(day.city, day.start + timedelta(days=number), options.cases, options.seed + number))


async def finished(life: Life, system: System, screen: Screen) -> None:
    """Live until every report has come to its end. Raises CannotDo if that takes too long."""
    began = monotonic()
    while not life.over:
        await turned(life, system, screen)
        if monotonic() - began > LONGEST_CHECK:
            raise CannotDo(f"After {LONGEST_CHECK:.0f} s the reports stand like this: {dict(life.counted())}.")


async def turned(life: Life, system: System, screen: Screen) -> None:
    await life.turn()
    screen.update(life)
    for one in [*system.engine_processes.values(), *system.processes.values()]:
        if one.gone:
            raise CannotDo(f"{one.name} is not started again: {one.gone}")
