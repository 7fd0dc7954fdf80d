"""The figures for dashboards over HTTP: totals, rates and quantiles by any dimension and in time, and what each of them means."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from services.console.reader import TheReader
from services.console.stats import telling
from services.console.stats.answers import ByAnswer, KnownDimension, KnownValue, SeriesAnswer, StatsAnswer
from services.console.stats.asking import ByAsked, SeriesAsked, StatsAsked, wrong, wrong_by, wrong_series
from services.console.stats.copy import Copy, NotLoaded
from services.console.stats.definitions import DEFINITIONS, Definition, definitions
from services.console.stats.dimensions import DIMENSIONS, WORDS, Dimension, known
from services.console.stats.periods import Period, edges
from services.console.stats.question import Question
from services.console.stats.sheets import sheet
from services.console.stats.table import Table
from services.console.stats.telling import Asking, Told
from shared.access import Reach
from shared.asked import TheAdmission
from shared.problems import Fault, problem
from shared.web import Now

RETRY_SECONDS = 2
AS_TABLE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}, 503: {"description": "Still reading all cases; try again"}}


def own_unit(admission: TheAdmission) -> str | None:
    """Return the department whose figures alone the caller may see, None for those who see all. Raises a 403 problem for one of no unit."""
    caller = admission.caller
    if Reach.ALL in {reach for role, reach in admission.row.reach.items() if role in caller.roles}:
        return None
    if caller.unit is None:
        raise problem(403, "Your account belongs to no department.", "您的账号不属于任何部门。")
    return caller.unit


Unit = Annotated[str | None, Depends(own_unit)]
stats = APIRouter(prefix="/api/stats", tags=["stats"])


@stats.get("", response_model=StatsAnswer, responses=AS_TABLE)
async def get_stats(asked: Annotated[StatsAsked, Query()], unit: Unit, request: Request, reader: TheReader, now: Now) -> Response:
    """Tell the totals, the rates and how long things take, of all cases that pass the filters."""
    refuse(wrong(asked, reader.city))
    question = Question(asked.within(unit).filters, asked.period(reader.city), asked.when)
    return await told(request, asked, lambda table, as_of: telling.stats(table, Asking(question, reader, now, as_of)))


@stats.get("/series", response_model=SeriesAnswer, responses=AS_TABLE)
async def get_stats_series(asked: Annotated[SeriesAsked, Query()], unit: Unit, request: Request, reader: TheReader, now: Now) -> Response:
    """Tell the same by day, week or month of the city: the last 30 days, 12 weeks or 12 months if no beginning is asked for."""
    refuse(wrong_series(asked, reader.city, now))
    at = edges(asked.every, asked.period(reader.city), now, reader.city)
    question = Question(asked.within(unit).filters, Period(at[0], at[-1]), asked.when)
    return await told(request, asked, lambda table, as_of: telling.series(table, Asking(question, reader, now, as_of), asked.every, at))


@stats.get("/by/{dimension}", response_model=ByAnswer, responses=AS_TABLE)
async def get_stats_by(
    dimension: Dimension, asked: Annotated[ByAsked, Query()], unit: Unit, request: Request, reader: TheReader, now: Now
) -> Response:
    """Tell the same by area, unit, type, grade, channel or status, or by two of them at once."""
    refuse(wrong_by(asked, dimension, reader.city))
    by = (dimension, asked.and_) if asked.and_ else (dimension,)
    question = Question(asked.within(unit).filters, asked.period(reader.city), asked.when, by)
    return await told(request, asked, lambda table, as_of: telling.by(table, Asking(question, reader, now, as_of), asked.sort, asked.limit))


@stats.get("/definitions")
async def get_stats_definitions(reader: TheReader) -> list[Definition]:
    """Tell what each figure counts or measures, and the rules that hold for several."""
    return definitions(reader.lang)


@stats.get("/definitions/{figure}")
async def get_stats_definition(figure: str, reader: TheReader) -> Definition:
    """Tell what one figure counts or measures; every answer links here."""
    if figure not in DEFINITIONS:
        raise problem(404, f"There is no figure {figure}.", f"没有指标 {figure}。")
    return DEFINITIONS[figure].told(figure, reader.lang)


@stats.get("/dimensions")
async def get_stats_dimensions(reader: TheReader) -> list[KnownDimension]:
    """Tell by what figures can be filtered and told apart, with every value and its name in both languages."""
    return [
        KnownDimension(
            dimension=dimension,
            zh=WORDS[dimension].zh,
            en=WORDS[dimension].en,
            values=[KnownValue(key=key, zh=words.zh, en=words.en) for key, words in known(dimension, reader.city).items()],
        )
        for dimension in DIMENSIONS
    ]


def refuse(faults: list[Fault]) -> None:
    if faults:
        raise problem(422, "Some parameters are not right.", "有参数不正确。", faults)


async def told(request: Request, asked: StatsAsked, tell: Callable[[Table, datetime], Told]) -> Response:
    """Answer as JSON, or as a table if that is asked for. Raises a 503 problem while the cases are still being read."""
    copy: Copy = request.app.state.stats
    table = asked.format == "csv" or "text/csv" in request.headers.get("accept", "")
    as_text: Callable[[Told], str | bytes] = sheet if table else orjson.dumps
    try:
        text = await copy.ask(lambda table, as_of: as_text(tell(table, as_of)))
    except NotLoaded:
        headers = {"Retry-After": str(RETRY_SECONDS)}
        raise problem(503, "All cases are still being read.", "正在读取全部案件，请稍后再试。", headers=headers) from None
    name = request.url.path.removeprefix("/api/").replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'} if table else {}
    return Response(text, media_type="text/csv" if table else "application/json", headers={**headers, "Vary": "Accept, Accept-Language"})
