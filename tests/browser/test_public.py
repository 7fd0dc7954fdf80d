"""The public page in a real browser: lists and filters, the story of one case, and what can be done with and without its key."""

import re
from functools import partial
from random import randrange
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.city import City
from tests.browser.looks import serious, too_wide
from tests.browser.people import Lang, People
from tests.eventually import eventually
from tests.facts import LAMP, NOISE
from tests.pictures import encoded, pattern

SPOT = {"lat": 30.0212, "lon": 104.0203}
VIOLENCE, GARBAGE = "X10204", "06010"


def somewhere() -> dict[str, float]:
    """Return a place in grid G03 where nothing else is reported: lamps that are near one another are one case."""
    return {"lat": round(30.0205 + randrange(4_000) / 1e6, 6), "lon": round(104.0180 + randrange(6_000) / 1e6, 6)}


def digits(number: str) -> str:
    return re.sub(r"\D", "", number)


async def reported(city: City, **body: Any) -> tuple[str, str]:
    """Report something that is then listed in public; return the case and the digits of its number."""
    shown = await city.filed(somewhere, **{"text": "垃圾没人清", "category": GARBAGE, **body})
    case_id, number = str(shown["id"]), shown["number"]

    async def listed() -> bool:
        found = await city.ask("GET", "console", "/public/cases.json", params={"limit": "1000"})
        return number in {digits(one["number"]) for one in found.json()["items"]}

    await eventually(listed)
    return case_id, digits(number)


async def finished(city: City) -> tuple[str, str, str]:
    """Let a case be done; return it, its number and the key of whoever reported it."""
    case_id = (await city.filed(somewhere, text="路灯不亮", category=LAMP))["id"]
    worker = (await city.in_status(case_id, "assigned"))["assignee"]
    await city.act(case_id, "acceptance", by=worker)
    await city.act(case_id, "start", by=worker)
    await city.act(case_id, "completion", by=worker, outcome="换了灯泡", media=[await city.photo()])
    shown = await city.in_status(case_id, "completed")
    return case_id, digits(shown["number"]), city.keys[case_id]


async def withdrawn(city: City, number: str) -> bool:
    """Whether the public page tells that the report was taken back."""
    return bool((await city.ask("GET", "console", f"/public/cases/{number}.json")).json()["status"] == "withdrawn")


def item(page: Page, number: str) -> Any:
    return page.locator(f'#results a[href="/public/{number}"]')


async def test_filters_stay_in_the_address_and_leave_what_fits(city: City, person: People):
    _, garbage = await reported(city)
    _, noise = await reported(city, text="楼上太吵", category=NOISE)
    page = await person.visitor("en")
    await page.goto("/public")
    await expect(item(page, garbage)).to_be_visible()
    await expect(item(page, noise)).to_be_visible()
    await page.get_by_role("combobox", name="What it is about").select_option("noise")
    await expect(item(page, garbage)).to_have_count(0)
    await expect(item(page, noise)).to_be_visible()
    await expect(page).to_have_url(re.compile("group=noise"))
    await page.get_by_role("combobox", name="Where").select_option("G03")
    await page.wait_for_url(re.compile("grid=G03"))
    await expect(item(page, noise)).to_be_visible()
    await page.reload()
    await expect(item(page, noise)).to_be_visible()
    await expect(page.get_by_role("combobox", name="What it is about")).to_have_value("noise")
    await page.get_by_role("link", name=re.compile("^Dealt with")).click()
    await page.wait_for_url(re.compile("show=done"))
    await expect(item(page, noise)).to_have_count(0)
    await expect(page).to_have_url(re.compile("group=noise"))


async def test_the_map_stands_beside_the_list_and_a_home_is_not_on_it(city: City, person: People):
    _, garbage = await reported(city, location={"lat": 30.0152, "lon": 104.0452})
    page = await person.visitor("en", 1280)
    await page.goto("/public?group=sanitation")
    await expect(page.locator("#map .pin").first).to_be_visible()
    await expect(item(page, garbage)).to_be_visible()
    await page.goto("/public?group=noise")
    await reported(city, text="楼上太吵", category=NOISE)
    await page.reload()
    await expect(page.locator("#results .cases li").first).to_be_visible()
    await expect(page.locator("#map.leaflet-container")).to_be_visible()
    await expect(page.locator("#map .pin")).to_have_count(0)


async def test_on_a_phone_the_map_is_loaded_when_it_is_asked_for(city: City, person: People):
    await reported(city)
    page = await person.visitor("en", 390, 844, touch=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto("/public")
    await expect(page.locator("#show-map")).to_be_visible()
    assert [url for url in asked if "leaflet" in url] == []
    await page.locator("#show-map").tap()
    await expect(page.locator("#map .pin").first).to_be_visible()


async def test_near_me_the_nearest_stand_first(city: City, person: People):
    _, close = await reported(city, location={"lat": 30.0008, "lon": 104.0012})
    page = await person.visitor("en", permissions=["geolocation"], geolocation={"latitude": 30.0008, "longitude": 104.0012})
    await page.goto("/public")
    await page.get_by_role("button", name="Near me").click()
    await page.wait_for_url(re.compile("near=30.001"))
    await expect(page.locator("#results .cases a").first).to_have_attribute("href", f"/public/{close}")


async def test_a_number_leads_to_its_case_in_whatever_groups_it_is_written(city: City, person: People):
    _, number = await reported(city)
    page = await person.visitor("zh")
    await page.goto("/public")
    await page.get_by_role("textbox", name="案件编号").fill(f"{number[:3]} {number[3:7]}-{number[7:]}")
    await page.get_by_role("button", name="查询").click()
    await page.wait_for_url(f"**/public/{number}")
    await expect(page.get_by_role("heading", level=1)).to_have_text("暴露垃圾")
    await page.goto("/public")
    await page.get_by_role("textbox", name="案件编号").fill("12345")
    await page.get_by_role("button", name="查询").click()
    await expect(page.get_by_role("alert")).to_contain_text("编号有误")


async def test_without_scripts_lists_and_stories_can_be_read(city: City, person: People):
    _, number = await reported(city)
    page = await person.visitor("en", java_script_enabled=False)
    await page.goto("/public?group=sanitation")
    await item(page, number).click()
    await expect(page.locator(".story li").first).to_contain_text("Somebody reported it.")


async def test_a_case_is_followed_and_shows_what_is_new(city: City, person: People):
    case_id, number = await reported(city)
    page = await person.visitor("en")
    await page.goto(f"/public/{number}")
    await expect(page.locator("#case[data-ready]")).to_be_visible()
    await page.get_by_role("button", name="Follow it").click()
    await expect(page.get_by_role("button", name="Followed")).to_be_visible()
    await page.goto("/public")  # else it would see what is new by itself
    await city.act(case_id, "withdrawal", by="resident", reason="好了")
    await eventually(partial(withdrawn, city, number))
    await page.goto("/public?show=mine")
    mine = page.locator("#mine li").filter(has_text=f"{number[:3]} {number[3:7]} {number[7:]}")
    await expect(mine).to_contain_text("followed")
    await expect(mine.locator(".new")).to_have_text(re.compile(r"new: [1-3]"))
    await mine.get_by_role("link").click()
    await expect(page.locator("#case[data-ready]")).to_be_visible()
    await page.goto("/public?show=mine")
    await expect(mine).to_be_visible()
    await expect(mine).to_contain_text("Withdrawn")
    await expect(mine.locator(".new")).to_have_count(0)


async def test_what_happened_while_a_case_was_opened_is_shown(city: City, person: People):
    case_id, number = await reported(city)
    page = await person.visitor("en")

    async def late(route: Route) -> None:
        """Let the case be withdrawn between the page and its first question of what is new."""
        await city.act(case_id, "withdrawal", by="resident", reason="好了")
        await eventually(partial(withdrawn, city, number))
        await route.continue_()

    await page.route("**/public/cases/*.json", late, times=1)
    await page.goto(f"/public/{number}")
    await expect(page.locator("#case .head .status")).to_have_text("Withdrawn", timeout=10_000)
    await expect(page.locator("#case .story li").last).to_contain_text("took it back")


async def test_without_a_key_nobody_rates_but_everybody_may_report_the_same(city: City, person: People):
    _, number, _ = await finished(city)
    page = await person.visitor("en")
    await page.goto(f"/public/{number}")
    await expect(page.locator("#acts")).to_contain_text("Open the link that you were given then")
    await expect(page.locator("#acts form")).to_have_count(0)
    await page.get_by_role("link", name="I see the same problem").click()
    await expect(page.locator("#same")).to_contain_text(f"{number[:3]} {number[3:7]} {number[7:]}")


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_with_the_key_of_the_link_somebody_says_that_it_is_not_solved(city: City, person: People, lang: Lang):
    case_id, number, key = await finished(city)
    page = await person.visitor(lang, 390, 844, touch=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"/public/{number}#key={key}")
    await expect(page.locator("#acts form.rating")).to_be_visible()
    await expect(page).not_to_have_url(re.compile("#"))
    assert [url for url in asked if key in url.split("#")[0]] == []
    await page.locator(".yes-no label").last.tap()
    await page.locator("form.rating button.primary").tap()
    await expect(page.locator("form.rating .fault")).to_be_visible()
    await page.locator(".stars label").nth(1).tap()
    await page.locator("form.rating button.primary").tap()
    await city.in_status(case_id, "accepted")
    await expect(page.locator("#case .head .status")).to_contain_text("处理人员已接单" if lang == "zh" else "A handler has taken it on")
    await page.reload()
    await expect(page.locator("#acts form.adding")).to_be_visible()


async def test_with_the_key_somebody_adds_words_and_a_photo(city: City, person: People):
    case_id, number, key = await finished(city)
    page = await person.visitor("en")
    await page.goto(f"/public/{number}#key={key}")
    form = page.locator("#acts form.adding")
    await form.locator("textarea").fill("It flickers again in the evening")
    picture = encoded(pattern(2400, 1800))
    await form.locator('input[type="file"]').set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture})
    await expect(form.locator("li img")).to_be_visible()
    await form.get_by_role("button", name="Add it").click()
    await expect(page.get_by_text("It was added.")).to_be_visible()
    shown = await city.seen(case_id, lambda case: len(case["photos"]["before"]) == 1)
    assert shown["photos"]["before"][0]["step"] == "supplement"
    await expect(page.get_by_text("It flickers again")).to_have_count(0)


async def test_of_a_confidential_case_the_page_tells_the_status_alone(city: City, person: People):
    case_id = await city.report(text="邻居家里有人打人", category=VIOLENCE, location=SPOT)
    shown = await city.in_status(case_id, "triaged", "assigned")
    page = await person.visitor("en")
    await page.goto(f"/public/{digits(shown['number'])}")
    await expect(page.locator(".head")).to_contain_text("This report is confidential")
    await expect(page.locator(".story, #photos, .facts")).to_have_count(0)
    await page.goto("/public?group=protection")
    await expect(page.locator("#results")).to_contain_text("There is nothing here.")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 2560])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_it_can_be_used_by_everybody_at_every_width(city: City, person: People, lang: Lang, width: int, dark: bool):
    _, number, key = await finished(city)
    page = await person.visitor(lang, width, dark=dark)
    for path, ready in (
        ("/public", "#results .cases li"),
        ("/public?show=published", "#results > *"),
        (f"/public/{number}#key={key}", "#acts form.rating"),
        ("/public?show=mine", "#mine li"),
        ("/public/38204719964", "h1"),
    ):
        person.allows("status of 422")
        await page.goto(path)
        await expect(page.locator(ready).first).to_be_visible()
        assert await serious(page) == [], path
        assert await too_wide(page) == [], path
