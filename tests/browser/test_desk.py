"""The dispatch desk, in a real browser: live, by keyboard, in both languages, by several at once."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.at_desk import filed, line, offered, ready, spot, word
from tests.browser.city import City
from tests.browser.people import Lang, People
from tests.facts import GAS, LAMP, NOISE

UNPLACED = "路边有东西坏了，请处理一下"  # no rule can say what this is about


async def sought(page: Page, text: str) -> None:
    await page.get_by_role("searchbox").fill(text)


# -- the list


async def test_what_is_due_next_is_on_top_and_told_in_words(city: City, person: People):
    mine = word()
    await filed(city, text=f"路灯不亮 {mine}", category=LAMP)
    await filed(city, text=f"闻到煤气味 {mine}", category=GAS)
    page = await ready(await person("operator", "en"), f"/desk?q={mine}")
    lines = page.get_by_role("option")
    await expect(lines).to_have_count(2)
    await expect(lines.first).to_contain_text("Gas leak")
    await expect(lines.first).to_contain_text("emergency")
    await expect(lines.first).to_contain_text(re.compile(r"G\d\d"))
    await expect(lines.first).to_contain_text("offered")
    await expect(lines.first.locator(".due")).to_have_text(re.compile(r"\d+ (min|s|h)"))
    await expect(lines.nth(1)).to_have_attribute("aria-posinset", "2")


async def test_filters_stand_in_the_address_and_the_way_back_works(city: City, person: People):
    mine = word()
    await filed(city, text=f"路灯不亮 {mine}", category=LAMP)
    await filed(city, text=f"闻到煤气味 {mine}", category=GAS)
    page = await ready(await person("operator", "en"), f"/desk?q={mine}")
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.get_by_role("button", name=re.compile("^Emergency")).click()
    await expect(page.get_by_role("option")).to_have_count(1)
    await expect(page).to_have_url(re.compile("grade=emergency"))
    await page.get_by_role("button", name=re.compile("^Status")).click()
    await page.get_by_role("menuitemcheckbox", name=re.compile("^Offered")).click()
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(re.compile("status=assigned"))
    await page.reload()
    await expect(page.get_by_role("option")).to_have_count(1)
    await expect(page.get_by_role("button", name=re.compile("^Emergency"))).to_have_attribute("aria-pressed", "true")
    await page.go_back()
    await page.go_back()
    await expect(page.get_by_role("option")).to_have_count(2)
    other = await ready(await person("operator", "zh"), f"/desk?q={mine}&grade=emergency")
    await expect(other.get_by_role("option")).to_have_count(1)


async def test_whoever_is_sent_a_link_signs_in_and_sees_what_was_filtered(city: City, person: People):
    page = await person.visitor("en")
    await page.goto("/desk?grade=emergency&q=nothing")
    await page.locator('button[name="account"][value="operator-02"]').dispatch_event("click")
    await page.wait_for_url("**/desk?grade=emergency&q=nothing")


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_search_finds_in_both_languages(city: City, person: People, lang: Lang):
    mine = word()
    case_id = await filed(city, text=f"楼上太吵 {mine}", category=NOISE, address="河沿路1号")
    shown = await city.seen(case_id, bool)
    number, grid = shown["number"], shown["grid"].lower()
    page = await ready(await person("operator", lang))
    for text in (
        mine,
        f"噪声 {mine}",
        f"noise {mine}",
        f"河沿路 {mine}",
        f"{grid} {mine}",
        number,
        f"{number[:3]} {number[3:7]} {number[7:]}",
    ):
        await sought(page, text)
        await expect(page.get_by_role("option")).to_have_count(1)
        await expect(line(page, mine)).to_be_visible()
    await sought(page, f"{mine} nowhere")
    await expect(page.get_by_role("option")).to_have_count(0)


async def test_closed_cases_are_found_too(city: City, person: People):
    mine = word()
    case_id = await filed(city, text=f"不归我们管 {mine}", category=NOISE)
    await city.in_status(case_id, "assigned", "triaged")
    await city.act(case_id, "rejection", by="operator-02", reason="重复来电")
    await city.in_status(case_id, "rejected")
    page = await ready(await person("operator", "en"), f"/desk?q={mine}")
    await expect(page.get_by_role("option")).to_have_count(0)
    await page.get_by_role("button", name="Search closed cases too").click()
    await page.get_by_role("dialog").get_by_role("button").filter(has_text=mine).click()
    await expect(page.locator("#panel")).to_contain_text("rejected")
    await expect(page.locator("#panel > section .story")).to_contain_text("重复来电")


async def test_new_cases_come_by_themselves_and_nothing_jumps(city: City, person: People):
    mine = word()
    for n in range(3):
        await filed(city, text=f"路灯不亮 {mine} {n}", category=LAMP)
    page = await ready(await person("operator", "en"), f"/desk?q={mine}")
    await expect(page.get_by_role("option")).to_have_count(3)
    await page.keyboard.press("j")
    chosen = page.locator(".line.cursor")
    text, before = await chosen.locator(".words").inner_text(), await chosen.bounding_box()
    await filed(city, text=f"闻到煤气味 {mine}", category=GAS)
    await expect(page.get_by_role("alert").filter(has_text="Gas leak")).to_have_count(1)
    await expect(page.get_by_role("button", name="1 new above")).to_be_visible(timeout=2_000)
    assert await chosen.locator(".words").inner_text() == text
    assert await chosen.bounding_box() == before
    await page.get_by_role("button", name="1 new above").click()
    await expect(line(page, "Gas leak")).to_be_in_viewport()


async def test_a_lost_connection_is_told_and_comes_back_by_itself(city: City, person: People):
    person.allows("ERR_INTERNET_DISCONNECTED|Failed to load resource")
    mine = word()
    page = await ready(await person("operator", "en"), f"/desk?q={mine}")
    await page.context.set_offline(True)
    await expect(page.locator("#link")).to_contain_text("Connection lost")
    await filed(city, text=f"路灯不亮 {mine}", category=LAMP)
    await page.context.set_offline(False)
    await expect(line(page, mine)).to_be_visible()
    await expect(page.locator("#link")).to_contain_text(re.compile("Connected again|Live"))


# -- the case


async def test_from_the_list_to_an_assigned_case_by_keyboard_alone(city: City, person: People):
    mine = word()
    case_id, before = await offered(city, text=f"楼上太吵 {mine}", category=NOISE)
    page = await ready(await person("operator", "en"))
    await page.keyboard.press("/")
    await page.keyboard.type(mine)
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator("#panel h2")).to_contain_text("Noise")
    await page.keyboard.press("a")
    await expect(page.get_by_role("radio").first).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    case = await city.seen(case_id, lambda shown: shown["status"] == "assigned" and shown["assignee"] != before)
    await expect(page.locator("#panel .facts")).to_contain_text(re.compile(r"\d\d"))
    assert case["assignee"] != before
    await expect(page.locator("#panel > section .story li").first).to_contain_text("Offered to")
    await page.keyboard.press("Escape")
    await expect(page.locator("#panel")).to_be_hidden()
    await expect(page.locator("#list")).to_be_focused()


async def test_a_report_that_nobody_could_place_is_filed_by_one_click_on_what_it_may_be(city: City, person: People):
    mine = word()
    case_id = await city.report(text=f"{UNPLACED} {mine}", location=spot())
    page = await ready(await person("operator", "en"), f"/desk?case={case_id}")
    panel = page.locator("#panel")
    await expect(panel.get_by_text("What it may be")).to_be_visible()
    await panel.get_by_role("button", name="File as this").first.click()
    await city.in_status(case_id, "triaged", "assigned")
    await expect(panel.locator("section .story")).to_contain_text("Corrected to")


async def test_a_conflict_tells_what_happened_meanwhile_and_keeps_what_was_typed(city: City, person: People):
    mine = word()
    case_id, worker = await offered(city, text=f"楼上太吵 {mine}", category=NOISE)
    page = await ready(await person("operator", "en"), f"/desk?case={case_id}")
    await expect(page.locator("#panel h2")).to_be_visible()
    await page.keyboard.press("t")
    asking = page.get_by_role("dialog")
    await asking.get_by_label("To which unit").select_option("property")
    await asking.get_by_label("Reason").fill("typed with care")
    await city.act(case_id, "acceptance", by=worker)
    await expect(asking.get_by_role("alert")).to_contain_text("Accepted")
    await expect(asking.get_by_label("Reason")).to_have_value("typed with care")
    await asking.get_by_role("button", name="Send anyway").click()
    await expect(asking).to_have_count(0)
    case = await city.seen(case_id, lambda shown: shown["department"] == "property")
    assert case["department"] == "property"
    await expect(page.locator("#panel > section .story")).to_contain_text("typed with care")


async def test_what_happens_to_an_open_case_is_told_beside_it(city: City, person: People):
    mine = word()
    case_id, worker = await offered(city, text=f"楼上太吵 {mine}", category=NOISE)
    page = await ready(await person("operator", "en"), f"/desk?case={case_id}")
    await expect(page.locator("#panel h2")).to_be_visible()
    await city.act(case_id, "acceptance", by=worker)
    await expect(page.locator("#panel .notice")).to_contain_text("Accepted")
    await page.get_by_role("button", name="Seen").click()
    await expect(page.locator("#panel .notice")).to_have_count(0)
    noted = await city.ask("POST", "dispatch", f"/cases/{case_id}/notes", by=worker, json={"text": "门口没人"})
    assert noted.status_code == 200  # a note makes no new version of the case
    await expect(page.locator("#panel .notice")).to_contain_text("门口没人")
    await expect(page.locator("#panel > section .story")).to_contain_text("门口没人")


async def test_faults_are_shown_at_their_fields(city: City, person: People):
    case_id, _ = await offered(city, text=f"楼上太吵 {word()}", category=NOISE)
    page = await ready(await person("operator", "en"), f"/desk?case={case_id}")
    await expect(page.locator("#panel h2")).to_be_visible()
    await page.keyboard.press("n")
    asking = page.get_by_role("dialog")
    await asking.get_by_role("button", name="Note").click()
    await expect(asking.get_by_label("For colleagues")).to_have_attribute("aria-invalid", "true")
    await expect(asking.get_by_text("This is needed.")).to_be_visible()
    await asking.get_by_label("For colleagues").fill("seen")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#panel > section .story")).to_contain_text("Note: seen")


async def test_several_cases_at_once_are_told_one_by_one(city: City, person: People):
    mine = word()
    cases = [await filed(city, text=f"路灯不亮 {mine} {n}", category=LAMP) for n in range(3)]
    page = await ready(await person("operator", "en"), f"/desk?q={mine}")
    await expect(page.get_by_role("option")).to_have_count(3)
    await page.keyboard.press("j")
    await page.keyboard.press("Shift+ArrowDown")
    await page.keyboard.press("Shift+ArrowDown")
    await expect(page.get_by_text("3 cases selected")).to_be_visible()
    await page.locator("#many").get_by_role("button", name="Transfer").click()
    asking = page.get_by_role("dialog")
    await asking.get_by_label("To which unit").select_option("property")
    await asking.get_by_label("Reason").fill("together")
    await page.route(f"**/do/dispatch/cases/{cases[0]}/transfer", gone_stale)
    await asking.get_by_role("button", name="Do this with 3 cases").click()
    await expect(asking.get_by_text("2 of 3 done")).to_be_visible()
    await expect(asking.get_by_role("listitem")).to_contain_text("The case has changed since you looked.")
    await asking.get_by_role("button", name="Close").click()
    await expect(page.get_by_text("1 case selected")).to_be_visible()
    for case_id in cases[1:]:
        assert (await city.seen(case_id, lambda shown: shown["department"] == "property"))["department"] == "property"


async def gone_stale(route: Route) -> None:
    """Send a request on as of a version that is long past."""
    await route.continue_(headers={**route.request.headers, "if-match": '"1"'})


async def test_list_and_map_show_the_same_cases(city: City, person: People):
    mine = word()
    case_id = await filed(city, text=f"路灯不亮 {mine}", category=LAMP)
    page = await ready(await person("operator", "en"), f"/desk?q={mine}")
    await expect(page.get_by_role("option")).to_have_count(1)
    await expect(page.locator(".pin")).to_have_count(1)
    await page.locator(".pin").click()
    await expect(page.locator("#panel h2")).to_contain_text("light")
    await expect(page.locator(".pin.chosen")).to_have_count(1)
    await expect(page).to_have_url(re.compile(f"case={case_id}"))
    await page.get_by_role("button", name="List", exact=True).click()
    await expect(page.locator("#map")).to_be_hidden()
    await expect(page).to_have_url(re.compile("map=0"))


async def test_a_unit_sees_its_own_cases_and_is_offered_what_it_may_do(city: City, person: People):
    mine = word()
    lamp = await filed(city, text=f"路灯不亮 {mine}", category=LAMP)
    await filed(city, text=f"楼上太吵 {mine}", category=NOISE)
    unit = (await city.seen(lamp, bool))["department"]
    head = next(id for id, post in city.badges.city.staff.items() if post.department == unit and post.role == "unit_head")
    page = await ready(await person(head, "en"), f"/desk?q={mine}&case={lamp}")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.locator("#panel summary", has_text="More").click()
    await expect(page.locator("#panel").get_by_role("button", name="Assign").first).to_be_visible()
    await expect(page.locator("#panel").get_by_role("button", name="Transfer")).to_be_visible()
    await expect(page.locator("#panel").get_by_role("button", name="Reject")).to_have_count(0)
