"""Every route of every service: what is right is taken, and what is wrong is named, field by field, in both languages."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from deploy.keys import create
from deploy.local.engines import Engines
from deploy.system import SERVICES
from shared.clock import real
from tests.deployment import RESIDENT, Deployed
from tests.facts import LAMP, NOISE
from tests.integration.tour import (
    OPERATOR,
    SPOT,
    Tour,
    closing,
    handling,
    late,
    other_programs,
    picturing,
    placing,
    reporting,
    returning,
    verifying,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEALTH = {"/health/live", "/health/ready", "/health/progress", "/metrics"}
PAGES = {
    ("GET", "console", path)
    for path in ("/", "/pages/now", "/pages/city", "/static/{name}", "/assets/{library}/{path}", "/do/{service}/{path}")
} | {("POST", "console", "/do/{service}/{path}")}
SIGNING_IN = {("GET", "console", path) for path in ("/sign-in", "/sign-in/done", "/sign-out")}

# Who may do what an operator may not; None is whoever has the case.
WHO = {
    **dict.fromkeys(("acceptance", "refusal", "start", "pause", "completion", "return", "appeal"), None),
    "rating": RESIDENT,
    "ruling": "duty-officer-01",
}
# What is sent to `process` at `path`, and the fields that are wrong with it. C is the id of a case that is there.
WRONG: list[tuple[str, str, str, dict[str, Any] | None, dict[str, str], set[str]]] = [
    (
        "POST",
        "intake",
        "/reports",
        {"channel": "pigeon", "category": "99999", "contact": {"phone": "12"}, "location": {"lat": 99, "lon": "x"}, "wish": 1},
        {},
        {"text", "channel", "category", "contact.phone", "location.lat", "location.lon", "wish"},
    ),
    ("POST", "intake", "/reports", {"text": "?", "channel": "phone", "media": ["no name"]}, {}, {"media.0"}),
    ("POST", "intake", "/reports", {"text": "?", "channel": "phone", "same_as": "nobody-reported-this"}, {}, {"same_as"}),
    ("POST", "intake", "/photos", None, {}, {"photo"}),
    ("GET", "intake", f"/photos/{'a' * 26}.jpg", None, {"until": "soon", "seal": "x" * 65}, {"until", "seal"}),
    ("GET", "intake", f"/photos/{'a' * 26}.jpg/thumb", None, {"until": "soon"}, {"until"}),
    (
        "POST",
        "intake",
        f"/photos/{'a' * 26}.jpg/release",
        {"hide": [{"left": 2, "top": 0, "right": 1}]},
        {},
        {"hide.0.left", "hide.0.bottom"},
    ),
    ("POST", "intake", f"/photos/{'a' * 26}.jpg/withholding", {}, {}, {"reason"}),
    ("POST", "intake", "/cases/C/supplements", {"media": ["no address"], "words": "?"}, {}, {"media.0", "words"}),
    ("POST", "intake", "/cases/C/withdrawal", {"why": "?"}, {}, {"reason", "why"}),
    ("POST", "triage", "/cases/C/classification", {"grade": "dreadful", "colour": 1}, {}, {"category", "grade", "colour"}),
    ("POST", "triage", "/cases/C/classification", {"category": "99999"}, {}, {"category"}),
    ("POST", "triage", "/cases/C/classification", {"category": NOISE, "condition": "none of these"}, {}, {"condition"}),
    ("POST", "triage", "/cases/C/rejection", {"reason": "  "}, {}, {"reason"}),
    ("POST", "triage", "/cases/C/merge", {"into": ""}, {}, {"into", "reason"}),
    ("POST", "triage", "/cases/C/merge", {"into": "nobody-reported-this", "reason": "same"}, {}, {"into"}),
    ("POST", "triage", "/cases/C/separation", {"why": "?"}, {}, {"reason", "why"}),
    ("POST", "triage", "/cases/C/confirmation", {"reason": ""}, {}, {"reason"}),
    ("GET", "triage", "/queue", None, {"limit": "0", "cursor": "x" * 301}, {"limit", "cursor"}),
    ("POST", "dispatch", "/cases/C/assignment", {"force": "perhaps"}, {}, {"person", "reason", "force"}),
    ("POST", "dispatch", "/cases/C/acceptance", None, {"at": "yesterday"}, {"at"}),
    ("POST", "dispatch", "/cases/C/refusal", {}, {}, {"reason"}),
    ("POST", "dispatch", "/cases/C/start", None, {"at": "2026-03-02T00:00:00"}, {"at"}),
    ("POST", "dispatch", "/cases/C/pause", {"look_again_at": "soon"}, {}, {"reason", "approved_by", "look_again_at"}),
    ("POST", "dispatch", "/cases/C/resume", None, {"at": "?"}, {"at"}),
    ("POST", "dispatch", "/cases/C/completion", {"outcome": "?", "media": ["no name"]}, {}, {"media.0"}),
    ("POST", "dispatch", "/cases/C/completion", {"media": ["a"] * 21}, {}, {"outcome", "media"}),
    (
        "POST",
        "dispatch",
        "/cases/C/record",
        {"started_at": "early", "media": [""]},
        {},
        {"started_at", "completed_at", "outcome", "media.0"},
    ),
    ("POST", "dispatch", "/cases/C/return", {"because": "?"}, {}, {"reason", "because"}),
    ("POST", "dispatch", "/cases/C/appeal", {"reason": " "}, {}, {"reason"}),
    ("POST", "dispatch", "/cases/C/ruling", {"upheld": "perhaps", "department": ""}, {}, {"upheld", "department", "reason"}),
    ("POST", "dispatch", "/cases/C/contact", {"how": ""}, {}, {"how", "text"}),
    ("POST", "dispatch", "/cases/C/explanation", {}, {}, {"text"}),
    ("POST", "dispatch", "/cases/C/transfer", {"to": "x"}, {}, {"department", "reason", "to"}),
    ("POST", "dispatch", "/cases/C/extension", {"resolve_by": 1.5e99}, {}, {"resolve_by", "reason", "approved_by"}),
    ("POST", "dispatch", "/cases/C/notes", {"text": ""}, {}, {"text"}),
    ("POST", "closure", "/cases/C/verification", {}, {}, {"reason"}),
    ("POST", "closure", "/cases/C/rework", {"reason": ["a"]}, {}, {"reason"}),
    ("POST", "closure", "/cases/C/rating", {"score": 6, "comment": "x" * 501}, {}, {"solved", "score", "comment"}),
    ("POST", "closure", "/cases/C/reopening", {}, {}, {"reason"}),
    ("POST", "closure", "/cases/C/publication", {"words": "?"}, {}, {"text", "words"}),
    ("POST", "closure", "/cases/C/callback", {"solved": "half", "comment": "x" * 501}, {}, {"reached", "solved", "comment"}),
    ("POST", "closure", "/cases/C/decision", {}, {}, {"reason"}),
    ("POST", "closure", "/cases/C/remedy", {"remedy_by": "soon"}, {}, {"text", "handler", "remedy_by"}),
    ("GET", "console", "/cases", None, {"status": "odd", "limit": "500", "colour": "red"}, {"status.0", "limit", "colour"}),
    ("GET", "console", "/cases", None, {"category": "9", "grid": "G99", "cursor": "x"}, {"category", "grid", "cursor"}),
    ("GET", "console", "/cases/C/timeline", None, {"limit": "0", "cursor": "-1"}, {"limit", "cursor"}),
    ("GET", "console", "/public/cases.json", None, {"show": "all", "near": "here", "page": "0"}, {"show", "near", "page"}),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployed]:
    """All five services; time to object and to publish is over at once when the clock is asked to go on."""
    async with Deployed(tmp_path_factory.mktemp("city"), engines.kafka_url, engines.mongo_url, dict.fromkeys(SERVICES, 1)) as here:
        yield here


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def case_id(city: Deployed) -> str:
    """A case that stays as it is: somebody was asked to take it."""
    id = await city.report(text="楼上太吵", category=NOISE, location=SPOT)
    await city.in_status(id, "assigned")
    return id


@pytest.mark.parametrize(("method", "process", "path", "body", "query", "fields"), WRONG)
async def test_every_wrong_field_is_named_in_both_languages(
    city: Deployed,
    case_id: str,
    method: str,
    process: str,
    path: str,
    body: dict[str, Any] | None,
    query: dict[str, str],
    fields: set[str],
):
    assignee = (await city.seen(case_id, lambda shown: shown["assignee"]))["assignee"]
    by = WHO.get(path.split("/")[-1], OPERATOR) or assignee
    ends = await city.ends()
    told = {}
    for lang in ("en", "zh"):
        answer = await city.ask(method, process, path.replace("C", case_id), by=by, lang=lang, json=body, params=query)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
        errors = answer.json()["errors"]
        assert {error["field"] for error in errors} == fields
        told[lang] = {error["field"]: error["message"] for error in errors}
    assert all(told["en"].values())
    for field in fields:
        assert re.search("[\u4e00-\u9fff]", told["zh"][field]), told["zh"]
        assert not re.search("[\u4e00-\u9fff]", told["en"][field].replace("“", "")) or field == "category", told["en"]
    assert await city.ends() == ends, "what was refused is not in the log"


async def test_what_is_no_json_and_what_is_too_large_is_refused(city: Deployed, case_id: str):
    broken = await city.ask("POST", "dispatch", f"/cases/{case_id}/notes", by=OPERATOR, content=b"{")
    assert broken.status_code in (415, 422)
    large = await city.ask("POST", "intake", "/reports", content=b"x" * 1_100_000)
    assert large.status_code == 413


async def test_staff_must_sign_in(city: Deployed, case_id: str):
    for process, step in (("dispatch", "acceptance"), ("triage", "rejection"), ("closure", "verification")):
        answer = await city.ask("POST", process, f"/cases/{case_id}/{step}", json={"reason": "?"})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="gridcase"')


async def routes(city: Deployed) -> set[tuple[str, str, str]]:
    """Return all routes that the services say that they have."""
    found = PAGES | SIGNING_IN
    for name in SERVICES:
        told = (await city.ask("GET", name, "/openapi.json")).json()
        assert (told["openapi"][:2], told["info"]["title"]) == ("3.", f"gridcase {name}")
        found |= {(method.upper(), name, path) for path, methods in told["paths"].items() for method in methods}
    return found


async def test_every_route_of_every_service_takes_what_is_right(city: Deployed):
    known = await routes(city)
    templates: dict[tuple[str, str], list[str]] = {}
    for method, name, path in known:
        templates.setdefault((method, name), []).append(path)
    tour = Tour(city, templates)
    for name in SERVICES:
        for path in HEALTH:
            await tour.ask("GET", name, path)
    await reporting(tour)
    await placing(tour)
    await verifying(tour)
    await picturing(tour)
    await handling(tour)
    await returning(tour)
    await late(tour)
    await closing(tour)
    await other_programs(tour, await create(city.settings, "app", 100, 100, real()))
    await looking(tour)
    assert tour.seen == known


async def looking(tour: Tour) -> None:
    """What the console shows."""
    await tour.city.at_rest()
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await tour.ask("GET", "console", "/cases", params={"limit": "3", "sort": "reported_at", **cursor})).json()
        seen += [case["id"] for case in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == len(set(seen)) == len(await tour.city.told())
    for query, wanted in filters():
        items = (await tour.ask("GET", "console", "/cases", params=query)).json()["items"]
        assert items, query
        assert all(wanted(case) for case in items), query
    case = (await tour.ask("GET", "console", f"/cases/{seen[0]}")).json()
    assert (await tour.ask("GET", "console", f"/cases/{case['number']}")).json()["id"] == seen[0]
    await tour.ask("GET", "console", "/cases/nobody-reported-this", status=404)
    assert (await tour.ask("GET", "console", f"/cases/{seen[0]}/timeline", params={"lang": "en"})).json()["items"]
    assert (await tour.ask("GET", "console", "/totals")).json()
    for path in ("/rates", "/recurring", "/expected"):
        await tour.ask("GET", "console", path, params={"category": NOISE} if path == "/expected" else None)
    await tour.ask("GET", "console", "/looks", by="auditor-01")
    for path in ("/sign-in", "/sign-in/done"):  # the issuer of this city has no page
        await tour.ask("GET", "console", path, by=None, status=503 if path == "/sign-in" else 400)
    await tour.ask("GET", "console", "/sign-out", by=None, status=303)
    for path in ("", "/series", "/by/grid", "/definitions", "/definitions/open", "/dimensions"):
        await tour.ask("GET", "console", f"/api/stats{path}")
    for lang, word in (("zh", "案"), ("en", "ases")):
        page_text = (await tour.ask("GET", "console", "/", lang=lang)).text
        assert word in page_text
    await tour.ask("GET", "console", "/pages/now")
    await publicly(tour, case["number"].replace(" ", ""))
    await tour.ask("GET", "console", "/pages/city")
    board = (await tour.ask("GET", "console", "/desk/rows")).json()
    assert seen[0] in {row["id"] for row in board["rows"]} or not case["open"]
    assert (await tour.ask("GET", "console", "/desk/changes", params={"since": board["cursor"]})).json()["reset"] is False
    assert (await tour.ask("GET", "console", "/desk/words")).json()["grids"]
    assert (await tour.ask("GET", "console", "/tasks/mine", by="grid-worker-01")).json()["person"] == "grid-worker-01"
    await tour.ask("GET", "console", "/static/base.css")
    for path in ("/static/secrets.txt", "/assets/leaflet/secrets.txt", "/assets/secrets/index.js"):
        await tour.ask("GET", "console", path, status=404)
    await tour.ask("GET", "console", "/assets/leaflet/index.js")
    await tour.ask("GET", "console", "/do/triage/queue", status=401)  # the token of a header is not handed on, that of a session is
    await tour.ask("POST", "console", "/do/triage/assessments", json={"text": "路灯不亮"}, headers={"gridcase-page": "1"})


async def publicly(tour: Tour, number: str) -> None:
    """What anybody is shown, of a number too that is none."""
    for show in ("open", "overdue", "done"):
        assert "items" in (await tour.ask("GET", "console", "/public/cases.json", by=None, params={"show": show})).json()
    assert (await tour.ask("GET", "console", f"/public/cases/{number}.json", by=None)).json()["number"].replace(" ", "") == number
    await tour.ask("GET", "console", "/public/cases/38204719964.json", by=None, status=422)
    await tour.ask("GET", "console", "/public/cases/nothing.json", by=None, status=404)
    assert (await tour.ask("GET", "console", "/public/feed.xml", by=None)).headers["content-type"] == "application/atom+xml; charset=utf-8"


def filters() -> Iterator[tuple[dict[str, str], Any]]:
    yield {"status": "rejected"}, lambda case: case["status"] == "rejected"
    yield {"category": LAMP}, lambda case: case["category"] == LAMP
    yield {"grade": "normal"}, lambda case: case["grade"] == "normal"
    yield {"department": "property"}, lambda case: case["department"] == "property"
    yield {"text": "路灯"}, lambda case: "路灯" in case["text"]
    yield {"open": "true", "overdue": "false"}, lambda case: case["open"] and not case["overdue"]
    yield {"sort": "grade"}, lambda case: True
