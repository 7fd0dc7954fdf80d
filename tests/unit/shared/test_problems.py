"""Answers that say no: one shape, both languages, every fault at once."""

from typing import Annotated

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from pydantic import BaseModel, Field

from shared.case import Case, Status
from shared.problems import CHINESE, Fault, fault_of, install, problem


class Asked(BaseModel):
    count: Annotated[int, Field(ge=1)]
    name: Annotated[str, Field(min_length=2)]


def client() -> AsyncClient:
    api = FastAPI()
    install(api)

    @api.get("/refused")
    async def refused() -> None:
        case = Case(id="case-001", status=Status.CLOSED, version=9)
        raise problem(409, "Not now.", "现在不行。", [Fault(field="at", en="too late", zh="太晚")], case=case)

    @api.post("/asked")
    async def asked(body: Asked) -> None: ...

    return AsyncClient(transport=ASGITransport(app=api), base_url="http://api")


async def test_a_problem_is_told_in_the_language_of_the_caller_with_the_case_as_it_is():
    answer = await client().get("/refused", headers={"Accept-Language": "en"})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["etag"] == '"9"'
    body = answer.json()
    assert (body["title"], body["detail"], body["instance"]) == ("Conflict", "Not now.", "/refused")
    assert body["errors"] == [{"field": "at", "message": "too late"}]
    assert body["case"] == {"id": "case-001", "status": "closed", "version": 9}
    chinese = await client().get("/refused", headers={"Accept-Language": "zh-CN,en;q=0.5"})
    assert chinese.json()["detail"] == "现在不行。"


async def test_every_wrong_field_is_named_at_once():
    answer = await client().post("/asked", json={"count": 0, "name": "x"}, headers={"Accept-Language": "zh"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "count", "message": "应不小于 1"}, {"field": "name", "message": "至少 2 个字符"}]


async def test_an_address_that_is_not_there_is_a_problem_too():
    answer = await client().get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("kind", CHINESE)
def test_each_kind_of_fault_has_chinese_words(kind: str):
    context = dict.fromkeys(("min_length", "max_length", "pattern", "gt", "ge", "lt", "le", "expected", "expected_schemes"), "9")
    fault = fault_of({"type": kind, "loc": ("body", "name"), "msg": "wrong", "ctx": context})
    assert fault.field == "name"
    assert "{" not in fault.zh
