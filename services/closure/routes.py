"""The HTTP interface of closure: checks, ratings, reopenings and publications."""

from fastapi import APIRouter

from services.closure import actions
from services.closure.requests import Callback, Check, Decision, Publication, Rating, Remedy, Reopening
from shared.stamps import stamp
from shared.web import Act, CaseView, Now, Sees

MOST = 200  # cases of one answer

router = APIRouter()


@router.post("/cases/{case_id}/verification")
async def post_verification(case_id: str, body: Check, act: Act) -> CaseView:
    """Confirm, as somebody other than the handler, that the result is as it should be."""
    return await act(case_id, actions.verify, body)


@router.post("/cases/{case_id}/rework")
async def post_rework(case_id: str, body: Check, act: Act) -> CaseView:
    """Send a completed case back to its handler."""
    return await act(case_id, actions.rework, body)


@router.post("/cases/{case_id}/rating")
async def post_rating(case_id: str, body: Rating, act: Act) -> CaseView:
    """Say whether it is solved and how content you are; "not solved" sends it back or reopens it."""
    return await act(case_id, actions.rate, body)


@router.post("/cases/{case_id}/reopening")
async def post_reopening(case_id: str, body: Reopening, act: Act) -> CaseView:
    """Reopen a closed case."""
    return await act(case_id, actions.reopen, body)


@router.post("/cases/{case_id}/publication")
async def post_publication(case_id: str, body: Publication, act: Act) -> CaseView:
    """Publish the outcome in your own words, without personal data."""
    return await act(case_id, actions.publish, body)


@router.post("/cases/{case_id}/callback")
async def post_callback(case_id: str, body: Callback, act: Act) -> CaseView:
    """Record a call to the reporter; "not solved" sends the case back or reopens it."""
    return await act(case_id, actions.call_back, body)


@router.post("/cases/{case_id}/decision")
async def post_decision(case_id: str, body: Decision, act: Act) -> CaseView:
    """Decide that a case stays closed although a resident objects too late for it to be reopened by itself."""
    return await act(case_id, actions.decide_objection, body)


@router.post("/cases/{case_id}/remedy")
async def post_remedy(case_id: str, body: Remedy, act: Act) -> CaseView:
    """Record what a meeting decided about what keeps coming back at this place."""
    return await act(case_id, actions.remedy, body)


@router.get("/queue")
async def get_queue(sees: Sees) -> list[CaseView]:
    """List what waits for a person: completed cases for a check, then closed ones for a decision about an objection, the oldest first."""
    waiting = [await sees.cases({"waits_for": what}, [("waits_since", 1)], MOST) for what in ("check", "decision")]
    return [CaseView.of(case) for cases in waiting for case in cases]


@router.get("/callbacks")
async def get_callbacks(sees: Sees) -> list[CaseView]:
    """List the finished cases whose reporter has not said yet what they think of the result, the oldest first."""
    return [CaseView.of(case) for case in await sees.cases({"unheard": {"$gt": ""}}, [("unheard", 1)], MOST)]


@router.get("/publications/overdue")
async def get_overdue_publications(sees: Sees, now: Now) -> list[CaseView]:
    """List the cases of which the public page should say by now how they stand, and does not."""
    late = {"publish_by": {"$gt": "", "$lt": stamp(now)}}
    return [CaseView.of(case) for case in await sees.cases(late, [("publish_by", 1)], MOST)]
