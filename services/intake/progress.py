"""What a reporter is told about a case: where it stands in plain words, by when, who has it by role, and what comes next.

No text of other people but the reason of a refusal, no contact, no staff id. Of a confidential case only the status.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.access import confidential
from shared.case import Case, Status
from shared.category import Words
from shared.city import City
from shared.number import shown
from shared.standing import NEXT, RUNNING, STATUSES, handler


class Progress(BaseModel):
    """How far a case has come, in the reader's language; times are on the clocks of the city."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    number: str
    status: Status
    status_text: str
    joined_status: Status | None = None  # of the case with which this one is handled
    joined_text: str | None = None
    next: str | None = None
    category: str | None = None
    department: str | None = None
    handler: str | None = None  # the role
    reported_at: datetime | None = None
    deadline: datetime | None = None
    overdue: bool | None = None
    reason: str | None = None  # of a refusal
    outcome: str | None = None


def progress(case: Case, survivor: Case | None, city: City, language: str) -> Progress:
    """Return what the reporter of `case` is told; `survivor` is the case that it was merged into in the end."""
    told = Progress(
        case_id=case.id,
        number=shown(case.number),
        status=case.status,
        status_text=worded(STATUSES[case.status], language),
        joined_status=survivor.status if survivor else None,
        joined_text=say(STATUSES[survivor.status], language) if survivor else None,
    )
    if confidential(case, city) or (survivor is not None and confidential(survivor, city)):
        return told
    return told.model_copy(update={"reported_at": city.local(case.reported_at), **details(survivor or case, city, language)})


def details(case: Case, city: City, language: str) -> dict[str, object]:
    """Return what is told about the case that is worked on, if it is not confidential."""
    category = city.categories.get(case.classification.category) if case.classification else None
    department = city.departments.get(case.department or "")
    running = case.status in RUNNING and case.resolve_by is not None
    return {
        "next": say(NEXT.get(case.status), language),
        "category": say(category.name if category else None, language),
        "department": say(department.name if department else None, language),
        "handler": say(handler(case), language),
        "deadline": city.local(case.resolve_by) if running and case.resolve_by else None,
        "overdue": case.overdue if running else None,
        "reason": case.outcome if case.status is Status.REJECTED else None,
        "outcome": say(category.outcome if category and case.status is Status.CLOSED else None, language),
    }


def say(words: Words | None, language: str) -> str | None:
    return worded(words, language) if words is not None else None


def worded(words: Words, language: str) -> str:
    return words.zh if language == "zh" else words.en
