"""The HTTP interface of dispatch: what operators and handlers do, and what each person has to do."""

from fastapi import APIRouter

from services.dispatch import actions, late, returning, steering
from services.dispatch.candidates import loads
from services.dispatch.proposals import Proposal, proposals, queries
from services.dispatch.requests import (
    Assignment,
    Completion,
    Contact,
    Explanation,
    Extension,
    Handled,
    Note,
    Pause,
    Refusal,
    Ruling,
    Transfer,
)
from services.dispatch.tasks import MOST, Tasks, tasks_of
from shared.case import Status
from shared.photos import must_be_known
from shared.web import Act, CaseView, Now, Reads, Sees, TheCity, TheProcess, problem

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
async def post_completion(case_id: str, body: Completion, act: Act, process: TheProcess) -> CaseView:
    """Say what was done."""
    await must_be_known(process, body.media)
    return await act(case_id, actions.complete, body)


@router.post("/cases/{case_id}/record")
async def post_record(case_id: str, body: Handled, act: Act, process: TheProcess) -> CaseView:
    """Record an emergency that you have handled already, with the true times."""
    await must_be_known(process, body.media)
    return await act(case_id, late.record, body)


@router.post("/cases/{case_id}/return")
async def post_return(case_id: str, body: Refusal, act: Act) -> CaseView:
    """Give back a task that you have taken on, because it is not yours to handle."""
    return await act(case_id, returning.give_back, body)


@router.post("/cases/{case_id}/appeal")
async def post_appeal(case_id: str, body: Refusal, act: Act) -> CaseView:
    """Ask the next level up who is responsible, where an operator insists on you."""
    return await act(case_id, returning.appeal, body)


@router.post("/cases/{case_id}/ruling")
async def post_ruling(case_id: str, body: Ruling, act: Act) -> CaseView:
    """Decide about an appeal."""
    return await act(case_id, returning.rule, body)


@router.post("/cases/{case_id}/contact")
async def post_contact(case_id: str, body: Contact, act: Act) -> CaseView:
    """Record that the resident was spoken to."""
    return await act(case_id, actions.contact, body)


@router.post("/cases/{case_id}/explanation")
async def post_explanation(case_id: str, body: Explanation, act: Act) -> CaseView:
    """React to a reminder or to supervision."""
    return await act(case_id, actions.explain, body)


@router.post("/cases/{case_id}/transfer")
async def post_transfer(case_id: str, body: Transfer, act: Act) -> CaseView:
    """Make another department responsible."""
    return await act(case_id, steering.transfer, body)


@router.post("/cases/{case_id}/extension")
async def post_extension(case_id: str, body: Extension, act: Act) -> CaseView:
    """Move the public deadline before it passes."""
    return await act(case_id, steering.extend, body)


@router.post("/cases/{case_id}/notes")
async def post_note(case_id: str, body: Note, act: Act, process: TheProcess) -> CaseView:
    """Add a remark for colleagues, with photos from the place where there are any."""
    await must_be_known(process, body.media)
    return await act(case_id, actions.note, body)


@router.get("/cases/{case_id}/candidates")
async def get_candidates(case_id: str, reads: Reads, now: Now) -> list[Proposal]:
    """List whom to send: who could take the case now, best first, each with the reason; of a case in work, who could instead."""
    case = await reads.case(case_id)
    if case is None:
        raise problem(404, f"There is no case {case_id}.", f"没有编号为 {case_id} 的案件。")
    city = reads.process.city
    world = await reads.world(queries(case, city, now))
    return proposals(case, world.city, loads(world.others), now)


@router.get("/staff/{person_id}/tasks")
async def get_tasks(person_id: str, sees: Sees, city: TheCity, now: Now) -> Tasks:
    """List the open tasks of a person, the next deadline first, then the emergencies that the person is told of."""
    person = city.staff.get(person_id)
    if person is None:
        raise problem(404, f"There is no member of staff {person_id!r}.", f"没有工作人员“{person_id}”。")
    own = await sees.cases({"assignee": person_id}, [("resolve_by", 1)], MOST)
    told = await sees.cases({"informed": {"$in": [person_id]}}, [("resolve_by", 1)], MOST)  # not every server finds it by an index
    return tasks_of(person, [*own, *told], city, now)


@router.get("/queue")
async def get_queue(sees: Sees, now: Now) -> list[CaseView]:
    """List what waits for an operator: appeals, paused cases whose date has come, then cases that nobody has, the next deadline first."""
    by_deadline = [("resolve_by", 1)]
    appeals = await sees.cases({"waits_for": "ruling"}, by_deadline, MOST)
    again = await sees.cases({"status": Status.PAUSED.value, "look_again_at": {"$lte": now}}, by_deadline, MOST)
    free = await sees.cases({"status": Status.TRIAGED.value}, by_deadline, MOST)
    return list({case.id: CaseView.of(case) for case in (*appeals, *again, *free)}.values())


@router.get("/supervision")
async def get_supervision(sees: Sees) -> list[CaseView]:
    """List the cases whose handler was reminded or is supervised and has not reacted, the next deadline first."""
    return [CaseView.of(case) for case in await sees.cases({"waits_for": "reaction"}, [("resolve_by", 1)], MOST)]
