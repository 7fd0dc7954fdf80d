"""What photos are called, and the links by which they are seen.

A name is random, so that nobody guesses one. A link to a photo that is not public carries a seal and works for a limited time: who
may see a case is given new ones with it, and old ones stop working soon after somebody may see it no longer.
"""

import hmac
import re
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass

OWN = re.compile(r"[a-z2-7]{26}\.jpg")
ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:.+", re.DOTALL)  # a web address, or what another system calls it: `record:17`
LINK_SECONDS = 3600
STEP_SECONDS = 600  # the same link is given for so long, so that browsers need not load the photo again


@dataclass(frozen=True)
class Links:
    """Makes links below `base` and checks them, with a secret that all services share."""

    base: str
    secret: str

    def photo(self, name: str, now: float) -> str:
        """Return the link to a photo at `now`, in Unix seconds."""
        return f"{self.open(name)}?{self.sealed(name, now)}"

    def thumb(self, name: str, now: float) -> str:
        return f"{self.open_thumb(name)}?{self.sealed(name, now)}"

    def open(self, name: str) -> str:
        """Return the link without a seal, which works while the photo is public."""
        return f"{self.base.rstrip('/')}/photos/{name}"

    def open_thumb(self, name: str) -> str:
        return f"{self.open(name)}/thumb"

    def sealed(self, name: str, now: float) -> str:
        until = (int(now) // STEP_SECONDS) * STEP_SECONDS + LINK_SECONDS + STEP_SECONDS
        return f"until={until}&seal={self.seal(name, until)}"

    def seal(self, name: str, until: int) -> str:
        """Return 128 bits of HMAC-SHA256 over the name and the time, as 22 characters."""
        digest = hmac.digest(self.secret.encode(), f"photos/{name}/{until}".encode(), "sha256")
        return urlsafe_b64encode(digest[:16]).decode().rstrip("=")

    def holds(self, name: str, until: int, seal: str) -> bool:
        """Whether the seal is ours; without a secret none is."""
        return bool(self.secret) and hmac.compare_digest(self.seal(name, until).encode(), seal.encode())


def named(dice: bytes) -> str:
    """Return the name that 16 random bytes make."""
    return b32encode(dice).decode().rstrip("=").lower() + ".jpg"


def is_own(name: str) -> bool:
    return OWN.fullmatch(name) is not None


def is_elsewhere(name: str) -> bool:
    """Whether the name says where else the picture is, so that we need not have it."""
    return ELSEWHERE.fullmatch(name) is not None
