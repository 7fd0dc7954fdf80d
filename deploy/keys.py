"""`gridcase keys`: the keys with which programs post by Open311. A key is shown once, when it is made; what is kept is its hash."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.refusal import CannotDo
from deploy.running import DATA, reached
from services.intake.open311.keys import KEYS, NAME, PER_DAY, PER_MINUTE, SPENT, Key, hash_of, key_of, new_key
from shared.clock import real
from shared.settings import Settings
from shared.store import Store

keys = typer.Typer(no_args_is_help=True, help="Keys with which programs post by Open311: make, list, revoke.")
console = Console(highlight=False, markup=False, soft_wrap=True)

Name = Annotated[str, typer.Argument(help="Whose key it is: letters, digits, dot, - and _; it is the actor of what is posted")]
DataFolder = Annotated[Path, typer.Option("--data", help="Folder of the running system")]
Kafka = Annotated[str | None, typer.Option(envvar="GRIDCASE_KAFKA", help="Kafka of the deployment, where it is not a local one")]
Mongo = Annotated[str | None, typer.Option(envvar="GRIDCASE_MONGO", help="MongoDB to use instead of a local one")]


@asynccontextmanager
async def private(settings: Settings) -> AsyncIterator[Store]:
    """Give intake's private database."""
    store = Store(settings.mongo, f"{settings.database}_intake", settings.patience_seconds)
    try:
        yield store
    finally:
        await store.close()


async def create(settings: Settings, name: str, per_minute: int, per_day: int, now: datetime) -> str:
    """Make a key and return it. Raises CannotDo for a name that is no name, or has a key that works."""
    if not NAME.fullmatch(name):
        raise CannotDo(f"{name!r} is no name for a key: letters, digits, dot, - and _, at most 60.")
    async with private(settings) as store:
        if any(row["name"] == name and not row.get("revoked_at") for row in await store.find(KEYS, {})):
            raise CannotDo(f"{name} has a key that works; revoke it first.")
        key = new_key()
        made = Key(name=name, per_minute=per_minute, per_day=per_day, made_at=now.astimezone(UTC).isoformat(timespec="seconds"))
        await store.put(KEYS, hash_of(key), made.model_dump())
    return key


async def revoke(settings: Settings, name: str, now: datetime) -> None:
    """End the key of that name at once; it stays in the list. Raises CannotDo if none works."""
    async with private(settings) as store:
        rows = [row for row in await store.find(KEYS, {}) if row["name"] == name and not row.get("revoked_at")]
        for row in rows:
            ended = key_of(row).model_copy(update={"revoked_at": now.astimezone(UTC).isoformat(timespec="seconds")})
            await store.put(KEYS, row["_id"], ended.model_dump())
    if not rows:
        raise CannotDo(f"No key of {name} works. `gridcase keys list` shows all.")


async def listed(settings: Settings) -> list[tuple[Key, int]]:
    """Return every key in order of its making, and how many posts it has made on the last day that it was used."""
    async with private(settings) as store:
        spent = {row["_id"]: int(row["count"]) for row in await store.find(SPENT, {})}
        found = [(key_of(row), spent.get(f"{row['_id']}/day", 0)) for row in await store.find(KEYS, {})]
    return sorted(found, key=lambda pair: (pair[0].made_at, pair[0].name))


@keys.command("create")
def keys_create(
    name: Name,
    per_minute: Annotated[int, typer.Option(min=1, help="Posts a minute")] = PER_MINUTE,
    per_day: Annotated[int, typer.Option(min=1, help="Posts a day, by UTC")] = PER_DAY,
    data: DataFolder = DATA,
    kafka: Kafka = None,
    mongo: Mongo = None,
) -> None:
    """Make a key, and show it this once."""
    from deploy.cli import in_sentences

    with in_sentences(), reached(data, kafka, mongo, console.print) as settings:
        console.print(asyncio.run(create(settings, name, per_minute, per_day, real())))


@keys.command("list")
def keys_list(data: DataFolder = DATA, kafka: Kafka = None, mongo: Mongo = None) -> None:
    """List the keys, without the keys themselves."""
    from deploy.cli import in_sentences

    with in_sentences(), reached(data, kafka, mongo, console.print) as settings:
        found = asyncio.run(listed(settings))
    shown = Table(*("name", "a minute", "a day", "last day", "made (UTC)", "revoked (UTC)"), box=None, header_style="dim")
    for key, spent in found:
        shown.add_row(key.name, str(key.per_minute), str(key.per_day), str(spent), key.made_at, key.revoked_at or "")
    console.print(shown if found else "There are no keys.")


@keys.command("revoke")
def keys_revoke(name: Name, data: DataFolder = DATA, kafka: Kafka = None, mongo: Mongo = None) -> None:
    """End a key at once."""
    from deploy.cli import in_sentences

    with in_sentences(), reached(data, kafka, mongo, console.print) as settings:
        asyncio.run(revoke(settings, name, real()))
    console.print(f"The key of {name} is revoked.")
