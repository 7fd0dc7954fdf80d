"""The status page, which shows what is going on in the city now."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from services.console.counting import read_totals
from services.console.pages.kit import TheVisit
from services.console.pages.status import Sight, fragment, shown
from services.console.reader import Reader, TheReader
from shared.web import Now, Reads, Sees

pages = APIRouter(include_in_schema=False)

LISTED = 10  # cases of each list


@pages.get("/")
async def get_status(visit: TheVisit, reads: Reads, sees: Sees) -> Response:
    """Show what is going on now."""
    return visit.page("status.html", **shown(await seen(reads, sees, visit.reader, visit.now), visit.reader))


@pages.get("/pages/now")
async def get_now(reads: Reads, sees: Sees, reader: TheReader, now: Now) -> HTMLResponse:
    """Show the part of the page that changes."""
    sight = await seen(reads, sees, reader, now)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie", "Content-Language": reader.lang}
    return HTMLResponse(fragment(sight, reader), headers=headers)


async def seen(reads: Reads, sees: Sees, reader: Reader, now: Now) -> Sight:
    """Read what the page shows: figures for anybody, cases for those who may see them."""
    totals = await read_totals(reads.rows, reader, ("grade", "department"))
    late = await sees.cases({"open": True, "overdue": True}, [("by_deadline", 1)], LISTED)
    newest = await sees.cases({}, [("by_report", -1)], LISTED)
    return Sight(totals, late, newest, now, lists=bool(sees.marks))
