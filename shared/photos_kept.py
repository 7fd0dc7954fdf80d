"""Where photos are kept: a local folder or an object store, by one library. The only module that speaks to it.

A photo is two objects, the thumbnail written first: where the larger one is, both are. What is written is on the disk, or in the object
store's care, when the call returns.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, from_url

if TYPE_CHECKING:
    from obstore.store import RetryConfig

FULL, THUMB, SHOWN, SHOWN_THUMB = "full", "thumb", "shown", "shown-thumb"  # `shown` is what was released with parts blacked out
KINDS = (THUMB, SHOWN_THUMB, SHOWN, FULL)  # in the order in which they are written, and in which they are forgotten
PATIENCE: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}  # somebody waits for the answer
GONE = (FileNotFoundError, NotFoundError)
FAILED = (BaseError, OSError)


class Unkept(Exception):
    """The store of photos does not answer, or refuses."""


@dataclass(frozen=True)
class Object:
    """One object as it is listed: of which photo, and how large and how old it is."""

    key: str
    name: str
    bytes: int
    at: datetime


def key_of(kind: str, name: str) -> str:
    return f"{kind}/{name[:2]}/{name}"  # no folder grows beyond a thousandth of all


class Kept:
    """Photos in a store: a folder, or a URL such as `s3://bucket/folder` (its keys come from the usual `AWS_...` variables)."""

    def __init__(self, place: str) -> None:
        folder = Path(place.removeprefix("file://")) if "://" not in place or place.startswith("file://") else None
        self.folder = folder.absolute() if folder else None
        self.store = LocalStore(self.folder, mkdir=True) if self.folder else from_url(place, retry_config=PATIENCE)

    async def put(self, kind: str, name: str, data: bytes) -> None:
        """Keep the bytes for good. Raises Unkept."""
        try:
            await obstore.put_async(self.store, key_of(kind, name), data)
            if self.folder is not None:
                await asyncio.to_thread(to_disk, self.folder, key_of(kind, name))
        except FAILED as error:
            raise Unkept(str(error)) from error

    async def get(self, kind: str, name: str) -> bytes | None:
        """Return the bytes, or None if there are none. Raises Unkept."""
        try:
            found = await obstore.get_async(self.store, key_of(kind, name))
            return bytes(await found.bytes_async())
        except GONE:
            return None
        except FAILED as error:
            raise Unkept(str(error)) from error

    async def has(self, name: str) -> bool:
        """Whether there is such a photo. Raises Unkept."""
        try:
            await obstore.head_async(self.store, key_of(FULL, name))
        except GONE:
            return False
        except FAILED as error:
            raise Unkept(str(error)) from error
        return True

    async def all(self) -> AsyncIterator[Object]:
        """Yield every object. Raises Unkept."""
        try:
            for kind in KINDS:
                async for chunk in obstore.list(self.store, prefix=f"{kind}/"):
                    for found in chunk:
                        path = found["path"]
                        yield Object(path, path.rpartition("/")[2], found["size"], found["last_modified"])
        except FAILED as error:
            raise Unkept(str(error)) from error

    async def forget(self, key: str) -> None:
        """Delete an object; one that is gone already is fine. Raises Unkept."""
        try:
            await obstore.delete_async(self.store, key)
        except GONE:
            return
        except FAILED as error:
            raise Unkept(str(error)) from error


def to_disk(folder: Path, key: str) -> None:
    """Wait until the disk has a file and the folders that lead to it: the library renames, but does not sync."""
    written = folder / key
    for path in (written, *[parent for parent in written.parents if parent.is_relative_to(folder)]):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def age_of(found: Object, now: datetime) -> float:
    """Return how old an object is, in days."""
    return (now - found.at).total_seconds() / 86_400
