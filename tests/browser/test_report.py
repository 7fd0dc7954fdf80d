"""The report form in a real browser: on a phone, in both languages, with photos and the map, offline, and tapped twice."""

import re
from random import randrange
from typing import Any

import pytest
from playwright.async_api import FilePayload, Page, Route, expect

from tests.browser.city import City
from tests.browser.looks import serious, too_wide
from tests.browser.people import Lang, People
from tests.deployment import unique
from tests.eventually import eventually
from tests.facts import LAMP
from tests.pictures import encoded, pattern

SPOT = {"lat": 30.0212, "lon": 104.0203}
HERE = {"latitude": SPOT["lat"], "longitude": SPOT["lon"]}
NUMBER = re.compile(r"\d{3} \d{4} \d{4}")
WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "here": "我的位置",
        "what": "是什么问题？",
        "where": "或用文字说明：街道、楼栋、旁边有什么",
        "send": "提交",
        "see": "查看办理进展",
    },
    "en": {
        "here": "Where I am",
        "what": "What is the matter?",
        "where": "Or in words: street, house, what is next to it",
        "send": "Send the report",
        "see": "See what becomes of it",
    },
}


def photo(name: str = "lamp.jpg") -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": encoded(pattern(2600, 1900))}


async def opened(page: Page, path: str = "/report") -> None:
    await page.goto(path)
    await expect(page.locator("#report[data-ready]")).to_be_visible()


async def the_case(city: City, page: Page) -> dict[str, Any]:
    """Return the case whose number the page shows."""
    number = (await page.locator("#sent strong").inner_text()).strip()
    assert NUMBER.fullmatch(number)

    async def found() -> dict[str, Any] | None:
        answer = await city.ask("GET", "console", f"/cases/{number.replace(' ', '')}", by="operator-02")
        return answer.json() if answer.is_success else None

    return await eventually(found) or {}


async def of_text(city: City, text: str) -> list[dict[str, Any]]:
    found = await city.ask("GET", "console", "/cases", by="operator-02", params={"text": text})
    assert found.is_success, found.text
    return [case for case in found.json()["items"] if case["text"] == text]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_somebody_reports_on_a_phone_with_a_photo_and_the_map(city: City, person: People, lang: Lang):
    words = WORDS[lang]
    page = await person.visitor(lang, 390, 844, touch=True, permissions=["geolocation"], geolocation=HERE)
    await opened(page)
    await page.locator("#files").set_input_files([photo(), photo("again.jpg")])
    await expect(page.locator("#photos li.done")).to_have_count(2)
    await page.locator("#photos .off").last.tap()
    await expect(page.locator("#photos li")).to_have_count(1)
    await page.get_by_role("button", name=words["here"]).tap()
    await expect(page.locator("#map .pin.here")).to_be_visible()
    await expect(page.locator("#placed")).to_contain_text("柳林第1网格" if lang == "zh" else "Willow")
    await page.get_by_role("textbox", name=words["what"]).fill(f"路灯不亮 {lang}: the street lamp is out")
    await expect(page.locator("#guess select")).to_be_visible()
    await expect(page.get_by_role("button", name=words["send"])).to_be_in_viewport()
    await page.get_by_role("button", name=words["send"]).tap()
    case = await the_case(city, page)
    assert case["location"] == SPOT
    assert case["channel"] == "web"
    link = page.get_by_role("link", name=words["see"])
    assert re.fullmatch(rf"/public/{case['number'].replace(' ', '')}#key=[\w-]+", await link.get_attribute("href") or "")
    await expect(page.locator("#sent .due")).to_be_visible()
    whole = (await city.ask("GET", "console", f"/cases/{case['id']}", by="operator-02")).json()
    assert len(whole["photos"]["before"]) == 1
    await link.tap()
    await expect(page.locator("#acts form.adding")).to_be_visible()
    await expect(page).not_to_have_url(re.compile("#"))


async def test_two_taps_make_one_case(city: City, person: People):
    page = await person.visitor("en", 390, 844, touch=True)
    await opened(page)
    text = unique("Two taps: a bench is broken in the park ")
    await page.get_by_role("textbox", name=WORDS["en"]["what"]).fill(text)
    await page.get_by_role("textbox", name=WORDS["en"]["where"]).fill("In the park, next to the pond")
    await page.evaluate("() => { const form = document.getElementById('report'); form.requestSubmit(); form.requestSubmit(); }")
    await expect(page.locator("#sent")).to_be_visible()
    await eventually(lambda: of_text(city, text))
    assert len(await of_text(city, text)) == 1


async def test_an_answer_that_got_lost_is_asked_for_again_and_makes_no_second_case(city: City, person: People):
    page = await person.visitor("en")
    await opened(page)
    text = unique("The answer got lost: a pane is broken at the bus stop ")
    await page.get_by_role("textbox", name=WORDS["en"]["what"]).fill(text)
    await page.get_by_role("textbox", name=WORDS["en"]["where"]).fill("Bus stop at the market")
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        await route.fetch()
        await route.abort()

    person.allows("ERR_FAILED")
    await page.route("**/do/intake/reports", lose, times=1)
    await page.get_by_role("button", name=WORDS["en"]["send"]).click()
    await expect(page.locator("#state")).to_contain_text("It is not certain that it arrived")
    assert lost == 1
    await page.reload()
    await expect(page.locator("#state")).to_contain_text("It is not certain that it arrived")
    await page.get_by_role("button", name=WORDS["en"]["send"]).click()
    await expect(page.locator("#sent")).to_be_visible()
    assert len(await eventually(lambda: of_text(city, text))) == 1


async def test_what_was_written_offline_is_kept_with_its_photo_and_sent_when_asked_again(city: City, person: People):
    page = await person.visitor("en", 390, 844, touch=True)
    await opened(page)
    await page.context.set_offline(True)
    person.allows("ERR_INTERNET_DISCONNECTED")
    text = "Written offline: the swing is broken"
    await page.get_by_role("textbox", name=WORDS["en"]["what"]).fill(text)
    await page.get_by_role("textbox", name=WORDS["en"]["where"]).fill("Playground behind the school")
    await page.locator("#files").set_input_files(photo())
    await expect(page.locator("#photos li")).to_have_count(1)
    await page.get_by_role("button", name=WORDS["en"]["send"]).tap()
    await expect(page.locator("#state")).to_contain_text("There is no connection")
    await page.context.set_offline(False)
    await opened(page)
    await expect(page.get_by_role("textbox", name=WORDS["en"]["what"])).to_have_value(text)
    await expect(page.locator("#photos li")).to_have_count(1)
    await page.get_by_role("button", name=WORDS["en"]["send"]).tap()
    case = await the_case(city, page)
    assert (case["text"], case["address"], len(case["photos"]["before"])) == (text, "Playground behind the school", 1)
    await opened(page)
    await expect(page.get_by_role("textbox", name=WORDS["en"]["what"])).to_have_value("")
    await expect(page.locator("#photos li")).to_have_count(0)


async def test_danger_says_at_once_whom_to_call(person: People, city: City):
    page = await person.visitor("en")
    await opened(page)
    await page.get_by_role("textbox", name=WORDS["en"]["what"]).fill("I smell gas in the stairwell, it is getting stronger")
    await expect(page.get_by_role("alert").filter(has_text="119")).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_what_is_missing_is_said_at_its_field(city: City, person: People, lang: Lang):
    page = await person.visitor(lang)
    await opened(page)
    await page.get_by_role("button", name=WORDS[lang]["send"]).click()
    await expect(page.locator("#fault-text")).to_be_visible()
    await expect(page.locator("#fault-place")).to_be_visible()
    await page.get_by_role("textbox", name=WORDS[lang]["what"]).fill("路灯不亮")
    await expect(page.locator("#fault-text")).to_be_hidden()
    await page.get_by_role("textbox", name=WORDS[lang]["where"]).fill("河沿路1号")
    await page.locator("#contact summary").click()
    await page.locator("#phone").fill("12")
    await page.get_by_role("button", name=WORDS[lang]["send"]).click()
    said = "这不是有效的电话号码。" if lang == "zh" else "This is not a telephone number that can be called."
    await expect(page.locator("#fault-phone")).to_have_text(said)
    await expect(page.locator("#phone")).to_be_focused()


async def test_is_it_one_of_these(city: City, person: People):
    spot = {"lat": 30.0008 + randrange(20_000) / 1e6, "lon": 104.0309}
    text = unique("两盏路灯都不亮，整条路漆黑 ")
    first = await city.report(text=text, category=LAMP, location=spot)
    number = (await city.in_status(first, "triaged", "assigned"))["number"]
    page = await person.visitor("zh", permissions=["geolocation"], geolocation={"latitude": spot["lat"], "longitude": spot["lon"]})
    await opened(page)
    await page.get_by_role("button", name=WORDS["zh"]["here"]).click()
    field = page.get_by_role("textbox", name=WORDS["zh"]["what"])
    await field.fill(text)
    offered = page.locator("#similar li").filter(has_text=f"{number[:3]} {number[3:7]} {number[7:]}")
    await expect(offered).to_be_visible()
    await page.get_by_role("button", name="不是，是另一件").click()
    await expect(page.locator("#similar")).to_be_hidden()
    async with page.expect_response("**/do/triage/assessments"):
        await field.fill(text + "。")
    await expect(page.locator("#similar")).to_be_hidden()
    await page.reload()
    await offered.get_by_role("button", name="是这一件").click()
    await expect(page.locator("#same")).to_contain_text(number[7:])
    async with page.expect_request("**/do/intake/reports") as sent:
        await page.get_by_role("button", name=WORDS["zh"]["send"]).click()
    report: Any = (await sent.value).post_data_json
    assert report["same_as"] == number
    case = await the_case(city, page)
    await city.seen(case["id"], lambda seen: seen["into"] == first)


async def test_without_scripts_there_is_a_telephone_number(person: People):
    page = await person.visitor("en", java_script_enabled=False)
    await page.goto("/report")
    await expect(page.get_by_role("alert")).to_contain_text("Demo district service desk, telephone 12345")
    await expect(page.locator("#report")).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 2560])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_it_can_be_used_by_everybody_at_every_width(city: City, person: People, lang: Lang, width: int, dark: bool):
    page = await person.visitor(lang, width, dark=dark, permissions=["geolocation"], geolocation=HERE)
    await opened(page)
    await page.locator("#files").set_input_files(photo())
    await page.get_by_role("button", name=WORDS[lang]["here"]).click()
    await expect(page.locator("#map .pin.here")).to_be_visible()
    await page.get_by_role("textbox", name=WORDS[lang]["what"]).fill("The street lamp is out, and I smell gas 闻到煤气味")
    await expect(page.locator("#guess")).to_be_visible()
    await page.locator("#contact summary").click()
    await page.locator("#phone").fill("12")
    await page.get_by_role("button", name=WORDS[lang]["send"]).click()
    await expect(page.locator("#fault-phone")).to_be_visible()
    assert await serious(page) == []
    assert await too_wide(page) == []
    await page.locator("#phone").fill("")
    await page.get_by_role("button", name=WORDS[lang]["send"]).click()
    await expect(page.locator("#sent")).to_be_visible()
    assert await serious(page) == []
    assert await too_wide(page) == []
