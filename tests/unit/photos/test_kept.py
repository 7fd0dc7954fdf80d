"""Photos in a folder and in an object store: the same for both."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from deploy.photos.keeping import tidied
from shared.photos_kept import FULL, SHOWN, THUMB, Kept, Unkept
from shared.photos_links import named

ONE, OTHER = named(bytes(16)), named(b"\xff" * 16)
KEYS = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An S3 server with a bucket."""
    started = ThreadedMotoServer(port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    url = f"http://{host}:{port}"
    assert httpx.put(f"{url}/photos", trust_env=False).status_code == 200
    yield url
    started.stop()


@pytest.fixture(params=["folder", "file", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    if request.param != "s3":
        return Kept(f"{'file://' if request.param == 'file' else ''}{tmp_path}/photos")
    for name, value in {**KEYS, "AWS_ENDPOINT": request.getfixturevalue("server")}.items():
        monkeypatch.setenv(name, value)
    return Kept(f"s3://photos/{tmp_path.name}")


async def test_what_is_put_is_there_until_it_is_forgotten(kept: Kept):
    assert (await kept.get(FULL, ONE), await kept.has(ONE)) == (None, False)
    for kind in (THUMB, FULL, SHOWN):
        await kept.put(kind, ONE, kind.encode())
    await kept.put(THUMB, OTHER, b"alone")
    assert [await kept.get(kind, ONE) for kind in (THUMB, FULL, SHOWN)] == [b"thumb", b"full", b"shown"]
    assert (await kept.has(ONE), await kept.has(OTHER)) == (True, False)
    listed = [found async for found in kept.all()]
    assert sorted((found.name, found.bytes) for found in listed) == sorted([(ONE, 4), (ONE, 5), (ONE, 5), (OTHER, 5)])
    for found in listed:
        await kept.forget(found.key)
        await kept.forget(found.key)
    assert (await kept.has(ONE), [found async for found in kept.all()]) == (False, [])


async def test_only_what_is_old_and_named_nowhere_may_go(kept: Kept):
    for name in (ONE, OTHER):
        await kept.put(THUMB, name, b"thumb")
        await kept.put(FULL, name, b"full")

    async def log(*names: str):
        for name in names:
            yield name

    soon, late = datetime.now(UTC) + timedelta(days=6.9), datetime.now(UTC) + timedelta(days=7.1)
    assert (await tidied(kept, log(), 7, soon)).orphans == []
    found = await tidied(kept, log(OTHER, "b" * 26 + ".jpg"), 7, late)
    assert (found.objects, found.names, sorted(orphan.key.partition("/")[0] for orphan in found.orphans)) == (4, [ONE], ["full", "thumb"])


async def test_a_folder_has_what_it_was_given_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").resolve()))
    await Kept(str(tmp_path)).put(FULL, ONE, b"full")
    assert synced == [tmp_path / "full" / ONE[:2] / ONE, tmp_path / "full" / ONE[:2], tmp_path / "full", tmp_path]


async def test_a_store_that_is_away_is_told_apart_from_one_that_has_nothing(tmp_path: Path):
    kept = Kept(str(tmp_path / "photos"))
    (tmp_path / "photos" / "full").write_text("a file where a folder should be")
    with pytest.raises(Unkept):
        await kept.put(FULL, ONE, b"full")
