"""One case from the report to the public page, each step on the page of whoever does it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.at_desk import asked, opened, sent
from tests.browser.city import City, everything
from tests.browser.hands import Hands, hands
from tests.browser.people import Lang, People
from tests.browser.scenes import broken, mended
from tests.browser.words import beginning, picture, saying
from tests.deployment import MONDAY
from tests.facts import LAMP

HERE = {"zh": {"latitude": 30.0123, "longitude": 104.0205}, "en": {"latitude": 30.0141, "longitude": 104.0232}}  # one lamp each
OPERATOR = "operator-02"
REPAIRERS = ("municipal-worker-02", "municipal-worker-04")  # on duty on Monday morning
VAGUE = {"zh": "它又坏了，请看看照片", "en": "It is broken again, see the photo"}  # nobody can file this without looking
PHONE: dict[str, Any] = {"width": 390, "height": 844, "touch": True}
OBJECTIONS_END = timedelta(hours=73)


@dataclass(frozen=True)
class Town:
    """A system of its own, whose clock can be put forward."""

    city: City
    clock: Hands


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("story")
    async with hands(folder / "clock", MONDAY) as clock, everything(folder, {"GRIDCASE_CLOCK_FILE": str(folder / "clock")}) as city:
        yield Town(city, clock)


@pytest.fixture(scope="module")
def city(town: Town) -> City:
    return town.city


async def reported(page: Page, lang: Lang) -> str:
    """Report something with a photo and the position of the device; return the digits of the number."""
    say = saying(lang)
    await page.goto("/report")
    await page.locator("#report[data-ready]").wait_for()
    await page.get_by_label(say("Choose photos")).set_input_files(picture(broken()))
    await page.get_by_role("button", name=say("Where I am")).click()
    await expect(page.get_by_text(beginning("The place is marked: {place}", lang))).to_be_visible()
    await page.get_by_role("textbox", name=say("What is the matter?")).fill(VAGUE[lang])
    await page.get_by_role("button", name=say("Send the report")).click()
    number = page.get_by_role("heading", name=say("Your number")).locator(".number")
    return "".join((await number.inner_text()).split())


def having(panel: Locator, city: City, who: str, lang: Lang) -> Locator:
    """Return where the panel says that somebody has the case."""
    return panel.get_by_role("definition").filter(has_text=getattr(city.badges.city.staff[who].title, lang)).first


async def handled(page: Page, lang: Lang, case_id: str) -> None:
    """Do the task on the phone, from accepting it to the photo of the result."""
    say = saying(lang)
    task = page.locator(f'a[data-id="{case_id}"]')
    await expect(task).to_contain_text(VAGUE[lang])
    await task.click()
    for act in ("Accept", "On my way", "Start work"):
        await page.get_by_role("button", name=say(act), exact=True).click()
        await expect(page.get_by_text(say("Sent.")).first).to_be_visible()
    await page.get_by_role("button", name=say("Work done"), exact=True).click()
    form = page.get_by_role("dialog")
    await form.get_by_label(say("What was done")).fill("换了灯头" if lang == "zh" else "The lamp head is new")
    await form.get_by_label(say("Choose photos")).set_input_files(picture(mended()))
    await form.get_by_role("button", name=say("Work done"), exact=True).click()
    await expect(form).to_be_hidden()


async def filed_and_sent(page: Page, lang: Lang, city: City, panel: Locator, number: str) -> str:
    """Classify the case, see it offered to somebody, and give it to somebody else; return to whom."""
    say = saying(lang)
    await expect(panel.get_by_text(VAGUE[lang], exact=True)).to_be_visible()
    await expect(panel.get_by_role("figure", name=say("Before")).get_by_role("img").first).to_be_visible()
    form = await asked(page, "c")
    await form.get_by_label(say("Type"), exact=True).select_option(LAMP)
    await sent(form)
    offered = (await city.in_status(number, "assigned", within=30))["assignee"]
    await expect(having(panel, city, offered, lang)).to_be_visible()
    repairer = next(one for one in REPAIRERS if one != offered)
    form = await asked(page, "a")
    await form.get_by_label(say("Somebody else")).select_option(repairer)
    await form.get_by_label(beginning("Reason", lang)).fill("离得近" if lang == "zh" else "Nearest")
    await sent(form)
    await expect(having(panel, city, repairer, lang)).to_be_visible()
    return repairer


async def checked(page: Page, lang: Lang, panel: Locator) -> None:
    """See on the open panel that it is done, and confirm it."""
    say = saying(lang)
    await expect(panel.get_by_role("figure", name=say("After")).get_by_role("img").first).to_be_visible()
    form = await asked(page, "v")
    await form.get_by_label(say("What was seen")).fill("亮了" if lang == "zh" else "It shines")
    await sent(form)


async def rated(page: Page, lang: Lang) -> None:
    """Say on the public page that it is solved, and how content one is."""
    say = saying(lang)
    for words in (say("Yes, it is solved"), say("{n} of 5", n=5)):
        await page.locator("label").filter(has=page.get_by_label(words)).click()
    await page.get_by_role("button", name=say("Say so")).click()
    await expect(page.get_by_text(say("Thank you for saying so."))).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_case_goes_from_the_report_to_the_public_page(town: Town, city: City, person: People, lang: Lang):
    say = saying(lang)
    resident = await person.visitor(lang, **PHONE, geolocation=HERE[lang], permissions=["geolocation"])
    number = await reported(resident, lang)
    case_id = str((await city.seen(number, bool))["id"])
    operator = await person(OPERATOR, lang, at="/desk")
    panel = await opened(operator, lang, number)
    repairer = await filed_and_sent(operator, lang, city, panel, number)
    worker = await person(repairer, lang, **PHONE, at="/tasks")
    await handled(worker, lang, case_id)
    await checked(operator, lang, panel)
    await resident.get_by_role("link", name=say("See what becomes of it")).click()
    await expect(resident.get_by_role("heading", level=1)).to_have_text(getattr(city.badges.city.categories[LAMP].name, lang))
    await rated(resident, lang)
    [rating] = [event for event in await city.effective("case.rated") if event.case_id == case_id]
    assert (rating.model_dump()["solved"], rating.model_dump()["score"]) == (True, 5)
    town.clock.forward(OBJECTIONS_END)
    await city.in_status(number, "closed", within=60)
    await resident.reload()
    outcome = city.badges.city.categories[LAMP].outcome
    await expect(resident.get_by_text(getattr(outcome, lang)).first).to_be_visible()
