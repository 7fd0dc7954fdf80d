"""The public cases as JSON, and the feed of what was published, for everybody."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.console.pages.files import Match, made, sent
from services.console.public.lists import Asked, CasesTold
from services.console.public.serving import CaseTold, TheShowing

KEPT = "public, max-age=15"
public_cases = APIRouter(prefix="/public", tags=["public"])


@public_cases.get("/cases.json", response_model=CasesTold)
async def get_public_cases(asked: Annotated[Asked, Query()], request: Request, showing: TheShowing, match: Match = None) -> Response:
    """List what is open, overdue or done, without personal data; confidential cases stand in no list."""
    return answer(await showing.cases(asked), request, match)


@public_cases.get("/cases/{number}.json", response_model=CaseTold)
async def get_public_case(number: str, request: Request, showing: TheShowing, match: Match = None) -> Response:
    """Tell how far a case has come, and its story; of a confidential one the status alone."""
    return answer(await showing.case(number), request, match)


def answer(told: BaseModel, request: Request, match: str | None) -> Response:
    response = sent(made(told.model_dump_json().encode(), "application/json"), request, match, KEPT)
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return response
