"""A category becomes a classification: condition, grade, department, grid and the two public deadlines."""

from datetime import datetime

from shared.case import Case
from shared.city import Category, City
from shared.deadline import Pauses, ends
from shared.events import Classification
from shared.terms import Grade


def classify(
    case: Case,
    category: Category,
    condition: str,
    city: City,
    *,
    reported_at: datetime,
    filed_at: datetime,
    grade: Grade | None = None,
    pauses: Pauses = (),
    spent: float = 0.0,
) -> Classification:
    """Return what the case is under the city's present rules.

    The reporter hears by `respond_by`, counted from `reported_at`; the limit of the condition runs from `filed_at`, beside `pauses`,
    without the share of it that was `spent` before.
    Without `grade` the condition's holds.
    """
    grade = grade or category.grade_of(condition)
    limit = category.condition(condition).limit
    grid = city.grid_at(case.location)
    return Classification(
        category=category.code,
        group=category.group,
        condition=condition,
        grade=grade,
        department=category.department,
        grid=grid.id if grid else None,
        confidential=category.confidential,
        check=category.check_after,
        limit=limit,
        respond_by=city.calendar.add(reported_at, city.respond_limit(category, condition, grade)),
        resolve_by=ends(filed_at, limit, pauses, city.calendar, 1 - spent),
        rules=city.version,
        calendar=city.calendar_version,
    )
