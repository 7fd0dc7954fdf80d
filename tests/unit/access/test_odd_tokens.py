"""Tokens that somebody made up, and tokens of a key that the issuer has withdrawn."""

import base64
import json
from typing import Any

import pytest

from deploy.issuer.keys import new_key
from deploy.issuer.minting import Mint
from shared.access import Role
from shared.settings import Settings
from shared.tokens import HOLDS, Tokens, Unverified
from tests.unit.access.here import ISSUER, KEY, MINT, ask, bearer, case, served

EVIL = "x\r\nSet-Cookie: gridcase=evil\x00\x7f"
HEADS: list[dict[str, Any]] = [
    {"crit": [EVIL]},
    {"crit": ["\ud800"]},
    {"crit": EVIL},
    {"b64": False, "crit": ["b64", EVIL]},
    {EVIL: 1, "crit": [EVIL]},
]


def unsigned(**head: Any) -> str:
    part = base64.urlsafe_b64encode(json.dumps({"alg": "ES256", "kid": KEY.kid, **head}).encode()).decode().rstrip("=")
    return f"{part}.e30.AAAA"


@pytest.mark.parametrize("head", HEADS)
async def test_what_a_token_says_of_itself_makes_no_header_of_the_answer(head: dict[str, Any]):
    api, _ = served("dispatch")
    answer = await ask(api, "GET", "/queue", bearer(unsigned(**head)))
    assert answer.status_code == 401
    assert [value for value in answer.headers.values() if any(ord(sign) < 32 or ord(sign) == 127 for sign in value)] == []
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("roles", "status"), [([["operator"], {}, 7, None], 403), ([["operator"], "operator"], 418), ({"operator": 1}, 403), (7, 403)]
)
async def test_of_a_claim_of_roles_only_names_count(roles: object, status: int):
    api, _ = served("console", case("a"))
    token = MINT.signed({"sub": "operator-01", "aud": "gridcase", "roles": roles}, 1)
    assert (await ask(api, "GET", "/cases/a", bearer(token))).status_code == status


async def test_what_a_withdrawn_key_has_signed_counts_no_longer_than_the_keys_hold(monkeypatch: pytest.MonkeyPatch):
    second, time = new_key(), [100.0]
    keys = [KEY, second]
    monkeypatch.setattr("shared.tokens.monotonic", lambda: time[0])

    async def fetch() -> dict[str, object]:
        return {"keys": [key.as_dict(private=False) for key in keys]}

    tokens = Tokens(Settings.model_validate({"issuer": ISSUER}), fetch)
    await tokens.verified(MINT.token("operator-02", [Role.OPERATOR]))  # the keys are fetched
    withdrawn = Mint(second, ISSUER).token("operator-01", [Role.OPERATOR])
    time[0] += HOLDS - 1
    assert (await tokens.verified(withdrawn)).sub == "operator-01"
    keys.remove(second)
    time[0] += 2  # the keys fall due
    with pytest.raises(Unverified, match="does not have"):
        await tokens.verified(withdrawn)
