"""What the type of a case demands before it may be closed."""

from shared.case import Case
from shared.city import Category, City


def category_of(case: Case, city: City) -> Category | None:
    """Return the category under which the case was filed; None if it was not, or the city no longer has it."""
    return city.categories.get(case.classification.category) if case.classification else None


def must_be_seen(case: Case, city: City) -> bool:
    """Whether somebody other than the handler has to look at the result: where the type demands it, or its photo is missing."""
    category = category_of(case, city)
    return case.classification is None or case.classification.check or (category is not None and category.result_photo and not case.photos)


def needs_word(case: Case, city: City) -> bool:
    """Whether the reporter's word that it is solved is needed, can be had, and is missing."""
    category = category_of(case, city)
    return category is not None and category.reporter_word and case.reporter is not None and not (case.solved or case.called_back)
