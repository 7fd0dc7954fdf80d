"""Answers as tables for spreadsheets: one line a point or group, one column a figure, named by its place in the JSON answer."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from services.console.returning import FORMULA

Told = dict[str, Any]
Cell = str | int | float | None


def sheet(told: Told) -> str:
    """Return an answer as CSV; words that a spreadsheet would compute are quoted. It begins with the mark by which UTF-8 is known."""
    file = StringIO()
    table = csv.writer(file)
    lines = [{**heading(item), **flat(item["figures"])} for item in told.get("items", [told])]
    if lines:
        table.writerow(lines[0])
    for line in lines:
        table.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in line.values()])
    return "\ufeff" + file.getvalue()


def heading(item: Told) -> dict[str, Cell]:
    """Return the columns that say what a line is about."""
    found: dict[str, Cell] = {}
    for name in ("after", "before"):
        if name in item:
            found[name] = item[name].isoformat()
    for value in item.get("values", ()):
        found |= {value["dimension"]: value["key"], f"{value['dimension']}_name": value["name"]}
    return found


def flat(figures: Told) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for name, value in figures.items():
        if name == "rates":
            found |= {f"rates.{rate['rate']}.{part}": rate[part] for rate in value for part in ("numerator", "denominator", "value")}
        else:
            found |= dict(leaves(name, value))
    return found


def leaves(name: str, value: Any) -> Iterator[tuple[str, Cell]]:
    if isinstance(value, dict):
        for part, inner in value.items():
            yield from leaves(f"{name}.{part}", inner)
    else:
        yield name, value
