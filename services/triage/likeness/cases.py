"""What triage saves beside a case so that later reports find it, and what it asks for a case or for a report that is not filed yet."""

from datetime import datetime

from services.triage.likeness.cells import located
from services.triage.likeness.near import Wanted, fields_of, wanted_of
from services.triage.likeness.ranking import FILE, ranking_of
from shared.case import Case
from shared.city import City, plain
from shared.service import Fields
from shared.terms import Location


def place_in(city: City, at: Location | None) -> Location | None:
    """Return `at` if it is a place, neither a default coordinate that the city lists nor one that was found in its history."""
    return located(at, city, ranking_of(city.learned.get(FILE)).learned.points)


def saved(case: Case, code: str, city: City) -> Fields:
    """Return the fields by which a case of that type (empty for none yet) is found and compared; index `near.FIELD`."""
    return fields_of(case, code, place_in(city, case.location))


def asked(case: Case, code: str, city: City) -> Wanted:
    """Return what is asked for a case of that type, empty for none yet."""
    return wanted_of(case, code, place_in(city, case.location), city)


def asked_before(
    text: str, at: Location | None, now: datetime, city: City, *, code: str = "", address: str = "", source: str = ""
) -> Wanted:
    """Return what is asked for a report that is not filed yet; without a type it is compared by place and words."""
    category = city.categories.get(code)
    group = category.group if category else ""
    return Wanted(place_in(city, at), now, code if category else "", group, text, plain(address), source)
