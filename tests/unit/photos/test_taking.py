"""Taking photos in: each is developed in a process of its own, a few at a time, and kept before its name is told."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from shared import photos_room, photos_worker
from shared.photos import must_be_known, take
from shared.photos_image import Unfit
from shared.photos_kept import FULL, THUMB
from shared.photos_room import WAITING, Darkroom
from shared.photos_worker import CPU_SECONDS, GENTLE, develop_apart
from shared.problems import Problem
from shared.process import Process
from shared.settings import Settings
from tests.pictures import encoded, opened, pattern

MOST = 5_000_000


class Room:
    """A process, as far as photos need one."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.photos = Darkroom(Settings.model_validate({"photos": str(folder), "secret": "s" * 32, **settings}))


def process(folder: Path, **settings: Any) -> Process:
    return cast(Process, Room(folder, **settings))


async def problem_of(process: Process, data: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        await take(process, data)
    return caught.value


async def test_a_photo_is_kept_under_the_name_that_is_told(tmp_path: Path):
    here = process(tmp_path, intake_url="https://in.example.org")
    photo = await take(here, encoded(pattern()))
    full, thumb = [await here.photos.kept.get(kind, photo.name) for kind in (FULL, THUMB)]
    assert full is not None
    assert thumb is not None
    assert (opened(full).size, len(full), opened(thumb).size) == ((photo.width, photo.height), photo.bytes, (400, 300))
    assert photo.url.startswith(f"https://in.example.org/photos/{photo.name}?until=")
    await must_be_known(here, [photo.name, "https://example.org/1.jpg", "record:7"])


async def test_links_begin_with_the_host_of_the_photos(tmp_path: Path):
    here = process(tmp_path, photos_url="https://photos.example.org")
    assert (await take(here, encoded(pattern()))).thumb.startswith("https://photos.example.org/photos/")


async def test_what_is_refused_names_the_field_and_what_would_be_right(tmp_path: Path):
    here = process(tmp_path, photo_bytes=10_000, photo_pixels=10_000)
    for data, status, word in ((b"x" * 10_001, 413, "bytes"), (b"%PDF", 415, "JPEG"), (encoded(pattern(), "PNG"), 413, "pixels")):
        found = await problem_of(here, data)
        assert (found.status, [fault.field for fault in found.faults]) == (status, ["photo"])
        assert word in found.faults[0].en
        assert found.faults[0].zh
    assert [found async for found in here.photos.kept.all()] == []


async def test_every_name_that_is_not_known_is_named(tmp_path: Path):
    with pytest.raises(Problem) as caught:
        await must_be_known(process(tmp_path), ["a" * 26 + ".jpg", "https://example.org/1.jpg", "photo"], "media")
    assert (caught.value.status, [fault.field for fault in caught.value.faults]) == (422, ["media.0", "media.2"])


async def test_a_store_that_is_away_is_asked_again_later(tmp_path: Path):
    (tmp_path / "full").write_text("a file where a folder should be")
    found = await problem_of(process(tmp_path), encoded(pattern()))
    assert (found.status, "Retry-After" in found.headers) == (503, True)


async def test_so_many_are_developed_at_once_and_so_many_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    inside, most, gate = 0, 0, asyncio.Event()

    async def slow(data: bytes, most_pixels: int) -> Any:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await gate.wait()
        inside -= 1
        return await develop_apart(data, most_pixels)

    monkeypatch.setattr(photos_room, "develop_apart", slow)
    here = process(tmp_path, photo_workers=2)
    coming = [asyncio.create_task(take(here, encoded(pattern(64, 64)))) for _ in range(2 + WAITING)]
    await asyncio.sleep(0)
    refused = await problem_of(here, encoded(pattern(64, 64)))
    assert (refused.status, most) == (503, 2)
    gate.set()
    assert len({photo.name for photo in await asyncio.gather(*coming)}) == 2 + WAITING
    assert (most, here.photos.inside) == (2, 0)


async def test_the_process_of_a_photo_tells_what_is_wrong():
    with pytest.raises(Unfit, match="This is no photo") as caught:
        await develop_apart(b"MZ", MOST)
    assert (caught.value.status, "JPEG" in caught.value.zh) == (415, True)


async def test_a_file_that_ends_its_process_is_refused_and_nothing_else_happens(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(photos_worker, "__name__", "tests.unit.photos.crashing")
    with pytest.raises(Unfit) as caught:
        await develop_apart(b"x", MOST)
    assert caught.value.status == 422


async def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(photos_worker, "WALL_SECONDS", 0.0)
    with pytest.raises(Unfit) as caught:
        await develop_apart(encoded(pattern()), MOST)
    assert caught.value.status == 422


def test_the_process_of_a_photo_can_have_so_much_and_no_more():
    greedy = "from shared.photos_worker import bound; bound(); import os, resource as r; print(os.nice(0), r.getrlimit(r.RLIMIT_CPU)[0]); "
    done = subprocess.run([sys.executable, "-c", greedy + "bytearray(3 * 10**9)"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.split()[1], "MemoryError" in done.stderr) == (str(CPU_SECONDS), True)
    assert int(done.stdout.split()[0]) >= GENTLE
