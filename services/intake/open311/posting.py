"""A form of GeoReport v2 becomes a report as everybody else sends it, or a list of everything that is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import isfinite

from pydantic import ValidationError

from services.intake.contact import Contact
from services.intake.open311.answering import Answers, answers_in, kept, wrong_answers
from services.intake.open311.services import worded
from services.intake.report import ReportBody, read_report
from services.intake.text import cleaned, one_line
from shared.category import Category
from shared.city import City
from shared.problems import Fault

Form = Mapping[str, Sequence[str]]  # each name with its values, in order

OURS = {
    "text": "description",
    "location": "lat",
    "location.lat": "lat",
    "location.lon": "long",
    "address": "address_string",
    "media.0": "media_url",
}
SPANS = {"lat": 90, "long": 180}
MAX_NAME, MAX_LINE = 100, 200


def first(form: Form, name: str) -> str:
    """Return the first value of a field that is not empty, or an empty text."""
    return next((value.strip() for value in form.get(name, ()) if value.strip()), "")


def read_form(form: Form, category: Category, city: City, language: str, now: datetime) -> ReportBody | list[Fault]:
    """Return the report that the form holds, or all of its faults."""
    given = answers_in(form)
    places = list(misplaced(form))
    faults = [*places, *wrong_answers(given, category)]
    body = read_report(raw(form, given, category, city, language), city, now)
    if isinstance(body, ReportBody):
        return faults or body
    return faults + [fault for fault in renamed(body) if not (places and fault.field in SPANS)]


def renamed(faults: Sequence[Fault]) -> Iterator[Fault]:
    """Yield the faults of a report under the names of the form."""
    for fault in faults:
        code = fault.field.removeprefix("attributes.")
        yield fault.model_copy(update={"field": OURS.get(fault.field, fault.field if code == fault.field else f"attribute[{code}]")})


def raw(form: Form, given: Answers, category: Category, city: City, language: str) -> dict[str, object]:
    """Return the form as the JSON report that says the same; what is wrong with its place is left out."""
    address_id = one_line(first(form, "address_id"))
    placed = first(form, "lat") and not any(misplaced(form))
    return {
        "text": cleaned(first(form, "description")) or worded(category.name, language),
        "channel": "open311",
        "category": category.code,
        "attributes": kept(given, category) | ({"address_id": address_id} if address_id else {}),
        "address": one_line(first(form, "address_string")) or address_id or None,
        "location": {"lat": number(form, "lat"), "lon": number(form, "long")} if placed else None,
        "contact": contact(form, city),
        "media": [first(form, "media_url")] if first(form, "media_url") else [],
    }


def misplaced(form: Form) -> Iterator[Fault]:
    """Yield what is wrong with the place."""
    given = [name for name in SPANS if first(form, name)]
    if not given and not first(form, "address_string") and not first(form, "address_id"):
        yield Fault(
            field="lat", en="give lat and long, address_string or address_id", zh="请提供 lat 和 long、address_string 或 address_id"
        )
    for name in given if len(given) == 1 else ():
        other = "long" if name == "lat" else "lat"
        yield Fault(field=other, en=f"{name} is there, but {other} is not: give both.", zh=f"有 {name} 而无 {other}：请同时提供。")
    for name in given:
        value = number(form, name)
        if value is None or abs(value) > SPANS[name]:
            span = SPANS[name]
            yield Fault(field=name, en=f"{name} must be a number from -{span} to {span}.", zh=f"{name} 须为 -{span} 到 {span} 之间的数字。")


def number(form: Form, name: str) -> float | None:
    try:
        value = float(first(form, name))
    except ValueError:
        return None
    return value if isfinite(value) else None


def contact(form: Form, city: City) -> dict[str, str] | None:
    """Return how the reporter can be reached; a telephone or an address that cannot be used is no reason to refuse, and kept as written."""
    told = {"name": " ".join(filter(None, (first(form, "first_name"), first(form, "last_name"))))[:MAX_NAME]}
    told |= {"device": first(form, "device_id")[:MAX_LINE], "account": first(form, "account_id")[:MAX_LINE]}
    unusable = []
    for name in ("phone", "email"):
        if written := one_line(first(form, name)):
            if usable(name, written, city):
                told[name] = written
            else:
                unusable.append(written[:MAX_LINE])
    told["written"] = "; ".join(unusable)
    return {name: value for name, value in told.items() if value} or None


def usable(name: str, written: str, city: City) -> bool:
    try:
        return bool(Contact.model_validate({name: written}, context={"city": city}))
    except ValidationError:
        return False
