"""The bytes of photos as they are sent: the file itself as the body, or several files in a form. Never more than the settings allow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from shared.photos import too_large
from shared.problems import Fault, Problem, problem

FIELD = "photo"
AT_ONCE = 10  # photos of one form
TOGETHER = 3  # times the limit of one photo, for a form
ENVELOPE = 65_536  # bytes of a form around its photos
ARRIVE_SECONDS = 180.0  # 12 MB over a poor connection


async def photos_in(request: Request, most: int) -> AsyncIterator[tuple[str, bytes]]:
    """Yield each photo of the request, with the field that it stands in. Raises a problem for what holds none, or too much."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with arriving():
            sent = await body_of(request, most)
        yield FIELD, sent
        return
    bounded = Request(request.scope, Bounded(request.receive, TOGETHER * most + ENVELOPE))
    async with arriving():
        form = await bounded.form(max_files=AT_ONCE, max_fields=AT_ONCE)
    async with closing_form(form):
        files = [file for file in form.getlist(FIELD) if isinstance(file, UploadFile)]
        if not files:
            raise no_photo()
        for place, file in enumerate(files):
            yield FIELD if len(files) == 1 else f"{FIELD}.{place}", await file.read(most + 1)


@asynccontextmanager
async def closing_form(form: FormData) -> AsyncIterator[None]:
    """Throw away the files into which the form was written, whatever happens."""
    try:
        yield
    finally:
        await form.close()


@asynccontextmanager
async def arriving() -> AsyncIterator[None]:
    """Wait for what is sent, but not for ever. Raises a problem: 400 for a broken connection, 408 for a slow one, 422 for a broken form."""
    try:
        async with asyncio.timeout(ARRIVE_SECONDS):
            yield
    except TimeoutError as slow:
        raise problem(408, "The photo did not arrive in time; try again.", "照片上传超时，请重试。") from slow
    except ClientDisconnect as gone:
        raise problem(400, "The photo was cut off.", "照片传输中断。") from gone
    except HTTPException as odd:
        raise no_photo() from odd


async def body_of(request: Request, most: int) -> bytes:
    """Return the body; it is read no further than it may go."""
    parts: list[bytes] = []
    size = 0
    async with aclosing(request.stream()) as stream:
        async for part in stream:
            size += len(part)
            if size > most:
                raise too_large(most)
            parts.append(part)
    return b"".join(parts)


class Bounded:
    """Receives the body of a request up to so many bytes; then raises a 413 problem."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive, self.left = receive, most

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            en = f"At most {AT_ONCE} photos are taken at once, together at most {TOGETHER} times as large as one may be: send fewer."
            zh = f"一次最多上传{AT_ONCE}张照片，总大小不得超过单张上限的{TOGETHER}倍，请分次上传。"
            raise problem(413, en, zh, [Fault(field=FIELD, en=en, zh=zh)])
        return message


def no_photo() -> Problem:
    en = f"Send the photo itself as the body, or a form with at most {AT_ONCE} files in the field {FIELD!r}."
    zh = f"请直接以照片文件作为请求体，或在表单的“{FIELD}”字段中上传，最多{AT_ONCE}个文件。"
    return problem(422, "There is no photo in the form.", "表单中没有照片。", [Fault(field=FIELD, en=en, zh=zh)])
