"""The one place where it is decided who gets in: every request of every service goes through here before its route.

The token or the reporter's key says who calls; the table says what the role may do; and where it may do so with some cases only, the
case is looked at. Routes learn the result as `CurrentCaller`.
"""

import hashlib
import time
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security.base import SecurityBase
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from shared import metrics
from shared.access import Caller, Role, Row, may_ask_of
from shared.accesstable import ACCESS, Table, row_of
from shared.casegate import Asking
from shared.event import derived_id
from shared.problems import Problem
from shared.process import Process
from shared.refusals import keys_away, not_allowed, not_signed_in, not_verified, too_often
from shared.settings import Settings
from shared.tokens import Claims, KeysAway, Tokens, Unverified

DOCUMENTATION = frozenset({"/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"})  # open to anybody, and hold no data
REASONS = {401: "not signed in", 403: "not allowed", 404: "not there", 409: "not theirs", 429: "too often", 503: "away"}  # of refusals
SENDING = frozenset({"POST /reports", "POST /photos"})  # what anybody may send in
KEY = "gridcase-key"
SESSION = "token"  # under which the session of a page keeps its token


class NotInTable(RuntimeError):
    """A route has no line in the table of who may do what."""


@dataclass(frozen=True)
class Admission:
    """Who was let in, by which line of the table."""

    caller: Caller
    row: Row
    route: str


@dataclass(frozen=True)
class Line:
    """The line of the table for a route, which is held so that its identity stays its own."""

    row: Row
    action: str
    held: object


class Gate(SecurityBase):
    """Lets callers in or raises the problem to answer with; the documentation shows it as the bearer scheme."""

    def __init__(self, service: str, settings: Settings, tokens: Tokens | None = None, table: Table = ACCESS) -> None:
        self.model, self.scheme_name = HTTPBearer(bearerFormat="JWT"), "bearer"
        self.service, self.settings, self.table = service, settings, table
        self.tokens = tokens or Tokens(settings)
        self.lines: dict[tuple[int, str], Line] = {}  # by the identity of the route: of a router that is included it is all that stays
        self.limiter = MovingWindowRateLimiter(MemoryStorage())

    def know(self, api: FastAPI) -> None:
        """Find the line of each route. Raises NotInTable: what nobody has thought about is not served."""
        for context in iter_route_contexts(api.routes):
            path, route = context.path or "?", context.original_route
            if path in DOCUMENTATION:
                continue
            for method in sorted(context.methods or {"?"}):
                row = row_of(self.service, method, path, self.table) if isinstance(route, APIRoute) else None
                if row is None:
                    raise NotInTable(f"Say in shared/accesstable.py who may {method} {path} of {self.service}.")
                if self.lines.setdefault((id(route), method), Line(row, f"{method} {path}", route)).row != row:
                    raise NotInTable(f"{path} of {self.service} is one function with another route that others may use.")

    async def __call__(self, request: Request) -> None:
        """Let the request in, or raise the problem to answer with."""
        line = self.lines[id(request.scope["route"]), request.method]
        try:
            caller = await self.calling(request)
            self.count(request, caller, line.action)
            if not line.row.anybody:
                caller = await self.checked(request, caller, line.row, line.action)
        except Problem as refused:
            cause = refused.__cause__
            reason = cause.reason if isinstance(cause, Unverified) else REASONS.get(refused.status, "other")
            metrics.REFUSED.labels(self.service, reason).inc()
            raise
        request.scope["admission"] = Admission(caller, line.row, line.action)

    # -- who

    async def calling(self, request: Request) -> Caller:
        """Return who calls. Raises a 401 problem for a token that is not good, 503 if that cannot be found out."""
        token = token_of(request)
        if token is None:
            return Caller(roles=frozenset({Role.RESIDENT})) if key_in(request) else Caller()
        if not self.settings.issuer:
            if not has_bearer(request):
                return nobody(request)
            raise not_signed_in("")
        try:
            return known(await self.tokens.verified(token), request.app.state.process)
        except KeysAway as away:
            raise keys_away() from away
        except Unverified as why:
            self.limit("address", address(request), self.settings.requests_per_minute)
            if not has_bearer(request):
                return nobody(request)
            raise not_verified(why) from why

    def count(self, request: Request, caller: Caller, action: str) -> None:
        """Raise a 429 problem when somebody asks too often."""
        if caller.signed_in:
            self.limit("caller", caller.id, self.settings.requests_per_minute)
            return
        if action in SENDING:
            self.limit("reports", address(request), self.settings.reports_per_minute)
        if not action.startswith(("GET /health", "GET /metrics")):
            self.limit("address", address(request), self.settings.requests_per_minute)

    def limit(self, what: str, who: str, most: int) -> None:
        item = RateLimitItemPerMinute(most) if most else None
        if item is not None and not self.limiter.hit(item, what, who):
            raise too_often(max(1, round(self.limiter.get_window_stats(item, what, who).reset_time - time.time())))

    # -- what

    async def checked(self, request: Request, caller: Caller, row: Row, action: str) -> Caller:
        """Return the caller if the line lets them in, and let at this case or list. Raises a 401, 403 or 404 problem."""
        if caller.roles.isdisjoint(row.reach):
            raise not_allowed(action, row) if caller.signed_in else not_signed_in(self.settings.issuer)
        process: Process = request.app.state.process
        person, case_id = request.path_params.get("person_id"), request.path_params.get("case_id")
        if person is not None and not may_ask_of(caller, row, person, process.city):
            raise not_allowed(action, row)
        if case_id is None:
            return caller
        key = request.headers.get("idempotency-key")
        asking = Asking(process, row, action, case_id, await repeatable(request, caller.id, key) if key else None)
        return await asking.at_case(caller, self.settings.secret, key_in(request))


def token_of(request: Request) -> str | None:
    """Return the token that was sent; a page's session counts for reading only, so no other site can act through it."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    kept = request.scope.get("session", {}).get(SESSION) if request.method == "GET" else None
    return str(kept) if kept else None


def nobody(request: Request) -> Caller:
    """Forget the session of a page that counts no more, and return who calls then."""
    request.scope["session"].pop(SESSION, None)
    return Caller()


def has_bearer(request: Request) -> bool:
    return request.headers.get("authorization", "").partition(" ")[0].lower() == "bearer"


def key_in(request: Request) -> str | None:
    return request.headers.get(KEY) or request.query_params.get("key") or None


async def repeatable(request: Request, caller: str, key: str) -> str:
    """Return the id of what is said with an idempotency key: the same for the same caller, key, path and body."""
    body = hashlib.sha256(await request.body()).hexdigest()
    return derived_id("key", caller, key, request.method, request.url.path, body)


def address(request: Request) -> str:
    return request.client.host if request.client else "nowhere"


def known(claims: Claims, process: Process) -> Caller:
    """Return who the bearer of a token is. Unit and grids of a post are the city's; who is only a resident is never taken for a post."""
    if claims.roles <= {Role.RESIDENT}:
        return Caller(f"resident:{claims.sub}", claims.roles, signed_in=True)
    post = process.city.staff.get(claims.sub)
    unit, grids = (post.department, post.grids) if post else (claims.unit, claims.grids)
    return Caller(claims.sub, claims.roles, unit, grids, signed_in=True)
