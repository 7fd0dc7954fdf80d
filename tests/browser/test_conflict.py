"""Two operators with one case in front: whoever is second is told what the first has done, and loses nothing that was written."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.at_desk import asked, opened, sent
from tests.browser.city import City
from tests.browser.people import Lang, People
from tests.browser.words import saying
from tests.facts import NOISE

SPOT = {"lat": 30.0212, "lon": 104.0203}
OPERATOR, OTHER = "operator-02", "operator-04"


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_an_operator_hears_while_writing_what_another_did_meanwhile(city: City, person: People, lang: Lang):
    say = saying(lang)
    case_id, _ = await city.assigned(text="楼上太吵", category=NOISE, location=SPOT)
    number = str((await city.seen(case_id, bool))["number"])
    page = await person(OPERATOR, lang, at="/desk")
    await opened(page, lang, number)
    form = await asked(page, "r")
    await form.get_by_label(say("Reason")).fill("不归城市管")
    await city.act(case_id, "assignment", by=OTHER, person="grid-worker-01", reason="熟悉", force=True)
    await expect(form.get_by_text(say("The case has just changed."))).to_be_visible()
    await expect(form.get_by_role("alert").get_by_text("熟悉").first).to_be_visible()
    await expect(form.get_by_label(say("Reason"))).to_have_value("不归城市管")
    await expect(form.get_by_role("button", name=say("Send anyway"))).to_be_enabled()
    await page.keyboard.press("Escape")
    await expect(form).to_be_hidden()


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_two_operators_act_at_once_and_the_second_is_told_what_the_first_did(city: City, person: People, lang: Lang):
    say = saying(lang)
    case_id, _ = await city.assigned(text="楼上太吵", category=NOISE, location=SPOT)
    number = str((await city.seen(case_id, bool))["number"])
    first, second = await person(OTHER, lang, at="/desk"), await person(OPERATOR, lang, at="/desk")
    for page in (first, second):
        await opened(page, lang, number)
    await deaf(second)  # the second one has not heard of it yet
    late, early = await asked(second, "r"), await asked(first, "t")
    await late.get_by_label(say("Reason")).fill("不归城市管")
    await early.get_by_label(say("To which unit")).select_option("property")
    await early.get_by_label(say("Reason")).fill("物业的事")
    await early.get_by_role("button", name=say("Transfer"), exact=True).click()
    await expect(early).to_be_hidden()
    await late.get_by_role("button", name=say("Reject"), exact=True).click()
    await expect(late.get_by_text(say("The case has changed while you had it in front."))).to_be_visible()
    await expect(late.get_by_role("alert").get_by_text("物业的事")).to_be_visible()
    await expect(late.get_by_label(say("Reason"))).to_have_value("不归城市管")
    assert [fact for fact in await city.effective("case.rejected") if fact.case_id == case_id] == []
    await sent(late)
    await city.in_status(case_id, "rejected", within=30)


async def deaf(page: Page) -> None:
    """Let the desk hear of no change from now on: its questions are never answered, and the last one that is has been."""
    held = asyncio.Event()

    async def hold(_: Route) -> None:
        held.set()

    await page.route("**/desk/changes?*", hold)
    await held.wait()
