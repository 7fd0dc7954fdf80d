"""A file of recorded cases, read through a mapping that says which column is what and how its times are written.

A time without a zone is on the clocks of the mapping's zone, summer time included; a case closed before it was opened was closed at
its opening.
"""

import csv
import gzip
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deploy.refusal import CannotDo
from shared.calendar import Zone
from shared.terms import Location

MAPPINGS = Path(__file__).with_name("mappings")
STRICT = ConfigDict(frozen=True, extra="forbid")


class Unreadable(CannotDo):
    """The file cannot be replayed; the message says where and why."""


class Columns(BaseModel):
    """Which column of the file is what; a file need not have the optional ones."""

    model_config = STRICT

    id: str
    opened: str
    category: str
    target: str | None = None
    closed: str | None = None
    group: str | None = None
    department: str | None = None
    text: str | None = None
    address: str | None = None
    lat: str | None = None
    lon: str | None = None
    source: str | None = None
    outcome: str | None = None
    on_time: str | None = None
    reason: str | None = None  # what kind of group, where the file has several
    area: str | None = None


class Layout(BaseModel):
    """How one kind of file is read. `times` are formats of strptime, tried in order; ISO 8601 is always understood."""

    model_config = STRICT

    zone: Zone
    city: str = ""  # the pack that comes with the product for this kind of file, if there is one
    columns: Columns
    times: Annotated[tuple[str, ...], Field(max_length=10)] = ()
    overdue: str = ""  # what stands in the column `on_time` of a case that was late

    @cached_property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def moment(self, written: str) -> datetime | None:
        """Return the time in UTC, None for an empty cell. Raises ValueError."""
        if not written:
            return None
        for form in self.times:
            try:
                at = datetime.strptime(written, form)  # noqa: DTZ007  the zone is the mapping's
                return at.replace(tzinfo=at.tzinfo or self.clock).astimezone(UTC)
            except ValueError:
                continue
        at = datetime.fromisoformat(written)
        return at.replace(tzinfo=at.tzinfo or self.clock).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One case as the record has it; times in UTC. `overdue` is what the record says of it, None if nothing."""

    id: str
    opened: datetime
    target: datetime | None
    closed: datetime | None
    category: str
    group: str
    department: str
    text: str
    address: str
    location: Location | None
    source: str
    outcome: str
    overdue: bool | None
    reason: str = ""
    area: str = ""


def read_records(file: Path, mapping: Path | None = None) -> tuple[Layout, list[Recorded]]:
    """Return all cases of a file in order of their opening, and how they were read. Raises Unreadable."""
    with opened(file) as text:
        rows = csv.DictReader(text)
        layout = read_layout(mapping) if mapping else known_layout(rows.fieldnames or [], file)
        check_columns(layout, rows.fieldnames or [], file)
        records = list(recorded(rows, layout, file))
    if twice := len(records) - len({record.id for record in records}):
        raise Unreadable(f"{file.name}: {twice} ids of cases ({layout.columns.id}) stand there more than once; a case has one row.")
    return layout, sorted(records, key=lambda record: (record.opened, record.id))


@contextmanager
def opened(file: Path) -> Iterator[TextIO]:
    """Give the text of a file, gzipped or not. Raises Unreadable for what is neither UTF-8 nor gzip."""
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as data:
            yield io.TextIOWrapper(data, encoding="utf-8-sig", newline="")
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as wrong:
        raise Unreadable(f"{file} cannot be read: {wrong}") from wrong


def read_layout(mapping: Path) -> Layout:
    """Return the layout in a mapping file. Raises Unreadable."""
    try:
        return Layout.model_validate(tomllib.loads(mapping.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as wrong:
        raise Unreadable(f"{mapping} is no mapping: {wrong}") from wrong


def known_layout(header: Sequence[str], file: Path) -> Layout:
    """Return the layout that comes with the product and fits the header. Raises Unreadable if there is none."""
    for mapping in sorted(MAPPINGS.glob("*.toml")):
        layout = read_layout(mapping)
        needed = {layout.columns.id, layout.columns.opened, layout.columns.category}
        if needed <= set(header):
            return layout
    known = ", ".join(sorted(mapping.stem for mapping in MAPPINGS.glob("*.toml")))
    raise Unreadable(f"{file.name} has none of the known headers ({known}); say with --mapping which column is what.")


def check_columns(layout: Layout, header: Sequence[str], file: Path) -> None:
    """Raise Unreadable unless the columns without which nothing can be replayed are there."""
    columns = layout.columns
    if missing := [name for name in (columns.id, columns.opened, columns.category) if name not in header]:
        raise Unreadable(f"{file.name} has no column {', '.join(missing)}, which its mapping names.")


def recorded(rows: "csv.DictReader[str]", layout: Layout, file: Path) -> Iterator[Recorded]:
    """Yield the cases. Raises Unreadable naming the line of a time that cannot be read, or of a row without id or opening."""
    for row in rows:
        try:
            yield record_of(row, layout)
        except ValueError as wrong:
            raise Unreadable(f"{file.name}, line {rows.line_num}: {wrong}") from wrong


def record_of(row: Mapping[str, str | None], layout: Layout) -> Recorded:
    """Return the case in a row. Raises ValueError."""
    cells = {name: (row.get(column) or "").strip() if column else "" for name, column in layout.columns}
    at = layout.moment(cells["opened"])
    if at is None or not cells["id"]:
        raise ValueError("a case needs an id and the time of its opening")
    closed = layout.moment(cells["closed"])
    return Recorded(
        id=" ".join(cells["id"].split()),
        opened=at,
        target=layout.moment(cells["target"]),
        closed=max(at, closed) if closed else None,
        category=cells["category"] or "not named",
        group=cells["group"] or "not named",
        department=cells["department"] or "not named",
        text=cells["text"] or cells["category"] or "not named",
        address=cells["address"],
        location=place(cells["lat"], cells["lon"]),
        source=cells["source"],
        outcome=cells["outcome"],
        overdue=cells["on_time"] == layout.overdue if cells["on_time"] else None,
        reason=cells["reason"],
        area=cells["area"],
    )


def place(lat: str, lon: str) -> Location | None:
    """Return where it is, None without both coordinates. Raises ValueError."""
    return Location(lat=float(lat), lon=float(lon)) if lat and lon else None
