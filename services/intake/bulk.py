"""Reports in the columns of GeoReport Bulk: bytes become records as they arrive, and each record becomes a report or its faults."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from services.intake.report import ReportBody, read_report
from services.intake.text import cleaned
from shared.city import City, plain
from shared.problems import Fault

COLUMNS = (
    "service_request_id",
    "requested_datetime",
    "updated_datetime",
    "closed_date",
    "status_description",
    "status_notes",
    "source",
    "service_name",
    "service_subtype",
    "description",
    "agency_responsible",
    "address",
    "lat",
    "long",
)
NEEDED = ("service_request_id", "requested_datetime", "description")
KEPT = ("source", "service_name", "service_subtype")  # as attributes: rules and people can use them
MAX_RECORD = 65_536  # characters
FIELDS = {
    "text": "description",
    "source": "service_request_id",
    "reported_at": "requested_datetime",
    "location": "lat",
    "location.lat": "lat",
    "location.lon": "long",
}


class Unreadable(ValueError):
    """The file cannot be read on from here."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.fault = Fault(field="file", en=en, zh=zh)


class Records:
    """Cuts bytes into the records of a CSV file (RFC 4180, UTF-8 with or without byte order mark); holds one unfinished record at most."""

    def __init__(self) -> None:
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.rest = ""  # of a line
        self.lines: list[str] = []  # of a record whose quotes are open
        self.size = 0
        self.quoted = False

    def feed(self, data: bytes, last: bool = False) -> Iterator[list[str]]:
        """Yield the records that `data` completes, but no empty lines. Raises Unreadable."""
        try:
            text = self.rest + self.decoder.decode(data, last)
        except UnicodeDecodeError as wrong:
            raise Unreadable("This is not UTF-8; save the file as CSV UTF-8.", "文件不是UTF-8编码，请另存为“CSV UTF-8”。") from wrong
        *whole, self.rest = text.split("\n")
        if last and self.rest:
            whole, self.rest = [*whole, self.rest], ""
        for line in whole:
            yield from self.add(line + "\n")
        if self.size + len(self.rest) > MAX_RECORD:
            raise self.endless()
        if last and self.lines:
            raise self.endless()

    def add(self, line: str) -> Iterator[list[str]]:
        self.lines.append(line)
        self.size += len(line)
        self.quoted ^= line.count('"') % 2 == 1
        if self.size > MAX_RECORD:
            raise self.endless()
        if not self.quoted:
            record, self.lines, self.size = "".join(self.lines), [], 0
            yield from self.parsed(record)

    def parsed(self, record: str) -> Iterator[list[str]]:
        try:
            yield from (fields for fields in csv.reader(io.StringIO(record, newline="")) if any(map(str.strip, fields)))
        except csv.Error as wrong:
            raise Unreadable(f"This is not CSV: {wrong}.", "此处不符合CSV格式。") from wrong

    def endless(self) -> Unreadable:
        return Unreadable(
            f"A record has more than {MAX_RECORD} characters, or a quotation mark is not closed.",
            f"一条记录超过{MAX_RECORD}个字符，或引号没有闭合。",
        )


def header_faults(names: Sequence[str]) -> list[Fault]:
    """Return what is wrong with the first line of a file."""
    strange = [name for name in names if name not in COLUMNS]
    faults = [
        Fault(field=name[:64] or "header", en="This is not a column of GeoReport Bulk.", zh="这不是GeoReport批量文件的列名。")
        for name in strange
    ]
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    faults += [Fault(field=name, en="This column is there more than once.", zh="此列重复。") for name in twice]
    missing = [name for name in NEEDED if name not in names]
    return faults + [Fault(field=name, en="This column is missing.", zh="缺少此列。") for name in missing]


def column_names(record: Sequence[str]) -> list[str]:
    return [name.strip().lower() for name in record]


@dataclass(frozen=True)
class Sheet:
    """A file whose columns are known: makes reports of its rows."""

    names: Sequence[str]
    city: City
    now: datetime

    def read(self, record: Sequence[str]) -> ReportBody | list[Fault]:
        """Return the report in a record, or everything that is wrong with it, by column."""
        if len(record) != len(self.names):
            en, zh = f"{len(self.names)} fields are needed, {len(record)} are there.", f"应有{len(self.names)}个字段，实有{len(record)}个。"
            return [Fault(field="row", en=en, zh=zh)]
        row = {name: cleaned(value) for name, value in zip(self.names, record, strict=True)}
        report = read_report(self.raw(row), self.city, self.now)
        if isinstance(report, ReportBody):
            return report
        return [fault.model_copy(update={"field": column_of(fault.field)}) for fault in report]

    def raw(self, row: dict[str, str]) -> dict[str, object]:
        """Return a row as the JSON report that says the same."""
        told = {name: row[name][:500] for name in KEPT if row.get(name)}
        place = {ours: row[name] for ours, name in (("lat", "lat"), ("lon", "long")) if row.get(name)}
        service = [row[name] for name in ("service_name", "service_subtype") if row.get(name)]
        return {
            "text": row.get("description") or ": ".join(service),
            "channel": "import",
            "category": next((self.codes[plain(name)] for name in service if plain(name) in self.codes), None),
            "attributes": told,
            "source": row.get("service_request_id") or None,
            "reported_at": moment(row.get("requested_datetime", ""), self.city),
            "address": row.get("address") or None,
            "location": place or None,
        }

    @cached_property
    def codes(self) -> dict[str, str]:
        """The categories by code and by name; what other cities call their services is left for triage."""
        return {plain(name): code for code, category in self.city.categories.items() for name in (category.name.zh, category.name.en, code)}


def column_of(field: str) -> str:
    return FIELDS.get(field, field.removeprefix("attributes."))


def moment(written: str, city: City) -> object:
    """Return the time; one without a zone is on the clocks of the city."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return written or None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(city.zone))
