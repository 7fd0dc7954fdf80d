"""Photos through real services: taken in without what they must not tell, named in every step, seen side by side, released."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.engines import Engines
from deploy.photos.keeping import forget, missing, tidy
from deploy.refusal import CannotDo
from deploy.system import SERVICES
from tests.deployment import Deployed
from tests.eventually import eventually
from tests.facts import LAMP
from tests.pictures import POSITION, corners, encoded, opened, pattern, with_position

pytestmark = pytest.mark.asyncio(loop_scope="module")
OPERATOR = "operator-02"
PLACE, FAR = {"lat": 30.0103, "lon": 104.0303}, {"lat": 30.0303, "lon": 104.0103}  # too far apart to be the same matter


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployed]:
    async with Deployed(tmp_path_factory.mktemp("photos"), engines.kafka_url, engines.mongo_url, dict.fromkeys(SERVICES, 1)) as here:
        yield here


async def upload(city: Deployed, data: bytes | None = None) -> dict[str, Any]:
    answer = await city.ask("POST", "intake", "/photos", content=data or encoded(pattern()), timeout=120)
    assert answer.status_code == 201, answer.text
    [photo] = answer.json()
    return dict(photo)


async def test_a_photo_with_a_position_comes_back_without_it(city: Deployed):
    sent = with_position(orientation=6)
    assert POSITION in sent
    photo = await upload(city, sent)
    for link, size in ((photo["url"], (480, 640)), (photo["thumb"], (300, 400))):
        answer = await city.web.get(link)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "immutable" in answer.headers["cache-control"]
        image = opened(answer.content)
        assert (image.size, corners(image)) == (size, ["b", "r", "w", "g"])
        assert not image.getexif()
        assert all(word not in answer.content for word in (POSITION, b"Exif", b"xmp", b"Maker", b"ICC_PROFILE"))


async def test_photos_of_a_form_are_all_taken(city: Deployed):
    files = [("photo", (f"{n}.png", encoded(pattern(), "PNG"), "image/png")) for n in range(3)]
    answer = await city.ask("POST", "intake", "/photos", files=files, timeout=120)
    assert answer.status_code == 201, answer.text
    assert len({photo["name"] for photo in answer.json()}) == 3
    files[1] = ("photo", ("evil.jpg", b"<svg/>", "image/jpeg"))
    answer = await city.ask("POST", "intake", "/photos", files=files, lang="zh", timeout=120)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (415, ["photo.1"])
    answer = await city.ask("POST", "intake", "/photos", data={"photo": "text"}, files={"other": b"x"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "photo")


async def test_what_is_too_large_is_refused_before_it_is_read(city: Deployed):
    answer = await city.ask("POST", "intake", "/photos", content=b"\xff\xd8" * 6_500_000)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (413, "photo")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(60):
            yield b"x" * 1_000_000

    with_form = {"content-type": "multipart/form-data; boundary=b"}
    try:
        answer = await city.web.post(city.url("intake") + "/photos", content=endless(), headers=with_form)
        assert answer.status_code in (413, 422)
    except httpx.WriteError:  # it was refused while we were still sending
        pass


async def test_names_that_are_not_known_are_refused_everywhere(city: Deployed):
    known, unknown = (await upload(city))["name"], "a" * 26 + ".jpg"
    told = {"text": "路灯不亮", "category": LAMP, "channel": "web", "location": PLACE, "media": [known, unknown, "https://example.org/1"]}
    answer = await city.ask("POST", "intake", "/reports", json=told, lang="zh")
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["media.1"])
    case_id = await city.report(text="路灯不亮", category=LAMP, location=PLACE, media=[known])
    assignee = (await city.in_status(case_id, "assigned"))["assignee"]
    for process, step, body in (
        ("intake", "supplements", {"text": "x"}),
        ("dispatch", "notes", {"text": "x"}),
        ("dispatch", "completion", {"outcome": "x"}),
    ):
        answer = await city.ask("POST", process, f"/cases/{case_id}/{step}", by=assignee, json={**body, "media": [known, unknown]})
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["media.1"]), step


async def test_before_and_after_stand_side_by_side_and_everybody_sees_what_is_released(city: Deployed):
    photos = {step: await upload(city) for step in ("report", "supplement", "on_site", "result")}
    case_id = await city.report(text="路灯不亮", category=LAMP, location=FAR, media=[photos["report"]["name"]])
    assignee = (await city.in_status(case_id, "assigned"))["assignee"]

    async def does(process: str, step: str, by: str, **body: Any) -> None:
        answer = await city.ask("POST", process, f"/cases/{case_id}/{step}", by=by, json=body or None)
        assert answer.status_code == 200, answer.text

    outside = "https://example.org/lamp.jpg"
    await does("intake", "supplements", "resident", media=[photos["supplement"]["name"], outside])
    await does("dispatch", "acceptance", assignee)
    await does("dispatch", "notes", assignee, text="灯杆歪了", media=[photos["on_site"]["name"]])
    await does("dispatch", "completion", assignee, outcome="换了灯泡", media=[photos["result"]["name"]])
    shown = await city.seen(case_id, lambda case: case["photos"]["after"])
    before, after = shown["photos"]["before"], shown["photos"]["after"]
    assert [(one["name"], one["step"]) for one in before] == [
        (photos["report"]["name"], "report"),
        (photos["supplement"]["name"], "supplement"),
        (outside, "supplement"),
        (photos["on_site"]["name"], "on_site"),
    ]
    assert [(one["name"], one["step"], one["by"]) for one in after] == [(photos["result"]["name"], "result", assignee)]
    for one in (before[0], after[0]):
        assert [(await city.web.get(one[link])).status_code for link in ("url", "thumb")] == [200, 200]
    await released(city, case_id, photos["report"]["name"])


async def released(city: Deployed, case_id: str, name: str) -> None:
    """Go through what everybody sees of a photo of the matter: nothing, then what an operator leaves of it, then nothing again."""
    open_link = f"{city.url('intake')}/photos/{name}"
    assert (await city.web.get(open_link)).status_code == 404
    assert (await city.ask("POST", "intake", f"/photos/{name}/release", by="grid-worker-01", json={})).status_code == 403
    hide = [{"left": 0, "top": 0, "right": 0.5, "bottom": 0.5}]
    turned = [{"left": 0.5, "top": 0, "right": 0.1, "bottom": 0.5}]
    answer = await city.ask("POST", "intake", f"/photos/{name}/release", by=OPERATOR, json={"hide": turned})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "hide.0")

    async def released_once() -> bool:  # the row of the photo is saved a moment behind the log
        return (await city.ask("POST", "intake", f"/photos/{name}/release", by=OPERATOR, json={"hide": hide})).status_code == 200

    await eventually(released_once)
    for path in ("", "/thumb"):
        answer = await city.web.get(open_link + path)
        assert (answer.status_code, corners(opened(answer.content))) == (200, ["k", "g", "b", "w"])
        assert answer.headers["cache-control"].startswith("public")
    pair = (await city.ask("GET", "intake", f"/cases/{case_id}/photos")).json()
    assert ([one["url"] for one in pair["before"]], pair["after"]) == ([open_link], [])
    answer = await city.ask("POST", "intake", f"/photos/{name}/withholding", by=OPERATOR, json={"reason": "可见门牌"})
    assert (answer.status_code, answer.json()["by"]) == (200, OPERATOR)
    assert (await city.web.get(open_link)).status_code == 404


async def test_the_service_answers_while_large_photos_arrive(city: Deployed):
    large = encoded(pattern(4000, 3000), quality=95)
    uploads = asyncio.gather(*(upload(city, large) for _ in range(4)))
    waited: list[float] = []
    while not uploads.done():
        began = time.monotonic()
        assert (await city.ask("GET", "intake", "/health/live")).status_code == 200
        waited.append(time.monotonic() - began)
    await uploads
    assert sorted(waited)[len(waited) * 9 // 10] < 0.25, "seconds, nine of ten answers"


async def test_what_no_case_refers_to_is_tidied_away(city: Deployed):
    settings = city.settings.model_copy(update={"photos": str(city.system.data / "photos")})
    orphan, kept = await upload(city), await upload(city)
    await city.report(text="路灯不亮", category=LAMP, location=PLACE, media=[kept["name"]])
    said: list[str] = []
    found = await tidy(settings, 0.0, True, said.append)
    assert (orphan["name"] in found.names, kept["name"] in found.names) == (True, False)
    assert "would be deleted" in said[-1]
    assert (await city.web.get(orphan["url"])).status_code == 200
    await tidy(settings, 0.0, False, said.append)
    assert [(await city.web.get(one["url"])).status_code for one in (orphan, kept)] == [404, 200]
    assert (await tidy(settings, 0.0, False, said.append)).orphans == []
    before = await missing(settings, said.append)
    await forget(settings, [kept["name"]], said.append)
    assert sorted({*before, kept["name"]}) == await missing(settings, said.append) != before
    assert [(await city.web.get(kept[link])).status_code for link in ("url", "thumb")] == [404, 404]
    with pytest.raises(CannotDo, match="no photo"):
        await forget(settings, [kept["name"]], said.append)


async def test_a_link_works_for_its_photo_and_its_time_only(city: Deployed):
    one, other = await upload(city), await upload(city)
    url = httpx.URL(one["url"])
    assert (await city.web.get(one["url"].replace(one["name"], other["name"]))).status_code == 403
    assert (await city.web.get(url.copy_set_param("until", "99999999999"))).status_code == 403
    assert (await city.web.get(url.copy_with(query=None))).status_code == 404
    assert (await city.web.get(f"{city.url('intake')}/photos/..%2f..%2fetc.jpg")).status_code == 404
