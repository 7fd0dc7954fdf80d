"""Whatever refuses under /open311, the answer is in the contract's form and one of its statuses; elsewhere nothing changes."""

import httpx
import pytest
from fastapi import FastAPI, Response

from services.intake.open311.refusing import install
from shared.problems import Fault, problem
from shared.problems import install as install_problems
from tests.unit.intake.open311.xml import read

api = FastAPI()
install_problems(api)
install(api)


@api.get("/open311/v2/boom.{fmt}")
@api.get("/boom.{fmt}")
async def boom(fmt: str, status: int) -> Response:
    if status == 500:
        raise RuntimeError("SECRET")
    faults = [Fault(field="lat", en="lat is wrong", zh="lat 有误"), Fault(field="long", en="This is needed.", zh="此项必填。")]
    raise problem(status, "No.", "不。", faults if status == 422 else (), headers={"Retry-After": "7"})


async def ask(path: str, method: str = "GET") -> httpx.Response:
    transport = httpx.ASGITransport(api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as web:
        return await web.request(method, path, headers={"Accept-Language": "en"})


@pytest.mark.parametrize(
    ("status", "told", "code"),
    [
        (401, 403, 401),
        (403, 403, 403),
        (404, 404, 404),
        (409, 400, 409),
        (413, 400, 413),
        (429, 400, 429),
        (503, 400, 503),
        (500, 400, 500),
    ],
)
async def test_three_statuses_are_left_and_the_code_is_finer(status: int, told: int, code: int):
    json, xml = await ask(f"/open311/v2/boom.json?status={status}"), await ask(f"/open311/v2/boom.xml?status={status}")
    assert (json.status_code, xml.status_code, json.json()[0]["code"]) == (told, told, code)
    assert read(xml.content) == json.json()
    assert "SECRET" not in json.text
    assert json.headers["content-type"] == "application/json; charset=utf-8"
    assert xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert status == 500 or json.headers["retry-after"] == "7"


async def test_each_fault_is_an_error_that_names_its_field():
    told = (await ask("/open311/v2/boom.json?status=422")).json()
    assert told == [{"code": 400, "description": "lat is wrong"}, {"code": 400, "description": "long: This is needed."}]


@pytest.mark.parametrize(("method", "path"), [("POST", "/open311/v2/boom.json?status=1"), ("GET", "/open311/v2/boom.json?status=x")])
async def test_what_the_framework_refuses_is_plainly_wrong(method: str, path: str):
    answer = await ask(path, method)
    assert (answer.status_code, answer.json()[0]["code"]) == (400, 400)


async def test_elsewhere_nothing_changes():
    assert (await ask("/boom.json?status=413")).status_code == 413
    assert (await ask("/boom.json?status=422")).headers["content-type"] == "application/problem+json"
    assert (await ask("/boom.json?status=500")).status_code == 500
    assert (await ask("/open311nonsense")).headers["content-type"] == "application/problem+json"
