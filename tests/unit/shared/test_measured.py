"""Every request is measured and counted by what was answered, under a bounded number of names."""

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from prometheus_client import REGISTRY

from shared.measured import Measured
from shared.settings import Settings
from shared.shell import enclose

MOST = 1000


def client() -> AsyncClient:
    api = FastAPI()
    enclose(api, Settings(body_bytes=MOST))
    api.add_middleware(Measured, service="measured")

    @api.get("/cases/{case_id}")
    async def one(case_id: str) -> str:
        return case_id

    @api.get("/broken")
    async def broken() -> None:
        raise RuntimeError("broken")

    return AsyncClient(transport=ASGITransport(app=api, raise_app_exceptions=False), base_url="http://api")


def counted(method: str, status: str) -> float:
    return REGISTRY.get_sample_value("cases_responses_total", {"service": "measured", "method": method, "status": status}) or 0.0


def measured(method: str, route: str) -> float:
    return REGISTRY.get_sample_value("cases_request_seconds_count", {"service": "measured", "method": method, "route": route}) or 0.0


@pytest.mark.parametrize(
    ("method", "path", "name", "status"),
    [
        ("GET", "/cases/a", "GET", "200"),
        ("GET", "/nowhere", "GET", "404"),
        ("GET", "/broken", "GET", "500"),
        ("BREW", "/cases/a", "other", "405"),
    ],
)
async def test_an_answer_is_counted_by_method_and_status(method: str, path: str, name: str, status: str):
    before = counted(name, status)
    assert (await client().request(method, path)).status_code == int(status)
    assert counted(name, status) == before + 1


async def test_a_request_is_measured_by_its_route_whatever_stands_in_the_path():
    before = measured("GET", "/cases/{case_id}")
    for case in ("a", "b"):
        await client().get(f"/cases/{case}")
    assert measured("GET", "/cases/{case_id}") == before + 2


async def test_a_body_that_is_too_large_is_refused_and_counted():
    before = counted("POST", "413")
    assert (await client().post("/cases", content=b"x" * (MOST + 1))).status_code == 413
    assert counted("POST", "413") == before + 1
