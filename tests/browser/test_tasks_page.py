"""The page of people in the field as it looks, is installed, and is used for looks and checks."""

import pytest
from playwright.async_api import expect

from tests.browser.city import City
from tests.browser.looks import serious, too_wide
from tests.browser.people import Lang, People
from tests.browser.phones import A_PHOTO, act, lamp, once, opened, phone, standing

SHOP_NOISE = "06028-C"  # is looked at before it is filed
SEEN: dict[str, tuple[str, str]] = {}  # the one case that is looked at in every light and language


async def test_a_look_before_filing_and_a_check_of_a_result_are_said_from_the_place(city: City, person: People):
    spot = {"lat": 30.0215, "lon": 104.0207}  # in the grid of this grid worker
    case_id = await city.report(text="店铺外放音响太吵", category=SHOP_NOISE, location=spot)
    page = await phone(person, "grid-worker-03")
    await expect(page.locator(f'a.errand[data-id="{case_id}"]')).to_contain_text("立案前核实")
    await opened(page, case_id)
    await act(page, "confirmation").click()
    sheet = page.locator("dialog.sheet")
    await sheet.get_by_role("button", name="与上报一致").click()
    await sheet.locator("input[type=file]").last.set_input_files([A_PHOTO])
    await expect(sheet.locator("img.shot")).to_have_count(1)
    await sheet.locator(".bar button").click()
    handler = (await city.in_status(case_id, "assigned"))["assignee"]
    assert len((await once(city, case_id, "note.added"))["facts"]["media"]) == 1  # the finding itself carries none
    await city.act(case_id, "acceptance", by=handler)
    await city.act(case_id, "completion", by=handler, outcome="已劝导，音响搬入店内", media=[await city.photo()])
    await expect(standing(page)).to_have_text("待核查结果")
    await expect(page.locator("#case")).to_contain_text("已劝导，音响搬入店内")
    await act(page, "verification").click()
    await sheet.get_by_role("button", name="现场核查，已处置到位").click()
    await sheet.locator(".bar button").click()
    await once(city, case_id, "resolution.verified")
    await expect(page.locator(f'a.errand[data-id="{case_id}"]')).to_have_count(0)


async def test_it_can_be_installed(city: City, person: People):
    page = await phone(person, "grid-worker-03", "en")
    link = await page.locator('link[rel="manifest"]').get_attribute("href")
    assert link == "/tasks/en.webmanifest"
    for lang, name in (("zh", "我的任务"), ("en", "My tasks")):
        manifest = (await city.ask("GET", "console", f"/tasks/{lang}.webmanifest")).json()
        assert (manifest["short_name"], manifest["scope"], manifest["display"]) == (name, "/tasks", "standalone")
        assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
        assert manifest["icons"][-1]["purpose"] == "maskable"
        for icon in manifest["icons"]:
            picture = await city.ask("GET", "console", icon["src"])
            width = int.from_bytes(picture.content[16:20], "big")  # of a PNG
            assert (picture.headers["content-type"], f"{width}x{width}") == ("image/png", icon["sizes"])
    assert "/tasks/worker.js" in await page.evaluate("navigator.serviceWorker.controller.scriptURL")
    session = await page.context.new_cdp_session(page)
    faults = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert [fault["errorId"] for fault in faults if fault["errorId"] != "in-incognito"] == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_it_can_be_used_by_everybody(city: City, person: People, lang: Lang, dark: bool):
    case_id, worker = SEEN.get("lamp") or await lamp(city, "六楼路灯不亮")
    SEEN["lamp"] = (case_id, worker)
    page = await phone(person, worker, lang, dark=dark)
    assert await serious(page) == []
    assert await too_wide(page) == []
    await opened(page, case_id)
    assert await serious(page) == []
    assert await page.evaluate(SMALL) == []
    await act(page, "refusal").click()
    assert await serious(page) == []
    await page.set_viewport_size({"width": 360, "height": 640})
    assert await too_wide(page) == []
    small: list[str] = await page.evaluate(SMALL)
    assert small == [], small


# What can be touched and is smaller than a finger.
SMALL = """() => [...document.querySelectorAll("button, a, select, textarea, input:not([type=file]):not([type=radio])")]
  .filter((one) => one.checkVisibility() && !one.closest(".skip, .unseen") && !one.matches(".skip"))
  .filter((one) => { const { width, height } = one.getBoundingClientRect(); return height < 47.5 || width < 40; })
  .map((one) => one.outerHTML.slice(0, 90))"""
