"""Photos over HTTP: taken in, shown to whoever has a link or to everybody, released or withheld by an operator."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.intake.album import Pair, TheAlbum
from services.intake.finding import CaseFound
from services.intake.routes import Written, read
from services.intake.sending import photos_in
from services.intake.showing import Decision, Releasing, Withholding
from shared.clock import real
from shared.photos import Photo, admitted, black_out, keep, read_photo
from shared.photos_kept import FULL, SHOWN, SHOWN_THUMB, THUMB
from shared.photos_links import is_own
from shared.problems import Problem, problem
from shared.web import Actor, Now, Sees, TheProcess

router = APIRouter(tags=["photos"])
OPEN_SECONDS = 300  # for which anybody may keep what everybody may see: it can be taken back
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "cross-origin",  # pages of the city stand on hosts of their own
    "Referrer-Policy": "no-referrer",
}
A_FILE = {"type": "string", "format": "binary"}
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "image/*": {"schema": A_FILE},
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["photo"], "properties": {"photo": {"type": "array", "items": A_FILE}}}
            },
        },
    }
}
A_JPEG: dict[int | str, dict[str, Any]] = {200: {"description": "The photo", "content": {"image/jpeg": {"schema": A_FILE}}}}
ReleasingSent = Annotated[dict[str, Any], Written(Releasing)]
WithholdingSent = Annotated[dict[str, Any], Written(Withholding)]
Until = Annotated[int | None, Query(description="Of a link with a seal: until when it works, Unix seconds")]
Seal = Annotated[str | None, Query(max_length=64, description="The seal of the link")]


@router.post("/photos", status_code=201, openapi_extra=UPLOAD)
async def post_photos(request: Request, process: TheProcess) -> list[Photo]:
    """Take photos in, before a report or an action names them in `media`: one as the body, or several in the field `photo` of a form.

    JPEG, PNG, WebP or HEIC. Each is made anew from its pixels, so that nothing else of the file is kept: no position, no device, no time.
    """
    taken = []
    async with admitted(process):
        async for field, data in photos_in(request, process.settings.photo_bytes):
            try:
                taken.append(await keep(process, data))
            except Problem as found:
                found.faults = tuple(fault.model_copy(update={"field": field}) for fault in found.faults)
                raise
    return taken


@router.get("/photos/{name}", responses=A_JPEG, response_class=Response)
async def get_photo(name: str, process: TheProcess, album: TheAlbum, until: Until = None, seal: Seal = None) -> Response:
    """Show a photo, to whoever has a link with a seal that still works, or to everybody if it is public."""
    return await seen(name, (FULL, SHOWN), process, album, until, seal)


@router.get("/photos/{name}/thumb", responses=A_JPEG, response_class=Response)
async def get_thumb(name: str, process: TheProcess, album: TheAlbum, until: Until = None, seal: Seal = None) -> Response:
    """Show a photo in small."""
    return await seen(name, (THUMB, SHOWN_THUMB), process, album, until, seal)


@router.get("/cases/{case_id}/photos")
async def get_case_photos(case: CaseFound, album: TheAlbum) -> Pair:
    """List the photos of a case that everybody may see: before and after."""
    return await album.pair(case)


@router.post("/photos/{name}/release")
async def post_release(name: str, sent: ReleasingSent, by: Actor, now: Now, process: TheProcess, album: TheAlbum, sees: Sees) -> Decision:
    """Show a photo to everybody, with faces and number plates blacked out where you say."""
    body = read(Releasing, sent)
    cases = await decidable(name, album, sees)
    await black_out(process, name, [(area.left, area.top, area.right, area.bottom) for area in body.hide])
    decision = Decision(shown=True, by=by, at=now, hide=body.hide, cases=cases)
    await album.decide(name, decision)
    return decision


@router.post("/photos/{name}/withholding")
async def post_withholding(name: str, sent: WithholdingSent, by: Actor, now: Now, album: TheAlbum, sees: Sees) -> Decision:
    """Show a photo to nobody but those who see the case."""
    body = read(Withholding, sent)
    cases = await decidable(name, album, sees, every=False)
    decision = Decision(shown=False, by=by, at=now, reason=body.reason, cases=cases)
    await album.decide(name, decision)
    return decision


async def seen(name: str, kinds: tuple[str, str], process: TheProcess, album: TheAlbum, until: int | None, seal: str | None) -> Response:
    """Return the photo as kept or as released. Raises a problem: 403 for a link that works no more, 404 for what is not for the caller."""
    if not is_own(name):
        raise not_here()
    kept, released = kinds
    now = real().timestamp()
    if until is not None and seal is not None:
        if not process.photos.links.holds(name, until, seal) or until < now:
            raise problem(403, "This link works no more; open the case again.", "链接已失效，请重新打开案件。")
        found, caching = await read_photo(process, kept, name), f"private, max-age={until - int(now)}, immutable"
    else:
        public, decision = await album.public(name)
        if not public:
            raise not_here()
        found = await read_photo(process, released if decision and decision.hide else kept, name)
        caching = f"public, max-age={OPEN_SECONDS}"
    if found is None:
        raise not_here()
    return Response(found, media_type="image/jpeg", headers={**HEADERS, "Cache-Control": caching})


async def decidable(name: str, album: TheAlbum, sees: Sees, every: bool = True) -> tuple[str, ...]:
    """Return the cases that show the photo. Raises a 404 problem unless a case shows it, and the caller may see all that do."""
    where = [case for _, case in await album.cases_of(name)] if is_own(name) else []
    found = await sees.shown(where)
    if not found or (every and len(found) < len(where)):
        raise not_here()
    return tuple(case.id for case in found)


def not_here() -> Problem:
    return problem(404, "There is no such photo, or it is not for everybody.", "没有这张照片，或照片不公开。")
