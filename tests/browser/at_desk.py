"""What people do at the dispatch desk, by the words and keys of the page; and cases for it, each at a place of its own."""

import re
from contextlib import suppress
from random import shuffle
from typing import Any
from uuid import uuid4

from playwright.async_api import Locator, Page, TimeoutError, expect

from tests.browser.city import City
from tests.browser.people import Lang
from tests.browser.words import saying
from tests.eventually import eventually

PLACES = [(30.002 + 0.0021 * row, 104.002 + 0.0024 * column) for row in range(11) for column in range(15)]  # too far apart to be one case
shuffle(PLACES)


def spot() -> dict[str, float]:
    """Return a place in the city at which no other test has a case."""
    lat, lon = PLACES.pop()
    return {"lat": round(lat, 6), "lon": round(lon, 6)}


def word() -> str:
    """Return a word that nothing else in the city has."""
    return f"w{uuid4().hex[:10]}"


async def filed(city: City, **body: Any) -> str:
    """Report something at a place of its own; return the case once it is filed, whether somebody is free to take it or not."""
    return str((await city.filed(spot, **body))["id"])


async def offered(city: City, **body: Any) -> tuple[str, str]:
    """Report something; return the case and who is asked to take it."""
    case_id = await filed(city, **body)
    return case_id, str((await city.in_status(case_id, "assigned"))["assignee"])


async def ready(page: Page, at: str = "/desk") -> Page:
    """Return the page once its desk is live."""
    await page.goto(at)
    await expect(page.locator("#link")).to_have_text(re.compile("Live|实时"))
    return page


def line(page: Page, text: str) -> Locator:
    """Return the line of the list in which some text stands."""
    return page.get_by_role("option").filter(has_text=text)


async def opened(page: Page, lang: Lang, number: str) -> Locator:
    """Find a case on the desk by its number and open it; return its panel."""
    say = saying(lang)
    await page.get_by_label(say("Search open cases")).fill(number)
    line = page.get_by_role("option")
    await expect(line).to_have_count(1)
    await line.click()
    panel = page.get_by_role("complementary", name=say("The case"))
    await expect(panel.get_by_role("group", name=say("What can be done"))).to_be_visible()
    return panel


async def asked(page: Page, key: str) -> Locator:
    """Begin an action of the desk by its key; return its form."""
    await page.keyboard.press(key)
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    return dialog


async def sent(form: Locator) -> None:
    """Press the button of a form until the form is gone: where the case has changed just now, it asks once more."""
    button = form.locator("button[type=submit]")

    async def gone() -> bool:
        with suppress(TimeoutError):
            if await button.is_enabled(timeout=1_000):
                await button.click(timeout=1_000)
        return not await form.is_visible()

    await eventually(gone, 60)
