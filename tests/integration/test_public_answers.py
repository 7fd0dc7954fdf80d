"""No personal data in public: people, homes and secrets are put into every text that somebody can write, and no open answer has them.

Every line of the table of who may do what that needs no token is asked, in both languages; a new one without a line in ASKED fails.
"""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.engines import Engines
from deploy.system import SERVICES
from shared.access import Row
from shared.accesstable import ACCESS
from shared.number import shown as as_read
from tests.deployment import Deployed
from tests.eventually import eventually
from tests.facts import LAMP, NOISE
from tests.integration.written import (
    EXACT,
    REACHED,
    STREET,
    WRITTEN,
    Story,
    at_home,
    confidential,
    not_taken_up,
    on_the_street,
)
from tests.pictures import POSITION

pytestmark = pytest.mark.asyncio(loop_scope="module")
BY_CONTRACT = ("/open311/",)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployed]:
    everybody = dict.fromkeys(SERVICES, 1)
    async with Deployed(tmp_path_factory.mktemp("city"), engines.kafka_url, engines.mongo_url, everybody) as here:
        yield here


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(city: Deployed) -> Story:
    """What people did, each with as many secrets in their words as fit."""
    told = Story()
    await on_the_street(city, told)
    await at_home(city, told)
    await not_taken_up(city, told)
    await confidential(city, told)
    for name, id in told.ids.items():
        told.numbers[name] = as_read((await city.seen(id, lambda shown: shown["number"]))["number"])
    await eventually(lambda: listed(city, told))
    return told


async def listed(city: Deployed, told: Story) -> bool:
    shown = [(await city.ask("GET", "console", "/public/cases.json", params={"show": show})).text for show in ("open", "done")]
    return all(any(told.numbers[name] in text for text in shown) for name in ("street", "home"))


# -- what is asked

SHOWS = ("open", "overdue", "done", "published", "mine")
OPEN311 = ("requests.json", "requests.xml", "requests.csv", "servicerequestupdates.json", "services.json", "discovery.json")
ASKED: dict[tuple[str, str, str], tuple[str, ...]] = {
    ("console", "GET", "/"): ("/",),
    ("console", "GET", "/pages/now"): ("/pages/now",),
    ("console", "GET", "/totals"): ("/totals",),
    ("console", "GET", "/expected"): (f"/expected?category={LAMP}", f"/expected?category={NOISE}"),
    ("console", "GET", "/sign-in"): ("/sign-in",),
    ("console", "GET", "/sign-in/done"): ("/sign-in/done",),
    ("console", "GET", "/sign-out"): ("/sign-out",),
    ("console", "GET", "/static/{name}"): ("/static/words-zh.js",),
    ("console", "GET", "/assets/*"): ("/assets/leaflet/index.js",),
    ("console", "GET", "/pages/city"): ("/pages/city",),
    ("console", "GET", "/desk"): ("/desk",),
    ("console", "GET", "/tasks"): ("/tasks",),
    ("console", "GET", "/tasks/worker.js"): ("/tasks/worker.js",),
    ("console", "GET", "/tasks/{lang}.webmanifest"): ("/tasks/zh.webmanifest", "/tasks/en.webmanifest"),
    ("console", "GET", "/wall"): ("/wall",),
    ("console", "GET", "/report"): ("/report", "/report?same=N"),
    ("console", "GET", "/public*"): (
        *(f"/public?show={show}" for show in SHOWS),
        *(f"/public/cases.json?show={show}&limit=1000" for show in SHOWS[:3]),
        "/public?show=open&grid=G03&near=30.021,104.020",
        "/public?show=published&grid=G03",
        "/public/feed.xml",
        "/public/feed.xml?grid=G03",
        "/public/N",
        "/public/cases/N.json",
    ),
    ("console", "GET", "/do/*"): ("/do/intake/cases/N", "/do/intake/cases/N/photos", "/do/intake/open311/v2/requests.json"),
    ("console", "POST", "/do/*"): ("/do/triage/assessments",),
    ("intake", "POST", "/reports"): (),  # answered with a number and a key to whoever reported
    ("intake", "POST", "/photos"): (),  # answered with links to whoever sent them
    ("intake", "POST", "/open311/*"): (),
    ("intake", "GET", "/cases/{case_id}"): ("/cases/N", "/cases/ID"),
    ("intake", "GET", "/cases/{case_id}/photos"): ("/cases/N/photos",),
    ("intake", "GET", "/photos/*"): ("/photos/PHOTO", "/photos/PHOTO/thumb"),
    ("intake", "GET", "/open311/*"): (*(f"/open311/v2/{path}?extensions=true" for path in OPEN311), "/open311/v2/requests/N.json"),
    ("triage", "POST", "/assessments"): ("/assessments",),
    **{
        (service, "GET", path): (path,)
        for service in SERVICES
        for path in ("/health/live", "/health/ready", "/health/progress", "/metrics")
    },
}
MESSAGE = {"text": "路灯不亮", "channel": "web", "location": STREET, "address": "河沿路"}
Answers = list[tuple[str, str, httpx.Response]]


def open_lines(table: dict[tuple[str, str, str], Row]) -> set[tuple[str, str, str]]:
    return {line for line, row in table.items() if row.anybody}


def addresses(template: str, story: Story) -> list[str]:
    """Return the addresses that a template stands for: of every case, and every photo."""
    if "PHOTO" in template:
        return [template.replace("PHOTO", name) for name in story.photos.values()]
    if not re.search(r"\b(N|ID)\b", template):
        return [template]
    made = []
    for name, number in story.numbers.items():
        made.append(re.sub(r"\bN\b", re.sub(r"\D", "", number), re.sub(r"\bID\b", story.ids[name], template)))
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def answers(city: Deployed, story: Story) -> Answers:
    """Every open answer, in both languages, of nobody in particular."""
    found: Answers = []
    for (service, method, _), templates in ASKED.items():
        for path in (path for template in templates for path in addresses(template, story)):
            for lang in ("zh", "en"):
                headers = {"Accept-Language": lang, **({"gridcase-page": "1"} if method == "POST" else {})}
                body: dict[str, Any] = {"json": MESSAGE} if method == "POST" else {}
                found.append((service, path, await city.web.request(method, city.url(service) + path, headers=headers, **body)))
    return found


def said(answer: httpx.Response) -> bytes:
    """Return all that an answer says: its headers too."""
    return b"\n".join([*(name + b": " + value for name, value in answer.headers.raw), answer.content])


# -- what is found


async def test_every_open_line_of_the_table_is_asked():
    assert open_lines(dict(ACCESS)) - ASKED.keys() == set()


async def test_the_answers_are_answers(answers: Answers):
    assert {answer.status_code for service, path, answer in answers if service != "console" or "/public" in path} <= {200, 404}
    assert len([answer for _, path, answer in answers if "/public" in path and answer.status_code == 200]) > 40


async def test_nobody_can_be_reached_and_no_home_be_found_by_any_open_answer(answers: Answers):
    leaks = {(path, secret) for _, path, answer in answers for secret in REACHED if secret.encode() in said(answer)}
    assert leaks == set()


async def test_what_people_wrote_is_in_no_open_answer_but_in_those_of_open311(answers: Answers):
    leaks = {
        (path, word)
        for _, path, answer in answers
        for word in WRITTEN
        if word.encode() in said(answer) and not any(part in path for part in BY_CONTRACT)
    }
    assert leaks == set()
    assert any(WRITTEN[0].encode() in said(answer) for _, path, answer in answers if "/open311/" in path), "the scan would find it"


async def test_no_open_answer_but_those_of_open311_tells_a_place_exactly(answers: Answers):
    leaks = {
        (path, place)
        for _, path, answer in answers
        for place in EXACT
        if place in said(answer) and not any(part in path for part in BY_CONTRACT)
    }
    assert leaks == set()
    assert any(EXACT[0] in said(answer) for _, path, answer in answers if "/open311/" in path), "the scan would find it"


async def test_no_open_answer_names_a_post(answers: Answers, story: Story):
    assert story.posts
    leaks = {(path, post) for _, path, answer in answers for post in story.posts if post.encode() in said(answer)}
    assert leaks == set()


async def test_where_a_home_is_concerned_no_point_is_told(city: Deployed, story: Story):
    home, street = [
        (await city.ask("GET", "console", f"/public/cases/{story.numbers[name].replace(' ', '')}.json")).json()
        for name in ("home", "street")
    ]
    assert (home["location"], home["grid"]) == (None, "G03")
    assert street["location"] == {"lat": 30.021, "lon": 104.02}


async def test_a_confidential_case_is_its_status_and_stands_in_no_list(answers: Answers, story: Story, city: Deployed):
    number, id = story.numbers["sealed"], story.ids["sealed"]
    digits = number.replace(" ", "")
    named = {path for _, path, answer in answers if number.encode() in said(answer) or digits.encode() in said(answer)}
    assert {path for path in named if digits not in path and id not in path} == set()
    told = (await city.ask("GET", "console", f"/public/cases/{digits}.json")).json()
    status = told["status_text"]
    blank = {"joined": None, "reported_at": None, "category": None, "handler": None, "deadline": None, "grid": None, "location": None}
    assert (told["number"], told["sealed"], told["steps"], told["reports"]) == (number, True, [], 1)
    assert {name: told[name] for name in blank} == blank
    page = (await city.ask("GET", "console", f"/public/{digits}")).text
    assert status in page
    assert "Domestic violence" not in page


async def test_who_reported_the_same_is_counted_but_not_told(city: Deployed, story: Story):
    told = (await city.ask("GET", "console", f"/public/cases/{story.numbers['home'].replace(' ', '')}.json")).json()
    assert told["reports"] == 2
    assert "Somebody else reported the same." in [step["said"] for step in told["steps"]]


async def test_photos_are_public_after_the_outcome_is_and_say_nothing_of_themselves(answers: Answers, story: Story):
    shown = {path: answer for service, path, answer in answers if service == "intake" and path.startswith("/photos/")}
    seen = {name for name, file in story.photos.items() if shown[f"/photos/{file}"].status_code == 200}
    assert seen == {"after", "again"}
    for answer in shown.values():
        assert POSITION not in answer.content
        assert b"Maker-17" not in answer.content
        assert "filename" not in answer.headers.get("content-disposition", "")


async def test_what_was_published_is_there_without_what_was_masked(city: Deployed, story: Story):
    page = (await city.ask("GET", "console", "/public", params={"show": "published"})).text
    assert "The lamp was replaced" in page
    assert story.numbers["street"] in page
