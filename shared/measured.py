"""The outermost layer of every service: it measures each request."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import metrics
from shared.clock import monotonic

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BROKEN = 500  # the status of a request that ended in an error before anything was answered


class Measured:
    """Measures every request, by method, route and status."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self.app, self.service = app, service

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
            await self.app(scope, receive, noting)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = getattr(scope.get("route"), "path", "other")
            metrics.REQUEST.labels(self.service, method, route).observe(monotonic() - began)
            metrics.RESPONSES.labels(self.service, method, str(status)).inc()
