"""The phone of people in the field, in a real browser: what was done is sent once, whatever happens meanwhile."""

import time

from playwright.async_api import expect

from deploy.browser import sign_in
from tests.browser.city import City
from tests.browser.people import People
from tests.browser.phones import A_PHOTO, LOST, act, completed, lamp, once, opened, phone, standing, told
from tests.eventually import it_holds
from tests.facts import GAS

NEAR = {"latitude": 30.0221, "longitude": 104.0203}


async def test_a_task_is_taken_on_begun_and_done_with_a_photo(city: City, person: People):
    case_id, worker = await lamp(city, "路灯不亮")
    page = await phone(person, worker)
    await opened(page, case_id)
    await act(page, "acceptance").click()
    await act(page, "on_way").click()
    await expect(standing(page)).to_have_text("已出发")
    await act(page, "start").click()
    await expect(standing(page)).to_have_text("处置中")
    await completed(page, "已更换灯泡")
    await city.in_status(case_id, "completed")
    await expect(page.locator(f'a.errand[data-id="{case_id}"]')).to_have_count(0)
    done = await once(city, case_id, "work.completed")
    assert done["facts"]["outcome"] == "已更换灯泡"
    assert len(done["facts"]["media"]) == 1
    assert not done["late"]  # it went out at once
    assert "已出发" in (await once(city, case_id, "note.added"))["sentence"]


async def test_what_was_done_without_a_connection_is_shown_as_waiting_and_sent_once(city: City, person: People):
    person.allows(LOST)
    case_id, worker = await lamp(city, "三楼路灯不亮")
    page = await phone(person, worker)
    await opened(page, case_id)
    await act(page, "acceptance").click()
    await city.in_status(case_id, "accepted")
    await page.context.set_offline(True)
    await act(page, "start").click()
    await expect(standing(page)).to_have_text("处置中")
    before = time.monotonic()
    await completed(page, "灯泡已换")
    await expect(page.locator("#case .entry.waiting")).to_have_count(2)
    # the page is closed, the phone lies in a pocket, the page is opened again: still without a connection
    context = page.context
    await page.close()
    page = await context.new_page()
    await page.goto("/tasks")
    await expect(page.locator("#line")).to_contain_text("离线，数据截至")
    await expect(page.locator(".part-of-day.done a.errand")).to_contain_text("待发送")
    await expect(page.locator(".outgoing")).to_have_text("2 条待发送")
    assert (await city.seen(case_id, lambda case: True))["status"] == "accepted"
    await it_holds(lambda: time.monotonic() - before > 5, 10)  # late enough to carry its own time
    await context.set_offline(False)
    await city.in_status(case_id, "completed")
    done = await once(city, case_id, "work.completed")
    assert len(done["facts"]["media"]) == 1
    assert done["late"]
    start = await once(city, case_id, "work.started")
    assert start["at"] < done["at"]
    await expect(page.locator(".outgoing")).to_have_text("已发送")
    photo = await city.ask("GET", "console", f"/cases/{case_id}", by="operator-02")
    assert len(photo.json()["photos"]["after"]) == 1


async def test_what_is_refused_meanwhile_is_told_and_kept(city: City, person: People):
    person.allows(LOST)
    case_id, worker = await lamp(city, "二楼路灯不亮")
    page = await phone(person, worker)
    await opened(page, case_id)
    await act(page, "acceptance").click()
    await city.in_status(case_id, "accepted")
    await page.context.set_offline(True)
    await completed(page, "灯泡换好了")
    other = next(id for id in ("municipal-worker-01", "municipal-worker-02", "municipal-worker-03", "grid-worker-03") if id != worker)
    await city.act(case_id, "assignment", by="operator-02", person=other, reason="离得更近", force=True)
    await page.context.set_offline(False)
    await expect(page.locator(".outgoing.refused")).to_have_text("1 条未被接受")
    await page.goto("/tasks#waiting")
    entry = page.locator(".entry.refused")
    await expect(entry).to_contain_text("灯泡换好了")
    await expect(entry).to_contain_text("该任务由其他人员负责")
    await page.reload()
    await expect(entry).to_be_visible()
    assert await told(city, case_id, "work.completed") == []
    await entry.get_by_role("button", name="丢弃").click()
    await page.locator("dialog.sheet").get_by_role("button", name="丢弃").click()
    await expect(entry).to_have_count(0)


async def test_a_console_that_is_killed_in_the_middle_does_it_once(city: City, person: People):
    person.allows(f"{LOST}|failed: 503|status of 503")
    case_id, worker = await lamp(city, "一楼路灯不亮")
    page = await phone(person, worker)
    await opened(page, case_id)
    city.system.processes["console"].kill()
    await act(page, "acceptance").click()
    await expect(standing(page)).to_have_text("已接单")
    await act(page, "start").click()
    await expect(page.locator("#case .entry.waiting").first).to_be_visible()
    await city.in_status(case_id, "working")
    await once(city, case_id, "assignment.accepted")
    await once(city, case_id, "work.started")
    await expect(page.locator(".outgoing")).to_have_text("已发送", timeout=60_000)


async def test_the_page_opens_without_a_connection_in_the_language_that_is_read(city: City, person: People):
    person.allows(LOST)
    case_id, worker = await lamp(city, "四楼路灯不亮")
    page = await phone(person, worker)
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.locator("#line")).to_contain_text("离线，数据截至")
    await expect(page.locator(f'a.errand[data-id="{case_id}"]')).to_contain_text("四楼路灯不亮")
    await page.locator("#language").click()
    await expect(page.locator("#line")).to_contain_text("Offline, as of")
    await expect(page.locator(f'a.errand[data-id="{case_id}"]')).to_contain_text("Street light")
    await opened(page, case_id)
    await expect(page.locator("#case .leaflet-container")).to_be_visible()
    await expect(page.locator('#case a[href^="geo:"]')).to_be_visible()


async def test_who_signs_out_leaves_nothing_to_see_and_what_they_did_waits_for_them(city: City, person: People):
    person.allows(r"status of 401 .*/tasks/mine")  # asked at the very moment of signing out
    case_id, worker = await lamp(city, "五楼路灯不亮")
    page = await phone(person, worker)
    other = await page.context.new_page()
    await other.goto("/report")
    await other.evaluate("() => { navigator.locks.request('tasks-outbox', () => new Promise(() => {})); }")  # nothing can be sent
    await opened(page, case_id)
    await act(page, "acceptance").click()
    await expect(page.locator("#case .entry.waiting")).to_have_count(1)
    await page.get_by_role("link", name="退出").click()
    await expect(page.locator("dialog.sheet")).to_contain_text("还有 1 条未发送")
    await page.locator("dialog.sheet .bar button").click()
    await page.wait_for_url("**/")
    await other.close()
    await sign_in(page, "volunteer-01")
    await page.goto("/tasks")
    await expect(page.locator("#duty")).not_to_be_empty()
    await expect(page.locator(f'a.errand[data-id="{case_id}"]')).to_have_count(0)
    await expect(page.locator(".outgoing")).to_have_text("已发送")
    assert await told(city, case_id, "assignment.accepted") == []
    await sign_in(page, worker)
    await page.goto("/tasks")
    await city.in_status(case_id, "accepted")
    await once(city, case_id, "assignment.accepted")


async def test_an_emergency_that_was_handled_already_is_reported_and_recorded_in_this_order(city: City, person: People):
    person.allows(LOST)
    page = await phone(person, "grid-worker-03", permissions=["geolocation"], geolocation=NEAR)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="补录已处置的突发事件").click()
    sheet = page.locator("dialog.sheet")
    words = sheet.locator("textarea")
    await words.first.fill("厨房闻到煤气味，已关阀门")
    await sheet.locator("select").select_option(GAS)
    await sheet.get_by_role("button", name="就在我所在的位置").click()
    await expect(sheet.locator("output")).to_contain_text("30.022")
    await words.last.fill("已关闭阀门，开窗通风")
    await sheet.locator("input[type=file]").last.set_input_files([A_PHOTO])
    await expect(sheet.locator("img.shot")).to_have_count(1)
    await sheet.locator(".bar button").click()
    await expect(page.locator(".outgoing")).to_have_text("2 条待发送")
    await page.context.set_offline(False)
    await expect(page.locator(".outgoing")).to_have_text("已发送", timeout=60_000)
    await page.goto("/tasks#waiting")
    number = (await page.locator('.entry.sent[data-what="record"] .number').inner_text()).replace(" ", "")
    case = (await city.ask("GET", "console", f"/cases/{number}", by="operator-02")).json()
    assert case["status"] in ("completed", "closed")
    assert case["channel"] == "patrol"
    done = await once(city, case["id"], "work.completed")
    assert done["late"]
    assert len(done["facts"]["media"]) == 1
