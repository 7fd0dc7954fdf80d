"""How the bytes of photos arrive: whole, in parts, too many of them, too slowly, or not at all."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.requests import Request
from starlette.types import Message

from services.intake import sending
from services.intake.sending import photos_in
from shared.problems import Problem

MOST = 1000
FORM = "multipart/form-data; boundary=b"


def request(parts: Sequence[bytes], kind: str = "image/jpeg", ends: bool = True) -> Request:
    """Return a request whose body comes in parts; one that does not end leaves us waiting."""
    messages: list[Message] = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    if ends:
        messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        return messages.pop(0) if messages else await asyncio.get_running_loop().create_future()

    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", kind.encode())],
        "app": None,
    }  # starlette looks whether there is one
    return Request(scope, receive)


def form(*files: bytes, field: str = "photo") -> bytes:
    parts = [b'--b\r\nContent-Disposition: form-data; name="%s"; filename="x"\r\n\r\n%s\r\n' % (field.encode(), file) for file in files]
    return b"".join(parts) + b"--b--\r\n"


async def read(sent: Request) -> list[tuple[str, bytes]]:
    return [found async for found in photos_in(sent, MOST)]


async def refused(sent: Request) -> tuple[int, list[str]]:
    with pytest.raises(Problem) as caught:
        await read(sent)
    assert caught.value.zh
    return caught.value.status, [fault.field for fault in caught.value.faults]


async def test_a_body_is_one_photo():
    assert await read(request([b"a" * 600, b"b" * 400])) == [("photo", b"a" * 600 + b"b" * 400)]


async def test_a_form_holds_one_or_several():
    assert await read(request([form(b"one")], FORM)) == [("photo", b"one")]
    assert await read(request([form(b"one", b"two")], FORM)) == [("photo.0", b"one"), ("photo.1", b"two")]


async def test_no_more_is_read_than_is_taken():
    assert await refused(request([b"a" * 600] * 2, ends=False)) == (413, ["photo"])
    assert await refused(request([form(b"a" * 80_000)[:70_000]], FORM, ends=False)) == (413, ["photo"])


async def test_one_photo_of_a_form_is_read_just_so_far_that_its_size_is_known():
    assert [len(data) for _, data in await read(request([form(b"a" * 2000)], FORM))] == [MOST + 1]


@pytest.mark.parametrize("body", [b"", b"nonsense", form(b"one", field="other"), form(b"one")[:-20], form(*[b"x"] * 11)])
async def test_a_form_without_photos_is_refused(body: bytes):
    assert await refused(request([body], FORM)) == (422, ["photo"])


async def test_nobody_is_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sending, "ARRIVE_SECONDS", 0.01)
    assert (await refused(request([b"a"], ends=False)))[0] == 408
    assert (await refused(request([form(b"a")[:30]], FORM, ends=False)))[0] == 408


async def test_a_broken_connection_is_told():
    sent = request([b"a"], ends=False)
    broken: Message = {"type": "http.disconnect"}

    async def receive() -> Message:
        return broken

    assert (await refused(Request(sent.scope, receive)))[0] == 400
