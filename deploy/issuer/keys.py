"""What signs: a private key and a secret, made once and kept in the data folder, for nobody else to read."""

import json
import os
import secrets
from pathlib import Path

from joserfc import jwk

FOLDER = "issuer"
KEY, PUBLIC, SECRET = "key.json", "jwks.json", "secret"
ONLY_OWN = 0o600


def signing_key(data: Path) -> jwk.ECKey:
    """Return the key that signs, made at the first start; its public part lies beside it as a JWKS."""
    file = data / FOLDER / KEY
    if not file.exists():
        keep(file, json.dumps(new_key().as_dict(private=True)))
    key = jwk.ECKey.import_key(json.loads(file.read_text()))
    public_file(data).write_text(json.dumps(public(key)))
    return key


def new_key() -> jwk.ECKey:
    key = jwk.ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
    key.ensure_kid()
    return key


def public(key: jwk.ECKey) -> dict[str, object]:
    """Return what the issuer publishes of its key."""
    return {"keys": [{**key.as_dict(private=False), "kid": key.kid, "use": "sig", "alg": "ES256"}]}


def public_file(data: Path) -> Path:
    return data / FOLDER / PUBLIC


def shared_secret(data: Path) -> str:
    """Return the secret of the services in this folder, made at the first start."""
    file = data / FOLDER / SECRET
    if not file.exists():
        keep(file, secrets.token_urlsafe(48))
    return file.read_text()


def keep(file: Path, text: str) -> None:
    """Write what nobody else may read; never is it there with other rights."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWN), "w") as opened:
        opened.write(text)
