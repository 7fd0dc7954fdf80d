"""When the city's calendar was corrected, the deadlines of its open cases are computed anew, and the change is recorded."""

from datetime import datetime, timedelta

from shared.case import Case
from shared.city import City
from shared.deadline import corrected
from shared.events import DeadlineCorrected

SAME = timedelta(seconds=1)  # less is rounding


def corrections(case: Case, city: City, now: datetime) -> list[DeadlineCorrected]:
    """Return the corrected deadlines; nothing for a case that was filed under this calendar, or where none of them moves."""
    if case.calendar in ("", city.calendar_version) or case.resolve_by is None or case.respond_by is None:
        return []
    resolve_by, respond_by = corrected(case, city.calendar) or case.resolve_by, answer_by(case, city) or case.respond_by
    if abs(resolve_by - case.resolve_by) <= SAME and abs(respond_by - case.respond_by) <= SAME:
        return []
    return [
        DeadlineCorrected.of(
            case,
            at=now,
            by="dispatch",
            resolve_by=resolve_by,
            respond_by=respond_by,
            calendar=city.calendar_version,
            reason="the calendar of the city was corrected / 城市日历已更正",
        )
    ]


def answer_by(case: Case, city: City) -> datetime | None:
    """Return by when the reporter must hear something under this calendar; None if they did, or the city has no such category now."""
    what = case.classification
    category = city.categories.get(what.category) if what else None
    if what is None or category is None or case.accepted_at is not None:
        return None
    start = case.clock_from if case.reopenings and case.clock_from else case.reported_at
    return city.calendar.add(start, city.respond_limit(category, what.condition, what.grade))
