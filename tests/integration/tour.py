"""Everything that people can ask of the services, done once as it should be: what `test_routes` goes through."""

import re
from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.deployment import MONDAY, Deployed
from tests.eventually import eventually
from tests.facts import GAS, LAMP, NOISE
from tests.pictures import encoded, pattern

SPOT = {"lat": 30.0212, "lon": 104.0203}
OPERATOR, LOOKER = "operator-02", "grid-worker-03"  # who is on duty, and who looks after the grid of the spot
DUMPING = "06030"


class Tour:
    """Asks for one route after the other and remembers which."""

    def __init__(self, city: Deployed, templates: dict[tuple[str, str], list[str]]) -> None:
        self.city, self.templates = city, templates
        self.seen: set[tuple[str, str, str]] = set()

    async def ask(self, method: str, process: str, path: str, by: str | None = OPERATOR, status: int = 200, **more: Any) -> httpx.Response:
        fits = [t for t in self.templates[method, process] if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(t)), path)]
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


async def report(tour: Tour, **body: Any) -> str:
    told = {"text": "楼上太吵", "category": NOISE, "channel": "phone", "location": SPOT, **body}
    answer = await tour.ask("POST", "intake", "/reports", by=None, status=201, json=told)
    assert answer.headers["Location"] == answer.json()["status_url"]
    return tour.city.remember(answer)


async def reporting(tour: Tour) -> None:
    """What residents do."""
    one = await report(tour, contact={"name": "somebody", "email": "somebody@example.org"})
    await tour.city.in_status(one, "assigned")
    await tour.does("intake", one, "supplements", by="resident", text="还在吵", media=["https://example.org/1.jpg"])
    assert (await tour.does("intake", one, "withdrawal", by="resident", reason="好了"))["status"] == "withdrawn"
    assert (await tour.ask("GET", "intake", f"/cases/{one}", by=None)).json()["status"] == "withdrawn"
    columns = "service_request_id,requested_datetime,description,lat,long,service_name\n"
    rows = f"a-1,2026-03-01T08:00:00+08:00,路灯不亮,30.0103,104.0103,{LAMP}\na-2,not a time,路灯不亮,99,104.0103,{LAMP}\n"
    answer = await tour.ask("POST", "intake", "/reports/bulk", by="operator-01", content=(columns + rows).encode())
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
    assert (await tour.does("triage", second, "separation", reason="不是同一家"))["into"] is None
    same = await report(tour, text="和刚才说的是同一家", category=None, same_as=first)
    assert (await tour.city.in_status(same, "merged"))["into"] == first


async def verifying(tour: Tour) -> None:
    """Who is asked to look before a report is filed finds it in a list, and says that it is so."""
    dumped = await report(tour, text="河边有人偷排污水", category=DUMPING)

    async def asked() -> bool:
        return dumped in (await tour.ask("GET", "triage", f"/staff/{LOOKER}/verifications")).text

    await eventually(asked)
    await tour.does("triage", dumped, "confirmation", by=LOOKER, reason="确有污水")
    await tour.city.in_status(dumped, "assigned")
    told = {"text": "河边有人偷排污水", "channel": "phone", "location": SPOT}
    assert (await tour.ask("POST", "triage", "/assessments", json=told)).json()
    for path in (f"/cases/{dumped}/duplicates", "/doubts"):
        assert isinstance((await tour.ask("GET", "triage", path)).json(), list)


async def picturing(tour: Tour) -> None:
    """Photos: taken in, named in a report, seen by their links, shown to everybody and taken back."""
    one = (await tour.ask("POST", "intake", "/photos", by=None, status=201, content=encoded(pattern()))).json()[0]
    case_id, path = await report(tour, media=[one["name"]]), f"/photos/{one['name']}"
    for link in (one["url"], one["thumb"]):
        assert (await tour.city.web.get(link)).status_code == 200

    async def released() -> bool:
        return (await tour.city.ask("POST", "intake", f"{path}/release", by=OPERATOR, json={})).status_code == 200

    await eventually(released)
    await tour.ask("POST", "intake", f"{path}/release", json={"hide": [{"left": 0, "top": 0, "right": 1, "bottom": 0.5}]})
    for shown in (path, f"{path}/thumb"):
        assert (await tour.ask("GET", "intake", shown, by=None)).headers["content-type"] == "image/jpeg"
    assert len((await tour.ask("GET", "intake", f"/cases/{case_id}/photos", by=None)).json()["before"]) == 1
    await tour.ask("POST", "intake", f"{path}/withholding", json={"reason": "可见车牌"})


async def handling(tour: Tour) -> None:
    """What handlers, operators and residents do until a case is to be closed; closing takes days."""
    city, case_id = tour.city, await report(tour)
    shown = await city.in_status(case_id, "assigned")

    async def candidates() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await tour.ask("GET", "dispatch", f"/cases/{case_id}/candidates")).json()
        assert shown["assignee"] not in {one["person"] for one in found}
        return found

    instead = await eventually(candidates)
    await tour.ask("GET", "dispatch", "/cases/nobody-reported-this/candidates", status=404)
    await tour.does("dispatch", case_id, "refusal", by=shown["assignee"], reason="太远")
    given = await city.seen(case_id, lambda now: now["status"] == "assigned" and now["assignee"] != shown["assignee"])
    assert given["assignee"] == instead[0]["person"], "who is first is whom dispatch asks"
    given = await tour.does("dispatch", case_id, "assignment", person="grid-worker-01", reason="熟悉", force=True)
    assert given["assignee"] == "grid-worker-01"
    for step, status in (("acceptance", "accepted"), ("start", "working")):
        assert (await tour.does("dispatch", case_id, step, by="grid-worker-01"))["status"] == status
    later = (datetime.fromisoformat(given["resolve_by"]) + timedelta(days=1)).isoformat()
    await tour.does("dispatch", case_id, "extension", by="grid-worker-01", resolve_by=later, reason="等配件", approved_by=OPERATOR)
    await tour.does("dispatch", case_id, "notes", by="grid-worker-01", text="下午再去")
    await tour.does("dispatch", case_id, "contact", by="grid-worker-01", how="phone", text="约好下午上门")
    answer = await tour.ask("POST", "dispatch", f"/cases/{case_id}/explanation", by="grid-worker-01", status=409, json={"text": "在路上"})
    assert "reminder" in answer.json()["detail"]
    await tour.ask("GET", "dispatch", "/supervision")
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


async def returning(tour: Tour) -> None:
    """A unit gives a case back, an operator insists, the unit appeals, and the duty officer decides."""
    case_id = await report(tour)
    first = (await tour.city.in_status(case_id, "assigned"))["assignee"]
    await tour.does("dispatch", case_id, "acceptance", by=first)
    await tour.does("dispatch", case_id, "return", by=first, reason="不归我管")
    await tour.does("dispatch", case_id, "assignment", person="property-worker-02", reason="先看一下", force=True)
    given = await tour.does("dispatch", case_id, "assignment", person=first, reason="就是你的", force=True, insist=True)
    assert given["assignee"] == first
    await tour.does("dispatch", case_id, "appeal", by=first, reason="职责清单没有")
    ruled = await tour.does("dispatch", case_id, "ruling", by="duty-officer-01", upheld=True, department="police", reason="归公安")
    assert ruled["department"] == "police"


async def late(tour: Tour) -> None:
    """An emergency that was handled on the spot is recorded after, with the true times."""
    case_id = await report(tour, text="楼道里有煤气味", category=GAS)
    await tour.city.in_status(case_id, "assigned")
    times = {"started_at": (MONDAY - timedelta(minutes=30)).isoformat(), "completed_at": (MONDAY - timedelta(minutes=5)).isoformat()}
    recorded = await tour.does("dispatch", case_id, "record", by=LOOKER, outcome="阀门已关", **times)
    assert (recorded["status"], recorded["assignee"]) == ("completed", LOOKER)


async def closing(tour: Tour) -> None:
    """A case that has to be checked; what needs a closed one is refused while it is not, with the status in the answer."""
    case_id = await report(tour, text="路灯不亮", category=LAMP, location={"lat": 30.0103, "lon": 104.0303})
    assignee = (await tour.city.in_status(case_id, "assigned"))["assignee"]
    await tour.does("dispatch", case_id, "acceptance", by=assignee)
    await tour.does("dispatch", case_id, "completion", by=assignee, outcome="换了灯泡", media=["photo:lamp"])

    async def waits() -> bool:
        return case_id in (await tour.ask("GET", "closure", "/queue")).text

    await eventually(waits)
    assert (await tour.does("closure", case_id, "verification", reason="亮了"))["verified"]
    await tour.does("closure", case_id, "callback", reached=True, solved=True, satisfied=True)
    await tour.does(
        "closure", case_id, "remedy", text="整条街换灯", handler="lighting", remedy_by=(MONDAY + timedelta(days=30)).isoformat()
    )
    for path in ("/callbacks", "/publications/overdue"):
        assert (await tour.ask("GET", "closure", path)).json() == []
    refused = (("reopening", {"reason": "又灭了"}), ("publication", {"text": "已修复"}), ("decision", {"reason": "现场正常"}))
    for step, body in refused:
        answer = await tour.ask("POST", "closure", f"/cases/{case_id}/{step}", status=409, json=body)
        assert answer.json()["case"]["status"] == "completed"


async def other_programs(tour: Tour, key: str) -> None:
    """What programs of others do, by Open311."""
    base = "/open311/v2"
    form = {"api_key": key, "service_code": LAMP, "attribute[CONDITION]": "out", "lat": str(SPOT["lat"]), "long": str(SPOT["lon"])}
    [made] = (await tour.ask("POST", "intake", f"{base}/requests.json", by=None, data=form)).json()
    number = made["service_request_id"]
    update = {"api_key": key, "update_id": "1", "service_request_id": number, "description": "Seen"}
    await tour.ask("POST", "intake", f"{base}/servicerequestupdates.json", by=None, data=update)
    for path in ("discovery.xml", f"{base}/discovery.json", f"{base}/services.xml", f"{base}/services/{LAMP}.json"):
        await tour.ask("GET", "intake", path if path.startswith("/") else f"/open311/{path}", by=None)
    for path in ("requests.json", "requests.csv", f"requests/{number}.xml", "servicerequestupdates.json"):
        assert number in (await tour.ask("GET", "intake", f"{base}/{path}", by=None)).text
    await tour.ask("GET", "intake", f"{base}/tokens/T-1.json", by=None, status=404)
