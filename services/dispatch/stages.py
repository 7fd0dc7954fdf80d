"""The clocks of the stages besides the total: how soon a filed case must be offered to somebody, and how soon a result must be checked.

Accepting has the time of the offer (`answer_by`), verifying that of triage (`verify_by`), handling the public deadline.
Source: the stage clocks of section 5 of the domain; how long each one is stands in the city's data.
"""

from datetime import datetime

from services.dispatch.ladder import statement
from shared.case import Case, Status
from shared.city import City
from shared.demands import must_be_seen
from shared.events import DeadlineMissed
from shared.terms import Grade


def stage_deadlines(case: Case, city: City) -> list[tuple[str, datetime]]:
    """Return the deadline of the stage in which the case is, unless it was stated that it was missed."""
    found: list[tuple[str, datetime]] = []
    if case.status is Status.TRIAGED and case.assigned_at is None and case.clock_from is not None:
        found.append(("dispatch", city.calendar.add(case.clock_from, city.dispatch_within[case.grade or Grade.NORMAL])))
    if case.status is Status.COMPLETED and not case.verified and case.completed_at is not None and must_be_seen(case, city):
        found.append(("check", city.calendar.add(case.completed_at, city.check_within)))
    return [(which, at) for which, at in found if not case.has_missed(which, at)]


def stages_missed(case: Case, city: City, now: datetime) -> list[DeadlineMissed]:
    """Return the stage deadlines that have passed."""
    return [statement(case, which, at, now) for which, at in stage_deadlines(case, city) if at <= now]
