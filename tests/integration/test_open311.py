"""Open311 against a real intake: two clients that others wrote, keys, forms and their faults."""

import asyncio
import importlib
import itertools
import warnings
from functools import partial
from xml.etree import ElementTree

import pytest
from georeport import GeoReport

from deploy.keys import create, listed, revoke
from deploy.refusal import CannotDo
from shared.clock import real
from tests.deployment import Deployed, unique
from tests.integration.open311 import BASE, CITY, COVER, LAMP, TEST, picture, post, posted, read

itertools.ifilter = filter  # type: ignore[attr-defined]  # the client was written for Python 2
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    Three = importlib.import_module("three").Three

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_request_can_be_read_as_soon_as_its_post_has_answered(city: Deployed, key: str):
    for description in ("first", "第二件"):
        number = await posted(city, key, description=description)
        [alone] = await read(city, f"requests/{number}")
        [first, *_] = await read(city, "requests")
        assert alone["description"] == description
        assert (first["service_request_id"], first["status"], alone["status"]) == (number, "open", "open")


async def test_a_post_without_a_key_that_works_is_refused(city: Deployed):
    name = unique("key")
    key = await create(city.settings, name, 1, 1, real())
    assert (await post(city, "wrong")).status_code == 403
    assert (await post(city, "")).status_code == 403
    in_address = await city.ask("POST", "intake", f"{BASE}/requests.json", params={"api_key": key}, data={"service_code": "9"})
    assert in_address.status_code == 404
    spent = await post(city, key)
    assert (spent.status_code, spent.json()[0]["code"]) == (400, 429)
    assert 0 < int(spent.headers["retry-after"]) <= 86_400
    await revoke(city.settings, name, real())
    assert (await post(city, key)).status_code == 403
    [(kept, posts)] = [pair for pair in await listed(city.settings) if pair[0].name == name]
    assert (kept.per_minute, bool(kept.revoked_at), posts >= 1) == (1, True, True)
    with pytest.raises(CannotDo, match="No key"):
        await revoke(city.settings, name, real())
    with pytest.raises(CannotDo, match="no name"):
        await create(city.settings, "a b", 1, 1, real())


async def test_what_a_client_in_json_and_xml_reads_is_what_was_posted(city: Deployed, key: str):
    number = await posted(city, key, description="Cover & lid <broken>", service_code=COVER)
    base = city.url("intake") + BASE
    for notation in ("json", "xml"):
        client = GeoReport(base, jurisdiction="demo.example", output_format=notation)
        services = await asyncio.to_thread(client.get_service_list)
        assert COVER in {service["service_code"] for service in services}
        told = await asyncio.to_thread(client.get_service_definition, COVER)
        assert "CONDITION" in str(told)
        open_ones = await asyncio.to_thread(client.get_service_requests, status="open", start_date="2026-03-01T00:00:00Z")
        assert number in str(open_ones)
        assert "Cover & lid <broken>" in str(await asyncio.to_thread(client.get_service_request, number))


async def test_three_discovers_posts_and_follows(city: Deployed, key: str):
    three = Three(city.url("intake") + BASE, api_key=key, jurisdiction="demo.example")
    assert [one["type"] for one in (await asyncio.to_thread(three.discovery))["endpoints"]] == ["production", "test"]
    assert COVER in {one["service_code"] for one in await asyncio.to_thread(three.services)}
    assert (await asyncio.to_thread(three.services, COVER))["attributes"][0]["code"] == "CONDITION"
    told = {"address": "Gate 3", "description": "broken", "lat": 30.01, "long": 104.02, "attribute[CONDITION]": "missing"}
    [first] = await asyncio.to_thread(partial(three.post, COVER, name="A B", phone="1", **told))
    [found] = await asyncio.to_thread(three.request, first["service_request_id"])
    assert (found["description"], found["address"], found["lat"], found["long"]) == ("broken", "Gate 3", 30.01, 104.02)
    several = {**told, "attribute[CONDITION]": "out", "attribute[NEAR][]": ["crossing", "stop"]}
    [lamp] = await asyncio.to_thread(partial(three.post, LAMP, **several))
    [answers] = await asyncio.to_thread(partial(three.request, lamp["service_request_id"], extensions="true"))
    assert [one["value"] for one in answers["attributes"]] == ["out", "crossing, stop"]
    listed = await asyncio.to_thread(partial(three.requests, start="03-01-2026", end="03-05-2026", count=1))
    assert [one["service_request_id"] for one in listed] == [lamp["service_request_id"]]
    refused = await asyncio.to_thread(partial(Three(three.endpoint).post, COVER, **told))
    assert refused[0]["code"] == 403


async def test_three_uploads_a_photo_that_is_shown_once_it_is_released(city: Deployed, key: str):
    three = Three(city.url("intake") + BASE, api_key=key)
    told = {"address": "Gate 3", "description": "broken", "attribute[CONDITION]": "missing", "media": ("a.png", picture(), "image/png")}
    [first] = await asyncio.to_thread(partial(three.post, COVER, **told))
    [hidden] = await read(city, f"requests/{first['service_request_id']}")
    assert hidden["media_url"] is None
    [row] = city.database("intake")["requests"].find({"number": first["service_request_id"]})
    answer = await city.ask("POST", "intake", f"/photos/{row['media']}/release", by="operator-02", json={})
    assert answer.status_code == 200, answer.text
    [shown] = await read(city, f"requests/{first['service_request_id']}")
    assert (await city.web.get(shown["media_url"])).headers["content-type"] == "image/jpeg"
    [broken] = await asyncio.to_thread(partial(three.post, COVER, **{**told, "media": ("a.png", b"no picture", "image/png")}))
    assert (broken["code"], broken["description"].startswith("media:")) == (415, True)


async def test_the_same_key_and_form_make_one_request(city: Deployed, key: str):
    form = {"api_key": key, "service_code": COVER, "attribute[CONDITION]": "missing", "address_string": "Gate 4"}
    for base in (BASE, TEST):
        numbers = [
            (await city.ask("POST", "intake", f"{base}/requests.json", key="once", data=form)).json()[0]["service_request_id"]
            for _ in range(2)
        ]
        assert numbers[0] == numbers[1]
        other = await city.ask("POST", "intake", f"{base}/requests.json", key="once", data={**form, "description": "another"})
        assert other.json()[0]["service_request_id"] != numbers[0]


async def test_every_fault_of_a_form_is_told_in_both_notations(city: Deployed, key: str):
    form = {
        "api_key": key,
        "service_code": LAMP,
        "lat": "99",
        "attribute[LAMPS]": "many",
        "attribute[SINCE]": "yesterday",
        "media_url": "x:",
    }
    for notation in ("json", "xml"):
        answer = await city.ask("POST", "intake", f"{BASE}/requests.{notation}", data={**form, "description": "x" * 4_001})
        assert answer.status_code == 400
        if notation == "json":
            told = [one["description"] for one in answer.json()]
        else:
            told = [str(one.findtext("description")) for one in ElementTree.fromstring(answer.content)]
        for name in ("lat", "long", "attribute[CONDITION]", "attribute[LAMPS]", "attribute[SINCE]", "media_url", "description"):
            assert any(name in sentence for sentence in told), (name, told)
        assert len(told) == 7, told


async def test_a_service_whose_code_stands_for_several_is_named_by_one_code(city: Deployed, key: str):
    [several] = [code for code in CITY.categories if "/" in code][:1]
    code = several.replace("/", "-")
    asked = CITY.categories[several].conditions[0].key
    number = await posted(city, key, service_code=code, **{"attribute[CONDITION]": asked})
    assert (await read(city, f"requests/{number}"))[0]["service_code"] == code
    assert number in {one["service_request_id"] for one in await read(city, "requests", service_code=code)}
    assert (await read(city, f"services/{code}"))["service_code"] == code
