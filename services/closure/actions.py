"""What people do once a case is said to be done: check it, rate it, reopen it, publish it; or be refused with a sentence that says why."""

from services.closure.decide import may_reopen, reopened
from services.closure.requests import Callback, Check, Decision, Publication, Rating, Remedy, Reopening
from shared.case import ALLOWED, Case, Refused
from shared.city import City, Role
from shared.events import (
    CallbackRecorded,
    CaseRated,
    CaseReopened,
    Event,
    ObjectionDecided,
    OutcomePublished,
    RemedyDecided,
    ResolutionRejected,
    ResolutionVerified,
    Said,
    derived_id,
)

OPERATING = frozenset({Role.OPERATOR, Role.DUTY_OFFICER, Role.UNIT_HEAD, Role.LEADER})


def verify(case: Case, body: Check, said: Said, city: City) -> ResolutionVerified:
    """Confirm that the result is as it should be."""
    must_be_open(case, ResolutionVerified, "Only a completed case can be checked.", "只有已办结待核查的案件才能核查。")
    must_check(case, said, city)
    if case.verified:
        raise Refused("The result was confirmed already.", "结果已经核查通过。")
    return ResolutionVerified.of(case, **said, reason=body.reason)


def rework(case: Case, body: Check, said: Said, city: City) -> ResolutionRejected:
    """Send the case back to its handler."""
    must_be_open(case, ResolutionRejected, "Only a completed case can be sent back.", "只有已办结待核查的案件才能返工。")
    must_check(case, said, city)
    return ResolutionRejected.of(case, **said, reason=body.reason)


def rate(case: Case, body: Rating, said: Said, city: City) -> CaseRated:
    """Say whether it is solved: once for each result. Said again it is the same fact, also when the case has moved on since."""
    return CaseRated.of(
        case,
        id=rating_id(case, body, said["by"]),
        at=said["at"],
        by=said["by"],
        late=said["late"],
        solved=body.solved,
        score=body.score,
        comment=body.comment,
        closing=case.closings,
    )


def rating_id(case: Case, body: Rating, by: str) -> str:
    """Return the id of a rating: who rates which result, and the words; an earlier one where it was said already."""
    mine = f"{case.id}/rated/{derived_id(by)}"
    result = f"{mine}/{derived_id(str(case.completed_at), str(case.closings))}"
    words = derived_id(str(body.solved), str(body.score), body.comment)
    if case.status not in ALLOWED["case.rated"]:
        for known in case.ids:
            if known.startswith(mine) and known.endswith(words):
                return known
        raise Refused("Only a completed or closed case can be rated.", "只有已办结或已结案的案件才能评价。")
    if by == case.assignee:
        raise Refused("Nobody rates their own work.", "处置人不能评价自己的案件。")
    if f"{result}/{words}" not in case.ids and any(known.startswith(result) for known in case.ids):
        raise Refused("You have rated this result already.", "您已评价过该结果。")
    return f"{result}/{words}"


def call_back(case: Case, body: Callback, said: Said, city: City) -> CallbackRecorded:
    """Record that the reporter was called back: whether they were reached, and what they said. Nobody calls back about their own work."""
    must_be_open(case, CallbackRecorded, "Only a completed or closed case is called back about.", "只有已办结或已结案的案件才能回访。")
    must_be_operating(said, city, "Only an operator calls back.", "只有派遣员可以回访。")
    if said["by"] == case.assignee:
        raise Refused("Nobody calls back about their own work.", "处置人不能回访自己的案件。")
    if body.reached is (body.solved is None):
        raise Refused(
            "Say whether it is solved if the reporter was reached, and only then.", "联系上居民时须写明是否解决；未联系上则不填。"
        )
    return CallbackRecorded.of(
        case,
        **said,
        reached=body.reached,
        solved=body.solved,
        satisfied=body.satisfied,
        comment=body.comment,
        closing=case.closings,
    )


def decide_objection(case: Case, body: Decision, said: Said, city: City) -> ObjectionDecided:
    """Decide, with your name, that a case stays closed although a resident says that it is not solved; or reopen it instead."""
    must_be_open(case, ObjectionDecided, "Only an objection to a closed case is decided.", "只有对已结案件的异议才需裁定。")
    must_be_operating(said, city, "Only an operator or a head decides.", "只有派遣员或负责人可以裁定。")
    if said["by"] == case.assignee:
        raise Refused("Nobody decides about their own work.", "处置人不能裁定自己的案件。")
    if not case.unsolved:
        raise Refused("Nobody objects to this result.", "该结果没有异议。")
    return ObjectionDecided.of(case, **said, reason=body.reason)


def remedy(case: Case, body: Remedy, said: Said, city: City) -> RemedyDecided:
    """Record what a meeting decided about what keeps coming back at the place of this case: who does what by when."""
    must_be_open(case, RemedyDecided, "There is no such case.", "没有这个案件。")
    must_be_operating(said, city, "Only an operator or a head records a decision.", "只有派遣员或负责人可以记录决定。")
    if body.handler not in city.staff and body.handler not in city.departments:
        raise Refused(f"There is nobody and no department {body.handler!r}.", f"没有人员或部门“{body.handler}”。")
    return RemedyDecided.of(case, **said, text=body.text, handler=body.handler, remedy_by=body.remedy_by)


def reopen(case: Case, body: Reopening, said: Said, city: City) -> CaseReopened:
    """Reopen a closed case: the answer is due anew, the clock of the limit goes on where it stood when the work was completed."""
    must_be_open(case, CaseReopened, "Only a closed case can be reopened.", "只有已结案的案件才能重开。")
    person = city.staff.get(said["by"])
    if person is not None and person.role not in OPERATING:
        raise Refused("Only the reporter or an operator can reopen a case.", "只有上报人或派遣员可以重开案件。")
    if case.reopenings >= city.max_reopenings:
        raise Refused("This case was reopened as often as is allowed.", "该案件的重开次数已用完。")
    if not may_reopen(case, city, max(said["at"], case.last_at)):
        days = f"{city.reopen_days:g}"
        raise Refused(f"A case can be reopened for {days} days after it was closed.", f"结案后{days}天内可以重开。")
    return reopened(case, city, body.reason, **said)


def publish(case: Case, body: Publication, said: Said, city: City) -> OutcomePublished:
    """Word what stands on the public page."""
    must_be_open(case, OutcomePublished, "Only the outcome of a closed case is published.", "只有已结案的案件才公示结果。")
    must_be_operating(said, city, "Only an operator publishes an outcome.", "只有派遣员可以公示结果。")
    if case.classification is None or case.classification.confidential:
        raise Refused("This case is confidential and is never published.", "该案件保密，不予公示。")
    if case.published >= case.closings:
        raise Refused("This outcome was published already.", "该结果已公示。")
    return OutcomePublished.of(case, **said, text=body.text, closing=case.closings)


def must_be_open(case: Case, fact: type[Event], en: str, zh: str) -> None:
    if case.status not in ALLOWED[fact.model_fields["type"].default]:
        raise Refused(en, zh)


def must_be_operating(said: Said, city: City, en: str, zh: str) -> None:
    person = city.staff.get(said["by"])
    if person is None or person.role not in OPERATING:
        raise Refused(en, zh)


def must_check(case: Case, said: Said, city: City) -> None:
    """Refuse a check by the handler, or by nobody of the city."""
    if said["by"] not in city.staff:
        raise Refused(f"There is no member of staff {said['by']!r}.", f"没有工作人员“{said['by']}”。")
    if said["by"] == case.assignee:
        raise Refused("Somebody other than the handler must check it.", "必须由处置人以外的人核查。")
