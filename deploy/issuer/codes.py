"""Codes that the issuer has given out: each is good once, for a minute."""

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from shared.clock import monotonic

GOOD_SECONDS = 60.0


class Asked(BaseModel):
    """What the console asks for when it sends somebody to sign in."""

    model_config = ConfigDict(frozen=True)

    client_id: str = ""
    redirect_uri: str = ""
    response_type: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    state: str = ""
    nonce: str = ""
    scope: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Given:
    """A code that was given to an account."""

    asked: Asked
    account: str
    until: float


@dataclass
class Codes:
    """The codes that have not come back yet."""

    given: dict[str, Given] = field(default_factory=dict)

    def location(self, asked: Asked, account: str) -> str:
        """Return where the person goes on, with a new code."""
        now, code = monotonic(), secrets.token_urlsafe(32)
        self.given = {known: one for known, one in self.given.items() if one.until > now}
        self.given[code] = Given(asked, account, now + GOOD_SECONDS)
        return f"{asked.redirect_uri}?{urlencode({'code': code, 'state': asked.state})}"

    def take(self, code: str) -> Given | None:
        """Return to whom the code was given; it is used up."""
        found = self.given.pop(code, None)
        return found if found is not None and found.until > monotonic() else None
