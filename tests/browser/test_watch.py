"""The watch over all pages sees what no page may do; else the other tests here would be worth little."""

import pytest

from tests.browser.looks import serious, too_wide
from tests.browser.people import People
from tests.eventually import it_holds

WRONGS = {
    "console: it is broken": "console.error('it is broken')",
    "not caught: Error: it fell": "setTimeout(() => { throw new Error('it fell') })",
    "not caught: Error: it was refused": "void Promise.reject(new Error('it was refused'))",
    "console: Policy: style-src": "document.body.setAttribute('style', 'color: red')",
    "console: Policy: script-src": "document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))",
    "console: Policy: img-src": "void (new Image().src = 'http://example.org/1.png')",
    "asked a stranger: GET http://example.org/": "void (location = 'http://example.org/')",
    "status of 404": "void fetch('/no-such-page')",
}


@pytest.mark.parametrize(("said", "done"), WRONGS.items())
async def test_what_no_page_may_do_is_noted(person: People, said: str, done: str):
    page = await person.visitor()
    await page.goto("/")
    await page.evaluate(done)
    await it_holds(lambda: any(said in what for what in person.watch.wrong), 10)
    person.allows("")


async def test_words_of_a_script_without_translation_are_noted(person: People):
    page = await person.visitor("zh")
    await page.goto("/")
    assert await page.evaluate("import('/static/core.js').then((core) => core.t('Nobody translated this'))") == "Nobody translated this"
    await it_holds(lambda: person.watch.wrong, 10)
    assert [what.split(" (")[0] for what in person.watch.wrong] == ["console: No translation: Nobody translated this"]
    person.allows("Nobody translated this")


async def test_what_is_meant_to_happen_is_let_pass_and_nothing_else(person: People):
    page = await person.visitor()
    await page.goto("/")
    await page.evaluate("console.error('meant'); console.error('not so')")
    person.allows("meant")
    await it_holds(lambda: ["not so" in what for what in person.watch.wrong] == [True], 10)
    person.allows("not so")


async def test_what_keeps_people_from_using_a_page_is_found(person: People):
    page = await person.visitor(width=360)
    await page.goto("/")
    await page.evaluate("document.body.append(document.createElement('button'), document.createElement('img'))")
    assert {what.split()[0] for what in await serious(page)} >= {"button-name", "image-alt"}
    await page.evaluate("document.querySelector('h1').style.minWidth = '900px'")
    assert "<h1" in " ".join(await too_wide(page))
