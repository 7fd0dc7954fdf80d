"""Photos for all services: `take` keeps one and gives it a name, `must_be_known` checks the names that people send.

A photo is kept before its name is told, so that whoever has a name has a photo. Nothing of the file is kept but its pixels.
"""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from pydantic import BaseModel, ConfigDict, Field

from shared.clock import real
from shared.metrics import PHOTOS
from shared.photos_image import Areas, Developed, Unfit
from shared.photos_kept import FULL, SHOWN, SHOWN_THUMB, THUMB, Unkept
from shared.photos_links import is_elsewhere, is_own, named
from shared.photos_room import Darkroom, Full
from shared.problems import Fault, Problem, problem
from shared.process import Process

BUSY_SECONDS = 5


class Photo(BaseModel):
    """A photo that was taken in. `url` and `thumb` show it for an hour; `name` is what goes into `media`."""

    model_config = ConfigDict(frozen=True)

    name: str
    url: str = Field(description="The photo as it is kept, JPEG, 2,560 pixels at most on its long side")
    thumb: str = Field(description="The same with 400 pixels at most")
    width: int = Field(description="Pixels")
    height: int = Field(description="Pixels")
    bytes: int = Field(description="Size of the file that is kept")


async def take(process: Process, data: bytes) -> Photo:
    """Keep the photo that `data` holds and return it. Raises a problem: 413, 415 or 422 for what is no fit photo, 503 to try again."""
    async with admitted(process):
        return await keep(process, data)


@asynccontextmanager
async def admitted(process: Process) -> AsyncIterator[None]:
    """Let one upload in, before its bytes are read. Raises a 503 problem while too many are here."""
    try:
        async with process.photos.admitted():
            yield
    except Full as full:
        raise later("Too many photos are coming in just now.", "目前上传的照片过多，请稍后再试。") from full


async def keep(process: Process, data: bytes) -> Photo:
    """Do what `take` does for an upload that was admitted."""
    try:
        photo = await kept(process, data)
    except Problem as refused:
        PHOTOS.labels(str(refused.status)).inc()
        raise
    PHOTOS.labels("201").inc()
    return photo


async def kept(process: Process, data: bytes) -> Photo:
    room = process.photos
    if len(data) > room.settings.photo_bytes:
        raise too_large(room.settings.photo_bytes)
    try:
        made = await room.develop(data)
        name = named(secrets.token_bytes(16))
        await room.kept.put(THUMB, name, made.thumb)
        await room.kept.put(FULL, name, made.full)
    except Unfit as unfit:
        raise problem(unfit.status, unfit.en, unfit.zh, [Fault(field="photo", en=unfit.en, zh=unfit.zh)]) from unfit
    except Unkept as unkept:
        raise away() from unkept
    return shown(room, name, made)


def shown(room: Darkroom, name: str, made: Developed) -> Photo:
    now = real().timestamp()
    url, thumb = room.links.photo(name, now), room.links.thumb(name, now)
    return Photo(name=name, url=url, thumb=thumb, width=made.width, height=made.height, bytes=len(made.full))


async def must_be_known(process: Process, media: Sequence[str], field: str = "media") -> None:
    """Raise a 422 problem that names every member of `media` which is neither a photo of ours nor the address of one elsewhere."""
    faults = [await fault_of(process, name, f"{field}.{place}") for place, name in enumerate(media)]
    if found := [fault for fault in faults if fault is not None]:
        raise problem(422, "Some photos are not known.", "有照片无法识别。", found)


async def fault_of(process: Process, name: str, field: str) -> Fault | None:
    """Return what is wrong with one name."""
    try:
        if is_elsewhere(name) or (is_own(name) and await process.photos.kept.has(name)):
            return None
    except Unkept as unkept:
        raise away() from unkept
    return Fault(
        field=field,
        en="There is no photo of this name; upload it with POST /photos and send the name that it is given.",
        zh="没有这个名称的照片；请先用 POST /photos 上传，再提交返回的名称。",
    )


async def read_photo(process: Process, kind: str, name: str) -> bytes | None:
    """Return the bytes of a photo, None if there is none. Raises a 503 problem."""
    try:
        return await process.photos.kept.get(kind, name)
    except Unkept as unkept:
        raise away() from unkept


async def black_out(process: Process, name: str, areas: Areas) -> None:
    """Keep a version of the photo for everybody, with these areas black. Raises a problem: 404, 503."""
    full = await read_photo(process, FULL, name)
    if full is None:
        raise problem(404, "There is no such photo.", "没有这张照片。")
    made = await process.photos.black_out(full, areas)
    try:
        await process.photos.kept.put(SHOWN_THUMB, name, made.thumb)
        await process.photos.kept.put(SHOWN, name, made.full)
    except Unkept as unkept:
        raise away() from unkept


def too_large(most: int) -> Problem:
    en, zh = f"A photo may have {most:,} bytes at most: make it smaller.", f"照片文件不得超过{most:,}字节，请缩小后上传。"
    return problem(413, en, zh, [Fault(field="photo", en=en, zh=zh)])


def later(en: str, zh: str) -> Problem:
    return problem(503, en, zh, headers={"Retry-After": str(BUSY_SECONDS)})


def away() -> Problem:
    return later("The store of photos does not answer; try again.", "照片存储暂时无法使用，请稍后再试。")
