"""What people in the field say of a task besides taking it, doing it and being done: by touch, and then in the log once."""

from playwright.async_api import Locator, Page, expect

from tests.browser.city import City
from tests.browser.people import People
from tests.browser.phones import act, lamp, once, opened, phone, standing

SHOP_NOISE = "06028-C"  # is looked at before it is filed
IN_G03 = {"lat": 30.0219, "lon": 104.0231}


async def chosen(page: Page, name: str) -> Locator:
    """Choose something from the menu of a task; return its form."""
    await act(page, "more").click()
    await page.get_by_role("dialog", name="More").get_by_role("button", name=name).click()
    form = page.locator("dialog.sheet:has(form)")
    await expect(form).to_be_visible()
    return form


async def sent(form: Locator, words: str = "") -> None:
    if words:
        await form.locator("textarea").fill(words)
    await form.locator(".bar button").click()
    await expect(form).to_have_count(0)


async def test_whatever_happens_on_the_way_to_the_end_is_told_from_the_phone(city: City, person: People):
    case_id, worker = await lamp(city, "路灯不亮")
    page = await phone(person, worker, "en")
    await opened(page, case_id)
    await act(page, "acceptance").click()
    form = await chosen(page, "I spoke with the resident")
    await form.get_by_text("By telephone").click()
    await sent(form, "约好下午两点")
    assert (await once(city, case_id, "resident.contacted"))["facts"]["how"] == "phone"

    form = await chosen(page, "Pause")
    await form.locator(".bar button").click()
    await expect(form.get_by_role("alert")).to_have_text("Please choose one.")
    await form.get_by_text("Parts or budget ordered").click()
    await sent(form)
    assert (await once(city, case_id, "work.paused"))["facts"]["reason"] == "parts"
    await expect(standing(page)).to_have_text("Paused")
    await act(page, "resume").click()
    await once(city, case_id, "work.resumed")

    await city.remind(case_id)
    await expect(page.locator("#case")).to_contain_text("You were reminded of this.")
    form = await chosen(page, "Explain the delay")
    await sent(form, "等待配件")
    assert (await once(city, case_id, "delay.explained"))["facts"]["text"] == "等待配件"

    form = await chosen(page, "Give it back")
    await sent(form, "灯杆不归我们管")
    await once(city, case_id, "case.returned")
    await expect(page.locator(f'a.errand[data-id="{case_id}"]')).to_have_count(0)

    await city.act(case_id, "assignment", by="operator-02", person=worker, reason="就归你们管", insist=True, force=True)
    await expect(act(page, "acceptance")).to_be_visible()
    await expect(act(page, "refusal")).to_have_count(0)
    form = await chosen(page, "Appeal")
    await sent(form, "权属在开发区")
    await once(city, case_id, "appeal.made")


async def test_what_is_not_as_it_was_said_is_told_from_the_place(city: City, person: People):
    page = await phone(person, "grid-worker-03", "en")
    nothing = await city.report(text="店铺外放音响太吵", category=SHOP_NOISE, location=IN_G03)
    await opened(page, nothing)
    await act(page, "rejection").click()
    form = page.locator("dialog.sheet:has(form)")
    await form.get_by_role("button", name="There is nothing to be seen there").click()
    await sent(form)
    await once(city, nothing, "case.rejected")

    case_id = await city.report(text="店铺音响又响了", category=SHOP_NOISE, location=IN_G03)
    await opened(page, case_id)
    await act(page, "confirmation").click()
    await sent(page.locator("dialog.sheet:has(form)"), "确实很响")
    handler = (await city.in_status(case_id, "assigned"))["assignee"]
    await city.act(case_id, "acceptance", by=handler)
    await city.act(case_id, "completion", by=handler, outcome="已劝导", media=[await city.photo()])
    await act(page, "rework").click()
    await sent(page.locator("dialog.sheet:has(form)"), "还是很响")
    assert (await once(city, case_id, "resolution.rejected"))["facts"]["reason"] == "还是很响"
