"""The form of a post: its fields, url-encoded or in parts, and its files; never more of it than the settings allow."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256

import orjson
from starlette.datastructures import FormData, UploadFile
from starlette.requests import ClientDisconnect, Request

from services.intake.open311.media import FIELD
from services.intake.open311.posting import Form
from services.intake.sending import ARRIVE_SECONDS, AT_ONCE, ENVELOPE, TOGETHER, Bounded, closing_form
from shared.settings import Settings
from shared.web import problem

KINDS = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_FIELDS = 500


@dataclass(frozen=True)
class Sent:
    """A form with what its address says besides; of a name in both, the form counts."""

    fields: Form
    files: tuple[UploadFile, ...] = ()
    odd: str = ""  # the content type, if it is none of a form

    async def digest(self) -> str:
        """Return what two sendings of one form have in common."""
        told = sha256(orjson.dumps([[name, list(values)] for name, values in sorted(self.fields.items()) if name != "api_key"]))
        for file in self.files:
            told.update(await file.read())
            await file.seek(0)
        return told.hexdigest()


@asynccontextmanager
async def reading(request: Request, settings: Settings) -> AsyncIterator[Sent]:
    """Give the form; its files are thrown away afterwards. Raises a problem for one that is cut off, slow, broken or too large."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    asked = {name: tuple(request.query_params.getlist(name)) for name in request.query_params}
    if kind and kind not in KINDS:
        yield Sent(asked, odd=kind)
        return
    most = TOGETHER * settings.photo_bytes + ENVELOPE if kind == KINDS[1] else settings.body_bytes
    form = await arrived(Request(request.scope, Bounded(request.receive, most)))
    async with closing_form(form):
        yield Sent({**asked, **fields_of(form)}, tuple(files_of(form)))


async def arrived(request: Request) -> FormData:
    try:
        async with asyncio.timeout(ARRIVE_SECONDS):
            return await request.form(max_files=AT_ONCE, max_fields=MAX_FIELDS)
    except TimeoutError as slow:
        raise problem(408, "The form did not arrive in time; try again.", "表单传输超时，请重试。") from slow
    except ClientDisconnect as gone:
        raise problem(400, "The form was cut off.", "表单传输中断。") from gone


def fields_of(form: FormData) -> dict[str, tuple[str, ...]]:
    """Return the fields that are not empty."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and value.strip():
            found[name] = (*found.get(name, ()), value)
    return found


def files_of(form: FormData) -> Iterator[UploadFile]:
    """Yield the photos; a browser sends an empty file where none was chosen."""
    for value in form.getlist(FIELD):
        if isinstance(value, UploadFile) and value.size:
            yield value
