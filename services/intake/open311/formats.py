"""One plain structure, two notations: XML as GeoReport v2 names its elements, and JSON by the Spark convention.

What is rendered is made of objects, lists, texts, numbers, booleans and None. Texts lose what XML 1.0 cannot hold in both notations, and an
empty text is as if it were not there, so that both say the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal
from xml.sax.saxutils import escape

import orjson
from fastapi import Response

from services.intake.text import UNREADABLE

Plain = None | bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"]
Notation = Literal["xml", "json"]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8", "csv": "text/csv; charset=utf-8"}
# What the items of a list are called in XML; other lists lose their last letter.
ITEMS = {"services": "service", "service_requests": "request", "service_request_updates": "request_update", "extended_attributes": "item"}


def answer(root: str, told: Plain, notation: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return `told` as the answer to a request; `root` is the name of its element in XML."""
    content = to_xml(root, told) if notation == "xml" else to_json(told)
    return Response(content, status, {**(headers or {}), "Content-Type": TYPES[notation]})


def to_json(told: Plain) -> bytes:
    return orjson.dumps(tidied(told))


def to_xml(root: str, told: Plain) -> bytes:
    """Return the document with its declaration."""
    return (DECLARATION + "".join(elements(root, tidied(told)))).encode()


def elements(name: str, told: Plain) -> Iterator[str]:
    """Yield an element and what is in it."""
    match told:
        case None | []:
            yield f"<{name}/>"
        case bool():
            yield f"<{name}>{'true' if told else 'false'}</{name}>"
        case str():
            yield f"<{name}>{escape(told)}</{name}>"
        case Mapping():
            yield f"<{name}>"
            for member, value in told.items():
                yield from elements(member, value)
            yield f"</{name}>"
        case Sequence():
            item = ITEMS.get(name, name.removesuffix("s"))
            yield f"<{name}>"
            for value in told:
                yield from elements(item, value)
            yield f"</{name}>"
        case _:
            yield f"<{name}>{told!r}</{name}>"


def tidied(told: Plain) -> Plain:
    """Return the same with texts that both notations can hold; line breaks are those that XML reads."""
    if isinstance(told, str):
        return clean(told) or None
    if isinstance(told, Mapping):
        return {name: tidied(value) for name, value in told.items()}
    return [tidied(value) for value in told] if isinstance(told, Sequence) else told


def clean(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return UNREADABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
