"""What is shown of a request: the version released for the public, by the row that intake keeps of each case.

Names, contacts, devices and accounts are in no row. Texts were masked when they were taken in; the part of an address, or of a text,
that names a dwelling within its building is left out here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.intake.open311.answering import BETWEEN
from services.intake.open311.formats import Plain
from services.intake.open311.services import public_code, questions, worded
from shared.case import Status
from shared.category import Category, Words
from shared.city import City
from shared.stamps import unstamped
from shared.standing import STATUSES

Row = Mapping[str, Any]

MAX_TEXT = 4_000
NUMBER = r"[A-Za-z]?\d{1,5}(?:[\-－]\d{1,4})?"
COUNT = r"[一二三四五六七八九十\d]{1,4}\s*"
IN_CHINESE = rf"(?:{COUNT}单元\s*)?(?:{COUNT}[层楼]\s*)?{NUMBER}\s*(?:室|号房)|{COUNT}单元"
IN_ENGLISH = rf"(?:,\s*)?\b(?:apt|apartment|flat|room)\b\.?\s*(?:no\.?\s*)?#?\s*{NUMBER}\b"
IN_TEXT = re.compile(f"{IN_CHINESE}|{IN_ENGLISH}", re.IGNORECASE)
IN_ADDRESS = re.compile(
    rf"{IN_CHINESE}|{IN_ENGLISH}|(?:,\s*)?\b(?:unit|rm|suite|ste)\b\.?\s*#?\s*{NUMBER}\b|(?:,\s*)?#\s*{NUMBER}\b", re.IGNORECASE
)


def released(text: str) -> str:
    """Return the text without what names a dwelling within its building."""
    return IN_TEXT.sub("", text).strip()


def released_address(text: str) -> str:
    return IN_ADDRESS.sub("", text).strip(" ,，")


def time(stamped: str | None, city: City) -> str | None:
    """Return the time on the clocks of the city, ISO 8601 to the second with its zone."""
    return city.local(unstamped(stamped)).isoformat(timespec="seconds") if stamped else None


def request(row: Row, city: City, language: str) -> dict[str, Plain]:
    """Return the fields of GeoReport v2."""
    category, department = city.categories.get(row["code"]), city.departments.get(row["department"])
    name = worded(category.name if category else None, language) or row["code"]
    return {
        "service_request_id": row["number"],
        "status": row["status"],
        "status_notes": notes_on(row, category, language),
        "service_name": name,
        "service_code": public_code(row["code"]),
        "description": released(row["text"])[:MAX_TEXT] or name,
        "agency_responsible": worded(department.name if department else None, language),
        "service_notice": None,
        "requested_datetime": time(row["asked"], city),
        "updated_datetime": time(row["updated"], city),
        "expected_datetime": time(row["expected"], city),
        "address": released_address(row["address"] or ""),
        "address_id": row["attributes"].get("address_id"),
        "zipcode": None,
        "lat": row["lat"],
        "long": row["lon"],
        "media_url": row["media"],
    }


def notes_on(row: Row, category: Category | None, language: str) -> str:
    """Return where the case stands, and what the public is told about it."""
    outcome = worded(category.outcome if category and row["state"] == Status.CLOSED else None, language)
    parts = (worded(STATUSES[Status(row["state"])], language), row["reason"] or outcome)
    return ("：" if language == "zh" else ": ").join(part for part in parts if part)


def extended(row: Row, city: City, language: str) -> dict[str, Plain]:
    """Return the fields that are no part of the standard."""
    category = city.categories.get(row["code"])
    photos: list[Plain] = [{"media_url": row["media"]}] if row["media"] else []
    return {
        "attributes": list(answered(row, category, language)) if category else [],
        "extended_attributes": {"channel": row["channel"], "photos": photos},
        "notes": [note(written, city, language) for written in row["notes"]],
    }


def answered(row: Row, category: Category, language: str) -> Iterator[Plain]:
    """Yield the answers chosen from a list; what somebody wrote in their own words may name people."""
    for question in questions(category):
        given = row["attributes"].get(question.code)
        if question.listed and given:
            names = {option.key: worded(option.name, language) or option.key for option in question.values}
            keys = given.split(BETWEEN)
            label, value = worded(question.description, language), BETWEEN.join(names.get(key, key) for key in keys)
            yield {"label": label, "name": value, "value": given, "code": question.code}


def note(written: Sequence[str], city: City, language: str) -> Plain:
    at, state, reason = written
    words: Words = STATUSES[Status(state)]
    return {"datetime": time(at, city), "description": reason or worded(words, language), "type": state}


def visible(row: Row, city: City) -> bool:
    """Whether the pack in force, too, lets the public see the case."""
    category = city.categories.get(row["code"])
    return row["listed"] is not None and not (category and category.confidential)
