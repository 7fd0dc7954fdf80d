"""What a row of the console's cases can be found and sorted by."""

import re
from datetime import UTC, datetime, timedelta

from services.console.carried import Carried
from services.console.desk.waiting import objected
from services.console.search import grams
from services.console.views.totals import is_overdue
from shared.case import OPEN, Case
from shared.city import City
from shared.service import Fields
from shared.terms import Grade

URGENCY = {grade: rank for rank, grade in enumerate(Grade)}  # as they are declared, the most urgent first
UNGRADED = len(URGENCY)  # not yet triaged: after all others
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # sorts cases without a deadline behind those with one
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# Each sort has a text of its own that no two cases share: one index on one text is what every server can walk from any place on.
# Filters without an index are looked at row by row, in the order of the sort: each index makes every save dearer.
INDEXES: tuple[tuple[str, ...], ...] = (
    ("number",),
    ("by_report",),
    ("by_change",),
    ("open", "by_deadline"),
    ("objected",),
    ("assignee",),
    ("grams",),
)


def digits(at: datetime) -> str:
    """Return the time as a text that sorts as times do."""
    return f"{(at - EPOCH) // MICROSECOND:018d}"


def sort_keys(case: Case) -> dict[str, str]:
    """Return what cases are sorted by; the most urgent are sorted by how long they have waited."""
    rank = UNGRADED if case.grade is None else URGENCY[case.grade]
    return {
        "by_report": f"{digits(case.reported_at)}/{case.id}",
        "by_change": f"{digits(case.since)}/{case.id}",
        "by_deadline": f"{digits(case.resolve_by or NEVER)}/{case.id}",
        "by_urgency": f"{rank}/{digits(case.reported_at)}/{case.id}",
    }


def fields(case: Case, city: City) -> Fields:
    """Return what the case can be found by."""
    what = case.classification
    return {
        **sort_keys(case),
        "number": re.sub(r"\D", "", case.number),  # as it is looked up: digits alone
        "status": str(case.status),
        "open": case.status in OPEN,
        "objected": objected(case),
        "overdue": is_overdue(case),
        "category": what.category if what else "",
        "group": what.group if what else "",
        "grade": str(what.grade) if what else "",
        "grid": (what.grid or "") if what else "",
        "confidential": what.confidential if what else False,
        "department": case.department or "",
        "assignee": case.assignee or "",
        "channel": case.channel,
        "grams": grams(case),
        "figures": Carried.of(case).text,
    }
