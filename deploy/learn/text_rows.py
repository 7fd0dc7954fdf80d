"""Messages that somebody has judged: what a model of texts learns from and is measured on."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.refusal import CannotDo
from deploy.replay.columns import opened
from services.triage.model.assess import NO_REPORT
from shared.city import City
from shared.terms import Grade

NEEDED = frozenset({"text", "code"})
TIMES = ("at", "time", "reported_at", "date", "open_dt")  # columns that order the rows, the first that is there
NOTHING = frozenset({"", "-", "none", "no report", "non-report", "no_report", "null"})
LETTERS = {"e": Grade.EMERGENCY, "u": Grade.URGENT, "n": Grade.NORMAL, "s": Grade.SERVICE}


@dataclass(frozen=True)
class Row:
    """One judged message. `right` are all codes that a sensible operator would accept."""

    text: str
    code: str
    right: frozenset[str]
    condition: str
    grade: Grade | None
    at: str = ""  # when it came, as written: empty if nobody says

    @property
    def emergency(self) -> bool:
        return self.grade is Grade.EMERGENCY

    @property
    def report(self) -> bool:
        return self.code != NO_REPORT


def read_rows(source: Path) -> list[Row]:
    """Return the rows of a file, gzipped or not, or of all files of a folder, the earliest first if they tell the time. Raises CannotDo."""
    files = sorted(source.glob("*.[ct]sv")) if source.is_dir() else [source]
    rows = sorted((row for file in files for row in _file(file)), key=lambda row: row.at)
    if not rows:
        raise CannotDo(f"{source} holds no messages with the columns text and code.")
    return rows


def header(source: Path) -> frozenset[str]:
    """Return the names of the columns of a file, or of the first file of a folder. Raises CannotDo."""
    file = next(iter(sorted(source.glob("*.[ct]sv"))), source) if source.is_dir() else source
    with opened(file) as lines:
        return frozenset(_reader(file, lines).fieldnames or ())


def known(rows: Iterable[Row], city: City) -> list[Row]:
    """Return the rows whose code the city has."""
    return [row for row in rows if not row.report or row.code in city.categories]


def of_words(city: City) -> list[Row]:
    """Return the city's own words as messages."""
    return [
        Row(text=word, code=code, right=frozenset({code}), condition="", grade=None)
        for code, category in city.categories.items()
        for word in (*category.words, category.name.zh, category.name.en)
    ]


def _file(file: Path) -> Sequence[Row]:
    with opened(file) as lines:
        reader = _reader(file, lines)
        if NEEDED - set(reader.fieldnames or ()):
            raise CannotDo(f"{file.name} needs the columns text and code.")
        told = [entry for entry in reader if (entry["text"] or "").strip()]
    time = next((name for name in TIMES if told and name in told[0]), None)
    return [_row(entry, entry[time] or "" if time else "") for entry in told]


def _reader(file: Path, lines: Iterable[str]) -> "csv.DictReader[str]":
    if ".tsv" in file.suffixes:
        return csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return csv.DictReader(lines)


def _row(entry: dict[str, str], at: str) -> Row:
    told = (entry["code"] or "").strip()
    code = NO_REPORT if told.casefold() in NOTHING else told
    flagged = (entry.get("emergency") or "").strip().casefold() in {"1", "true", "yes"}
    return Row(
        text=entry["text"],
        code=code,
        right=frozenset({code, *(entry.get("also_ok") or "").split()}),
        condition=(entry.get("condition") or "").strip(),
        grade=Grade.EMERGENCY if flagged else _grade((entry.get("grade") or "").strip().casefold()),
        at=at,
    )


def _grade(written: str) -> Grade | None:
    return LETTERS.get(written) or next((grade for grade in Grade if grade == written), None)
