"""Every route of every service: what is right is taken, and what is wrong is named, field by field, in both languages."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.engines import Engines
from deploy.system import SERVICES
from tests.deployment import Deployed
from tests.eventually import eventually
from tests.facts import LAMP, NOISE

pytestmark = pytest.mark.asyncio(loop_scope="module")
SPOT = {"lat": 30.0212, "lon": 104.0203}
OPERATOR = "operator-02"
HEALTH = {"/health/live", "/health/ready", "/health/progress", "/metrics"}
PAGES = {("GET", "console", "/"), ("GET", "console", "/pages/now"), ("GET", "console", "/pages/{name}")}

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
    ("POST", "intake", "/cases/C/supplements", {"media": ["no address"], "words": "?"}, {}, {"media.0", "words"}),
    ("POST", "intake", "/cases/C/withdrawal", {"why": "?"}, {}, {"reason", "why"}),
    ("POST", "triage", "/cases/C/classification", {"grade": "dreadful", "colour": 1}, {}, {"category", "grade", "colour"}),
    ("POST", "triage", "/cases/C/classification", {"category": "99999"}, {}, {"category"}),
    ("POST", "triage", "/cases/C/classification", {"category": NOISE, "condition": "none of these"}, {}, {"condition"}),
    ("POST", "triage", "/cases/C/rejection", {"reason": "  "}, {}, {"reason"}),
    ("POST", "triage", "/cases/C/merge", {"into": ""}, {}, {"into", "reason"}),
    ("POST", "triage", "/cases/C/merge", {"into": "nobody-reported-this", "reason": "same"}, {}, {"into"}),
    ("GET", "triage", "/queue", None, {"limit": "0", "cursor": "x" * 301}, {"limit", "cursor"}),
    ("POST", "dispatch", "/cases/C/assignment", {"force": "perhaps"}, {}, {"person", "reason", "force"}),
    ("POST", "dispatch", "/cases/C/acceptance", None, {"at": "yesterday"}, {"at"}),
    ("POST", "dispatch", "/cases/C/refusal", {}, {}, {"reason"}),
    ("POST", "dispatch", "/cases/C/start", None, {"at": "2026-03-02T00:00:00"}, {"at"}),
    ("POST", "dispatch", "/cases/C/pause", {"look_again_at": "soon"}, {}, {"reason", "approved_by", "look_again_at"}),
    ("POST", "dispatch", "/cases/C/resume", None, {"at": "?"}, {"at"}),
    ("POST", "dispatch", "/cases/C/completion", {"media": ["a"] * 21}, {}, {"outcome", "media"}),
    ("POST", "dispatch", "/cases/C/transfer", {"to": "x"}, {}, {"department", "reason", "to"}),
    ("POST", "dispatch", "/cases/C/extension", {"resolve_by": 1.5e99}, {}, {"resolve_by", "reason", "approved_by"}),
    ("POST", "dispatch", "/cases/C/notes", {"text": ""}, {}, {"text"}),
    ("POST", "closure", "/cases/C/verification", {}, {}, {"reason"}),
    ("POST", "closure", "/cases/C/rework", {"reason": ["a"]}, {}, {"reason"}),
    ("POST", "closure", "/cases/C/rating", {"score": 6, "comment": "x" * 501}, {}, {"solved", "score", "comment"}),
    ("POST", "closure", "/cases/C/reopening", {}, {}, {"reason"}),
    ("POST", "closure", "/cases/C/publication", {"words": "?"}, {}, {"text", "words"}),
    ("GET", "console", "/cases", None, {"status": "odd", "limit": "500", "colour": "red"}, {"status.0", "limit", "colour"}),
    ("GET", "console", "/cases", None, {"category": "9", "grid": "G99", "cursor": "x"}, {"category", "grid", "cursor"}),
    ("GET", "console", "/cases/C/timeline", None, {"limit": "0", "cursor": "-1"}, {"limit", "cursor"}),
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
    ends = await city.ends()
    told = {}
    for lang in ("en", "zh"):
        answer = await city.ask(method, process, path.replace("C", case_id), by=OPERATOR, lang=lang, json=body, params=query)
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


async def test_staff_must_say_who_they_are(city: Deployed, case_id: str):
    for process, step in (("dispatch", "acceptance"), ("triage", "rejection"), ("closure", "verification")):
        answer = await city.ask("POST", process, f"/cases/{case_id}/{step}", json={"reason": "?"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "Gridcase-Actor")


class Tour:
    """Asks for one route after the other and remembers which."""

    def __init__(self, city: Deployed, templates: dict[tuple[str, str], list[str]]) -> None:
        self.city, self.templates = city, templates
        self.seen: set[tuple[str, str, str]] = set()

    async def ask(self, method: str, process: str, path: str, by: str | None = OPERATOR, status: int = 200, **more: Any) -> httpx.Response:
        fits = [t for t in self.templates[method, process] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", t), path)]
        assert fits, path
        self.seen.add((method, process, sorted(fits, key=lambda t: t.count("{"))[0]))
        answer = await self.city.ask(method, process, path, by=by, **more)
        assert answer.status_code == status, (method, process, path, answer.text)
        return answer

    async def does(self, process: str, case_id: str, step: str, by: str = OPERATOR, **body: Any) -> dict[str, Any]:
        """Let somebody act on a case."""
        answer = await self.ask("POST", process, f"/cases/{case_id}/{step}", by=by, json=body or None)
        found: dict[str, Any] = answer.json()
        return found


async def routes(city: Deployed) -> set[tuple[str, str, str]]:
    """Return all routes that the services say that they have."""
    found = set(PAGES)
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
    await handling(tour)
    await looking(tour)
    assert tour.seen == known


async def report(tour: Tour, **body: Any) -> str:
    told = {"text": "楼上太吵", "category": NOISE, "channel": "phone", "location": SPOT, **body}
    answer = await tour.ask("POST", "intake", "/reports", by=None, status=201, json=told)
    assert answer.headers["Location"] == answer.json()["status_url"]
    return str(answer.json()["case_id"])


async def reporting(tour: Tour) -> None:
    """What residents do."""
    one = await report(tour, contact={"name": "somebody", "email": "somebody@example.org"})
    await tour.city.in_status(one, "assigned")
    await tour.does("intake", one, "supplements", by="resident", text="还在吵", media=["https://example.org/1.jpg"])
    assert (await tour.does("intake", one, "withdrawal", by="resident", reason="好了"))["status"] == "withdrawn"
    assert (await tour.ask("GET", "intake", f"/cases/{one}", by=None)).json()["status"] == "withdrawn"
    columns = "service_request_id,requested_datetime,description,lat,long,service_name\n"
    rows = f"a-1,2026-03-01T08:00:00+08:00,路灯不亮,30.0103,104.0103,{LAMP}\na-2,not a time,路灯不亮,99,104.0103,{LAMP}\n"
    answer = await tour.ask("POST", "intake", "/reports/bulk", by="importer", content=(columns + rows).encode())
    good, bad = [httpx.Response(200, content=line).json() for line in answer.text.splitlines()]
    assert (good["service_request_id"], bool(good["case_id"]), "errors" in good) == ("a-1", True, False)
    assert {error["field"] for error in bad["errors"]} == {"requested_datetime", "lat"}


async def placing(tour: Tour) -> None:
    """What operators of triage do."""
    unplaced = await report(tour, text="???", category=None)
    await tour.city.in_status(unplaced, "reported")

    async def queued() -> bool:
        return unplaced in (await tour.ask("GET", "triage", "/queue")).text

    await eventually(queued)
    assert (await tour.does("triage", unplaced, "classification", category=LAMP, reason="看照片"))["category"] == LAMP
    refused = await report(tour)
    await tour.city.in_status(refused, "assigned")
    assert (await tour.does("triage", refused, "rejection", reason="不归城市管"))["status"] == "rejected"
    first, second = await report(tour), await report(tour)
    for id in (first, second):
        await tour.city.in_status(id, "assigned")
    assert (await tour.does("triage", second, "merge", into=first, reason="同一家"))["into"] == first


async def handling(tour: Tour) -> None:
    """What handlers, operators and residents do until a case is to be closed; closing takes days."""
    city, case_id = tour.city, await report(tour)
    shown = await city.in_status(case_id, "assigned")
    await tour.does("dispatch", case_id, "refusal", by=shown["assignee"], reason="太远")
    await city.seen(case_id, lambda now: now["status"] == "assigned" and now["assignee"] != shown["assignee"])
    given = await tour.does("dispatch", case_id, "assignment", person="grid-worker-01", reason="熟悉", force=True)
    assert given["assignee"] == "grid-worker-01"
    for step, status in (("acceptance", "accepted"), ("start", "working")):
        assert (await tour.does("dispatch", case_id, step, by="grid-worker-01"))["status"] == status
    later = (datetime.fromisoformat(given["resolve_by"]) + timedelta(days=1)).isoformat()
    await tour.does("dispatch", case_id, "extension", by="grid-worker-01", resolve_by=later, reason="等配件", approved_by=OPERATOR)
    await tour.does("dispatch", case_id, "notes", by="grid-worker-01", text="下午再去")
    paused = await tour.does("dispatch", case_id, "pause", by="grid-worker-01", reason="no-access", approved_by=OPERATOR)
    assert paused["status"] == "paused"
    await tour.ask("GET", "dispatch", "/queue")
    assert (await tour.does("dispatch", case_id, "resume", by="grid-worker-01"))["status"] == "working"
    assert (await tour.ask("GET", "dispatch", "/staff/grid-worker-01/tasks")).json()["person"] == "grid-worker-01"
    await tour.ask("GET", "dispatch", "/staff/nobody-01/tasks", status=404)
    moved = await tour.does("dispatch", case_id, "transfer", by="grid-worker-01", department="property", reason="物业的事")
    assert moved["department"] == "property"
    taken = await city.in_status(case_id, "assigned")
    await tour.does("dispatch", case_id, "acceptance", by=taken["assignee"])
    assert (await tour.does("dispatch", case_id, "completion", by=taken["assignee"], outcome="谈妥了"))["status"] == "completed"
    await tour.does("closure", case_id, "rework", reason="还在吵")
    await tour.does("dispatch", case_id, "completion", by=taken["assignee"], outcome="这次谈妥了")
    await tour.does("closure", case_id, "rating", by="resident", solved=True, score=4)
    await checked_and_closed(tour)


async def checked_and_closed(tour: Tour) -> None:
    """A case that has to be checked; what needs a closed one is refused while it is not, with the status in the answer."""
    case_id = await report(tour, text="路灯不亮", category=LAMP, location={"lat": 30.0103, "lon": 104.0303})
    assignee = (await tour.city.in_status(case_id, "assigned"))["assignee"]
    await tour.does("dispatch", case_id, "acceptance", by=assignee)
    await tour.does("dispatch", case_id, "completion", by=assignee, outcome="换了灯泡")

    async def waits() -> bool:
        return case_id in (await tour.ask("GET", "closure", "/queue")).text

    await eventually(waits)
    assert (await tour.does("closure", case_id, "verification", reason="亮了"))["verified"]
    for step, body in (("reopening", {"reason": "又灭了"}), ("publication", {"text": "已修复"})):
        answer = await tour.ask("POST", "closure", f"/cases/{case_id}/{step}", status=409, json=body)
        assert answer.json()["case"]["status"] == "completed"


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
    for lang, word in (("zh", "案"), ("en", "ases")):
        page_text = (await tour.ask("GET", "console", "/", lang=lang)).text
        assert word in page_text
    await tour.ask("GET", "console", "/pages/now")
    await tour.ask("GET", "console", "/pages/status.css")
    await tour.ask("GET", "console", "/pages/secrets.txt", status=404)


def filters() -> Iterator[tuple[dict[str, str], Any]]:
    yield {"status": "rejected"}, lambda case: case["status"] == "rejected"
    yield {"category": LAMP}, lambda case: case["category"] == LAMP
    yield {"grade": "normal"}, lambda case: case["grade"] == "normal"
    yield {"department": "property"}, lambda case: case["department"] == "property"
    yield {"text": "路灯"}, lambda case: "路灯" in case["text"]
    yield {"open": "true", "overdue": "false"}, lambda case: case["open"] and not case["overdue"]
    yield {"sort": "grade"}, lambda case: True
