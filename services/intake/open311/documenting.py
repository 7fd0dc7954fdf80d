"""The calls in OpenAPI: the parameters of addresses and forms, which the contract wants read in its own way."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from services.intake.open311.formats import TYPES


class Told(NamedTuple):
    """A parameter, and what it means."""

    name: str
    description: str
    needed: bool = False


JURISDICTION = [Told("jurisdiction_id", "Needed only where several are served")]
PAGES = [Told("page", "From 1"), Told("page_size", "1 to 1000, usually 1000")]
EXTENDED = Told("extensions", "true adds attributes, extended_attributes and notes")
LIST = [
    *JURISDICTION,
    Told("service_request_id", "One or several, separated by commas; overrides every other filter"),
    Told("service_code", "One or several, separated by commas"),
    Told("status", "open, closed or both, separated by commas"),
    Told("start_date", "Earliest requested_datetime, ISO 8601 with zone; the two dates span at most 90 days, usually the last 90"),
    Told("end_date", "Latest requested_datetime"),
    Told("updated_after", "Earliest updated_datetime; without start_date and end_date this is the window, of at most 90 days"),
    Told("updated_before", "Latest updated_datetime"),
    Told("bbox", "west,south,east,north in degrees of WGS84"),
    *PAGES,
    EXTENDED,
]
UPDATES = [
    *JURISDICTION,
    Told("start_date", "Earliest change, ISO 8601 with zone; at most 90 days, usually the last 90"),
    Told("end_date", "Latest change"),
    *PAGES,
]
KEY = [Told("api_key", "In the form or in the address", needed=True), *JURISDICTION]
FORM = [
    *KEY,
    Told("service_code", "One that services lists", needed=True),
    Told("lat", "Degrees of WGS84; lat and long, address_string or address_id is needed"),
    Told("long", "Degrees of WGS84"),
    Told("address_string", "From the most exact part to the most general"),
    Told("address_id", "Id in the address register"),
    Told("attribute[CODE]", "The answer to a question of the service; attribute[CODE][] for several"),
    Told("description", "At most 4000 characters"),
    Told("media_url", "Address of a photo; it is never fetched"),
    Told("email", "Of the reporter, kept apart and never shown"),
    Told("phone", "Of the reporter"),
    Told("first_name", "Of the reporter"),
    Told("last_name", "Of the reporter"),
    Told("device_id", "Of the reporter"),
    Told("account_id", "Of the reporter"),
]
UPDATE = [
    *KEY,
    Told("update_id", "The sender's id of the update; said again it counts once", needed=True),
    Told("service_request_id", "Of the request", needed=True),
    Told("status", "As the sender sees it; where the case stands is for the city to say"),
    Told("updated_datetime", "When it happened, ISO 8601 with zone"),
    Told("description", "At most 4000 characters"),
    Told("media_url", "Address of a photo"),
]
A_TEXT = {"schema": {"type": "string"}}
BOTH = {kind.split(";")[0]: A_TEXT for kind in (TYPES["xml"], TYPES["json"])}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "As the contract says", "content": BOTH},
    400: {"description": "A list of all that is wrong", "content": BOTH},
    403: {"description": "The key is missing or wrong", "content": BOTH},
    404: {"description": "There is no such thing", "content": BOTH},
}


def asked_by(told: Sequence[Told]) -> dict[str, Any]:
    """Return the parameters of an address."""
    return {
        "parameters": [
            {"in": "query", "name": one.name, "description": one.description, "required": one.needed, "schema": {"type": "string"}}
            for one in told
        ]
    }


def sent_as(told: Sequence[Told]) -> dict[str, Any]:
    """Return the fields of a form, which may come in parts with a photo."""
    fields: dict[str, Any] = {one.name: {"type": "string", "description": one.description} for one in told}
    needed = [one.name for one in told if one.needed]
    photo = {"media": {"type": "string", "format": "binary", "description": "A photo"}}
    content = {
        "application/x-www-form-urlencoded": {"schema": {"type": "object", "required": needed, "properties": fields}},
        "multipart/form-data": {"schema": {"type": "object", "required": needed, "properties": fields | photo}},
    }
    return {"requestBody": {"required": True, "content": content}}
