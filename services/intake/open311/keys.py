"""Who may post: keys are kept as hashes in intake's private database, each with a name and a quota.

SHA-256 is enough, and no salt or slow hash is needed: a key is 256 random bits, which nobody can guess or list, unlike a password.
A key is looked up for each post, so that a revoked one ends at once. Its quota is counted in the database: for all processes together.
"""

import re
import secrets
from datetime import UTC, datetime
from hashlib import sha256

from pydantic import BaseModel, ConfigDict

from shared.store import Document, Store
from shared.web import problem

KEYS, SPENT = "open311_keys", "open311_spent"  # the collections
NAME = re.compile(r"[A-Za-z0-9._\-]{1,60}")
RANDOM_BYTES = 32
PER_MINUTE, PER_DAY = 60, 5_000  # posts, unless the key was made with other limits
DAY_SECONDS = 86_400


class Key(BaseModel):
    """What is known of a key besides itself."""

    model_config = ConfigDict(frozen=True)

    name: str
    per_minute: int
    per_day: int
    made_at: str
    revoked_at: str | None = None


def new_key() -> str:
    return secrets.token_urlsafe(RANDOM_BYTES)


def hash_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def key_of(row: Document) -> Key:
    return Key.model_validate({name: row[name] for name in Key.model_fields if name in row})


async def holder(private: Store, key: str, now: datetime) -> str:
    """Return the name of the caller whose key this is, and count the call. Raises a 403 problem, or 429 when the quota is spent."""
    if not key:
        raise problem(403, "api_key is needed to post.", "提交须提供 api_key。")
    hashed = hash_of(key)
    row = await private.get(KEYS, hashed)
    if row is None or row.get("revoked_at"):
        raise problem(403, "api_key is not known, or was revoked.", "api_key 无效或已被撤销。")
    found = key_of(row)
    await spend(private, hashed, found, now.astimezone(UTC))
    return f"open311:{found.name}"


async def spend(private: Store, hashed: str, key: Key, now: datetime) -> None:
    """Count one call for this minute and this day. Raises a 429 problem, which says when to come again."""
    since_midnight = now.hour * 3600 + now.minute * 60 + now.second
    for window, most, left, en, zh in (
        (f"{now:%Y-%m-%dT%H:%M}", key.per_minute, 60 - now.second, "minute", "每分钟"),
        (f"{now:%Y-%m-%d}", key.per_day, DAY_SECONDS - since_midnight, "day", "每天"),
    ):
        if await private.count_up(SPENT, f"{hashed}/{en}", window) > most:
            headers = {"Retry-After": str(left)}
            raise problem(429, f"This key may post {most} requests a {en}.", f"该密钥{zh}最多提交 {most} 件。", headers=headers)
