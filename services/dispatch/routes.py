"""The HTTP interface of dispatch: what operators and handlers do, and what each person has to do."""

from fastapi import APIRouter

from services.dispatch import actions, steering
from services.dispatch.requests import Assignment, Completion, Extension, Note, Pause, Refusal, Transfer
from services.dispatch.tasks import MOST, Tasks, tasks_of
from shared.case import Status
from shared.web import Act, CaseView, Now, Reads, TheCity, problem

router = APIRouter()


@router.post("/cases/{case_id}/assignment")
async def post_assignment(case_id: str, body: Assignment, act: Act) -> CaseView:
    """Give the case to a person; whoever has it now is released."""
    return await act(case_id, steering.assign, body)


@router.post("/cases/{case_id}/acceptance")
async def post_acceptance(case_id: str, act: Act) -> CaseView:
    """Take on the task that is offered to you."""
    return await act(case_id, actions.accept, None)


@router.post("/cases/{case_id}/refusal")
async def post_refusal(case_id: str, body: Refusal, act: Act) -> CaseView:
    """Say why you cannot take the task that is offered to you."""
    return await act(case_id, actions.decline, body)


@router.post("/cases/{case_id}/start")
async def post_start(case_id: str, act: Act) -> CaseView:
    """Say that you are on it now."""
    return await act(case_id, actions.start, None)


@router.post("/cases/{case_id}/pause")
async def post_pause(case_id: str, body: Pause, act: Act) -> CaseView:
    """Stop the clock for a reason from the city's list, with the approval of somebody else."""
    return await act(case_id, actions.pause, body)


@router.post("/cases/{case_id}/resume")
async def post_resume(case_id: str, act: Act) -> CaseView:
    """Let the clock run again with what was left of it."""
    return await act(case_id, actions.resume, None)


@router.post("/cases/{case_id}/completion")
async def post_completion(case_id: str, body: Completion, act: Act) -> CaseView:
    """Say what was done."""
    return await act(case_id, actions.complete, body)


@router.post("/cases/{case_id}/transfer")
async def post_transfer(case_id: str, body: Transfer, act: Act) -> CaseView:
    """Make another department responsible."""
    return await act(case_id, steering.transfer, body)


@router.post("/cases/{case_id}/extension")
async def post_extension(case_id: str, body: Extension, act: Act) -> CaseView:
    """Move the public deadline before it passes."""
    return await act(case_id, steering.extend, body)


@router.post("/cases/{case_id}/notes")
async def post_note(case_id: str, body: Note, act: Act) -> CaseView:
    """Add a remark for colleagues."""
    return await act(case_id, actions.note, body)


@router.get("/staff/{person_id}/tasks")
async def get_tasks(person_id: str, reads: Reads, city: TheCity, now: Now) -> Tasks:
    """List the open tasks of a person, the next deadline first, then the emergencies that the person is told of."""
    person = city.staff.get(person_id)
    if person is None:
        raise problem(404, f"There is no member of staff {person_id!r}.", f"没有工作人员“{person_id}”。")
    own = await reads.cases({"assignee": person_id}, [("resolve_by", 1)], MOST)
    told = await reads.cases({"informed": {"$in": [person_id]}}, [("resolve_by", 1)], MOST)  # not every server finds it by an index
    return tasks_of(person, [*own, *told], city, now)


@router.get("/queue")
async def get_queue(reads: Reads, now: Now) -> list[CaseView]:
    """List what waits for an operator: paused cases whose date has come, then cases that nobody has, the next deadline first."""
    by_deadline = [("resolve_by", 1)]
    again = await reads.cases({"status": Status.PAUSED.value, "look_again_at": {"$lte": now}}, by_deadline, MOST)
    free = await reads.cases({"status": Status.TRIAGED.value}, by_deadline, MOST)
    return [CaseView.of(case) for case in (*again, *free)]
