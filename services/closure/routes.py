"""The HTTP interface of closure: checks, ratings, reopenings and publications."""

from fastapi import APIRouter

from services.closure import actions
from services.closure.requests import Check, Publication, Rating, Reopening
from shared.web import Act, ActOpenly, CaseView, Reads

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
async def post_rating(case_id: str, body: Rating, act: ActOpenly) -> CaseView:
    """Say whether it is solved and how content you are; "not solved" sends it back or reopens it."""
    return await act(case_id, actions.rate, body)


@router.post("/cases/{case_id}/reopening")
async def post_reopening(case_id: str, body: Reopening, act: ActOpenly) -> CaseView:
    """Reopen a closed case."""
    return await act(case_id, actions.reopen, body)


@router.post("/cases/{case_id}/publication")
async def post_publication(case_id: str, body: Publication, act: Act) -> CaseView:
    """Publish the outcome in your own words, without personal data."""
    return await act(case_id, actions.publish, body)


@router.get("/queue")
async def get_queue(reads: Reads) -> list[CaseView]:
    """List the completed cases that wait for a check, the oldest first."""
    waiting = await reads.cases({"waits_for_check": True}, [("check_since", 1)], MOST)
    return [CaseView.of(case) for case in waiting]
