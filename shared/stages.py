"""The stages of a case that have a clock of their own besides the total: how soon it must be offered to somebody, and checked when done.

Accepting has the time of the offer (`answer_by`), verifying that of triage (`verify_by`), handling the public deadline.
Source: the stage clocks of section 5 of the domain; how long each one is stands in the city's data.
"""

from datetime import datetime
from typing import NamedTuple

from shared.case import Case, Status
from shared.city import City
from shared.demands import must_be_seen
from shared.terms import Grade, Limit


class Stage(NamedTuple):
    """A stage whose clock runs: since when, and for how long."""

    which: str
    start: datetime
    limit: Limit


def stage_of(case: Case, city: City) -> Stage | None:
    """Return the stage in which the case is; None if no clock of its own runs."""
    if case.status is Status.TRIAGED and case.assigned_at is None and case.clock_from is not None:
        return Stage("dispatch", case.clock_from, city.dispatch_within[case.grade or Grade.NORMAL])
    if case.status is Status.COMPLETED and not case.verified and case.completed_at is not None and must_be_seen(case, city):
        return Stage("check", case.completed_at, city.check_within)
    return None
