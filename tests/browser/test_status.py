"""The status page, in a real browser."""

import pytest
from playwright.async_api import expect

from tests.browser.city import City
from tests.browser.looks import serious, too_wide
from tests.browser.people import Lang, People
from tests.facts import NOISE

SPOT = {"lat": 30.0212, "lon": 104.0203}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 2560])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_it_can_be_used_by_everybody_at_every_width(city: City, person: People, lang: Lang, width: int, dark: bool):
    await city.assigned(text="楼上太吵", category=NOISE, location=SPOT)
    page = await person("operator", lang, width, dark=dark, at="/")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hans" if lang == "zh" else "en")
    await expect(page.get_by_role("row").filter(has_text="楼上太吵").first).to_be_visible()
    assert await serious(page) == []
    assert await too_wide(page) == []


async def test_nobody_sees_figures_but_no_cases(city: City, person: People):
    await city.assigned(text="楼上太吵", category=NOISE, location=SPOT)
    page = await person.visitor("en")
    await page.goto("/")
    await expect(page.get_by_role("link", name="Sign in to see cases")).to_be_visible()
    await expect(page.get_by_text("楼上太吵")).to_have_count(0)
