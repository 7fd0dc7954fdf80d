"""The outermost layer of every service: it measures each request, and refuses a body that says it is too large."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import metrics
from shared.clock import monotonic
from shared.problems import document, problem

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BROKEN = 500  # the status of a request that ended in an error before anything was answered
LARGE = ("/bulk", "/photos", "/requests.xml", "/requests.json")  # ends of paths that bound larger bodies themselves


class Measured:
    """Measures every request and refuses bodies that say they are too large (bulk files and photos are read as a stream)."""

    def __init__(self, app: ASGIApp, service: str, most: int) -> None:
        self.app, self.service, self.most = app, service, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = BROKEN

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = monotonic()
        try:
            await self.answer(scope, receive, noting)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = getattr(scope.get("route"), "path", "other")
            metrics.REQUEST.labels(self.service, method, route).observe(monotonic() - began)
            metrics.RESPONSES.labels(self.service, method, str(status)).inc()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.most and not scope["path"].endswith(LARGE):
            too_large = problem(413, f"At most {self.most} bytes are taken.", f"请求体不得超过 {self.most} 字节。")
            await document(Request(scope), too_large)(scope, receive, send)
            return
        await self.app(scope, receive, send)
