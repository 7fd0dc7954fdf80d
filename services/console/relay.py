"""How pages act: the console hands a request on to the service that owns it, with the token of whoever has signed in.

The token stays in the session's cookie, which no script reads. The service's own gate decides, as for any other client; nothing is
decided here. Another site cannot act through somebody's session: what acts must carry a header that only our own pages can send.
"""

from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlsplit

import httpx
import orjson
from fastapi import APIRouter, FastAPI, Request, Response

from shared.accesstable import ACCESS
from shared.gate import SESSION
from shared.problems import problem
from shared.settings import Settings

Service = Literal["intake", "triage", "dispatch", "closure"]
AS = "gridcase-as"  # whom a page acts for, where somebody else may have signed in since it was filled in
PAGE = "gridcase-page"  # the header of our own pages; a form or an image of another site cannot send it
ONWARD = ("accept", "accept-language", "content-type", "gridcase-key", "idempotency-key", "if-match", "if-none-match")
BACK = ("content-type", "content-language", "etag", "link", "location", "retry-after", "x-content-type-options")
SECONDS = 50.0  # less than a request may take here
PRIVATE = frozenset({"health", "metrics"})
OPEN = {service: frozenset(path.split("/")[1] for name, _, path in ACCESS if name == service) - PRIVATE for service in Service.__args__}  # type: ignore[attr-defined]


@asynccontextmanager
async def connected(api: FastAPI) -> AsyncIterator[None]:
    """Keep connections to the services while the console runs."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    async with httpx.AsyncClient(trust_env=False, timeout=SECONDS, limits=limits) as client:
        api.state.relay = client
        yield


relay = APIRouter(prefix="/do", include_in_schema=False, lifespan=connected)


@relay.get("/{service}/{path:path}")
async def get_from(service: Service, path: str, request: Request) -> Response:
    """Read from a service."""
    return await handed_on(service, path, request)


@relay.post("/{service}/{path:path}")
async def post_to(service: Service, path: str, request: Request) -> Response:
    """Say something to a service. Raises a 403 problem for what does not come from a page of ours, 401 if
    somebody else has signed in than the page says."""
    if PAGE not in request.headers:
        raise problem(
            403,
            f"Only the pages of this console may act here: the header {PAGE} is missing.",
            f"此处只供本站页面操作：缺少 {PAGE} 请求头。",
        )
    if AS in request.headers and request.headers[AS] != bearer_of(token_in(request)):
        raise problem(401, "Whoever did this has to sign in again.", "请由操作者本人重新登录。")
    return await handed_on(service, path, request)


async def handed_on(service: Service, path: str, request: Request) -> Response:
    """Return what the service answers. Raises a 404 problem for what no page asks for, 503 where the service does not answer."""
    if path.partition("/")[0] not in OPEN[service]:
        raise problem(404, f"{service} has nothing at /{path}.", f"{service} 没有 /{path}。")
    url = httpx.URL(f"{inside(service, request.app.state.process.settings)}/{path}", query=request.url.query.encode())
    body = request.stream() if request.method == "POST" else None
    try:
        answer = await request.app.state.relay.request(request.method, url, headers=headers_of(request), content=body)
    except httpx.HTTPError as away:
        raise problem(
            503, f"The service {service} does not answer; ask again.", f"服务 {service} 没有响应，请重试。", headers={"Retry-After": "2"}
        ) from away
    return Response(answer.content, answer.status_code, {name: answer.headers[name] for name in BACK if name in answer.headers})


def headers_of(request: Request) -> dict[str, str]:
    """Return what the service is to know of a request: what was asked, who asks, and from where."""
    headers = {name: request.headers[name] for name in ONWARD if name in request.headers}
    if token := token_in(request):
        headers["authorization"] = f"Bearer {token}"
    if request.client:
        headers["x-forwarded-for"] = request.client.host
    return headers


def token_in(request: Request) -> str:
    return str(request.scope.get("session", {}).get(SESSION, ""))


def bearer_of(token: str) -> str:
    """Return whose token it is, as it says itself: the service verifies it. Nobody's, if it does not say."""
    try:
        claims = token.split(".")[1]
        return str(orjson.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])
    except (IndexError, KeyError, ValueError):
        return ""


def inside(service: Service, settings: Settings) -> str:
    """Return the address by which the console reaches a service."""
    url: str = getattr(settings, f"{service}_url").rstrip("/")
    return settings.inside.format(service=service, port=urlsplit(url).port) if settings.inside else url
