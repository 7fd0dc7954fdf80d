"""The phone of people in the field, in a real browser: what was done is sent once, whatever happens to the connection, the page, the city."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.city import City
from tests.browser.looks import serious, too_wide
from tests.browser.people import Lang, People
from tests.eventually import eventually, it_holds
from tests.facts import GAS, LAMP, NOISE
from tests.pictures import encoded, pattern

SPOT = {"lat": 30.0212, "lon": 104.0203}
FAR = count(1)  # cases of one type must lie apart, or they are one case
NEAR = {"latitude": 30.0221, "longitude": 104.0203}  # 100 m from there
LOST = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION_REFUSED|Failed to fetch"
READY = "async () => Boolean(navigator.serviceWorker.controller && await caches.match('/tasks/shell/en'))"
A_PHOTO: Any = {"name": "photo.jpg", "mimeType": "image/png", "buffer": encoded(pattern())}


async def lamp(city: City, text: str) -> tuple[str, str]:
    """Report a lamp where no other test does; return the case and who is asked to take it."""
    n = next(FAR)
    return await city.assigned(text=text, category=LAMP, location={"lat": 30.002 + 0.003 * (n // 10), "lon": 104.002 + 0.003 * (n % 10)})


async def phone(person: People, who: str, lang: Lang = "zh", **more: Any) -> Page:
    """Return the page of somebody on a phone, once it can be opened without a connection."""
    page = await person(who, lang, 390, 844, touch=True, at="/tasks", **more)
    await eventually(lambda: page.evaluate(READY), 30)
    return page


async def opened(page: Page, case_id: str) -> None:
    await page.locator(f'a.errand[data-id="{case_id}"]').click()
    await expect(page.locator("#case .bar")).to_be_visible()


def act(page: Page, name: str) -> Any:
    return page.locator(f'#case [data-act="{name}"]')


async def completed(page: Page, words: str) -> None:
    """Say what was done, with a photo: by the button, or by the menu where there is none."""
    if await act(page, "completion").count():
        await act(page, "completion").click()
    else:
        await act(page, "more").click()
        await page.locator("dialog.sheet").get_by_role("button", name="办结").click()
    sheet = page.locator("dialog.sheet:has(textarea)")
    await sheet.locator("textarea").fill(words)
    await sheet.locator("input[type=file]").last.set_input_files([A_PHOTO])
    await expect(sheet.locator("img.shot")).to_have_count(1)
    await sheet.locator(".bar button").click()
    await expect(sheet).to_have_count(0)


async def told(city: City, case_id: str, kind: str) -> list[dict[str, Any]]:
    """Return what the log says of one kind about a case, with effect or without."""
    answer = await city.ask("GET", "console", f"/cases/{case_id}/timeline", by="operator-02", params={"limit": 200})
    return [one for one in answer.json()["items"] if one["type"] == kind]


async def once(city: City, case_id: str, kind: str) -> dict[str, Any]:
    """Wait until something is told; return it. It must be there once."""
    found = await eventually(lambda: told(city, case_id, kind), 20)
    assert len(found) == 1 and found[0]["effective"], found
    return found[0]


async def test_a_task_is_taken_on_begun_and_done_with_a_photo(city: City, person: People):
    case_id, worker = await lamp(city, "路灯不亮")
    page = await phone(person, worker)
    await opened(page, case_id)
    await act(page, "acceptance").click()
    await act(page, "on_way").click()
    await expect(page.locator("#case .chip.strong")).to_have_text("已出发")
    await act(page, "start").click()
    await expect(page.locator("#case .chip.strong")).to_have_text("处置中")
    await completed(page, "已更换灯泡")
    await city.in_status(case_id, "completed")
    await expect(page.locator(f'a.errand[data-id="{case_id}"]')).to_have_count(0)
    done = await once(city, case_id, "work.completed")
    assert done["facts"]["outcome"] == "已更换灯泡" and len(done["facts"]["media"]) == 1
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
    await expect(page.locator("#case .chip.strong")).to_have_text("处置中")
    before = datetime.now(UTC)
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
    await it_holds(lambda: datetime.now(UTC) - before > timedelta(seconds=5), 10)  # late enough to carry its own time
    await context.set_offline(False)
    await city.in_status(case_id, "completed")
    done = await once(city, case_id, "work.completed")
    assert len(done["facts"]["media"]) == 1 and done["late"]
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
    await expect(entry).to_contain_text(re.compile("由其他人员负责|其他"))
    await page.reload()
    await expect(entry).to_be_visible()
    assert await told(city, case_id, "work.completed") == []
    await entry.get_by_role("button", name="丢弃").click()
    await page.locator("dialog.sheet").get_by_role("button", name="丢弃").click()
    await expect(entry).to_have_count(0)
