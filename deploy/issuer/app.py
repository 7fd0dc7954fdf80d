"""The local issuer over HTTP: OIDC discovery, keys, a sign-in page without passwords, and codes that become tokens (PKCE).

It listens on this machine alone and runs only when it is asked for: whoever reaches its page may be anybody.
"""

import os
from pathlib import Path
from typing import Annotated, Any

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from deploy.issuer.accounts import accounts
from deploy.issuer.codes import Asked, Codes
from deploy.issuer.keys import public
from deploy.issuer.local import KEYS_IN, local_mint
from deploy.issuer.minting import Mint
from deploy.issuer.page import page
from shared.city import City
from shared.citypack import city_folder, load_city
from shared.problems import language_of
from shared.settings import Settings

HOURS = 8.0


def issuer(settings: Settings, mint: Mint, city: City) -> FastAPI:
    """Return the application; only the console of the settings may send people here."""
    api, codes, people = FastAPI(title="gridcase issuer", openapi_url=None), Codes(), accounts(city)
    back = f"{settings.console_url.rstrip('/')}/sign-in/done"
    url = mint.issuer

    def wrong(asked: Asked) -> JSONResponse | None:
        if (asked.client_id, asked.redirect_uri) != (settings.client_id, back):
            return refused(f"client_id must be {settings.client_id}, and redirect_uri {back}.")
        if asked.response_type != "code" or asked.code_challenge_method != "S256" or not asked.code_challenge:
            return refused("response_type must be code, with a code_challenge of the method S256 (PKCE).")
        return None

    @api.get("/health/ready")
    async def get_ready() -> dict[str, str]:
        return {"status": "ready"}

    @api.get("/.well-known/openid-configuration")
    async def get_configuration() -> dict[str, Any]:
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

    @api.get("/jwks")
    async def get_jwks() -> dict[str, object]:
        return public(mint.key)

    @api.get("/authorize", response_model=None)
    async def get_authorize(request: Request, asked: Annotated[Asked, Query()]) -> HTMLResponse | JSONResponse:
        return wrong(asked) or page(asked, list(people.values()), language_of(request), settings.console_url)

    @api.post("/authorize", response_model=None)
    async def post_authorize(asked: Annotated[Asked, Query()], account: Annotated[str, Form()]) -> RedirectResponse | JSONResponse:
        if account not in people:
            return refused(f"There is no account {account}.")
        return wrong(asked) or RedirectResponse(codes.location(asked, account), 303)

    @api.post("/token")
    async def post_token(
        grant_type: Annotated[str, Form()],
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()] = "",
    ) -> JSONResponse:
        given = codes.take(code) if grant_type == "authorization_code" else None
        if given is None or given.asked.redirect_uri != redirect_uri:
            return refused("The code is unknown, used up or too old.", "invalid_grant")
        if create_s256_code_challenge(code_verifier) != given.asked.code_challenge:
            return refused("The code_verifier is not the one that the code was asked for with.", "invalid_grant")
        one = people[given.account]
        told = {"access_token": mint.token(one.id, one.roles, HOURS), "token_type": "Bearer", "expires_in": int(HOURS * 3600)}
        about = {"sub": one.id, "aud": settings.client_id, "nonce": given.asked.nonce, "name": one.title.en}
        return JSONResponse({**told, "id_token": mint.signed(about, HOURS)}, headers={"Cache-Control": "no-store"})

    return api


def refused(why: str, error: str = "invalid_request") -> JSONResponse:
    return JSONResponse({"error": error, "error_description": why}, 400)


def api() -> FastAPI:
    """Return the application of the data folder that the environment names: uvicorn --factory deploy.issuer.app:api."""
    settings = Settings()
    return issuer(settings, local_mint(Path(os.environ[KEYS_IN]), settings.issuer), load_city(city_folder(settings.city)))
