"""Answers that say no, as RFC 9457 problem documents: what is wrong, in which field, and what would be right, in the caller's language."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from shared.case import Case

# pydantic's types of error, in Chinese; the names in braces are those of its context
CHINESE = {
    "missing": "必填",
    "string_type": "应为文本",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "至多 {max_length} 个字符",
    "string_pattern_mismatch": "格式应为 {pattern}",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "int_from_float": "应为整数",
    "finite_number": "应为有限的数字",
    "datetime_type": "应为 ISO 8601 时间",
    "datetime_parsing": "应为 ISO 8601 时间",
    "datetime_from_date_parsing": "应为 ISO 8601 时间",
    "timezone_aware": "时间须带时区",
    "enum": "应为 {expected} 之一",
    "literal_error": "应为 {expected} 之一",
    "dict_type": "应为对象",
    "list_type": "应为数组",
    "tuple_type": "应为数组",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "url_type": "应为网址",
    "url_parsing": "应为网址",
    "url_scheme": "应为 {expected_schemes} 网址",
    "url_too_long": "网址至多 {max_length} 个字符",
    "json_invalid": "不是有效的 JSON",
    "extra_forbidden": "没有这个字段",
    "model_attributes_type": "应为对象",
}


class Fault(BaseModel):
    """What is wrong with one field, in both languages."""

    field: str
    en: str
    zh: str


class Problem(Exception):
    """Ends a request with a problem document. `case` is added as it is now; `headers` go with the answer."""

    def __init__(
        self,
        status: int,
        en: str,
        zh: str,
        faults: Sequence[Fault] = (),
        case: Case | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(en)
        self.status, self.en, self.zh, self.faults, self.case = status, en, zh, tuple(faults), case
        self.headers = headers or {}


def problem(status: int, en: str, zh: str, faults: Sequence[Fault] = (), **more: Any) -> Problem:
    """Return a problem to raise."""
    return Problem(status, en, zh, faults, **more)


def language_of(request: Request, default: str = "zh") -> str:
    """Return "zh" or "en": what is asked for, else what the caller chose before, else the first of the two that the caller accepts."""
    asked = request.query_params.get("lang") or request.cookies.get("lang") or request.headers.get("accept-language", "")
    for part in asked.split(","):
        tag = part.split(";")[0].strip().lower()
        if tag[:2] in ("zh", "en"):
            return tag[:2]
    return default


def document(request: Request, found: Problem) -> JSONResponse:
    """Return the problem as the answer to the request."""
    zh = language_of(request) == "zh"
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(found.status).phrase,
        "status": found.status,
        "detail": found.zh if zh else found.en,
        "instance": request.url.path,
    }
    if found.faults:
        content["errors"] = [{"field": f.field, "message": f.zh if zh else f.en} for f in found.faults]
    if found.case is not None:
        content["case"] = {"id": found.case.id, "status": found.case.status, "version": found.case.version}
        found.headers.setdefault("ETag", f'"{found.case.version}"')
    headers = {**found.headers, "Content-Language": "zh" if zh else "en"}
    return JSONResponse(content, found.status, headers, "application/problem+json")


def fault_of(error: dict[str, Any]) -> Fault:
    """Return what pydantic found wrong, naming the field as the caller wrote it."""
    field = ".".join(str(part) for part in error["loc"][1:]) or str(error["loc"][0] if error["loc"] else "body")
    chinese = CHINESE.get(error["type"])
    context = {name: str(value) for name, value in error.get("ctx", {}).items()}
    return Fault(field=field, en=error["msg"], zh=chinese.format_map(context) if chinese else error["msg"])


def install(api: FastAPI) -> None:
    """Make every refusal of the application a problem document."""

    @api.exception_handler(Problem)
    async def on_problem(request: Request, found: Problem) -> JSONResponse:
        return document(request, found)

    @api.exception_handler(RequestValidationError)
    async def on_invalid(request: Request, invalid: RequestValidationError) -> JSONResponse:
        faults = [fault_of(error) for error in invalid.errors()]
        return document(request, problem(422, "Some fields are not right.", "有字段不正确。", faults))

    @api.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        title = HTTPStatus(error.status_code).phrase
        return document(request, problem(error.status_code, str(error.detail), title, headers=dict(error.headers or {})))
