"""Around every request: sizes, times, and what browsers are told to do with the answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from shared.problems import install
from shared.settings import Settings
from shared.shell import enclose


def shelled(**settings: Any) -> FastAPI:
    api = FastAPI()
    enclose(api, Settings.model_validate({"body_bytes": 1000, **settings}))
    install(api)

    @api.post("/echo")
    async def echo(body: dict[str, Any]) -> dict[str, Any]:
        return body

    @api.get("/slow")
    async def slow() -> None:
        await asyncio.Event().wait()

    return api


async def ask(api: FastAPI, method: str, path: str, **more: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://here") as client:
        return await client.request(method, path, **more)


async def pieces(count: int) -> AsyncIterator[bytes]:
    yield b'{"a": "'
    for _ in range(count):
        yield b"x" * 100
    yield b'"}'


@pytest.mark.parametrize(("count", "status"), [(5, 200), (10, 413)])
async def test_a_body_in_pieces_is_refused_once_it_is_too_large(count: int, status: int):
    answer = await ask(shelled(), "POST", "/echo", content=pieces(count), headers={"content-type": "application/json"})
    assert answer.status_code == status
    if status == 413:
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_request_that_takes_too_long_is_answered_503():
    answer = await ask(shelled(request_seconds=0.05), "GET", "/slow")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


async def test_every_answer_tells_browsers_to_be_careful():
    for path in ("/slow", "/nothing-there"):
        headers = (await ask(shelled(request_seconds=0.05), "GET", path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in headers
    secure = shelled(console_url="https://city.example.org", intake_url="https://report.example.org")
    assert "max-age" in (await ask(secure, "POST", "/echo", json={})).headers["Strict-Transport-Security"]


async def test_only_pages_of_the_listed_origins_may_call():
    for cors, allowed in (("", None), ("https://city.example.org", "https://city.example.org")):
        for origin in ("https://city.example.org", "https://else.example.org"):
            answer = await ask(shelled(cors=cors), "POST", "/echo", json={}, headers={"Origin": origin})
            assert answer.headers.get("Access-Control-Allow-Origin") == (allowed if origin == allowed else None)


LIST = "/open311/v2/requests.json"


async def test_a_list_that_takes_too_long_is_answered_503_although_forms_are_posted_to_its_address():
    api = shelled(request_seconds=0.05)
    api.get(LIST)(asyncio.Event().wait)
    async with asyncio.timeout(10):
        assert (await ask(api, "GET", LIST)).status_code == 503


async def test_a_form_may_be_larger_than_other_bodies():
    api = shelled()
    api.post(LIST)(sized)
    assert (await ask(api, "POST", LIST, content=b"x" * 2000)).json() == 2000


async def sized(request: Request) -> int:
    return len(await request.body())


async def test_an_answer_is_kept_nowhere_unless_it_says_so_itself():
    api = shelled(request_seconds=0.05)

    @api.get("/photo")
    async def photo() -> Response:
        return Response(headers={"Cache-Control": "public, max-age=300"})

    for method, path in (("POST", "/echo"), ("GET", "/slow"), ("GET", "/nothing-there")):
        assert (await ask(api, method, path, json={})).headers.get_list("Cache-Control") == ["no-store"]
    assert (await ask(api, "GET", "/photo")).headers.get_list("Cache-Control") == ["public, max-age=300"]
