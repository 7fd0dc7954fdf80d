"""The public cases as JSON, and what was published as a feed, for everybody."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.console.pages.files import Match, made, sent
from services.console.public.feed import feed
from services.console.public.lists import Asked, CasesTold
from services.console.public.serving import CaseTold, TheShowing
from services.console.words import say
from shared.web import TheProcess

KEPT = "public, max-age=0, s-maxage=15, must-revalidate"  # browsers ask each time, caches before us every 15 seconds
ATOM = "application/atom+xml; charset=utf-8"
public_cases = APIRouter(prefix="/public", tags=["public"])


@public_cases.get("/cases.json", response_model=CasesTold)
async def get_public_cases(asked: Annotated[Asked, Query()], request: Request, showing: TheShowing, match: Match = None) -> Response:
    """List what is open, overdue or done, without personal data; confidential cases stand in no list."""
    return answer((await showing.cases(asked)).model_dump_json().encode(), "application/json", request, match)


@public_cases.get("/cases/{number}.json", response_model=CaseTold)
async def get_public_case(number: str, request: Request, showing: TheShowing, match: Match = None) -> Response:
    """Tell how far a case has come, and its story; of a confidential one the status alone."""
    told: BaseModel = await showing.case(number)
    return answer(told.model_dump_json().encode(), "application/json", request, match)


@public_cases.get("/feed.xml", response_class=Response, responses={200: {"content": {"application/atom+xml": {}}}})
async def get_feed(
    request: Request,
    showing: TheShowing,
    process: TheProcess,
    grid: Annotated[str | None, Query(max_length=64, description="Of this grid alone")] = None,
    match: Match = None,
) -> Response:
    """Tell what was published lately, as an Atom feed."""
    city, lang = showing.reader
    base, path = process.settings.console_url.rstrip("/"), f"/public/feed.xml?grid={grid}" if grid in city.grids else "/public/feed.xml"
    content = feed(await showing.published(grid), say(city.title, lang), lang, base, path, showing.now)
    return answer(content, ATOM, request, match)


def answer(content: bytes, kind: str, request: Request, match: str | None) -> Response:
    response = sent(made(content, kind), request, match, KEPT)
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return response
