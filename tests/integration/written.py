"""What people do and write, as full of people, homes and secrets as their words can be: the story that no public answer may tell."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from shared.case import Case, evolve
from shared.events import CaseClosed
from tests.deployment import MONDAY, Deployed
from tests.facts import LAMP, NOISE
from tests.pictures import with_position

OPERATOR, VIOLENCE = "operator-02", "X10204"
STREET, HOME = {"lat": 30.021234, "lon": 104.020345}, {"lat": 30.021987, "lon": 104.020765}
EXACT = [str(value).encode() for place in (STREET, HOME) for value in place.values()]
CONTACT = {
    "name": "Contactname7Q",
    "phone": "13812345678",
    "email": "contact7q@example.org",
    "device": "device-7q",
    "account": "account-7q",
}
# By these a person could be reached or a home found, in whatever text: they are in no public answer at all, in no notation.
REACHED = (
    "13812345678", "138 1234 5678", "+8613812345678", "13987654321", "139-8765-4321", "028-85551234",
    "510107199003072316", "neighbour7q@example.org", "reporter7q@example.net",
    "2单元501室", "501室", "apartment 72", "Contactname7Q", "contact7q@example.org", "device-7q", "account-7q",
)  # fmt: skip
# Words that people wrote: the street as it was written down, whoever was named. Open311 shows texts and addresses by its own contract.
WRITTEN = ("Namedperson7Q", "Homestreet7Q")
IN_CHINESE = "是Namedperson7Q家，住Homestreet7Q路3号楼2单元501室，电话13812345678，身份证510107199003072316，邮箱neighbour7q@example.org"
IN_ENGLISH = "ask Namedperson7Q, Homestreet7Q 3, apartment 72, call +8613987654321 or 139-8765-4321, reporter7q@example.net"


@dataclass
class Story:
    """The cases that were told: their ids and numbers, the photos by name, and the posts that dealt with them."""

    ids: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    photos: dict[str, str] = field(default_factory=dict)
    posts: set[str] = field(default_factory=set)


async def act(city: Deployed, case_id: str, process: str, step: str, by: str, **body: Any) -> dict[str, Any]:
    answer = await city.ask("POST", process, f"/cases/{case_id}/{step}", by=by, json=body or None)
    assert answer.is_success, (step, answer.text)
    shown: dict[str, Any] = answer.json()
    return shown


async def photo(city: Deployed, told: Story, name: str) -> str:
    """Upload a photo that says of itself where it was taken."""
    answer = await city.ask("POST", "intake", "/photos", content=with_position())
    assert answer.status_code == 201, answer.text
    told.photos[name] = str(answer.json()[0]["name"])
    return told.photos[name]


async def report(city: Deployed, told: Story, name: str, category: str | None, **more: Any) -> str:
    """Report something in words full of secrets; return the case."""
    media = [await photo(city, told, f"{name} before")]
    body = {"text": f"路灯不亮，{IN_CHINESE}。{IN_ENGLISH}", "address": f"Homestreet7Q路3号楼2单元501室 13812345678 {IN_ENGLISH}", **more}
    told.ids[name] = await city.report(category=category, contact=CONTACT, media=media, **body)
    return told.ids[name]


async def on_the_street(city: Deployed, told: Story) -> None:
    """A lamp: worked on, put off, done, checked, rated, closed and published, with words at each step."""
    id = await report(city, told, "street", LAMP, location=STREET)
    shown = await city.in_status(id, "assigned")
    worker = shown["assignee"]
    told.posts.add(worker)
    await act(city, id, "intake", "supplements", "resident", text=IN_CHINESE, media=[await photo(city, told, "added")])
    await act(city, id, "dispatch", "notes", worker, text=IN_CHINESE, media=[await photo(city, told, "on site")])
    await act(city, id, "dispatch", "acceptance", worker)
    await act(city, id, "dispatch", "contact", worker, how="phone", text=IN_CHINESE)
    later = (datetime.fromisoformat(shown["resolve_by"]) + timedelta(days=1)).isoformat()
    await act(city, id, "dispatch", "extension", worker, resolve_by=later, reason=IN_CHINESE, approved_by=OPERATOR)
    await act(city, id, "dispatch", "pause", worker, reason="weather", approved_by=OPERATOR)
    await act(city, id, "dispatch", "resume", worker)
    await act(city, id, "dispatch", "completion", worker, outcome=IN_CHINESE, media=[await photo(city, told, "after")])
    await act(city, id, "closure", "rework", OPERATOR, reason=IN_CHINESE)
    await act(city, id, "dispatch", "completion", worker, outcome=IN_ENGLISH, media=[await photo(city, told, "again")])
    await act(city, id, "closure", "verification", OPERATOR, reason=IN_CHINESE)
    await act(city, id, "closure", "rating", "resident", solved=True, score=4, comment=IN_ENGLISH)
    await act(city, id, "closure", "callback", OPERATOR, reached=True, solved=True, comment=IN_CHINESE)
    meant = {"text": IN_CHINESE, "handler": "municipal", "remedy_by": (MONDAY + timedelta(days=30)).isoformat()}
    await act(city, id, "closure", "remedy", OPERATOR, **meant)
    case = reduce(evolve, [event for event, took in (await city.told())[id] if took], Case(id=id))
    await city.say(CaseClosed.of(case, at=case.last_at, by="closure", outcome=IN_CHINESE))
    await city.in_status(id, "closed")
    published = "灯已更换，有问题请打13812345678或写信至neighbour7q@example.org / The lamp was replaced"
    await act(city, id, "closure", "publication", OPERATOR, text=published)


async def at_home(city: Deployed, told: Story) -> None:
    """Noise at home: given back, refused and handed over with reasons; two people report it."""
    id = await report(city, told, "home", NOISE, location=HOME)
    worker = (await city.in_status(id, "assigned"))["assignee"]
    told.posts.add(worker)
    await act(city, id, "dispatch", "refusal", worker, reason=IN_CHINESE)
    other = (await city.seen(id, lambda shown: shown["status"] == "assigned" and shown["assignee"] != worker))["assignee"]
    told.posts.add(other)
    await act(city, id, "dispatch", "acceptance", other)
    await act(city, id, "dispatch", "transfer", other, department="police", reason=IN_CHINESE)
    same = await report(city, told, "same", NOISE, location=HOME)
    await city.in_status(same, "assigned")
    await act(city, same, "triage", "merge", OPERATOR, into=id, reason=IN_CHINESE)


async def not_taken_up(city: Deployed, told: Story) -> None:
    """One that is refused with a reason, and one that its reporter takes back."""
    refused = await report(city, told, "refused", LAMP, location={"lat": 30.0103, "lon": 104.0303})
    await city.in_status(refused, "assigned")
    await act(city, refused, "triage", "rejection", OPERATOR, reason="不归本市管，请打13812345678 / call +8613987654321")
    back = await report(city, told, "back", LAMP, location={"lat": 30.0053, "lon": 104.0303})
    await city.in_status(back, "assigned")
    await act(city, back, "intake", "withdrawal", "resident", reason=IN_CHINESE)


async def confidential(city: Deployed, told: Story) -> None:
    """Violence at home, which nobody may even count; and one that is joined to an open case by mistake."""
    id = await report(city, told, "sealed", VIOLENCE, location=HOME)
    await city.in_status(id, "triaged", "assigned")
