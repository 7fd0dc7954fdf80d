"""Every refusal under /open311 in the words of GeoReport v2, whoever refused: a route, the web framework, a limit, or a failure of ours.

The contract knows three statuses: 403 for the key, 404 for what does not exist, 400 for all else; `code` in the body may be finer.
"""

from collections.abc import Mapping
from http import HTTPStatus

import orjson
from fastapi import FastAPI, Request, Response
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.intake.open311.formats import TYPES, Plain, answer
from shared.problems import language_of

ROOT = "/open311"
AS_THEY_ARE = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
PLAIN = frozenset({HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.METHOD_NOT_ALLOWED})  # are told as 400 in the body as well
KEPT = ("retry-after", "content-language")


def under_open311(path: str) -> bool:
    return path == ROOT or path.startswith(f"{ROOT}/")


def notation_of(path: str) -> str:
    """Return the notation that the address asks for; XML where it asks for none that there is."""
    return "json" if path.endswith(".json") else "xml"


def refusal(path: str, status: int, faults: list[str], headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that lists what is wrong."""
    told = status if status in AS_THEY_ARE else HTTPStatus.FORBIDDEN if status == HTTPStatus.UNAUTHORIZED else HTTPStatus.BAD_REQUEST
    code = int(told) if status in PLAIN else status
    errors: Plain = [{"code": code, "description": fault} for fault in faults]
    return answer("errors", errors, notation_of(path), int(told), headers)


def faults_in(body: bytes, status: int) -> list[str]:
    """Return what a problem document says is wrong, one sentence for each fault."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    errors = [sentence(str(error["field"]), str(error["message"])) for error in told.get("errors", ())]
    return errors or [str(told.get("detail") or HTTPStatus(status).phrase)]


def sentence(field: str, message: str) -> str:
    """Return the message with the field's name in it."""
    return message if field in message else f"{field}: {message}"


class Contract:
    """Turns each answer of 400 and above that is not in the contract's form into one that is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not under_open311(scope["path"]):
            await self.app(scope, receive, send)
            return
        turning = Turning(scope, receive, send)
        await self.app(scope, receive, turning.send)


class Turning:
    """One answer on its way: kept back if it is to be turned."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.onwards = scope, receive, send
        self.start: Message | None = None
        self.body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= 400 and foreign(message):
            self.start = message
            return
        if self.start is None:
            await self.onwards(message)
            return
        self.body += message.get("body", b"")
        if not message.get("more_body", False):
            await self.turned(self.start)

    async def turned(self, start: Message) -> None:
        headers = {name: value for name, value in Headers(raw=start["headers"]).items() if name in KEPT}
        found = faults_in(self.body, start["status"])
        await refusal(self.scope["path"], start["status"], found, headers)(self.scope, self.receive, self.onwards)


def foreign(start: Message) -> bool:
    """Whether an answer is in another form than those of the contract."""
    return Headers(raw=start["headers"]).get("content-type") not in TYPES.values()


def install(api: FastAPI) -> None:
    """Let the application keep the contract under /open311."""
    api.add_middleware(Contract)

    @api.exception_handler(Exception)
    async def on_failure(request: Request, error: Exception) -> Response:
        if not under_open311(request.url.path):
            return PlainTextResponse("Internal Server Error", 500)
        zh = language_of(request) == "zh"
        told = "系统内部出错，请稍后再试。" if zh else "Something failed on our side; try again later."
        return refusal(request.url.path, 500, [told])
