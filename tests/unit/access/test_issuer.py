"""The local issuer: a code is good once, for whom it was given, and only with the verifier that it was asked for with."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI
from joserfc import jwt

from deploy.issuer.accounts import OTHERS, account_for, accounts
from deploy.issuer.app import Desk, issuer
from deploy.issuer.keys import shared_secret, signing_key
from shared.access import Role
from shared.settings import Settings
from shared.tokens import Tokens
from tests.unit.access.here import CITY, ISSUER, KEY, MINT, our_keys

BACK = "http://127.0.0.1:8000/sign-in/done"
ASKED = {
    "client_id": "gridcase-console",
    "redirect_uri": BACK,
    "response_type": "code",
    "code_challenge": create_s256_code_challenge("v" * 43),
    "code_challenge_method": "S256",
    "state": "some-state",
    "nonce": "some-nonce",
}


@pytest.fixture
def api() -> FastAPI:
    return issuer(Desk(Settings.model_validate({"issuer": ISSUER}), MINT, accounts(CITY)))


async def ask(api: FastAPI, method: str, path: str, **more: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url=ISSUER) as client:
        return await client.request(method, path, **more)


async def code(api: FastAPI, account: str = "operator-01") -> str:
    answer = await ask(api, "POST", "/authorize", params=ASKED, data={"account": account})
    back = urlsplit(answer.headers["Location"])
    query = parse_qs(back.query)
    assert (answer.status_code, back.path, query["state"]) == (303, "/sign-in/done", ["some-state"])
    return query["code"][0]


async def redeemed(api: FastAPI, given: str, **other: str) -> httpx.Response:
    body = {"grant_type": "authorization_code", "code": given, "redirect_uri": BACK, "code_verifier": "v" * 43, **other}
    return await ask(api, "POST", "/token", data=body)


async def test_a_code_becomes_a_token_of_the_account_that_services_take(api: FastAPI):
    told = (await redeemed(api, await code(api))).json()
    claims = await Tokens(Settings.model_validate({"issuer": ISSUER}), our_keys).verified(told["access_token"])
    assert (claims.sub, claims.roles) == ("operator-01", frozenset({Role.OPERATOR}))
    about = jwt.decode(told["id_token"], KEY).claims
    assert (about["aud"], about["nonce"]) == ("gridcase-console", "some-nonce")


async def test_the_issuer_tells_which_posts_people_have_taken(api: FastAPI):
    before = (await ask(api, "GET", "/taken")).json()
    await redeemed(api, await code(api, "grid-worker-05"))
    assert (before, (await ask(api, "GET", "/taken")).json()) == ([], ["grid-worker-05"])


async def test_a_code_is_good_once(api: FastAPI):
    given = await code(api)
    assert [(await redeemed(api, given)).status_code for _ in range(2)] == [200, 400]


@pytest.mark.parametrize("other", [{"code_verifier": "w" * 43}, {"redirect_uri": "http://else"}, {"grant_type": "password"}])
async def test_a_code_is_no_good_for_whom_it_was_not_given(api: FastAPI, other: dict[str, str]):
    assert (await redeemed(api, await code(api), **other)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("other", [{"client_id": "else"}, {"redirect_uri": "http://else"}, {"code_challenge_method": "plain"}])
async def test_nobody_is_sent_where_they_did_not_come_from(api: FastAPI, other: dict[str, str]):
    for method in ("GET", "POST"):
        answer = await ask(api, method, "/authorize", params={**ASKED, **other}, data={"account": "operator-01"})
        assert answer.status_code == 400


@pytest.mark.parametrize(("lang", "words"), [("en", "Grid workers"), ("zh", "网格员")])
async def test_the_page_lists_the_accounts_by_role_in_both_languages(api: FastAPI, lang: str, words: str):
    answer = await ask(api, "GET", "/authorize", params={**ASKED, "lang": lang, "state": '"><script>'}, headers={"Accept-Language": lang})
    assert f"<h2>{words}</h2>" in answer.text
    assert all(f'value="{id}"' in answer.text for id in (*CITY.staff, *OTHERS))
    assert "<script>" not in answer.text


@pytest.mark.parametrize("role", Role)
def test_every_role_has_an_account(role: Role):
    account = account_for(role, CITY)
    assert account is not None
    assert role in account.roles


def test_keys_and_secret_are_made_once_and_for_nobody_else_to_read(tmp_path):
    assert signing_key(tmp_path).kid == signing_key(tmp_path).kid
    assert shared_secret(tmp_path) == shared_secret(tmp_path)
    assert {(tmp_path / "issuer" / name).stat().st_mode & 0o777 for name in ("key.json", "secret")} == {0o600}
    assert '"d"' not in (tmp_path / "issuer" / "jwks.json").read_text()
