"""The staff of the record: they take a case on when it is offered and finish it when the record says so.

What they do is worded by the services' own actions. They speak through the log and not over HTTP: there, each of two facts a case
waits to be folded before it is answered, a hundred thousand times.
"""

from datetime import datetime
from functools import reduce

from deploy.replay.columns import Recorded
from services.closure.actions import verify
from services.closure.requests import Check
from services.dispatch.actions import accept, complete
from services.dispatch.requests import Completion
from shared.case import Case, Status, evolve
from shared.city import City
from shared.demands import category_of
from shared.events import AnyEvent, Said, derived_id
from shared.masking import mask

MOST_WORDS = 1_000  # of an outcome


def wanted(case: Case, record: Recorded, until: datetime, now: datetime, city: City) -> list[AnyEvent]:
    """Return what the staff have to say about the case by `until`; `now` is the time of the services, before which a fact is late.

    A case that the record closes after its deadline is finished once the deadline was said to be missed.
    """
    facts: list[AnyEvent] = []
    if case.status is Status.ASSIGNED and case.assignee:
        facts.append(accept(case, None, said(case, "assignment.accepted", case.assignee, case.last_at, now), city))
        case = evolve(case, facts[0])
    if case.status in (Status.ACCEPTED, Status.WORKING) and case.assignee and finished(case, record, until):
        at = max(record.closed or case.last_at, case.last_at)
        result = Completion(outcome=outcome(record), media=photos(case, record, city))
        done = complete(case, result, said(case, "work.completed", case.assignee, at, now), city)
        facts += done
        case = reduce(evolve, done, case)
    if case.status is Status.COMPLETED and case.classification and case.classification.check and not case.verified:
        checker = next((id for id in sorted(city.staff) if id != case.assignee), None)
        if checker:
            facts.append(verify(case, Check(reason="as recorded"), said(case, "resolution.verified", checker, case.last_at, now), city))
    return facts


def finished(case: Case, record: Recorded, until: datetime) -> bool:
    """Whether the record closes the case by `until`, and its deadline, if that came first, was said to be missed."""
    if record.closed is None or record.closed > until:
        return False
    return case.resolve_by is None or record.closed <= case.resolve_by or case.overdue


def outcome(record: Recorded) -> str:
    """Return what was done, in the words of the record, without telephone numbers and addresses."""
    return mask(record.outcome[:MOST_WORDS], "en") or "closed"


def photos(case: Case, record: Recorded, city: City) -> tuple[str, ...]:
    """Return the record itself as the proof of the result, where the city demands a photo; what it links to is not fetched."""
    category = category_of(case, city)
    return (f"record:{record.id}",) if category is not None and category.result_photo else ()


def said(case: Case, kind: str, by: str, at: datetime, now: datetime) -> Said:
    """Return who says it and when; said again about the same version it is the same fact."""
    return Said(id=derived_id(case.id, str(case.version), kind), at=at, by=by, late=at < now)
