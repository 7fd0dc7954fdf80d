"""The clocks of the stages besides the total (`shared.stages`): when each one ends, and that it was missed."""

from datetime import datetime

from services.dispatch.ladder import statement
from shared.case import Case
from shared.city import City
from shared.events import DeadlineMissed
from shared.stages import stage_of


def stage_deadlines(case: Case, city: City) -> list[tuple[str, datetime]]:
    """Return the deadline of the stage in which the case is, unless it was stated that it was missed."""
    stage = stage_of(case, city)
    if stage is None:
        return []
    at = city.calendar.add(stage.start, stage.limit)
    return [] if case.has_missed(stage.which, at) else [(stage.which, at)]


def stages_missed(case: Case, city: City, now: datetime) -> list[DeadlineMissed]:
    """Return the stage deadlines that have passed."""
    return [statement(case, which, at, now) for which, at in stage_deadlines(case, city) if at <= now]
