"""Photographs every page after some synthetic days, for docs/shots: python -m tests.browser.shots [page...]

The same seed makes the same days. On the wide screen pages are in English, on the phone in Chinese.
"""

import asyncio
import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Page

from deploy.browser import chromium
from shared.clock import monotonic
from tests.browser.days import OPERATOR, Found, days
from tests.browser.people import Lang, People

FOLDER = Path(__file__).parents[2] / "docs" / "shots"
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
    Shot("desk-case", "/desk?case={fresh}", OPERATOR),
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
        async with chromium() as browser, days(Path(data)) as (city, found):
            print(f"The days have been lived in {monotonic() - began:.0f} s.")
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
