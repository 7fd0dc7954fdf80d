"""Pages act through the console, with the token of whoever has signed in, and no other site can."""

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI, Request, Response

from deploy.local.ports import free_port
from services.console.relay import inside, relay
from shared.gate import SESSION
from shared.problems import install
from shared.settings import Settings

PAGE = {"gridcase-page": "1"}


def service() -> FastAPI:
    """Return a service that tells what it was asked."""
    api = FastAPI()

    @api.api_route("/{path:path}", methods=["GET", "POST"])
    async def told(request: Request, response: Response, path: str) -> dict[str, object]:
        response.headers.update({"ETag": '"7"', "Set-Cookie": "a=b", "Retry-After": "2"})
        response.status_code = 409 if "conflict" in path else 200
        body = (await request.body()).decode()
        return {"path": f"/{path}", "query": request.url.query, "body": body, "headers": dict(request.headers), "host": request.url.netloc}

    return api


@pytest_asyncio.fixture
async def page() -> AsyncIterator[httpx.AsyncClient]:
    """A browser before a console whose session holds a token."""
    api = FastAPI()
    install(api)
    api.include_router(relay)
    api.state.process = SimpleNamespace(settings=Settings(dispatch_url="http://dispatch.example:9003"))
    api.state.relay = httpx.AsyncClient(transport=httpx.ASGITransport(service()))

    async def signed_in(scope, receive, send):
        await api({**scope, "session": {SESSION: dict(scope["headers"]).get(b"session", b"the-token").decode()}}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(signed_in), base_url="http://console.example") as client:
        yield client
    await api.state.relay.aclose()


async def test_a_command_reaches_its_service_as_it_was_given_with_the_token(page: httpx.AsyncClient):
    headers = {**PAGE, "idempotency-key": "k1", "if-match": '"3"', "accept-language": "en", "content-type": "application/json"}
    answer = await page.post("/do/dispatch/cases/1/acceptance?at=2026-01-01T00:00:00Z", headers=headers, content=b'{"a": 1}')
    told = answer.json()
    assert (told["host"], told["path"], told["query"]) == ("dispatch.example:9003", "/cases/1/acceptance", "at=2026-01-01T00:00:00Z")
    assert told["body"] == '{"a": 1}'
    assert told["headers"]["authorization"] == "Bearer the-token"
    assert {name: told["headers"][name] for name in headers if name not in PAGE} == {k: v for k, v in headers.items() if k not in PAGE}


async def test_the_answer_comes_back_as_the_service_gave_it_but_for_its_cookies(page: httpx.AsyncClient):
    answer = await page.post("/do/dispatch/cases/1/conflict", headers=PAGE)
    assert (answer.status_code, answer.headers["etag"], answer.headers["retry-after"]) == (409, '"7"', "2")
    assert "set-cookie" not in answer.headers


async def test_nothing_is_done_for_a_request_that_another_site_could_make(page: httpx.AsyncClient):
    answer = await page.post("/do/dispatch/cases/1/acceptance", headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "gridcase-page" in answer.json()["detail"]


async def test_the_service_learns_from_where_it_is_asked_and_not_what_the_browser_claims(page: httpx.AsyncClient):
    headers = {"x-forwarded-for": "9.9.9.9", "authorization": "Bearer another", "cookie": "gridcase=secret"}
    told = (await page.get("/do/dispatch/queue", headers=headers)).json()["headers"]
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["authorization"] == "Bearer the-token"
    assert "cookie" not in told


@pytest.mark.parametrize("path", ["/do/dispatch/metrics", "/do/dispatch/health/live", "/do/dispatch/docs", "/do/console/cases"])
async def test_only_what_people_may_ask_of_a_service_is_handed_on(page: httpx.AsyncClient, path: str):
    assert (await page.get(path)).status_code in (404, 422)


async def test_a_service_that_does_not_answer_is_told_as_such():
    api = FastAPI()
    install(api)
    api.include_router(relay)
    api.state.process = SimpleNamespace(settings=Settings(triage_url=f"http://127.0.0.1:{free_port()}"))
    browsing = httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://console.example")
    async with httpx.AsyncClient(trust_env=False) as api.state.relay, browsing as browser:
        answer = await browser.get("/do/triage/queue", headers={"accept-language": "en"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "triage" in answer.json()["detail"]


def test_the_console_reaches_services_by_their_inner_address_where_there_is_one():
    assert inside("triage", Settings(triage_url="https://triage.example:8002/")) == "https://triage.example:8002"
    assert inside("triage", Settings(triage_url="http://127.0.0.1:8002", inside="http://{service}:{port}")) == "http://triage:8002"


def token_of(sub: str) -> str:
    return f"e30.{urlsafe_b64encode(json.dumps({'sub': sub}).encode()).decode().rstrip('=')}.c2VhbA"


@pytest.mark.parametrize("session", [token_of("grid-worker-02"), "", "no.token", "the-token"])
async def test_what_one_person_did_is_not_said_as_another_one_or_as_nobody(page: httpx.AsyncClient, session: str):
    answer = await page.post("/do/intake/reports", headers={**PAGE, "gridcase-as": "grid-worker-01", "session": session})
    assert answer.status_code == 401


async def test_what_a_person_did_is_said_as_that_person(page: httpx.AsyncClient):
    answer = await page.post("/do/intake/reports", headers={**PAGE, "gridcase-as": "grid-worker-01", "session": token_of("grid-worker-01")})
    assert answer.status_code == 200
