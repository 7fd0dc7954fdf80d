"""The local issuer of one data folder: what the services must be told of it, what signs its tokens, and its page as a process."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.issuer.keys import FOLDER, public_file, signing_key
from deploy.issuer.minting import AUDIENCE, ISSUER, Mint
from deploy.local.process import Process

KEYS_IN = "GRIDCASE_LOCAL_ISSUER"  # tells the page's process in which folder its key lies


@dataclass(frozen=True)
class LocalIssuer:
    """The page on which people sign in."""

    data: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, settings: Mapping[str, str], log: Path) -> Process:
        command = [sys.executable, "-m", "uvicorn", "deploy.issuer.app:api", "--factory", "--host", "127.0.0.1", "--port", str(self.port)]
        quiet = ["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
        return Process("issuer", [*command, *quiet], log, env={**settings, KEYS_IN: str(self.data)})


def issuer_settings(data: Path, page: LocalIssuer | None) -> dict[str, str]:
    """Return by which settings the services trust the key of the folder: by its page's discovery, or by the file of its public key."""
    if page is not None:
        return {"GRIDCASE_ISSUER": page.url}
    return {"GRIDCASE_ISSUER": ISSUER, "GRIDCASE_JWKS": str(public_file(data))}


def local_mint(data: Path, issuer: str) -> Mint:
    """Return what signs in the name of the issuer with the key of the folder."""
    return Mint(signing_key(data), issuer, AUDIENCE)


def has_keys(data: Path) -> bool:
    return (data / FOLDER).is_dir()
