"""What an operator does with a case, by the table of actions of the desk itself: its key or its button, its form, and the answer."""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.at_desk import sent
from tests.browser.people import People
from tests.eventually import eventually
from tests.pictures import encoded, pattern

TABLE = """async () => (await import("/static/desk-actions.js")).ACTIONS.map(({ id, key, fields }) => ({
  id, key, fields: fields.map(({ name, kind, of }) => ({ name, kind, of })),
}))"""
PHOTO = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": encoded(pattern())}


class Acting:
    """Somebody at the desk with one case open. `did` are the actions that were taken, in their order."""

    def __init__(self, page: Page, table: Mapping[str, Any], did: set[str]) -> None:
        self.page, self.table, self.did = page, table, did
        self.panel = page.locator("#panel")

    async def does(self, action: str, **values: Any) -> None:
        """Take an action, once it is offered, and fill in its form; its key is used if it has one."""
        offered = self.panel.locator(f'.actions [data-name="{action}"]')
        await expect(offered).to_have_count(1)
        fields = {one["name"]: one for one in self.table[action]["fields"]}
        if fields:
            await self.begins(action, offered)
            form = self.page.locator("dialog.asking")
            for name, value in values.items():
                await fill(form.locator(f'[id^="{name}-"]').first, fields[name], value)
            await sent(form)
        else:
            await eventually(partial(self.at_once, action, offered), 60)
        self.did.add(action)

    async def begins(self, action: str, offered: Locator) -> None:
        key = self.table[action].get("key")
        if key:
            await self.page.keyboard.press(key)
        else:
            if not await offered.is_visible():
                await self.panel.locator("summary", has_text="More").click()
            await offered.click()

    async def at_once(self, action: str, offered: Locator) -> bool:
        """Take an action without a form; where the case has changed just now the page says so, and one takes it once more."""
        await self.begins(action, offered)
        with suppress(AssertionError):
            await expect(offered).to_have_count(0, timeout=3_000)
        return await offered.count() == 0

    async def reads(self, text: str) -> None:
        """See that something stands in the story of the case."""
        await expect(self.panel.locator("section .story").last).to_contain_text(text)


async def fill(node: Locator, field: Mapping[str, Any], value: Any) -> None:
    match field["kind"]:
        case "choice":
            await node.get_by_role("radio").nth([one for one, _ in field["of"]].index(value)).check()
        case "candidate":
            await node.get_by_label("Somebody else").select_option(value)
        case "photos":
            await node.set_input_files(value)
        case "yes":
            await node.check()
        case "text" | "case" | "time":
            await node.fill(value)
        case _:
            await node.select_option(value)


async def acting(person: People, who: str, case_id: str, did: set[str]) -> Acting:
    """Return somebody who has just opened a case at the desk."""
    page = await person(who, "en", at=f"/desk?case={case_id}")
    await expect(page.locator("#panel h2")).to_be_visible()
    return Acting(page, {one["id"]: one for one in await page.evaluate(TABLE)}, did)
