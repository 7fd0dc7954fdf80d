"""In the test space, whoever posts a photo sees it; so nobody comes by a photo of others through it."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.datastructures import UploadFile

from services.intake.open311 import spaces
from services.intake.open311.filing import file_request
from services.intake.open311.forms import Sent
from services.intake.open311.here import Here
from services.intake.open311.media import with_links
from shared.city import City
from shared.photos_kept import FULL
from shared.photos_links import is_own, named
from shared.photos_room import Darkroom
from shared.process import Process
from shared.settings import Settings
from tests.pictures import encoded, pattern
from tests.unit.intake.village import NOON

FIELDS = {"service_code": ("01037",), "lat": ("30.01",), "long": ("104.02",), "attribute[CONDITION]": ("out",)}
OF_OTHERS = named(bytes(16))


class Private:
    """The private database, in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], dict[str, Any]] = {}

    async def get(self, collection: str, id: str) -> dict[str, Any] | None:
        return self.kept.get((collection, id))

    async def put(self, collection: str, id: str, document: dict[str, Any]) -> None:
        self.kept[collection, id] = document


async def shown(folder: Path, city: City, sent: Sent) -> str | None:
    """Post a form to the test space, and return the address of the photo that its request is shown with."""
    room, private = Darkroom(Settings.model_validate({"photos": str(folder), "secret": "s" * 32})), Private()
    await room.kept.put(FULL, OF_OTHERS, encoded(pattern()))
    process = cast(Process, SimpleNamespace(photos=room, private=private, settings=room.settings))
    here = Here(process, city, "en", NOON, spaces.Tests(process), {}, "json")
    await file_request(here, sent, "open311:app", None)
    [row] = [row for (collection, _), row in private.kept.items() if collection == spaces.TESTS]
    [told] = await with_links(here, [row])
    return cast("str | None", told["media"])


async def test_the_name_of_a_photo_of_others_gets_no_link(tmp_path: Path, demo_city: City):
    assert await shown(tmp_path, demo_city, Sent({**FIELDS, "media_url": (OF_OTHERS,)})) is None


@pytest.mark.parametrize("named_too", [{}, {"media_url": (OF_OTHERS,)}])
async def test_a_photo_that_comes_with_the_form_gets_one(tmp_path: Path, demo_city: City, named_too: dict[str, tuple[str, ...]]):
    file = UploadFile(io.BytesIO(encoded(pattern())), filename="lamp.jpg")
    url = await shown(tmp_path, demo_city, Sent({**FIELDS, **named_too}, (file,)))
    assert url is not None
    name = url.partition("/photos/")[2].partition("?")[0]
    assert (is_own(name), name == OF_OTHERS, "seal=" in url) == (True, False, True)


async def test_the_address_of_a_photo_elsewhere_stays(tmp_path: Path, demo_city: City):
    elsewhere = "https://example.org/1.jpg"
    assert await shown(tmp_path, demo_city, Sent({**FIELDS, "media_url": (elsewhere,)})) == elsewhere
