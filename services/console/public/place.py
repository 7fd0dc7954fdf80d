"""Where a case is, as far as everybody may know it: the grid; where no home is concerned also a point, to about 100 metres."""

from shared.case import Case
from shared.city import City
from shared.terms import Location

DECIMALS = 3  # of degrees


def at_home(category: str | None, city: City) -> bool:
    """Whether a case of the category concerns somebody's home. One of no known category may; a city that does not say means all."""
    found = city.categories.get(category or "")
    return found is None or city.homes is None or found.group in city.homes


def point(case: Case, city: City) -> Location | None:
    """Return the place of the case, made coarse; None where only the grid is told, or there is no place."""
    if case.classification is None or case.location is None or not city.located(case.location):
        return None
    if at_home(case.classification.category, city):
        return None
    return Location(lat=round(case.location.lat, DECIMALS), lon=round(case.location.lon, DECIMALS))


def public(case: Case, city: City) -> bool:
    """Whether the case stands in public lists: it is filed, and neither it nor what it is now filed as is confidential."""
    if case.classification is None or case.classification.confidential:
        return False
    category = city.categories.get(case.classification.category)
    return category is None or not category.confidential
