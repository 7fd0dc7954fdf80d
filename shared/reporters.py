"""How somebody without an account acts on what they reported: by the secret key that the report's answer held.

The key is made from the case id and the deployment's secret, so nothing is stored and nobody can guess it (120 bits).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

BYTES = 15


def key_of(secret: str, case_id: str) -> str:
    """Return the key of a case, 24 letters and digits; empty if the deployment has no secret."""
    if not secret:
        return ""
    digest = hmac.new(secret.encode(), f"case/{case_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:BYTES]).decode().lower()


def opened_by(secret: str, key: str, cases: Iterable[str]) -> str | None:
    """Return the case that the key is of, if it is one of these."""
    sent = key.strip().lower().encode()
    return next((case for case in cases if secret and hmac.compare_digest(key_of(secret, case).encode(), sent)), None)


def reporter_of(case_id: str) -> str:
    """Return as whom a person acts who sent the key of a case."""
    return f"reporter:{hashlib.sha256(f'reporter/{case_id}'.encode()).hexdigest()[:16]}"
