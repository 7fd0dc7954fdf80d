"""The calls of GeoReport v2, for the production endpoint and for the test endpoint alike."""

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse

from services.intake.open311 import exporting
from services.intake.open311.discovery import discovery
from services.intake.open311.documenting import ANSWERS, EXTENDED, FORM, JURISDICTION, LIST, UPDATE, UPDATES, asked_by, sent_as
from services.intake.open311.filing import admitted, file_request, updated_by
from services.intake.open311.formats import TYPES
from services.intake.open311.here import Call, Read, here
from services.intake.open311.reading import asked_for, listed, one, request_id_of, updates_of
from services.intake.open311.services import definition, named, services
from services.intake.open311.spaces import PRODUCTION, TEST
from shared.web import Language, Now, TheCity, TheProcess

calls = APIRouter(tags=["open311"], responses=ANSWERS)
guide = APIRouter(prefix="/open311", tags=["open311"], responses=ANSWERS)
open311 = APIRouter()

Repeatable = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200, description="The same key and form make one request")]


@guide.get("/discovery.{fmt}")
@calls.get("/discovery.{fmt}")
async def get_discovery(at: Call) -> Response:
    """Which endpoints there are, and since when what they offer is as it is."""
    return at.answer("discovery", await discovery(at.process, at.city, at.language, at.now))


@calls.get("/services.{fmt}", openapi_extra=asked_by(JURISDICTION))
async def get_services(at: Read) -> Response:
    """What can be reported."""
    return at.answer("services", services(at.city, at.language))


@calls.get("/services/{service_code}.{fmt}", openapi_extra=asked_by(JURISDICTION))
async def get_service(service_code: str, at: Read) -> Response:
    """What is asked of who reports it."""
    return at.answer("service_definition", definition(named(at.city, service_code), at.language))


@calls.post("/requests.{fmt}", openapi_extra=sent_as(FORM))
async def post_request(request: Request, at: Call, key: Repeatable = None) -> Response:
    """Report something; a key is needed. A request can be read as soon as this has answered."""
    async with admitted(at, request) as (sent, by):
        return at.answer("service_requests", [await file_request(at, sent, by, key)])


@calls.get("/tokens/{token}.{fmt}", openapi_extra=asked_by(JURISDICTION))
async def get_token(token: str, at: Read) -> Response:
    """The request's id for a token; none until triage has filed the case."""
    return at.answer("service_requests", [{"service_request_id": await request_id_of(at, token), "token": token}])


@calls.get("/requests.csv", openapi_extra=asked_by(LIST))
async def get_export(request: Request, process: TheProcess, city: TheCity, language: Language, now: Now) -> Response:
    """The requests of a list as one file in the columns of GeoReport Bulk: all of them, not a page."""
    at = await here(request, "xml", process, city, language, now)
    at.must_serve(at.given.get("jurisdiction_id", ""))
    return StreamingResponse(exporting.rows(at, asked_for(at)), headers={**at.headers, "Content-Type": TYPES["csv"]})


@calls.get("/requests.{fmt}", openapi_extra=asked_by(LIST))
async def get_requests(at: Read) -> Response:
    """Requests, the newest first."""
    return at.answer("service_requests", await listed(at, asked_for(at)))


@calls.get("/requests/{service_request_id}.{fmt}", openapi_extra=asked_by([*JURISDICTION, EXTENDED]))
async def get_request(service_request_id: str, at: Read) -> Response:
    """One request."""
    return at.answer("service_requests", [await one(at, service_request_id)])


@calls.get("/servicerequestupdates.{fmt}", openapi_extra=asked_by(UPDATES))
async def get_updates(at: Read) -> Response:
    """Every public change of every request in a time, the oldest first."""
    return at.answer("service_request_updates", await updates_of(at))


@calls.post("/servicerequestupdates.{fmt}", openapi_extra=sent_as(UPDATE))
async def post_update(request: Request, at: Call) -> Response:
    """What another authority's system says about a request; said again with the same update_id, it counts once."""
    async with admitted(at, request) as (sent, by):
        return at.answer("service_request_updates", [await updated_by(at, sent, by)])


open311.include_router(guide)
open311.include_router(calls, prefix=PRODUCTION)
open311.include_router(calls, prefix=TEST, include_in_schema=False)
