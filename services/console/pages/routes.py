"""The pages that people read, and the few files that these need."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, Response

from services.console.counting import read_totals
from services.console.pages.status import HERE, Sight, fragment, whole_page
from services.console.reader import Reader, TheReader
from shared.problems import problem
from shared.web import Now, Reads, Sees

pages = APIRouter(include_in_schema=False)

LISTED = 10  # cases of each list
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
PRIVATE = {**SAFE, "Cache-Control": "no-store", "Vary": "Accept-Language"}
KINDS = {"status.css": "text/css", "status.js": "text/javascript", "icon.svg": "image/svg+xml"}
FILES = {name: (HERE / name).read_bytes() for name in KINDS}


@pages.get("/")
async def get_status(reads: Reads, sees: Sees, reader: TheReader, now: Now) -> HTMLResponse:
    """Show what is going on now."""
    sight = await seen(reads, sees, reader, now)
    return HTMLResponse(whole_page(sight, reader), headers={**PRIVATE, "Content-Language": reader.lang})


@pages.get("/pages/now")
async def get_now(reads: Reads, sees: Sees, reader: TheReader, now: Now) -> HTMLResponse:
    """Show the part of the page that changes."""
    sight = await seen(reads, sees, reader, now)
    return HTMLResponse(fragment(sight, reader), headers={**PRIVATE, "Content-Language": reader.lang})


@pages.get("/pages/{name}")
async def get_file(name: Annotated[str, Path()]) -> Response:
    """Hand out a style sheet, a script or a picture."""
    if name not in FILES:
        raise problem(404, f"There is no page {name}.", f"没有页面 {name}。")
    return Response(FILES[name], media_type=KINDS[name], headers={**SAFE, "Cache-Control": "max-age=300"})


async def seen(reads: Reads, sees: Sees, reader: Reader, now: Now) -> Sight:
    """Read what the page shows: figures for anybody, cases for those who may see them."""
    totals = await read_totals(reads.rows, reader, ("grade", "department"))
    late = await sees.cases({"open": True, "overdue": True}, [("by_deadline", 1)], LISTED)
    newest = await sees.cases({}, [("by_report", -1)], LISTED)
    return Sight(totals, late, newest, now, lists=bool(sees.marks))
