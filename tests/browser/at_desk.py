"""What people do at the dispatch desk, by the words and keys of the page."""

from contextlib import suppress

from playwright.async_api import Locator, Page, TimeoutError, expect

from tests.browser.people import Lang
from tests.browser.words import saying
from tests.eventually import eventually


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
