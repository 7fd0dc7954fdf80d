"""Open311 against a real intake: what the public sees, and what nobody does, in both notations and both spaces."""

import asyncio
from functools import partial
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deployment import Deployed
from tests.eventually import eventually
from tests.integration.open311 import ADVICE, BASE, COVER, TEST, VIOLENCE, post, posted, read, row_of, triage
from tests.unit.intake.open311.xml import read as read_xml

pytestmark = pytest.mark.asyncio(loop_scope="module")


CODES = st.sampled_from(["01002", "01037,X10401", "99999", "井盖", "%", ",,"])
MOMENTS = st.sampled_from(
    ["2026-03-01T00:00:00Z", "2026-03-02T08:00:00+08:00", "2026-03-02T08:00:00 08:00", "2026-01-01", "soon", "\x00", ""]
)
WORDS = st.text(max_size=12) | st.sampled_from(["1", "2", "1000", "0", "-1", "true", "open", "closed", "open,closed", "104,30,105,31"])
ODD = st.fixed_dictionaries(
    {},
    optional={
        "jurisdiction_id": st.sampled_from(["", "demo.example", "elsewhere"]),
        "service_code": CODES,
        "service_request_id": WORDS,
        "status": WORDS,
        "start_date": MOMENTS,
        "end_date": MOMENTS,
        "updated_after": MOMENTS,
        "updated_before": MOMENTS,
        "bbox": WORDS,
        "page": WORDS,
        "page_size": WORDS,
        "extensions": WORDS,
        "colour": WORDS,
    },
)
PATHS = st.sampled_from(
    ["services", "services/01002", "services/nothing", "requests", "requests", "requests", "servicerequestupdates", "tokens/T-1"]
)


async def test_whatever_is_asked_both_notations_answer_the_same(city: Deployed, key: str):
    await posted(city, key, description="井盖坏了\r\n<很危险> & \x0b快来", address_string="河沿路1号 & 2号")
    base = city.url("intake") + BASE

    @given(PATHS, ODD)
    @settings(max_examples=150)
    def compare(path: str, asked: dict[str, str]) -> None:
        json, xml = (web.get(f"{base}/{path}.{notation}", params=asked) for notation in ("json", "xml"))
        assert json.status_code == xml.status_code in (200, 400, 404), (path, asked, json.text)
        assert json.headers["content-type"] == "application/json; charset=utf-8"
        assert xml.headers["content-type"] == "text/xml; charset=utf-8"
        assert read_xml(xml.content) == json.json()

    with httpx.Client(trust_env=False, timeout=60) as web:
        await asyncio.to_thread(compare)


async def test_nobody_can_follow_what_is_confidential(city: Deployed, key: str):
    answer = await post(city, key, service_code=VIOLENCE, description="SECRET words")
    assert answer.json()[0].keys() == {"service_notice", "account_id"}
    id = await city.report(text="SECRET words", category=VIOLENCE, address="SECRET street 1")
    row = await eventually(partial(row_of, city, id)) or {}
    await read(city, f"requests/{row['number']}", status=404)
    for path in ("requests.json", "requests.xml", "requests.csv", "servicerequestupdates.json"):
        shown = await city.ask("GET", "intake", f"{BASE}/{path}", params={"extensions": "true"})
        assert (shown.status_code, "SECRET" in shown.text, row["number"] in shown.text) == (200, False, False)


async def test_who_reported_is_in_no_answer(city: Deployed, key: str):
    secrets = {
        "first_name": "Firstname",
        "last_name": "Lastname",
        "email": "somebody@example.org",
        "phone": "13812345678",
        "device_id": "device-77",
        "account_id": "account-77",
    }
    told = {"description": "楼道灯坏了，请打13812345678，2单元501室", "address_string": "河沿路1号3号楼2单元501室", **secrets}
    answer = await post(city, key, **told)
    assert answer.json()[0]["account_id"] == "account-77"
    number = answer.json()[0]["service_request_id"]
    for path in (f"requests/{number}.json", f"requests/{number}.xml", "requests.json", "requests.csv"):
        shown = (await city.ask("GET", "intake", f"{BASE}/{path}", params={"extensions": "true"})).text
        assert number in shown
        assert [secret for secret in (*secrets.values(), "501", "2单元") if secret in shown] == []
    assert (await read(city, f"requests/{number}"))[0]["address"] == "河沿路1号3号楼"


async def test_what_is_posted_to_the_test_space_reaches_no_log_and_no_list_of_production(city: Deployed, key: str):
    before = await city.ends()
    number = await posted(city, key, base=TEST, description="just trying")
    [found] = await read(city, f"requests/{number}", base=TEST)
    assert found["description"] == "just trying"
    assert number in {one["service_request_id"] for one in await read(city, "requests", base=TEST)}
    [receipt] = (await post(city, key, TEST, service_code=ADVICE)).json()
    assert (await read(city, f"tokens/{receipt['token']}", base=TEST))[0]["service_request_id"]
    await read(city, f"requests/{number}", status=404)
    assert await city.ends() == before
    assert (await post(city, "wrong", TEST)).status_code == 403


async def test_a_token_is_exchanged_before_and_after_the_id_exists(city: Deployed, key: str):
    [receipt] = (await post(city, key, service_code=ADVICE, description="How do I apply?")).json()
    assert receipt.keys() == {"token", "service_notice", "account_id"}
    [waiting] = await read(city, f"tokens/{receipt['token']}")
    assert waiting == {"service_request_id": None, "token": receipt["token"]}
    assert ADVICE not in {one["service_code"] for one in await read(city, "requests")}
    [row] = city.database("intake")["requests"].find({"code": ADVICE})
    await read(city, f"requests/{row['number']}", status=404)
    await triage(city, row["case"])

    async def filed() -> Any:
        [found] = await read(city, f"tokens/{receipt['token']}")
        return found["service_request_id"]

    number = await eventually(filed)
    [request] = await read(city, f"requests/{number}")
    assert (number, request["service_code"]) == (row["number"], ADVICE)
    await read(city, "tokens/T-nobody", status=404)
    await read(city, f"tokens/{receipt['token']}", base=TEST, status=404)


async def test_another_system_tells_an_update_once_and_hears_ours(city: Deployed, key: str):
    number = await posted(city, key, description="to be followed")
    form = {"api_key": key, "update_id": "u-1", "service_request_id": number, "status": "INVESTIGATING", "description": "We look at it"}
    for _ in range(2):
        answer = await city.ask("POST", "intake", f"{BASE}/servicerequestupdates.json", data=form)
        assert answer.json() == [{"update_id": "u-1", "service_request_id": number}], answer.text
    said = [event for event in await city.effective("case.supplemented") if "We look at it" in event.text]  # type: ignore[union-attr]
    assert [event.by.startswith("open311:") for event in said] == [True]
    wrong = await city.ask("POST", "intake", f"{BASE}/servicerequestupdates.json", data={"api_key": key})
    assert (wrong.status_code, len(wrong.json()) >= 2) == (400, True)

    await triage(city, said[0].case_id)

    async def heard() -> list[Any]:
        updates = [one for one in await read(city, "servicerequestupdates") if one["service_request_id"] == number]
        assert len(updates) == 2, updates  # reported and filed
        return updates

    assert [one["status"] for one in await eventually(heard)] == ["open", "open"]


async def test_a_failure_of_ours_is_told_in_the_words_of_the_contract(city: Deployed, key: str):
    for method, path, status in (
        ("GET", "/open311/v2/services.yaml", 404),
        ("GET", "/open311/v2/nothing.json", 404),
        ("PUT", "/open311/v2/requests.json", 400),
        ("GET", "/open311", 404),
        ("POST", "/open311/v2/requests.xml", 403),
        ("GET", "/open311/v2/requests.xml?jurisdiction_id=elsewhere", 404),
        ("GET", "/open311/v2/services/99999.xml", 404),
    ):
        answer = await city.ask(method, "intake", path)
        assert answer.status_code == status, (path, answer.text)
        assert "code" in answer.text
        assert answer.headers["content-type"] in ("text/xml; charset=utf-8", "application/json; charset=utf-8")
    json = await city.ask("POST", "intake", f"{BASE}/requests.json", params={"api_key": key}, json={"service_code": COVER})
    assert (json.status_code, json.json()[0]["code"]) == (400, 415)
    outside = await city.ask("GET", "intake", "/nothing")
    assert outside.headers["content-type"] == "application/problem+json"
