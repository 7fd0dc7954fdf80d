"""A walk through all pages in both languages: everything is said in the language of the page, but for what people wrote."""

import re
from collections.abc import AsyncIterator, Callable, Iterable

import pytest
from playwright.async_api import Page, expect

from services.console.pages.catalogue import chinese
from tests.browser.city import City
from tests.browser.people import Lang, People
from tests.browser.words import saying
from tests.facts import LAMP, NOISE

SPOT = {"lat": 30.0212, "lon": 104.0203}
OPERATOR = "operator-02"
WROTE = ("楼上夜里太吵", "The lamp flickers at night", "河沿路1号", "已上门劝说", "熟悉这一带")
HAN = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")  # two words that follow one another
# Returns all that a person can see or hear, but for parts in another language.
HARVEST = """() => {
  const own = document.documentElement.lang.slice(0, 2);
  const found = [document.title];
  const foreign = (node) => { const part = node.closest("[lang]"); return part && part.lang.slice(0, 2) !== own; };
  for (const node of document.querySelectorAll("body, body *")) {
    if (node.matches("script, style, noscript, template") || foreign(node)) continue;
    for (const name of ["title", "aria-label", "placeholder", "alt", "label"]) found.push(node.getAttribute(name) ?? "");
    for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE && child.data.trim()) found.push(child.data.trim());
  }
  return [...new Set(found)].filter(Boolean);
}"""
Walk = Callable[[Page, Lang, str], AsyncIterator[str]]


async def status(page: Page, lang: Lang, number: str) -> AsyncIterator[str]:
    await page.goto("/")
    yield "the page"


async def report(page: Page, lang: Lang, number: str) -> AsyncIterator[str]:
    say = saying(lang)
    await page.goto("/report")
    await page.locator("#report[data-ready]").wait_for()
    yield "the empty form"
    await page.get_by_role("button", name=say("Send the report")).click()
    await expect(page.locator("#fault-text")).to_be_visible()
    yield "what is missing"
    await page.get_by_role("textbox", name=say("What is the matter?")).fill("楼上太吵" if lang == "zh" else "Noise from upstairs at night")
    await page.get_by_role("button", name=say("Show it on the map")).click()
    await page.locator("#map").click()
    await expect(page.locator("#guess")).to_be_visible()
    yield "the filled form"


async def desk(page: Page, lang: Lang, number: str) -> AsyncIterator[str]:
    say = saying(lang)
    await page.goto("/desk")
    await expect(page.locator("#list .line").first).to_be_visible()
    yield "the list"
    await page.keyboard.press("?")
    yield "the keys"
    await page.keyboard.press("Escape")
    await page.get_by_label(say("Search open cases")).fill(number)
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.get_by_role("option").click()
    await expect(page.get_by_role("group", name=say("What can be done"))).to_be_visible()
    await page.evaluate("for (const one of document.querySelectorAll('#panel details')) one.open = true")
    await expect(page.locator("#panel .skeleton")).to_have_count(0)
    yield "a case"
    await page.locator("#list").focus()
    for key in "cateni":
        await page.keyboard.press(key)
        await expect(page.get_by_role("dialog")).to_be_visible()
        yield f"the form of {key}"
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)


async def tasks(page: Page, lang: Lang, number: str) -> AsyncIterator[str]:
    await page.goto("/tasks")
    await expect(page.locator("a.errand").first).to_be_visible()
    yield "the list"
    await page.locator("a.errand").filter(has_text=WROTE[0]).first.click()
    await expect(page.locator("#case")).to_be_visible()
    yield "a task"
    await page.locator("#case [data-act=more]").click()
    yield "what else can be done"
    await page.keyboard.press("Escape")
    await page.goto("/tasks#waiting")
    yield "what waits"


async def public(page: Page, lang: Lang, number: str) -> AsyncIterator[str]:
    for show in ("open", "overdue", "done", "published", "mine"):
        await page.goto(f"/public?show={show}")
        yield show
    await page.goto(f"/public/{number}")
    await expect(page.locator("#acts button").first).to_be_visible()
    yield "a case"
    await page.goto("/public/12345678901")
    yield "no case"


async def wall(page: Page, lang: Lang, number: str) -> AsyncIterator[str]:
    await page.goto("/wall")
    await expect(page.locator('[data-figure-of="open"] .big')).to_be_visible()
    await expect(page.locator(".panel .skeleton")).to_have_count(0)
    yield "the figures"


WALKS: dict[str, tuple[str | None, Walk]] = {
    "status": (OPERATOR, status),
    "report": (None, report),
    "desk": (OPERATOR, desk),
    "tasks": ("{worker}", tasks),
    "public": (None, public),
    "wall": ("manager", wall),
}


async def written(city: City) -> list[str]:
    """Return what people have written in any case, the longest first."""
    found, cursor = set(WROTE), dict[str, str]()
    while True:
        page = (await city.ask("GET", "console", "/cases", by=city.badges.observer, params={"limit": "200", **cursor})).json()
        found |= {text for case in page["items"] for text in (case["text"], case["address"], case.get("outcome")) if text}
        if not page["next"]:
            return sorted(found, key=len, reverse=True)
        cursor = {"cursor": page["next"]}


def quoted(text: str, written: list[str]) -> list[str]:
    """Return the parts of a text that are parts of what somebody has written: the beginning of it, or single words in it."""
    begun = text.partition("…")[0]
    words = [part for part in re.split("[，、, …]", text) if HAN.search(part) and any(part in one for one in written)]
    return [begun, *words] if "…" in text and any(one.startswith(begun) for one in written) else words


def foreign(lang: Lang, said: Iterable[str], written: list[str]) -> list[str]:
    """Return what is said in the other language and was not written by anybody."""
    wrong = []
    for text in said:
        rest = text
        for one in [*written, *quoted(text, written)]:
            rest = rest.replace(one, "")
        untranslated = chinese().get(text, text) != text or ENGLISH.search(rest)
        if HAN.search(rest) if lang == "en" else untranslated:
            wrong.append(text)
    return wrong


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("walk", WALKS)
async def test_everything_is_said_in_the_language_of_the_page(city: City, person: People, walk: str, lang: Lang):
    case_id, worker = await city.assigned(text=WROTE[0], address=WROTE[2], category=NOISE, location=SPOT)
    await city.act(case_id, "acceptance", by=worker)
    await city.act(case_id, "notes", by=worker, text=WROTE[4])
    await city.report(text=WROTE[1], category=LAMP, location=SPOT, lang="en")
    number = str((await city.seen(case_id, bool))["number"])
    who, steps = WALKS[walk]
    person.allows("status of 422 .*/public/12345678901")
    page = await person(who and who.format(worker=worker), lang)
    wrong: list[str] = []
    said: set[str] = set()
    async for where in steps(page, lang, number):
        fresh = set(await page.evaluate(HARVEST)) - said
        said |= fresh
        wrong += [f"{where}: {text}" for text in foreign(lang, sorted(fresh), await written(city))]
    assert len(said) > 10
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", ["/", "/report", "/public", "/desk", "/wall"])
async def test_the_language_is_switched_by_one_click_and_remembered(person: People, page: str):
    shown = await person(OPERATOR, "zh", at=page)
    await shown.get_by_role("link", name="English").click()
    await expect(shown.locator("html")).to_have_attribute("lang", "en")
    await shown.goto("/totals")
    await shown.goto(page)
    await expect(shown.locator("html")).to_have_attribute("lang", "en")
    await shown.get_by_role("link", name="中文").click()
    await expect(shown.locator("html")).to_have_attribute("lang", "zh-Hans")
