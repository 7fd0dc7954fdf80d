"""What the console tells over HTTP: cases, their history and the totals, all read from its own rows."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.console.answers import (
    CaseAnswer,
    CasesAnswer,
    TimelineAnswer,
    case_answer,
    happenings,
    listed,
)
from services.console.asking import Asked, Filter, Part, wrong
from services.console.copies import keeping
from services.console.counting import TotalsAnswer, read_totals
from services.console.desk.routes import desk
from services.console.expecting import expecting, likeness
from services.console.figures import figures
from services.console.listing import page
from services.console.looking import looks
from services.console.pages.city import city_page
from services.console.pages.desk import desk_page
from services.console.pages.files import files
from services.console.pages.public import public_pages
from services.console.pages.report import report_page
from services.console.pages.routes import pages
from services.console.pages.tasks import tasks
from services.console.pages.wall import wall
from services.console.phone.routes import phone
from services.console.photos import photos_of, showing
from services.console.public.routes import public_cases
from services.console.reader import TheReader
from services.console.relay import relay
from services.console.signing_in import signing_in
from services.console.stats.routes import stats
from services.console.views.timeline import LAST, place
from shared.asked import TheAdmission
from shared.case import Case
from shared.clock import real
from shared.problems import problem
from shared.web import Now, Reads, Sees, TheProcess

router = APIRouter(lifespan=keeping)
router.include_router(pages)
router.include_router(wall)
router.include_router(files)
router.include_router(city_page)
router.include_router(desk_page)
router.include_router(relay)
router.include_router(report_page)
router.include_router(public_cases)
router.include_router(public_pages)
router.include_router(figures)
router.include_router(signing_in)
router.include_router(looks)
router.include_router(desk)
router.include_router(stats)
router.include_router(tasks)
router.include_router(phone)


@router.get("/cases", tags=["cases"])
async def get_cases(
    asked: Annotated[Asked, Query()], request: Request, response: Response, reads: Reads, sees: Sees, reader: TheReader
) -> CasesAnswer:
    """List cases that you may see and that pass all filters; a case that does not move while you page is seen exactly once."""
    if faults := wrong(asked, reader.city):
        raise problem(422, "Some parameters are not right.", "有参数不正确。", faults)

    async def find(where: Filter, order: list[tuple[str, int]], limit: int) -> list[Case]:
        return await reads.cases({**where, **sees.filter()}, order, limit)

    cases, onward = await page(find, reads.ids, asked, reader.city)
    link_next(request, response, onward)
    return CasesAnswer(items=[listed(case, *reader) for case in await sees.shown(cases)], next=onward)


@router.get("/cases/{case_id}", tags=["cases"])
async def get_case(case_id: str, response: Response, reads: Reads, reader: TheReader, now: Now, process: TheProcess) -> CaseAnswer:
    """Tell what a case is now; `case_id` may be its short number."""
    case = await known(reads, case_id)
    response.headers["ETag"] = f'"{case.version}"'
    rows = await reads.rows("timeline", showing(case.id), [("place", 1)])
    photos = photos_of(rows, process.photos.links, real().timestamp())
    answer, of = case_answer(case, *reader).model_copy(update={"photos": photos}), likeness(case)
    if of is None or not answer.open:
        return answer
    return answer.model_copy(update={"expected": await expecting(reads.rows, of, now, reader)})


@router.get("/cases/{case_id}/timeline", tags=["cases"])
async def get_timeline(
    case_id: str,
    part: Annotated[Part, Query()],
    request: Request,
    response: Response,
    reads: Reads,
    reader: TheReader,
) -> TimelineAnswer:
    """Tell everything that was said about a case, in the order of the log, also what had no effect."""
    case = await known(reads, case_id)
    where = {"place": {"$gt": place(case.id, -1 if part.cursor is None else part.cursor), "$lt": place(case.id, LAST)}}
    rows = await reads.rows("timeline", where, [("place", 1)], part.limit + 1)
    shown = rows[: part.limit]
    onward = str(shown[-1]["offset"]) if len(rows) > part.limit else None
    link_next(request, response, onward)
    return TimelineAnswer(items=happenings(shown, *reader), next=onward)


@router.get("/totals", tags=["totals"])
async def get_totals(reads: Reads, reader: TheReader, admission: TheAdmission) -> TotalsAnswer:
    """Count all cases, exactly, and say how long things take, within 5 %.

    By place for some roles alone: confidential cases count, and who asks often could put together of what type a new one is, and where.
    """
    told = await read_totals(reads.rows, reader)
    return told.model_copy(update={"grids": None}) if admission.caller.roles.isdisjoint(admission.row.reach) else told


async def known(reads: Reads, case_id: str) -> Case:
    case: Case | None = await reads.case(case_id)
    if case is None:
        raise problem(404, f"There is no case {case_id}.", f"没有编号为 {case_id} 的案件。")
    return case


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Say in the headers where the next page is, if there is one."""
    if cursor is not None:
        response.headers["Link"] = f'<{request.url.include_query_params(cursor=cursor)}>; rel="next"'
