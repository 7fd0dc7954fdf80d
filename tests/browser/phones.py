"""Phones of people in the field: opened, used, and what the log says of it."""

from itertools import count
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.city import City
from tests.browser.people import Lang, People
from tests.eventually import eventually
from tests.facts import LAMP
from tests.pictures import encoded, pattern

FAR = count(1)  # cases of one type must lie apart, or they are one case
LOST = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE"  # no connection
READY = "async () => Boolean(navigator.serviceWorker.controller && await caches.match('/tasks/shell/en'))"
A_PHOTO: Any = {"name": "photo.png", "mimeType": "image/png", "buffer": encoded(pattern())}


async def lamp(city: City, text: str) -> tuple[str, str]:
    """Report a lamp where no other test does; return the case and who is asked to take it."""
    n = next(FAR)
    return await city.assigned(text=text, category=LAMP, location={"lat": 30.002 + 0.003 * (n // 10), "lon": 104.002 + 0.003 * (n % 10)})


async def phone(person: People, who: str, lang: Lang = "zh", **more: Any) -> Page:
    """Return the page of somebody on a phone, once it can be opened without a connection."""
    page = await person(who, lang, 390, 844, touch=True, at="/tasks", **more)
    await eventually(lambda: page.evaluate(READY), 60)
    return page


async def opened(page: Page, case_id: str) -> None:
    await page.locator(f'a.errand[data-id="{case_id}"]').click()
    await expect(page.locator("#case .bar")).to_be_visible()


def act(page: Page, name: str) -> Locator:
    return page.locator(f'#case [data-act="{name}"]')


def standing(page: Page) -> Locator:
    """Return where the task stands, as the page shows it."""
    return page.locator("#case .chip.strong")


async def completed(page: Page, words: str) -> None:
    """Say what was done, with a photo: by the button, or by the menu where there is none."""
    if not await act(page, "completion").count():
        await act(page, "more").click()
        await page.locator("dialog.sheet").get_by_role("button", name="办结").click()
    else:
        await act(page, "completion").click()
    sheet = page.locator("dialog.sheet:has(textarea)")
    await sheet.locator("textarea").fill(words)
    await sheet.locator("input[type=file]").last.set_input_files([A_PHOTO])
    await expect(sheet.locator("img.shot")).to_have_count(1)
    await sheet.locator(".bar button").click()
    await expect(sheet).to_have_count(0)


async def told(city: City, case_id: str, kind: str) -> list[dict[str, Any]]:
    """Return what the log says of one kind about a case, with effect or without."""
    answer = await city.ask("GET", "console", f"/cases/{case_id}/timeline", by="operator-02", params={"limit": 200})
    return [one for one in answer.json()["items"] if one["type"] == kind]


async def once(city: City, case_id: str, kind: str) -> dict[str, Any]:
    """Wait until something is told; return it. It must be there once."""
    found = await eventually(lambda: told(city, case_id, kind), 60)
    assert [one["effective"] for one in found] == [True], found
    return found[0]
