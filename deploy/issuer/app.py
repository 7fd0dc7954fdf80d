"""The local issuer over HTTP: OIDC discovery, keys, a sign-in page without passwords, and codes that become tokens (PKCE).

It listens on this machine alone and runs only when it is asked for: whoever reaches its page may be anybody.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, cast

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import APIRouter, Depends, FastAPI, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from deploy.issuer.accounts import Account, accounts
from deploy.issuer.codes import Asked, Codes
from deploy.issuer.keys import public
from deploy.issuer.local import KEYS_IN, local_mint
from deploy.issuer.minting import Mint
from deploy.issuer.page import page
from shared.citypack import city_folder, load_city
from shared.problems import language_of
from shared.settings import Settings

HOURS = 8.0
router = APIRouter()


@dataclass(frozen=True)
class Desk:
    """What the issuer knows: its key, the accounts, the console that may send people here, and the codes that it gave out."""

    settings: Settings
    mint: Mint
    people: Mapping[str, Account]
    codes: Codes = field(default_factory=Codes)
    taken: set[str] = field(default_factory=set)  # whose accounts somebody has signed in with

    def wrong(self, asked: Asked) -> JSONResponse | None:
        """Return what is wrong with what the console asks for, if anything is."""
        back = f"{self.settings.console_url.rstrip('/')}/sign-in/done"
        if (asked.client_id, asked.redirect_uri) != (self.settings.client_id, back):
            return refused(f"client_id must be {self.settings.client_id}, and redirect_uri {back}.")
        if asked.response_type != "code" or asked.code_challenge_method != "S256" or not asked.code_challenge:
            return refused("response_type must be code, with a code_challenge of the method S256 (PKCE).")
        return None


async def desk_of(request: Request) -> Desk:
    return cast(Desk, request.app.state.desk)


TheDesk = Annotated[Desk, Depends(desk_of)]


@router.get("/health/ready")
async def get_ready() -> dict[str, str]:
    return {"status": "ready"}


@router.get("/.well-known/openid-configuration")
async def get_configuration(desk: TheDesk) -> dict[str, Any]:
    url = desk.mint.issuer
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "jwks_uri": f"{url}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
    }


@router.get("/jwks")
async def get_jwks(desk: TheDesk) -> dict[str, object]:
    return public(desk.mint.key)


@router.get("/authorize", response_model=None)
async def get_authorize(request: Request, asked: Annotated[Asked, Query()], desk: TheDesk) -> HTMLResponse | JSONResponse:
    """Show the accounts."""
    return desk.wrong(asked) or page(asked, list(desk.people.values()), language_of(request), desk.settings.console_url)


@router.post("/authorize", response_model=None)
async def post_authorize(
    asked: Annotated[Asked, Query()], account: Annotated[str, Form()], desk: TheDesk
) -> RedirectResponse | JSONResponse:
    """Send the person back to the console with a code."""
    if account not in desk.people:
        return refused(f"There is no account {account}.")
    return desk.wrong(asked) or RedirectResponse(desk.codes.location(asked, account), 303)


@router.post("/token")
async def post_token(
    grant_type: Annotated[str, Form()],
    code: Annotated[str, Form()],
    redirect_uri: Annotated[str, Form()],
    desk: TheDesk,
    code_verifier: Annotated[str, Form()] = "",
) -> JSONResponse:
    """Change a code for tokens."""
    given = desk.codes.take(code) if grant_type == "authorization_code" else None
    if given is None or given.asked.redirect_uri != redirect_uri:
        return refused("The code is unknown, used up or too old.", "invalid_grant")
    if create_s256_code_challenge(code_verifier) != given.asked.code_challenge:
        return refused("The code_verifier is not the one that the code was asked for with.", "invalid_grant")
    one, mint = desk.people[given.account], desk.mint
    desk.taken.add(one.id)
    told = {"access_token": mint.token(one.id, one.roles, HOURS), "token_type": "Bearer", "expires_in": int(HOURS * 3600)}
    about = {"sub": one.id, "aud": desk.settings.client_id, "nonce": given.asked.nonce, "name": one.title.en}
    return JSONResponse({**told, "id_token": mint.signed(about, HOURS)}, headers={"Cache-Control": "no-store"})


@router.get("/taken")
async def get_taken(desk: TheDesk) -> list[str]:
    """List the accounts that somebody has signed in with: a demo leaves these posts to them."""
    return sorted(desk.taken)


def refused(why: str, error: str = "invalid_request") -> JSONResponse:
    return JSONResponse({"error": error, "error_description": why}, 400)


def issuer(desk: Desk) -> FastAPI:
    """Return the application."""
    api = FastAPI(title="gridcase issuer", openapi_url=None)
    api.state.desk = desk
    api.include_router(router)
    return api


def api() -> FastAPI:
    """Return the application of the data folder that the environment names: uvicorn --factory deploy.issuer.app:api."""
    settings = Settings()
    mint = local_mint(Path(os.environ[KEYS_IN]), settings.issuer)
    return issuer(Desk(settings, mint, accounts(load_city(city_folder(settings.city)))))
