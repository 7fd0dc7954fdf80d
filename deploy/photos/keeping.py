"""What `gridcase photos` does: deletes what nobody refers to, deletes what must go, and finds what is missing.

What is old enough is listed first and the log read afterwards, to its end: a photo that a case has named meanwhile stays. A name counts
wherever in a message it stands, also in one that no service could read.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiokafka import TopicPartition

from deploy.local.jars import Say
from deploy.refusal import CannotDo
from deploy.topics import connected
from shared.clock import real
from shared.photos_kept import FULL, KINDS, Kept, Object, age_of, key_of
from shared.photos_links import OWN, is_own
from shared.settings import Settings

NAMES = re.compile(OWN.pattern.encode())
SHOWN = 20  # names that are said one by one


@dataclass(frozen=True)
class Tidied:
    """How many objects there are, and those that nobody refers to."""

    objects: int
    orphans: Sequence[Object]

    @property
    def names(self) -> list[str]:
        return sorted({orphan.name for orphan in self.orphans})


async def tidy(settings: Settings, days: float, dry_run: bool, say: Say) -> Tidied:
    """Delete what is older than `days` and in no message of the log; with `dry_run` only say so. Raises Away, Unkept."""
    kept, now = Kept(settings.photos), real()
    found = await tidied(kept, named_in_log(settings), days, now)
    for name in found.names[:SHOWN]:
        say(f"{name} belongs to no case.")
    if len(found.names) > SHOWN:
        say(f"... and {len(found.names) - SHOWN:,} more.")
    if not dry_run:
        for kind in reversed(KINDS):  # the full photo first: where it is gone, the name is not known any more
            for orphan in found.orphans:
                if orphan.key.startswith(f"{kind}/"):
                    await kept.forget(orphan.key)
    size = sum(orphan.bytes for orphan in found.orphans)
    verb = "would be deleted" if dry_run else "are deleted"
    say(f"Of {found.objects:,} files, {len(found.orphans):,} of {len(found.names):,} photos ({size:,} bytes) {verb}.")
    return found


async def tidied(kept: Kept, named: AsyncIterator[str], days: float, now: datetime) -> Tidied:
    """Return what may go: listed before `named` is read."""
    objects = [found async for found in kept.all()]
    old = [found for found in objects if age_of(found, now) > days and OWN.fullmatch(found.name)]
    wanted = {found.name for found in old}
    async for name in named:
        wanted.discard(name)
    return Tidied(len(objects), [found for found in old if found.name in wanted])


async def forget(settings: Settings, names: Sequence[str], say: Say) -> None:
    """Delete every file of these photos. Raises CannotDo for a name that there is none of, Unkept."""
    kept = Kept(settings.photos)
    for name in names:
        if not is_own(name) or not await kept.has(name):
            raise CannotDo(f"There is no photo {name!r}.")
        for kind in reversed(KINDS):
            await kept.forget(key_of(kind, name))
        say(f"{name} is deleted.")


async def missing(settings: Settings, say: Say) -> list[str]:
    """Return the names in the log whose photos are not there: lost, or deleted on purpose. Raises Away, Unkept."""
    named = {name async for name in named_in_log(settings)}
    there = {found.name async for found in Kept(settings.photos).all() if found.key.startswith(f"{FULL}/")}
    gone = sorted(named - there)
    for name in gone:
        say(f"{name} is named in the log and is not there.")
    say(f"Of {len(named):,} photos that the log names, {len(named) - len(gone):,} are there.")
    return gone


async def named_in_log(settings: Settings) -> AsyncIterator[str]:
    """Yield every name of a photo in the log, up to the end that it has when reading begins."""
    async with connected(settings) as log:
        places = {p: TopicPartition(log.topic, p) for p in range(log.partitions)}
        begins, ends = await log.begins(places), await log.ends(places)
        start, end = {places[p]: at for p, at in begins.items()}, {places[p]: at for p, at in ends.items()}
        async for record in log.read(start, end):
            for name in NAMES.findall(record.value or b""):
                yield name.decode()
