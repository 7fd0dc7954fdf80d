"""The requests of a list as one file in the columns of GeoReport Bulk: CSV by RFC 4180, UTF-8, a header line, ISO dates."""

import csv
import io
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace

from services.intake.bulk import COLUMNS
from services.intake.open311.asking import DEEPEST, Asked
from services.intake.open311.here import Here
from services.intake.open311.listing import BARE, PLACE, Row, newest, page, place
from services.intake.open311.services import worded
from services.intake.open311.showing import request, visible
from shared.city import City

FORMULA = tuple("=+-@\t\r")  # a cell that begins so would be computed by a spreadsheet
CHUNK = 500  # rows read and sent at once


async def rows(at: Here, asked: Asked) -> AsyncIterator[bytes]:
    """Yield the header, then the requests in the order of the list; all of them, not a page."""
    yield line(COLUMNS)
    whole = replace(asked, page=1, size=DEEPEST, extended=False)
    found = await page(at.space.find, whole) if asked.ids else await newest(at.space.find, whole, DEEPEST, PLACE)
    ids = [row["_id"] for row in found]
    for start in range(0, len(ids), CHUNK):
        chunk = await at.space.find({"_id": {"$in": ids[start : start + CHUNK]}}, [], 0, BARE)
        ordered = sorted(chunk, key=place, reverse=True)
        yield b"".join(line(cells(row, at.city, at.language)) for row in ordered if visible(row, at.city))


def cells(row: Row, city: City, language: str) -> list[object]:
    """Return a request in the order of the columns."""
    told = request(row, city, language)
    category = city.categories.get(row["code"])
    condition = category.condition(row["condition"]).name if category and row["condition"] else None
    more = {
        "closed_date": told["updated_datetime"] if row["status"] == "closed" else None,
        "status_description": row["status"],
        "source": row["channel"],
        "service_subtype": worded(condition, language),
    }
    return [{**told, **more}.get(column) for column in COLUMNS]


def line(cells: Iterable[object]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(
        ["" if cell is None else f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in cells]
    )
    return out.getvalue().encode()
