"""How people sign in to the console's pages: by the issuer's page and back (OIDC code flow with PKCE, state and nonce).

The session is a cookie that only the browser's requests carry and no script reads; it counts for reading alone.
"""

import re
import warnings
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from authlib.deprecate import AuthlibDeprecationWarning
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import RedirectResponse
from httpx import HTTPError
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware

from shared.asked import TheProcess
from shared.gate import SESSION
from shared.problems import problem
from shared.settings import Settings
from shared.tokens import DISCOVERY

with warnings.catch_warnings():  # Authlib names the successor of httpx, which nothing else here uses yet
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.base_client.errors import OAuthError
    from authlib.integrations.starlette_client import OAuth

COOKIE = "gridcase"
AFTERWARDS = "to"  # under which the session keeps the page to go to
OWN_PAGE = re.compile(r"/(?:[\w\-][\w\-/]*)?(?:\?[^\s\\]*)?", re.ASCII)  # never the address of another site
SESSION_SECONDS = 8 * 3600
LEAST_SECRET = 32  # characters
signing_in = APIRouter(include_in_schema=False)


def with_sessions(api: FastAPI, settings: Settings) -> FastAPI:
    """Give the application sessions, if there is a secret to sign them with."""
    if len(settings.secret) >= LEAST_SECRET:
        api.add_middleware(
            SessionMiddleware,
            secret_key=settings.secret,
            session_cookie=COOKIE,
            max_age=SESSION_SECONDS,
            same_site="lax",
            https_only=settings.console_url.startswith("https"),
        )
    return api


@lru_cache(maxsize=1)
def client_of(settings: Settings) -> Any:
    oauth = OAuth()
    oauth.register(
        "issuer",
        client_id=settings.client_id,
        client_secret=settings.client_secret or None,
        server_metadata_url=f"{settings.issuer.rstrip('/')}{DISCOVERY}",
        client_kwargs={"scope": "openid", "code_challenge_method": "S256", "trust_env": False},
    )
    return oauth.create_client("issuer")


async def issuer_of(request: Request, process: TheProcess) -> Any:
    """Return the client of the issuer. Raises a 404 problem where nobody can sign in."""
    settings = process.settings
    if not settings.issuer or "session" not in request.scope:
        raise problem(
            404,
            f"Nobody can sign in here: GRIDCASE_ISSUER and a GRIDCASE_SECRET of {LEAST_SECRET} characters must be set.",
            f"此处无法登录：须设置 GRIDCASE_ISSUER 和至少 {LEAST_SECRET} 个字符的 GRIDCASE_SECRET。",
        )
    return client_of(settings)


Issuer = Annotated[Any, Depends(issuer_of)]


@signing_in.get("/sign-in")
async def get_sign_in(request: Request, issuer: Issuer, process: TheProcess, to: str = "/") -> RedirectResponse:
    """Send the browser to the issuer's page, and from there to the page `to`; first to our own address if it came by another one, for the
    cookie is of that address."""
    own = process.settings.console_url.rstrip("/")
    if request.url.netloc != urlsplit(own).netloc:
        return RedirectResponse(f"{own}/sign-in?to={quote(to)}", 303)
    request.session[AFTERWARDS] = to
    try:
        onward: RedirectResponse = await issuer.authorize_redirect(request, f"{own}/sign-in/done")
    except HTTPError as away:
        raise not_signed_in("the issuer does not answer", "签发方没有响应", 503) from away
    return onward


@signing_in.get("/sign-in/done")
async def get_signed_in(request: Request, issuer: Issuer) -> RedirectResponse:
    """Take the code that the issuer gave, and begin the session."""
    try:
        token = await issuer.authorize_access_token(request)
    except (OAuthError, JoseError, HTTPError, ValueError, KeyError) as refused:
        raise not_signed_in("the issuer's answer does not fit; begin again", "签发方的答复不符，请重新登录", 400) from refused
    to = str(request.session.get(AFTERWARDS, "/"))
    request.session.clear()
    request.session[SESSION] = token["access_token"]
    return RedirectResponse(to if OWN_PAGE.fullmatch(to) else "/", 303)


@signing_in.get("/sign-out")
async def get_sign_out(request: Request) -> RedirectResponse:
    """End the session."""
    if "session" in request.scope:
        request.session.clear()
    return RedirectResponse("/", 303)


def not_signed_in(en: str, zh: str, status: int) -> Exception:
    return problem(status, f"You are not signed in: {en}.", f"登录未完成：{zh}。")
