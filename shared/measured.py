"""The outermost layer of every service: it measures each request, and refuses a body that says it is too large."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared import metrics
from shared.clock import monotonic
from shared.problems import document, problem


class Measured:
    """Measures every request and refuses bodies that say they are too large (bulk files and photos are read as a stream)."""

    def __init__(self, app: ASGIApp, service: str, most: int) -> None:
        self.app, self.service, self.most = app, service, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = monotonic()
        try:
            await self.answer(scope, receive, send)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            metrics.REQUEST.labels(self.service, scope["method"], route).observe(monotonic() - began)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.most and not scope["path"].endswith(("/bulk", "/photos")):
            too_large = problem(413, f"At most {self.most} bytes are taken.", f"请求体不得超过 {self.most} 字节。")
            await document(Request(scope), too_large)(scope, receive, send)
            return
        await self.app(scope, receive, send)
