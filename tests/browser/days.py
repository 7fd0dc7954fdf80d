"""Synthetic days of a city for the photographs of its pages, and two manholes: one that was mended, one just reported."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.demo.day import DAWN, make_day
from deploy.demo.life import Life
from deploy.demo.pace import Pace, midnight
from shared.city import Role as Post
from tests.browser.city import City, everything
from tests.browser.scenes import broken, mended
from tests.integration.small_day import CITY, living

SEED, A_DAY, LAST_DAY = 7, 22, 60  # reports
DAYS = 9  # closing takes three
MORNING = timedelta(hours=4, minutes=40)  # since dawn: it is twenty to eleven
SOLVED_BEFORE = timedelta(days=5)  # the end; it is closed and published by then
OPERATOR = "operator-02"
BROKEN, HERE = "3号门的污水井盖破了，很危险", {"lat": 30.0123, "lon": 104.0205}
AGAIN, THERE = "菜市东门的污水井盖破了，有孩子在旁边玩", {"lat": 30.0131, "lon": 104.0287}
WORKERS = frozenset({Post.GRID_WORKER, Post.UNIT_WORKER})


@dataclass(frozen=True)
class Found:
    """What the days have brought: the number of a case that was solved, one that has just come in, and who has most to do."""

    number: str
    fresh: str
    worker: str


@asynccontextmanager
async def days(data: Path) -> AsyncIterator[tuple[City, Found]]:
    """Let days and a morning go by; then the clock stands still."""
    clock = data / "clock"
    start = midnight(ZoneInfo(CITY.zone), clock)
    pace = Pace(clock, start + timedelta(hours=DAWN), None)
    end = pace.now + timedelta(days=DAYS - 1) + MORNING
    reports = [
        report for n in range(DAYS) for report in make_day(CITY, start + timedelta(days=n), A_DAY if n < DAYS - 1 else LAST_DAY, SEED + n)
    ]
    async with everything(data, {"GRIDCASE_CLOCK_FILE": str(clock)}) as city:
        async with living(city.system, pace, [report for report in reports if report.at < end]) as life:
            await lived(life, end - SOLVED_BEFORE)
            number = await solved(city, pace)
            await lived(life, end)
            fresh, _ = await city.assigned(text=AGAIN, location=THERE, media=[await city.photo(broken())])
            await life.quiet.wait(pace)
        yield city, Found(number, fresh, await busiest(city))


async def lived(life: Life, until: datetime) -> None:
    while life.pace.now < until:
        await life.turn()


async def solved(city: City, pace: Pace) -> str:
    """Let the cover of a manhole be reported, replaced and checked within two hours; return the number of the case."""
    case_id, worker = await city.assigned(text=BROKEN, location=HERE, media=[await city.photo(broken())])
    for step, minutes in (("acceptance", 4), ("start", 9)):
        await wait(city, pace, minutes)
        await city.act(case_id, step, by=worker)
    await wait(city, pace, 55)
    await city.act(case_id, "completion", by=worker, outcome="已更换井盖，现场清理完毕", media=[await city.photo(mended())])
    await wait(city, pace, 6)
    shown = await city.act(case_id, "verification", by=OPERATOR, reason="井盖完好，与路面平齐")
    for photo in await photos(city, case_id):
        await city.ask("POST", "intake", f"/photos/{photo}/release", by=OPERATOR, json={})
    return str(shown["number"])


async def wait(city: City, pace: Pace, minutes: float) -> None:
    pace.nudge(60 * minutes)
    await city.at_rest()


async def photos(city: City, case_id: str) -> list[str]:
    shown = (await city.ask("GET", "console", f"/cases/{case_id}", by=OPERATOR)).json()["photos"]
    return [photo["name"] for part in ("before", "after") for photo in shown[part]]


async def busiest(city: City) -> str:
    """Return which worker has most to do now."""
    asked = {"status": ["assigned", "accepted", "working"], "limit": "200"}
    answer = await city.ask("GET", "console", "/cases", by=OPERATOR, params=asked)
    having = Counter(str(case["assignee"]) for case in answer.raise_for_status().json()["items"])
    return max((having[post.id], post.id) for post in CITY.staff.values() if post.role in WORKERS)[1]
