"""The FastAPI shell that all services share, `api = serve(service, router)`: health, metrics, problems, and what routes ask for."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.asked import (
    Act,
    Actor,
    CurrentCaller,
    Keep,
    KeyId,
    Language,
    Now,
    Reading,
    Reads,
    Speak,
    TheCity,
    TheProcess,
    when_it_happened,
)
from shared.caseview import CaseView
from shared.citypack import CityInvalid
from shared.command import Accepted
from shared.gate import Gate
from shared.logs import configure
from shared.measured import Measured
from shared.problems import Fault, Problem, install, problem
from shared.process import GAVE_UP, REFUSED, Process, leave
from shared.readiness import amiss
from shared.recipe import Observe
from shared.seeing import Sees
from shared.service import Service
from shared.settings import Settings
from shared.shell import enclose
from shared.store import StoreError, Unreachable
from shared.stream import Away
from shared.zeros import begin_at_zero

__all__ = [
    "Act", "Actor", "CaseView", "CurrentCaller", "Fault", "Keep", "KeyId", "Language", "Now", "Problem", "Reading", "Reads",
    "Sees", "Speak", "TheCity", "TheProcess", "problem", "serve", "when_it_happened",
]  # fmt: skip

Refresh = Callable[[Reading], Awaitable[None]]
REFRESH_SECONDS = 5.0
log = logging.getLogger("gridcase")


def ignore(fold: Any) -> None:
    """The observer of a service that observes nothing."""


def serve(service: Service, router: APIRouter, observe: Observe = ignore, refresh: Refresh | None = None) -> FastAPI:
    """Return the application of a service.

    `observe` sees each event that is new, once for each process that folds it; `refresh` brings gauges up to date, every few seconds.
    """
    settings = Settings()

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        configure(settings.log_level)
        try:
            api.state.process = process = Process(service, settings, observe)
        except CityInvalid as invalid:
            leave(REFUSED, str(invalid))
        begin_at_zero(service)
        try:
            async with process.running():
                loops = [asyncio.create_task(watch_for_ever(process)), asyncio.create_task(refresh_for_ever(process, refresh))]
                yield
                for loop in loops:
                    loop.cancel()
        except (Away, Unreachable) as away:
            leave(GAVE_UP, str(away))

    gate = Gate(service.name, settings)
    api = FastAPI(title=f"gridcase {service.name}", version="1", lifespan=lifespan, dependencies=[Depends(gate)])
    api.state.gate = gate
    enclose(api, settings)
    api.add_middleware(Measured, service=service.name)
    install(api)
    api.include_router(router)
    api.include_router(health)
    gate.know(api)

    @api.exception_handler(Accepted)
    async def on_accepted(request: Request, accepted: Accepted) -> JSONResponse:
        return JSONResponse({"detail": "In the log, not yet folded here.", "case": request.path_params.get("case_id")}, 202)

    return api


async def refresh_for_ever(process: Process, refresh: Refresh | None) -> None:
    while refresh is not None:
        with suppress(StoreError):  # the gauges stay as they were
            await refresh(Reading(process))
        await asyncio.sleep(REFRESH_SECONDS)


async def watch_for_ever(process: Process) -> None:
    """Let the metric of readiness be true whether anybody asks or not."""
    while True:
        await amiss(process)
        await asyncio.sleep(REFRESH_SECONDS)


# -- health and metrics

health = APIRouter(tags=["health"])


@health.get("/health/live")
async def get_live() -> dict[str, str]:
    """Whether the process answers at all."""
    return {"status": "alive"}


@health.get("/health/ready")
async def get_ready(process: TheProcess) -> JSONResponse:
    """Whether the fold is up to the log and both engines answer: 200, or 503 with what is amiss."""
    wrong = await amiss(process)
    return JSONResponse({"status": "not ready", "amiss": wrong} if wrong else {"status": "ready"}, 503 if wrong else 200)


@health.get("/health/progress")
async def get_progress(process: TheProcess) -> dict[str, Any]:
    """How far this process has folded each of its partitions, and up to which time it has looked at what was due."""
    recipe = process.recipe
    return {
        "now": process.now(),
        "swept": recipe.swept,
        "caught": all(held.caught for held in recipe.held.values()),
        "next": {partition: held.next for partition, held in recipe.held.items()},
        "in_flight": len(recipe.speaking.in_flight),
    }


@health.get("/metrics")
async def get_metrics() -> Response:
    """Prometheus metrics."""
    return Response(await asyncio.to_thread(generate_latest), media_type=CONTENT_TYPE_LATEST)  # thousands of lines take a while
