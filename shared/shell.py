"""What stands around every request before its route is known: how large and how slow it may be, and what browsers do with the answer."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.problems import Problem, document, problem
from shared.settings import Settings

STREAMED = ("/bulk", "/photos", "/requests.xml", "/requests.json")  # read piece by piece, with limits of their own
DOCS = ("/docs", "/redoc")
YEAR = 365 * 24 * 3600
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cache-Control": "no-store"}
POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"  # an answer that is data
DOCS_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; style-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "img-src data: https://fastapi.tiangolo.com; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def enclose(api: FastAPI, settings: Settings) -> None:
    """Put the shell around an application."""
    if origins := [origin.strip() for origin in settings.cors.split(",") if origin.strip()]:
        api.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Gridcase-Key", "Idempotency-Key", "If-Match"],
            expose_headers=["ETag", "Link", "Location", "Retry-After"],
        )
    api.add_middleware(Shell, settings=settings)

    @api.exception_handler(TooLarge)
    async def on_too_large(request: Request, found: TooLarge) -> Any:
        return document(request, too_large(settings.body_bytes))


class TooLarge(HTTPException):
    """A body that did not say how large it is turned out to be too large."""

    def __init__(self) -> None:
        super().__init__(413)


def too_large(most: int) -> Problem:
    return problem(413, f"At most {most} bytes are taken.", f"请求体不得超过 {most} 字节。")


class Shell:
    """Bounds the size and time of every request, and adds the headers that every answer has."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        secure = settings.console_url.startswith("https") and settings.intake_url.startswith("https")
        self.headers = {**HEADERS, **({"Strict-Transport-Security": f"max-age={YEAR}"} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = Answer(send, self.headers, DOCS_POLICY if scope["path"] in DOCS else POLICY)
        await self.bounded(scope, receive, answer)

    async def bounded(self, scope: Scope, receive: Receive, answer: "Answer") -> None:
        if scope["method"] == "POST" and scope["path"].endswith(STREAMED):
            await self.app(scope, receive, answer.send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.settings.body_bytes:
            await document(Request(scope), too_large(self.settings.body_bytes))(scope, receive, answer.send)
            return
        try:
            async with asyncio.timeout(self.settings.request_seconds):
                await self.app(scope, Body(receive, self.settings.body_bytes).receive, answer.send)
        except TimeoutError:
            if answer.begun:
                raise
            slow = problem(503, "This took too long; ask again.", "处理超时，请重试。", headers={"Retry-After": "2"})
            await document(Request(scope), slow)(scope, receive, answer.send)


class Body:
    """Counts what comes in."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.inner, self.left = receive, most

    async def receive(self) -> MutableMapping[str, Any]:
        message = await self.inner()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            raise TooLarge
        return message


class Answer:
    """Adds headers to what goes out; a page that has a policy of its own keeps it."""

    def __init__(self, send: Send, headers: dict[str, str], policy: str) -> None:
        self.inner, self.headers, self.policy, self.begun = send, headers, policy, False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in self.headers.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", self.policy)
        await self.inner(message)
