"""Tokens, as the local issuer signs them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwk, jwt

from shared.access import Role
from shared.clock import unix

HOUR = 3600
ISSUER, AUDIENCE = "gridcase-local", "gridcase"


@dataclass(frozen=True)
class Mint:
    """A key and in whose name it signs."""

    key: jwk.ECKey
    issuer: str = ISSUER
    audience: str = AUDIENCE

    def token(self, sub: str, roles: Iterable[Role], hours: float = 8, **more: Any) -> str:
        """Return an access token for the post or resident `sub`; it expires after so many hours."""
        return self.signed({"sub": sub, "roles": sorted(roles), "aud": self.audience, **more}, hours)

    def signed(self, claims: Mapping[str, Any], hours: float) -> str:
        now = int(unix())
        times = {"iat": now, "exp": now + int(hours * HOUR)}
        return jwt.encode({"alg": "ES256", "kid": self.key.kid, "typ": "JWT"}, {"iss": self.issuer, **times, **claims}, self.key)
