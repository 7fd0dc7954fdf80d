"""XML read back into what the JSON of the same answer holds, by the Spark convention: for comparing the two field by field."""

from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

LISTS = {
    "services", "attributes", "values", "endpoints", "formats", "service_requests", "service_request_updates", "errors", "notes", "photos",
}  # fmt: skip
TRUTHS = {"metadata", "variable", "required"}
NUMBERS = {"lat", "long", "order", "code"}


def read(content: bytes) -> Any:
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    return value(ElementTree.fromstring(content))


def value(element: Element, parent: str = "") -> Any:
    if element.tag in LISTS:
        return [value(child, element.tag) for child in element]
    if len(element):
        return {child.tag: value(child, element.tag) for child in element}
    if element.text is None:
        return None
    if element.tag in TRUTHS:
        return {"true": True, "false": False}[element.text]
    if element.tag in NUMBERS and (element.tag != "code" or parent == "error"):
        return float(element.text)
    return element.text
