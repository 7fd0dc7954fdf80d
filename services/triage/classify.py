"""A category becomes a classification: condition, grade, department, grid and the two public deadlines."""

from datetime import datetime

from services.triage.words import candidates, decided
from shared.case import Case
from shared.city import Category, City
from shared.events import Classification
from shared.terms import Grade


def category_of(case: Case, city: City) -> Category | None:
    """Return the category that the case has, or the one that the reporter chose or the words name; none if a person must decide."""
    if case.classification is not None:
        return city.categories.get(case.classification.category)
    if case.wish in city.categories:
        return city.categories[case.wish]
    named = decided(candidates(case.text, city))
    return city.categories[named.code] if named else None


def why(case: Case, category: Category, city: City) -> str:
    """Return what decided for the category, in both languages."""
    if case.wish == category.code:
        return "报告人选择 / chosen by the reporter"
    words = next((found.words for found in candidates(case.text, city) if found.code == category.code), ())
    return f"依据词语：{'、'.join(words)} / by the words: {', '.join(words)}"


def classify(
    case: Case,
    category: Category,
    condition: str,
    city: City,
    *,
    reported_at: datetime,
    filed_at: datetime,
    grade: Grade | None = None,
) -> Classification:
    """Return what the case is under the city's present rules.

    The reporter hears by `respond_by`, counted from `reported_at`; the limit of the condition runs from `filed_at`.
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
        resolve_by=city.calendar.add(filed_at, limit),
        rules=city.version,
    )
