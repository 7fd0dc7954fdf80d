"""The wall, in a real browser: it shows the figures of the API, leads to the cases behind them, and says when it is out of date."""

import csv
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.city import City
from tests.browser.looks import serious, too_wide
from tests.browser.people import Lang, People
from tests.facts import GAS, LAMP, NOISE

SPOT, THERE = {"lat": 30.0212, "lon": 104.0203}, {"lat": 30.0005, "lon": 104.0105}
GRID = "G03"  # of SPOT; of a whole city a list shows a hundred cases at first
VIOLENCE, WATER = "X10204", "Y05-01"  # always confidential; the water utility's
SPAN = """async (period) => {
  const { span } = await import("/static/wall-asked.js");
  return span({ period, from: "2026-02-10", to: "2026-02-12" });
}"""
SHANGHAI, DAY = ZoneInfo("Asia/Shanghai"), 86_400
LATER_MS = 60_000  # until a console that was killed answers again


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def busy(city: City) -> City:
    """A city in which something has happened: five noises, three of them in one grid, a lamp, and some that are urgent."""
    await city.assigned(text="楼上太吵", category=NOISE, location=SPOT)
    for text, category, place in (
        ("又太吵", NOISE, THERE),
        ("楼下太吵", NOISE, SPOT),
        ("对门太吵", NOISE, SPOT),
        ("路灯不亮", LAMP, SPOT),
        ("闻到煤气", GAS, THERE),
        ("邻居打人", VIOLENCE, SPOT),
        ("水管爆了", WATER, THERE),
    ):
        await city.report(text=text, category=category, location=place)
    case_id, worker = await city.assigned(text="深夜太吵", category=NOISE, location={"lat": 30.0312, "lon": 104.0303})
    await city.act(case_id, "acceptance", by=worker)
    await city.at_rest()
    return city


async def told(city: City, path: str, by: str = "manager-01") -> Any:
    answer = await city.ask("GET", "console", path, by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed_by(city: City, path: str, by: str = "manager-01") -> list[Any]:
    """Return all cases of a list, page by page."""
    items: list[Any] = []
    onward = ""
    while True:
        part = await told(city, f"{path}&limit=200{onward}", by)
        items += part["items"]
        if part["next"] is None:
            return items
        onward = f"&cursor={part['next']}"


async def number_of(page: Page, figure: str) -> str:
    return (await page.locator(f'[data-figure-of="{figure}"] .big').inner_text()).strip()


async def ready(page: Page) -> Page:
    await expect(page.locator('[data-figure-of="open"] .big')).to_be_visible()
    await expect(page.locator("#panel-where .table").locator("tbody tr, .empty").first).to_be_attached()
    return page


async def wall(person: People, who: str = "manager", at: str = "/wall", lang: Lang = "en", width: int = 1600, **more: Any) -> Page:
    return await ready(await person(who, lang, width, 1000, at=at, **more))


async def table(page: Page, panel: str) -> list[list[str]]:
    """Return the cells of a panel's table as they are read."""
    rows: list[list[str]] = await page.locator(f"#panel-{panel} .table tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim()))"
    )
    return rows


async def saved(page: Page, button: str, folder: Path) -> list[list[str]]:
    """Return the lines of the file that a button hands out."""
    async with page.expect_download() as waiting:
        await page.locator(button).click()
    path = folder / "file.csv"
    await (await waiting.value).save_as(path)
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines()))


async def test_the_figures_are_those_of_the_api(busy: City, person: People):
    page = await wall(person)
    figures = (await told(busy, "/api/stats"))["figures"]
    assert figures["open"] >= 7
    for figure in ("open", "overdue", "reported", "closed"):
        assert await number_of(page, figure) == str(figures[figure])
    response = next(one for one in figures["rates"] if one["rate"] == "response")
    shown = await page.locator('[data-figure-of="response_rate"]').inner_text()
    assert f"{response['numerator']} of {response['denominator']}" in shown
    assert await number_of(page, "satisfaction_rate") == "no value", "nobody has said anything yet"
    by_unit = (await told(busy, "/api/stats/by/department"))["items"]
    names = {item["values"][0]["name"]: str(item["figures"]["open"]) for item in by_unit}
    assert {row[0]: row[1] for row in await table(page, "who")} == names


async def test_a_number_leads_to_exactly_the_cases_that_it_counts(busy: City, person: People):
    page = await wall(person, "operator", f"/wall?grid={GRID}")
    row = page.locator("#panel-what tbody tr").filter(has=page.get_by_role("rowheader", name="Noise"))
    counted = int((await row.locator("td").first.inner_text()).strip())
    await row.locator("td a").first.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator("#cases-count")).to_contain_text(f"{counted} cases")
    listed = await dialog.locator("tbody th").all_inner_texts()
    groups = {item["values"][0]["name"]: item["values"][0]["key"] for item in (await told(busy, "/api/stats/by/group"))["items"]}
    cases = await listed_by(busy, f"/cases?open=true&grid={GRID}&group={groups['Noise']}", "operator-01")
    assert len(listed) == counted >= 3
    assert sorted(listed) == sorted(case["number"] for case in cases)
    await expect(dialog.get_by_role("link", name=listed[0])).to_have_attribute("href", f"/desk?case={listed[0]}")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page).not_to_have_url(re.compile("list="))


async def test_it_says_how_many_confidential_cases_are_counted_and_not_listed(busy: City, person: People):
    page = await wall(person, "manager", f"/wall?grid={GRID}")
    await page.locator('[data-figure-of="open"] .big a').click()
    counted = (await told(busy, f"/api/stats?grid={GRID}"))["figures"]["open"]
    listed = len(await listed_by(busy, f"/cases?open=true&grid={GRID}"))
    assert listed < counted
    await expect(page.locator("#cases-count")).to_contain_text(f"{counted} counted, {listed} listed")
    await expect(page.get_by_role("dialog").locator("tbody tr")).to_have_count(listed)


async def test_filters_stand_in_the_address_and_come_back_with_it(busy: City, person: People):
    page = await wall(person)
    everything = await number_of(page, "open")
    await page.locator("select[name=grade]").select_option("emergency")
    await expect(page.locator('[data-figure-of="open"] .big')).not_to_have_text(everything)
    emergencies = str((await told(busy, "/api/stats?grade=emergency"))["figures"]["open"])
    await expect(page.locator('[data-figure-of="open"] .big')).to_have_text(emergencies)
    await expect(page).to_have_url(re.compile("grade=emergency"))
    await page.reload()
    await expect(page.locator('[data-figure-of="open"] .big')).to_have_text(emergencies)
    await expect(page.locator("select[name=grade]")).to_have_value("emergency")
    await page.go_back()
    await expect(page.locator('[data-figure-of="open"] .big')).to_have_text(everything)
    await page.goto("/wall?period=all&street=street-1&show=rates&trend=times&every=week")
    await expect(page.locator("select[name=area]")).to_have_value("street=street-1")


async def test_a_period_is_compared_with_the_one_before_up_to_the_same_hour(busy: City, person: People):
    page = await wall(person)
    now: float = await page.evaluate("async () => (await import('/static/core.js')).now()")
    today, march, february = (datetime(2026, *day, tzinfo=SHANGHAI).timestamp() for day in ((3, 2), (3, 1), (2, 1)))
    for period, begin, before in (("today", today, today - DAY), ("7d", today - 6 * DAY, today - 13 * DAY), ("month", march, february)):
        span = await page.evaluate(SPAN, period)
        assert (span["after"], span["before"], span["prior"]["after"]) == (begin, None, before)
        assert span["prior"]["before"] - before == pytest.approx(now - begin, abs=60)
    last, some = await page.evaluate(SPAN, "last-month"), await page.evaluate(SPAN, "days")
    assert (last["after"], last["before"], last["prior"]["before"]) == (february, march, february)
    assert (some["before"] - some["after"], some["prior"]["before"] - some["prior"]["after"]) == (3 * DAY, 3 * DAY)
    assert (await page.evaluate(SPAN, "all"))["prior"] is None


async def test_a_file_holds_what_the_table_shows(busy: City, person: People, tmp_path: Path):
    page = await wall(person)
    shown = await table(page, "who")
    head, *lines = await saved(page, "#panel-who .tools button:has-text('CSV')", tmp_path)
    assert head[:4] == ["Key", "Department", "Open (cases)", "Overdue (cases)"]
    assert [[line[1], line[2], line[3]] for line in lines] == [[row[0], row[1], row[2]] for row in shown]
    whole = await saved(page, "#wall-tools button:has-text('CSV')", tmp_path)
    titles = [line[0] for line in whole if len(line) == 1]
    assert {"By unit", "By area", "By type", "Trend", "The figures at a glance", "Map of the grids"} <= set(titles)
    assert ["open", "Open", (await number_of(page, "open"))] in [line[:3] for line in whole]


async def test_a_unit_sees_its_own_figures_and_is_told_so(busy: City, person: People):
    page = await wall(person, "unit")
    unit = (await told(busy, "/api/stats/by/department", "water-worker-01"))["items"]
    await expect(page.locator("#own-unit")).to_contain_text("Water utility")
    await expect(page.locator("#scope")).to_contain_text("its own unit only")
    own = (await told(busy, "/api/stats", "water-worker-01"))["figures"]
    assert 0 < own["open"] < (await told(busy, "/api/stats"))["figures"]["open"]
    assert await number_of(page, "open") == str(own["open"])
    assert [row[0] for row in await table(page, "who")] == [item["values"][0]["name"] for item in unit]


async def test_who_may_not_see_cases_sees_figures_without_links(busy: City, person: People):
    page = await wall(person, "admin")
    await expect(page.locator("a.to-cases")).to_have_count(0)
    await expect(page.locator("#panel-recurring")).to_be_hidden()


async def test_whoever_has_no_use_for_it_is_told_whom_it_is_for(person: People):
    page = await person("resident", "en", at="/wall")
    await expect(page.get_by_role("heading", name="Not for this account")).to_be_visible()


async def test_every_figure_is_explained_by_one_click(busy: City, person: People):
    page = await wall(person)
    meanings = {one["figure"]: one["text"] for one in await told(busy, "/api/stats/definitions")}
    for figure in ("overdue", "times.response", "rates.satisfaction"):
        await page.locator(f'#panel-numbers .define[data-figure="{figure}"]').click()
        await expect(page.locator("#definition")).to_contain_text(meanings[figure])
        await page.keyboard.press("Escape")
        await expect(page.locator("#definition")).to_be_hidden()


async def test_the_chart_has_a_table_and_the_map_a_legend(busy: City, person: People):
    page = await wall(person)
    await expect(page.locator("#panel-trend canvas").first).to_be_visible(timeout=LATER_MS)
    await expect(page.locator("#panel-heat .legend")).to_contain_text("Open cases")
    await page.locator("#panel-trend .tools button", has_text="Table").click()
    rows = await table(page, "trend")
    series = (await told(busy, "/api/stats/series"))["items"]
    assert rows[-1][1] == str(series[-1]["figures"]["reported"])
    await page.locator("#panel-heat .tools button", has_text="Table").click()
    grids = {item["values"][0]["name"]: item["figures"]["open"] for item in (await told(busy, "/api/stats/by/grid"))["items"]}
    assert {row[0]: int(row[1]) for row in await table(page, "heat") if row[1] != "0"} == {
        name: count for name, count in grids.items() if count and name != "not placed yet"
    }


async def test_the_large_screen_has_a_clock_and_goes_on_by_a_key(busy: City, person: People):
    page = await wall(person, at="/wall?screen=1", width=1920)
    await expect(page.locator("#clock")).to_be_visible()
    await expect(page.locator("#filters")).to_be_hidden()
    await expect(page.locator("#panel-trend")).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#panel-who")).to_be_visible()
    await expect(page.locator("#panel-trend")).to_be_hidden()
    await page.keyboard.press("Escape")
    await expect(page.locator("#filters")).to_be_visible()


async def test_the_large_screen_turns_over_by_itself(busy: City, person: People):
    page = await person("manager", "en", 1920, 1000)
    await page.clock.install()
    await page.goto("/wall?screen=1&rotate=panels")
    await ready(page)
    body, told = page.locator("body"), []
    for scene in ("trend", "tables", "trend", "tables", "trend", "tables", "rates", "trend"):
        await expect(body).to_have_attribute("data-scene", scene)
        told.append((scene, page.url))
        await page.clock.fast_forward(20_000)
    assert len(set(told[:-1])) == len(told) - 1, "the same part came twice before all had been there"


async def test_it_says_that_it_is_out_of_date_while_the_console_is_away_and_recovers(busy: City, person: People):
    person.allows("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|503|Failed to fetch dynamically")
    page = await wall(person)
    await expect(page.locator("#panel-heat .legend")).to_be_visible()
    busy.system.processes["console"].kill()
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.locator("#state")).to_contain_text("What you see is of")
    await expect(page.locator('[data-figure-of="open"] .big')).to_be_visible()
    await expect(page.locator("#state")).to_be_hidden(timeout=LATER_MS)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("width", "at"), [(360, "/wall"), (2560, "/wall"), (2560, "/wall?screen=1")])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_it_can_be_used_by_everybody_at_every_width(busy: City, person: People, lang: Lang, width: int, at: str, dark: bool):
    page = await wall(person, at=at, lang=lang, width=width, dark=dark)
    await expect(page.locator("#panel-heat .legend")).to_be_attached()
    await expect(page.locator("#panel-trend canvas").first).to_be_attached(timeout=LATER_MS)
    assert await serious(page) == []
    assert await too_wide(page) == []
    if at == "/wall":
        await page.locator('[data-figure-of="open"] .big a').click()
        await expect(page.get_by_role("dialog").locator("tbody tr").first).to_be_visible()
        assert await serious(page) == []
        assert await too_wide(page) == []
