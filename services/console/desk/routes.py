"""The live feed behind the dispatch desk: all open cases that somebody may see, then what changes, and the words to show it with."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from services.console.desk.answers import ChangesAnswer, RowsAnswer, WordsAnswer
from services.console.desk.serving import Desk, awaited, cursor_of, fragments, packed, place_of, takes_gzip, zipped
from shared.looks import record
from shared.problems import problem
from shared.web import Now, Sees, TheCity, TheProcess

RETRY_SECONDS = 2
desk = APIRouter(prefix="/desk", tags=["desk"])


def loaded(request: Request) -> Desk:
    """Return the desk. Raises a 503 problem while the open cases are still being read."""
    found: Desk = cast(Desk, request.app.state.desk)
    if found.feed.as_of is None:
        headers = {"Retry-After": str(RETRY_SECONDS)}
        raise problem(503, "All open cases are still being read.", "正在读取全部未结案件，请稍后再试。", headers=headers)
    return found


TheDesk = Annotated[Desk, Depends(loaded)]
Cursor = Annotated[str, Query(min_length=1, max_length=60, description="`cursor` of the answer before")]


@desk.get("/rows", response_model=RowsAnswer, responses={503: {"description": "Still reading all open cases; try again"}})
async def get_desk_rows(request: Request, sees: Sees, desk: TheDesk, process: TheProcess) -> Response:
    """Tell all open cases that you may see, one compact row each; go on with `GET /desk/changes`."""
    marks, caller = sees.marks, sees.admission.caller
    cursor, entries = cursor_of(desk.board, marks), desk.board.seen_by(marks)
    if sealed := [entry for entry in entries if entry.sealed]:
        await record(process, sealed, caller, sees.admission.row, sees.admission.route)
        desk.looked.note(caller.id, sealed)
    return await packed(request, {"now": process.now().timestamp(), "cursor": cursor, "rows": fragments(entries)})


@desk.get("/changes", response_model=ChangesAnswer, responses={503: {"description": "Still reading all open cases; try again"}})
async def get_desk_changes(since: Cursor, request: Request, sees: Sees, desk: TheDesk, process: TheProcess) -> Response:
    """Wait up to four seconds for a change that you may see, and tell which rows are new and which cases have gone.

    `reset`: the cursor is too old or of another process; read the rows anew.
    """
    marks, caller = sees.marks, sees.admission.caller
    place = place_of(since, desk.board, marks)
    found = None if place is None else await awaited(desk.board, place, marks, desk.poll_seconds)
    cursor = cursor_of(desk.board, marks)
    if found is not None and (sealed := desk.looked.unseen(caller.id, found.changed)):
        await record(process, sealed, caller, sees.admission.row, sees.admission.route)
        desk.looked.note(caller.id, sealed)
    told = {"now": process.now().timestamp(), "cursor": cursor, "reset": found is None}
    return await packed(request, {**told, "changed": fragments(found.changed) if found else [], "gone": found.gone if found else []})


@desk.get("/words", response_model=WordsAnswer, responses={304: {"description": "You have these words already"}})
async def get_desk_words(request: Request, desk: TheDesk, city: TheCity, now: Now) -> Response:
    """Tell all words of the city and of the desk in both languages, who is on duty, and the working time of some weeks."""
    version, body = desk.worded(city, now)
    etag = f'"{version}{"-gzip" if takes_gzip(request) else ""}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if etag in [known.strip().removeprefix("W/") for known in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    answer = await zipped(request, body)
    answer.headers.update(headers)
    return answer
