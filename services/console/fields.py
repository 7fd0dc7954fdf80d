"""What a row of the console's cases can be found and sorted by."""

import re
from datetime import UTC, datetime
from typing import Any

from services.console.search import grams
from services.console.views.totals import is_overdue
from shared.case import OPEN, Case
from shared.city import City
from shared.service import Fields
from shared.terms import Grade

URGENCY = {grade: rank for rank, grade in enumerate(Grade)}  # as they are declared, the most urgent first
UNGRADED = len(URGENCY)  # not yet triaged: after all others
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # sorts cases without a deadline behind those with one

# The rarer filters (status, department, channel, confidential) are looked at row by row, in the order of the sort: each index
# makes every save dearer, the one on grams most of all.
INDEXES: tuple[tuple[str, ...], ...] = (
    ("number",),
    ("reported_at", "id"),
    ("since", "id"),
    ("open", "resolve_by"),
    ("open", "urgency"),
    ("category",),
    ("grid",),
    ("assignee",),
    ("grams",),
)


def to_the_millisecond(at: datetime) -> datetime:
    """Return the time as a database keeps it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def sort_values(case: Case) -> dict[str, Any]:
    """Return what cases can be sorted by; never None, so that no case is lost between two pages."""
    return {
        "reported_at": to_the_millisecond(case.reported_at),
        "since": to_the_millisecond(case.since),
        "resolve_by": to_the_millisecond(case.resolve_by or NEVER),
        "urgency": UNGRADED if case.grade is None else URGENCY[case.grade],
    }


def fields(case: Case, city: City) -> Fields:
    """Return what the case can be found by."""
    what = case.classification
    return {
        **sort_values(case),
        "id": case.id,  # tells equals apart when sorted; `_id` cannot be part of an index everywhere
        "number": re.sub(r"\D", "", case.number),  # as it is looked up: digits alone
        "status": str(case.status),
        "open": case.status in OPEN,
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
    }
