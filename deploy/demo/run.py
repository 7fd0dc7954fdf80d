"""Runs a demo: the system in a data folder, the day that is lived in it, and at the end the check."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from rich.console import Console

from deploy.check.run import run_check
from deploy.demo.calls import Calls
from deploy.demo.day import make_day
from deploy.demo.kills import Kills
from deploy.demo.life import Life
from deploy.demo.pace import Pace, midnight
from deploy.demo.quiet import Quiet
from deploy.demo.screen import Screen, announce
from deploy.demo.summary import Summary
from deploy.refusal import CannotDo
from deploy.system import System
from deploy.topics import connected
from shared.case import Status
from shared.city import City
from shared.citypack import city_folder, load_city
from shared.clock import monotonic

CLOCK, HISTORY = "clock", "history.ndjson"
FLUSH_SECONDS, SWEEP_SECONDS = 0.05, 0.05  # the clock waits for both, so they are short
LONGEST_CHECK = 1200.0  # real seconds
STILL_SECONDS = 1.0  # for which nothing may move before the check
AFTERWARDS = 10  # times as fast once the day is over: closing takes days


@dataclass(frozen=True)
class Options:
    """What was asked for. `speed` is None where the clock may jump; `data` None stands for a folder that is thrown away."""

    cases: int
    seed: int
    check: bool
    speed: float | None
    city: str
    data: Path | None
    port: int | None
    broker: Literal["auto", "kafka", "tansu"]
    kill: Sequence[str]
    leave: bool


def run(options: Options, console: Console) -> Summary | None:
    """Run the demo; return the summary if it was to be checked. Raises CannotDo, and KeyboardInterrupt when it is stopped."""
    began = monotonic()
    city = load_city(city_folder(options.city))
    with folder(options.data, console) as data:
        clock = data / CLOCK
        pace = Pace(clock, midnight(ZoneInfo(city.zone), clock), options.speed)
        environment = {
            "GRIDCASE_CLOCK_FILE": str(clock.resolve()),
            "GRIDCASE_FLUSH_SECONDS": str(FLUSH_SECONDS),
            "GRIDCASE_SWEEP_SECONDS": str(SWEEP_SECONDS),
        }
        system = System(data, port=options.port, city=options.city, broker=options.broker, environment=environment, say=console.print)
        with system, system.supervise():
            announce(system, console, options.check)
            summary = asyncio.run(lived(options, city, system, pace, Screen(console, city), began))
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
async def calling(urls: Mapping[str, str], history: Path) -> AsyncIterator[Calls]:
    calls = Calls(urls, history)
    try:
        yield calls
    finally:
        await calls.close()


async def lived(options: Options, city: City, system: System, pace: Pace, screen: Screen, began: float) -> Summary | None:
    """Live the day, and the days after it that its cases need."""
    reports = make_day(city, pace.now, options.cases, options.seed)
    async with connected(system.kafka_settings()) as log, calling(system.urls, system.data / HISTORY) as calls:
        quiet = Quiet(system.urls, log, calls.client, 3 * FLUSH_SECONDS)
        begins = await log.ends(range(log.partitions))
        life = Life(city, reports, calls, quiet, pace, options.seed)
        kills = Kills(system, options.kill, len(reports), options.seed)
        life.before_acting = kills.count
        with screen:
            if not options.check:
                await shown(life, system, screen, options.leave)
                return None
            await finished(life, system, screen)
            await kills.finish()
            await quiet.wait(pace)
        screen.console.print(f"All is silent at {pace.now:%Y-%m-%d %H:%M} UTC; the check begins.", highlight=False)
        return await checked(options, system, life, kills, begins, began)


async def shown(life: Life, system: System, screen: Screen, leave: bool) -> None:
    """Live the day for somebody who watches, then go on faster until Ctrl-C."""
    while life.unsent:
        await turned(life, system, screen)
    if leave:
        return
    screen.say(f"The day is over. The clock goes on, {AFTERWARDS} times as fast, so that cases come to their end. Ctrl-C stops everything.")
    if life.pace.speed is not None:
        life.pace.speed *= AFTERWARDS
    while True:
        await turned(life, system, screen)


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


async def checked(options: Options, system: System, life: Life, kills: Kills, begins: Mapping[int, int], began: float) -> Summary:
    """Hold the log and every copy against what clients were told, and count."""
    settings = system.kafka_settings()
    result = await asyncio.to_thread(
        run_check,
        settings.kafka,
        settings.mongo,
        settings.database,
        settings.topic,
        reports=system.data / HISTORY,
        wait=STILL_SECONDS,
        now=life.pace.now,
    )
    in_log = await life.quiet.reported(begins)
    in_console = await statuses(life.calls)
    told = set(life.reports)
    ended = Counter(in_console.get(case, Status.UNKNOWN) for case in told)
    ends = (Status.CLOSED, Status.MERGED, Status.REJECTED, Status.WITHDRAWN)
    restarts = sum(one.restarts for one in [*system.engine_processes.values(), *system.processes.values()])
    return Summary(
        reports=len(life.filed),
        closed=ended[Status.CLOSED],
        merged=ended[Status.MERGED],
        rejected=ended[Status.REJECTED],
        withdrawn=ended[Status.WITHDRAWN],
        unfinished=len(told) - sum(ended[status] for status in ends),
        lost=len(told - in_log) + len((told & in_log) - in_console.keys()),
        duplicates=len(in_log - told) + len(life.filed) - len(told),
        violations=[*result.violations, *life.surprises],
        commands=sum(life.calls.answers.values()) + len(life.filed),
        beaten=sum(count for answer, count in life.calls.answers.items() if answer.endswith(("409", "412"))),
        repeated=life.calls.repeated,
        killed=kills.killed,
        restarts=restarts,
        events=result.events,
        seconds=round(monotonic() - began, 1),
        seed=options.seed,
        notes=result.notes,
    )


async def statuses(calls: Calls) -> dict[str, Status]:
    """Return where each case stands, as the console lists them."""
    found: dict[str, Status] = {}
    cursor: dict[str, Any] = {}
    while True:
        page = await calls.look("console", "/cases", sort="reported_at", limit=200, **cursor)
        found |= {case["id"]: Status(case["status"]) for case in page["items"]}
        if not page["next"]:
            return found
        cursor = {"cursor": page["next"]}
