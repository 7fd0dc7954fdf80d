"""Whose token it is: bearer tokens (JWT) verified against the keys of one OIDC issuer.

Issuer, audience and expiry are checked, and the signature by a fixed list of algorithms: never `none`, never a shared secret. The keys
are fetched when they are first needed, again from time to time, and again for an unknown key id, but not more often than `PAUSE`; while
the issuer is away the last ones hold.
"""

import asyncio
import json
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwk, jws, jwt
from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError, JoseError

from shared.access import RESERVED, Role
from shared.clock import monotonic, unix
from shared.settings import Settings

ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")  # the last is the newer name of the third (RFC 9864)
DISCOVERY = "/.well-known/openid-configuration"
LEEWAY = 30  # seconds by which clocks may differ
PAUSE = 5.0  # seconds between two fetches
HOLDS = 300.0  # seconds after which keys are fetched again, and a verified token is looked at again
REMEMBERED = 10_000  # verified tokens
LONGEST = 16_000  # characters of a token
SUBJECT = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_.@-]{0,99}")  # no colon: with one we name those who have not signed in
REGISTRY = jws.JWSRegistry(algorithms=list(ALGORITHMS))
WORDS: Mapping[type[Exception], str] = {BadSignatureError: "signature", ExpiredTokenError: "expired", ClaimError: "claims"}
CONTROLS = dict.fromkeys((*range(32), 127))  # which no header may hold
Fetch = Callable[[], Awaitable[Mapping[str, Any]]]


class Unverified(Exception):
    """The token is not one of ours; the message says why, in both languages, and `reason` in a word for the metric."""

    def __init__(self, en: str, zh: str, reason: str = "form") -> None:
        super().__init__(en)
        self.en, self.zh, self.reason = en, zh, reason


class KeysAway(Exception):
    """The issuer's keys have never been seen, so nobody's token can be verified."""


@dataclass(frozen=True)
class Claims:
    """What a verified token says. `until` is when it expires (Unix seconds)."""

    sub: str
    roles: frozenset[Role]
    unit: str | None
    grids: frozenset[str]
    until: float


class Tokens:
    """Verifies tokens of one issuer and remembers those that it has verified."""

    def __init__(self, settings: Settings, fetch: Fetch | None = None, now: Callable[[], float] = unix) -> None:
        self.settings, self.now = settings, now
        self.fetch = fetch or (lambda: published(settings))
        self.keys: dict[str, jwk.Key] = {}
        self.fetched: float | None = None  # when the keys were last asked for, monotonic
        self.fetching = asyncio.Lock()
        self.known: OrderedDict[str, tuple[Claims, float]] = OrderedDict()

    async def verified(self, token: str) -> Claims:
        """Return what the token says. Raises Unverified, or KeysAway."""
        found = self.known.get(token)
        if found is not None and found[1] > monotonic() and found[0].until + LEEWAY > self.now():
            return found[0]
        claims = self.claimed(token, await self.key_of(token))
        self.known[token] = (claims, (monotonic() if self.fetched is None else self.fetched) + HOLDS)  # no longer than the keys
        self.known.move_to_end(token)
        while len(self.known) > REMEMBERED:
            self.known.popitem(last=False)
        return claims

    async def key_of(self, token: str) -> jwk.Key:
        """Return the key by which the token says that it is signed."""
        header = header_of(token)
        if header.get("alg") not in ALGORITHMS:
            raise Unverified(
                f"The token must be signed by one of {', '.join(ALGORITHMS)}.", f"令牌须以 {'、'.join(ALGORITHMS)} 之一签名。", "algorithm"
            )
        kid = header.get("kid")
        if not isinstance(kid, str):
            raise Unverified("The token does not say by which key it is signed (kid).", "令牌未注明签名密钥（kid）。")
        if kid not in self.keys or self.fetched is None or monotonic() - self.fetched > HOLDS:
            await self.refresh()  # or wait for the one that is under way
        if not self.keys:
            raise KeysAway
        if kid not in self.keys:
            raise Unverified("The token is signed by a key that the issuer does not have.", "签发方没有该令牌的签名密钥。", "key")
        return self.keys[kid]

    async def refresh(self) -> None:
        """Fetch the keys; the old ones stay if that fails."""
        async with self.fetching:
            if self.fetched is not None and monotonic() - self.fetched < PAUSE:  # somebody was faster
                return
            self.fetched = monotonic()
            try:
                found = keys_in(await self.fetch())
            except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError, OSError):
                return
            if found.keys() != self.keys.keys():  # what was signed by a key that is gone is not remembered
                self.known.clear()
            self.keys = found

    def claimed(self, token: str, key: jwk.Key) -> Claims:
        """Return what the token says if the key has signed it for us and it is still good."""
        registry = jwt.JWTClaimsRegistry(
            now=int(self.now()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            claims = jwt.decode(token, key, registry=REGISTRY).claims
            registry.validate(claims)
        except (JoseError, ValueError) as wrong:
            why = next((word for kind, word in WORDS.items() if isinstance(wrong, kind)), "form")
            raise Unverified(f"The token is not valid: {reason(wrong)}.", f"令牌无效：{reason(wrong)}。", why) from wrong
        return read(claims, self.settings.roles_claim)


def header_of(token: str) -> Mapping[str, Any]:
    if len(token) > LONGEST:
        raise Unverified("The token is too long.", "令牌过长。")
    try:
        return jws.extract_compact(token.encode()).protected
    except (JoseError, ValueError) as wrong:
        raise Unverified("This is not a token (JWT).", "这不是令牌（JWT）。") from wrong


def reason(wrong: Exception) -> str:
    said = getattr(wrong, "description", "") or getattr(wrong, "error", "") or type(wrong).__name__
    return str(said).encode(errors="replace").decode().rstrip(".").translate(CONTROLS)


def keys_in(document: Mapping[str, Any]) -> dict[str, jwk.Key]:
    """Return the public keys of a JWKS by their ids; secrets that two share are none. Raises JoseError, KeyError."""
    found: dict[str, jwk.Key] = {}
    for key in jwk.KeySet.import_key_set({"keys": document["keys"]}).keys:
        if key.key_type != "oct" and key.kid:
            found[key.kid] = key
    return found


def read(claims: Mapping[str, Any], roles_claim: str) -> Claims:
    """Return what the claims mean to us. Roles that we do not know count for nothing. Raises Unverified."""
    sub, said, grids = claims["sub"], claimed_at(claims, roles_claim), claims.get("grids", ())
    if not isinstance(sub, str) or not SUBJECT.fullmatch(sub) or sub in RESERVED:
        raise Unverified("The token's subject (sub) cannot be the id of a person.", "令牌主体（sub）不能作为人员编号。")
    names = said.split() if isinstance(said, str) else said if isinstance(said, Sequence) else ()
    roles = frozenset(Role(name) for name in names if isinstance(name, str) and name in set(Role))
    unit = claims.get("unit")
    return Claims(
        sub=sub,
        roles=roles,
        unit=unit if isinstance(unit, str) else None,
        grids=frozenset(str(grid) for grid in grids) if isinstance(grids, list) else frozenset(),
        until=float(claims["exp"]),
    )


def claimed_at(claims: Mapping[str, Any], name: str) -> Any:
    """Return a claim by its name, or by its path where it lies within others (`realm_access.roles`)."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


async def published(settings: Settings) -> Mapping[str, Any]:
    """Return the keys that the issuer publishes: from a file or address that the settings name, or where its discovery document says."""
    if settings.jwks and "://" not in settings.jwks:
        return dict(json.loads(await asyncio.to_thread(Path(settings.jwks).read_bytes)))
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        url = settings.jwks
        if not url:
            told = await client.get(f"{settings.issuer.rstrip('/')}{DISCOVERY}")
            discovered = told.raise_for_status().json()
            if discovered["issuer"] != settings.issuer:
                raise ValueError("the discovery document is another issuer's")
            url = discovered["jwks_uri"]
        return dict((await client.get(url)).raise_for_status().json())
