"""What the phone does while its bearer does not look: it sends what waits with the page closed, and keeps nothing confidential."""

from playwright.async_api import expect

from tests.browser.city import City
from tests.browser.people import People
from tests.browser.phones import LOST, act, lamp, once, opened, phone

VISIT = "X10302"  # confidential
SPOT = {"lat": 30.0212, "lon": 104.0203}
SECRET, FLAT = "独居老人两天没有出门", "三单元七零二室"
KEPT = """async () => {
  const rows = await new Promise((resolve, reject) => {
    const asked = indexedDB.open("gridcase-tasks");
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      const all = asked.result.transaction("kept").objectStore("kept").getAll();
      all.onsuccess = () => resolve(all.result);
    };
  });
  const answers = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) answers.push(request.url, await (await cache.match(request)).text());
  }
  return JSON.stringify([rows, answers, { ...localStorage }, { ...sessionStorage }]);
}"""  # all that a page of this place can read without a connection


async def test_what_waits_is_sent_though_the_page_is_closed(city: City, person: People):
    person.allows(LOST)
    case_id, worker = await lamp(city, "六楼路灯不亮")
    page = await phone(person, worker)
    await opened(page, case_id)
    await page.context.set_offline(True)
    await act(page, "acceptance").click()
    await expect(page.locator("#case .entry.waiting")).to_have_count(1)
    another = await page.context.new_page()  # a page that sends nothing
    await page.close()
    assert (await city.seen(case_id, bool))["status"] == "assigned"
    await another.context.set_offline(False)
    await city.in_status(case_id, "accepted")
    await once(city, case_id, "assignment.accepted")


async def test_of_a_confidential_task_the_phone_keeps_only_that_there_is_one(city: City, person: People):
    person.allows(LOST)
    case_id, worker = await city.assigned(text=SECRET, category=VISIT, location=SPOT, address=FLAT)
    page = await phone(person, worker)
    task = page.locator(f'a.errand[data-id="{case_id}"]')
    await expect(task).to_contain_text(SECRET)
    await task.click()
    await expect(page.locator("#case")).to_contain_text(FLAT)
    await page.get_by_role("button", name="返回列表").click()
    kept = await page.evaluate(KEPT)
    assert case_id in kept
    name = city.badges.city.categories[VISIT].name.zh
    assert [words for words in (SECRET, FLAT, name) if words in kept] == []
    await page.context.set_offline(True)
    await page.reload()
    await expect(page.locator("#line")).to_contain_text("离线，数据截至")
    await expect(task).to_contain_text("保密案件")
    await expect(task).not_to_contain_text(SECRET)
    await page.context.set_offline(False)
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(task).to_contain_text(SECRET)
