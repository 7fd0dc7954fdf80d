"""Photographs every page in the middle of a synthetic day, for docs/shots: python -m tests.browser.shots [page...]

The same seed makes the same day. On the wide screen pages are in English, on the phone in Chinese.
"""

import asyncio
import io
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.async_api import Page

from deploy.demo.day import DAWN, make_day
from deploy.demo.pace import Pace, midnight
from shared.city import Role as Post
from shared.clock import monotonic
from tests.browser.chromium import chromium
from tests.browser.city import City, everything
from tests.browser.people import Lang, People
from tests.browser.scenes import broken, mended
from tests.integration.small_day import CITY, living

FOLDER = Path(__file__).parents[2] / "docs" / "shots"
REPORTS, SEED = 70, 7  # of each day
LIVED = timedelta(days=1, hours=4, minutes=40)  # since the first dawn: it is twenty to eleven
OPERATOR = "operator-02"
WORKERS = frozenset({Post.GRID_WORKER, Post.UNIT_WORKER})
STANDS_STILL_FOR, AT_MOST = 3, 40  # looks that see the same, of so many
COLOURS = 200


@dataclass(frozen=True)
class Shot:
    """A page, who looks at it, and what is to be there before it is photographed; braces stand for what `Found` has."""

    name: str
    at: str
    who: str | None = None
    there: str = "main"


PAGES = (
    Shot("status", "/", OPERATOR),
    Shot("report", "/report"),
    Shot("desk", "/desk", OPERATOR),
    Shot("tasks", "/tasks", "{worker}"),
    Shot("public", "/public"),
    Shot("public-case", "/public/{number}"),
    Shot("wall", "/wall", "manager"),
)


@dataclass(frozen=True)
class Screen:
    """How wide, how high, in which language, and how many pixels make one of the page's."""

    width: int
    height: int
    lang: Lang
    phone: bool

    @property
    def options(self) -> dict[str, Any]:
        return {"touch": self.phone, "device_scale_factor": 2 if self.phone else 1}


SCREENS = (Screen(1280, 800, "en", phone=False), Screen(390, 844, "zh", phone=True))


@dataclass(frozen=True)
class Found:
    """What the day has brought: the number of a case that was solved, and the worker who has most to do."""

    number: str
    worker: str


@asynccontextmanager
async def day(data: Path) -> AsyncIterator[tuple[City, Found]]:
    """Let a day and a morning go by; then the clock stands still."""
    clock = data / "clock"
    start = midnight(ZoneInfo(CITY.zone), clock)
    pace = Pace(clock, start + timedelta(hours=DAWN), None)
    end = pace.now + LIVED
    reports = [report for n in range(2) for report in make_day(CITY, start + timedelta(days=n), REPORTS, SEED + n)]
    async with everything(data, {"GRIDCASE_CLOCK_FILE": str(clock)}) as city:
        async with living(city.system, pace, [report for report in reports if report.at < end]) as life:
            while pace.now < end:
                await life.turn()
            number = await solved(city, pace)
            await life.quiet.wait(pace)
        yield city, Found(number, await busiest(city))


async def solved(city: City, pace: Pace) -> str:
    """Let the cover of a manhole be reported, replaced and checked within two hours; return the number of the case."""
    place = {"lat": 30.0123, "lon": 104.0205}
    case_id, worker = await city.assigned(text="3号门的污水井盖破了，很危险", location=place, media=[await city.photo(broken())])
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


async def photograph(people: People, shot: Shot, screen: Screen, found: Found) -> None:
    """Take one picture. Raises AssertionError if the page is not there."""
    words = vars(found)
    page = await people(shot.who and shot.who.format(**words), screen.lang, screen.width, screen.height, **screen.options)
    answer = await page.goto(shot.at.format(**words))
    assert answer is not None
    assert answer.ok, f"{page.url} is not there: {answer.status}"
    await page.locator(shot.there).first.wait_for()
    file = FOLDER / f"{shot.name}-{screen.width}.png"
    file.write_bytes(small(await still(page)))
    print(f"{file.relative_to(Path.cwd())}: {file.stat().st_size / 1000:.0f} kB")


async def still(page: Page) -> bytes:
    """Return what the page shows as soon as it stands still."""
    seen: list[bytes] = []
    for _ in range(AT_MOST):
        seen.append(await page.screenshot(animations="disabled"))
        if len(seen) >= STANDS_STILL_FOR and len(set(seen[-STANDS_STILL_FOR:])) == 1:
            break
        await page.wait_for_timeout(250)
    return seen[-1]


def small(png: bytes) -> bytes:
    """Return the picture in few colours."""
    written = io.BytesIO()
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


async def shots(wanted: list[str]) -> list[str]:
    """Photograph the pages; return what went wrong."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="gridcase-shots-") as data:
        async with chromium() as browser, day(Path(data)) as (city, found):
            print(f"The day has been lived in {monotonic() - began:.0f} s.")
            for shot in PAGES:
                for screen in SCREENS:
                    if wanted and shot.name not in wanted:
                        continue
                    people = People(city, browser)
                    try:
                        await photograph(people, shot, screen, found)
                    except AssertionError as error:
                        wrong.append(str(error))
                    wrong += await people.leave()
    return wrong


if __name__ == "__main__":
    if said := asyncio.run(shots(sys.argv[1:])):
        sys.exit("\n".join(said))
