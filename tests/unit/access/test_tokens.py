"""Whose token counts: only one that our issuer signed for us, with an algorithm of the list, and that has not expired."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from joserfc import jwk, jws, jwt

from deploy.issuer.keys import new_key, public
from deploy.issuer.minting import Mint
from shared.access import Role
from shared.settings import Settings
from shared.tokens import LEEWAY, KeysAway, Tokens, Unverified
from tests.unit.access.here import ISSUER, KEY, MINT, ask, bearer, our_keys, served
from tests.unit.access.matrix import routes

NOW = 1_790_000_000
GOOD = {"iss": ISSUER, "aud": "gridcase", "sub": "operator-01", "roles": ["operator", "king"], "exp": NOW + 60}
SETTINGS = Settings.model_validate({"issuer": ISSUER})


def made(claims: dict[str, Any] | None = None, key: jwk.Key = KEY, **header: Any) -> str:
    head = {"alg": "ES256", "kid": KEY.kid, **header}
    return jwt.encode(head, claims or GOOD, key, registry=jws.JWSRegistry(algorithms=[head["alg"]]))


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed_with_the_public_key() -> str:
    """Return a token whose shared secret is what everybody can read: the libraries themselves would not make one."""
    told = f"{part({'alg': 'HS256', 'kid': KEY.kid, 'typ': 'JWT'})}.{part(GOOD)}"
    digest = hmac.new(KEY.as_pem(private=False), told.encode(), hashlib.sha256).digest()
    return f"{told}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def bad_tokens() -> dict[str, str]:
    """Return tokens that must not count, by what is wrong with them."""
    head, body, signature = made().split(".")
    foreign = new_key()
    return {
        "broken": f"{head}.{part({**GOOD, 'sub': 'admin-01'})}.{signature}",
        "cut short": f"{head}.{body}.{signature[:20]}",
        "no token": "let-me-in",
        "expired": made({**GOOD, "exp": NOW - LEEWAY - 1}),
        "without expiry": made({name: value for name, value in GOOD.items() if name != "exp"}),
        "not yet good": made({**GOOD, "nbf": NOW + LEEWAY + 60}),
        "of a foreign issuer": made({**GOOD, "iss": "https://else.example.org"}),
        "for somebody else": made({**GOOD, "aud": "another"}),
        "signed by a foreign key": made(key=foreign, kid=foreign.kid),
        "signed by a foreign key under our name": made(key=foreign),
        "without a key's name": jwt.encode({"alg": "ES256"}, GOOD, KEY),
        "HS256 with the public key": signed_with_the_public_key(),
        "alg none": f"{part({'alg': 'none', 'kid': KEY.kid})}.{body}.",
        "unsigned": f"{head}.{body}.",
        "in the name of a service": made({**GOOD, "sub": "dispatch"}),
        "in the name of a reporter": made({**GOOD, "sub": "reporter:1"}),
        "without a subject": made({**GOOD, "sub": ""}),
        "very long": "a" * 20_000,
    }


BAD = bad_tokens()


def verifier() -> Tokens:
    return Tokens(SETTINGS, our_keys, lambda: NOW)


@pytest.mark.parametrize("wrong", BAD)
async def test_a_token_does_not_count_that_is(wrong: str):
    with pytest.raises(Unverified) as found:
        await verifier().verified(BAD[wrong])
    assert found.value.en != found.value.zh


@pytest.mark.parametrize("wrong", ["HS256 with the public key", "alg none"])
async def test_an_algorithm_that_is_not_of_the_list_is_refused_before_any_key_is_looked_for(wrong: str):
    issuer = Issuer()
    with pytest.raises(Unverified, match="signed by one of RS256, ES256"):
        await Tokens(SETTINGS, issuer.keys, lambda: NOW).verified(BAD[wrong])
    assert issuer.asked == 0


async def test_a_good_token_says_who_it_is_and_unknown_roles_count_for_nothing():
    claims = await verifier().verified(made({**GOOD, "grids": ["G01"], "unit": "roads"}))
    assert (claims.sub, claims.roles, claims.unit, claims.grids) == (
        "operator-01",
        frozenset({Role.OPERATOR}),
        "roads",
        frozenset({"G01"}),
    )
    assert (await verifier().verified(made({**GOOD, "aud": ["else", "gridcase"], "roles": "unit auditor"}))).roles == {"unit", "auditor"}


@pytest.mark.parametrize("claim", ["realm_access.roles", "https://city.example.org/roles"])
async def test_roles_may_stand_in_another_claim_or_within_one(claim: str):
    settings = Settings.model_validate({"issuer": ISSUER, "roles_claim": claim})
    inner = {"realm_access": {"roles": ["auditor"]}} if claim.startswith("realm") else {claim: ["auditor"]}
    claims = await Tokens(settings, our_keys, lambda: NOW).verified(made({**GOOD, **inner}))
    assert claims.roles == {"auditor"}


@pytest.mark.parametrize(("kind", "size", "alg"), [("RSA", 2048, "RS256"), ("OKP", "Ed25519", "EdDSA"), ("OKP", "Ed25519", "Ed25519")])
async def test_the_other_algorithms_of_the_list_count(kind: str, size: Any, alg: str):
    key = jwk.generate_key(kind, size, {"kid": "one"})  # type: ignore[call-overload]

    async def keys() -> Any:
        return {"keys": [key.as_dict(private=False)]}

    assert (await Tokens(SETTINGS, keys, lambda: NOW).verified(made(key=key, alg=alg, kid="one"))).sub == "operator-01"


@pytest.mark.parametrize("service", ["console", "intake", "triage", "dispatch", "closure"])
async def test_every_route_refuses_every_bad_token_and_says_why(service: str):
    api, _ = served(service, tokens=verifier())
    for action in routes(api):
        method, path = action.split()
        for wrong, token in BAD.items():
            answer = await ask(api, method, path.replace("{", "").replace("}", ""), bearer(token))
            if path.startswith("/open311/"):  # its contract knows no 401
                assert answer.status_code == 403, (action, wrong)
                continue
            assert answer.status_code == 401, (action, wrong)
            assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


async def test_a_verified_token_is_remembered_until_it_expires():
    clock = [NOW]
    tokens = Tokens(SETTINGS, our_keys, lambda: clock[0])
    token = made()
    first = await tokens.verified(token)
    assert await tokens.verified(token) is first
    clock[0] = NOW + 60 + LEEWAY
    with pytest.raises(Unverified, match="expired"):
        await tokens.verified(token)


class Issuer:
    """An issuer whose keys change, and who may be away."""

    def __init__(self) -> None:
        self.key, self.away, self.asked = KEY, False, 0

    async def keys(self) -> dict[str, object]:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        return public(self.key)


async def test_whoever_comes_while_the_keys_are_fetched_waits_for_them():
    fetches = 0

    async def fetch() -> dict[str, object]:
        nonlocal fetches
        fetches += 1
        await asyncio.sleep(0)
        return await our_keys()

    tokens = Tokens(SETTINGS, fetch, lambda: NOW)
    claims = await asyncio.gather(*(tokens.verified(made({**GOOD, "sub": f"operator-0{n}"})) for n in range(1, 4)))
    assert ([one.sub for one in claims], fetches) == (["operator-01", "operator-02", "operator-03"], 1)


async def test_a_new_key_is_fetched_when_its_first_token_comes_and_a_withdrawn_one_is_forgotten(monkeypatch: pytest.MonkeyPatch):
    issuer, time = Issuer(), [100.0]
    monkeypatch.setattr("shared.tokens.monotonic", lambda: time[0])
    tokens = Tokens(SETTINGS, issuer.keys, lambda: NOW)
    old = made()
    await tokens.verified(old)
    issuer.key = new_key()
    time[0] += 6
    assert (await tokens.verified(made(key=issuer.key, kid=issuer.key.kid))).sub == "operator-01"
    assert issuer.asked == 2
    with pytest.raises(Unverified, match="does not have"):
        await tokens.verified(old)


async def test_unknown_keys_make_nobody_ask_the_issuer_again_and_again():
    issuer = Issuer()
    tokens = Tokens(SETTINGS, issuer.keys, lambda: NOW)
    await tokens.verified(made())

    async def foreign() -> None:
        with pytest.raises(Unverified):
            await tokens.verified(BAD["signed by a foreign key"])

    await asyncio.gather(*[foreign() for _ in range(50)])
    assert issuer.asked == 1


async def test_while_the_issuer_is_away_the_last_keys_hold(monkeypatch: pytest.MonkeyPatch):
    issuer, time = Issuer(), [100.0]
    monkeypatch.setattr("shared.tokens.monotonic", lambda: time[0])
    tokens = Tokens(SETTINGS, issuer.keys, lambda: NOW)
    await tokens.verified(made())
    issuer.away = True
    time[0] += 10_000
    assert (await tokens.verified(made({**GOOD, "sub": "operator-02"}))).sub == "operator-02"
    assert issuer.asked == 2


async def test_without_any_key_nobody_is_let_in_and_all_are_told_to_ask_again():
    issuer = Issuer()
    issuer.away = True
    tokens = Tokens(SETTINGS, issuer.keys, lambda: NOW)
    with pytest.raises(KeysAway):
        await tokens.verified(made())
    api, _ = served("dispatch", tokens=tokens)
    answer = await ask(api, "GET", "/queue", bearer(made()))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


async def test_keys_come_from_where_the_discovery_document_says(monkeypatch: pytest.MonkeyPatch):
    pages: dict[str, dict[str, object]] = {
        "/.well-known/openid-configuration": {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/some/keys"},
        "/some/keys": public(KEY),
    }
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=pages[request.url.path]))
    client = httpx.AsyncClient
    monkeypatch.setattr("shared.tokens.httpx.AsyncClient", lambda **_: client(transport=transport))
    assert (await Tokens(SETTINGS, now=lambda: NOW).verified(made())).sub == "operator-01"
    pages["/.well-known/openid-configuration"]["issuer"] = "https://else.example.org"
    with pytest.raises(KeysAway):
        await Tokens(SETTINGS, now=lambda: NOW).verified(made())


def test_the_local_issuer_signs_what_counts():
    token = Mint(KEY, ISSUER).token("operator-01", [Role.OPERATOR])
    assert token != MINT.token("operator-02", [Role.OPERATOR])
