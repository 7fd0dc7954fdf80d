"""What was published as an Atom feed (RFC 4287), for the programs with which people follow news."""

from collections.abc import Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from services.console.public.serving import Publication

ATOM = "http://www.w3.org/2005/Atom"


def feed(published: Sequence[Publication], title: str, lang: str, base: str, path: str, now: datetime) -> bytes:
    """Return the feed; `base` is the address of the console, `path` that of the feed."""
    root = Element("feed", {"xmlns": ATOM, "xml:lang": lang})
    field(root, "id", base + path)
    field(root, "title", title)
    field(root, "updated", (published[0].at if published else now).isoformat())
    SubElement(root, "link", {"rel": "self", "href": base + path})
    SubElement(root, "link", {"href": f"{base}/public?show=published"})
    author = SubElement(root, "author")
    field(author, "name", title)
    for one in published:
        address = f"{base}/public/{one.number.replace(' ', '')}"
        entry = SubElement(root, "entry")
        field(entry, "id", f"{address}#{one.at.isoformat()}")
        field(entry, "title", " · ".join(part for part in (one.category, one.place) if part))
        field(entry, "updated", one.at.isoformat())
        SubElement(entry, "link", {"href": address})
        field(entry, "content", one.text)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def field(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
