"""Messages that somebody has judged: what a model of texts learns from and is measured on."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.refusal import CannotDo
from deploy.replay.columns import opened
from services.triage.model.assess import NO_REPORT
from shared.city import City
from shared.terms import Grade

NEEDED = frozenset({"text", "code"})
TIMES = ("at", "time", "reported_at", "date", "open_dt")  # columns that order the rows, the first that is there
NOTHING = re.compile(r"(no(ne|n|t?)?a?(report)?|nr|null|na|nil|非上报|无)?", re.IGNORECASE)  # how people write that it is no report
BETWEEN = re.compile(r"[\s,;|，；、]+")  # codes of one cell
YES, NO = frozenset({"1", "true", "yes", "y", "是"}), frozenset({"0", "false", "no", "n", "否"})
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
    danger: bool | None = None  # whether somebody is in danger now; None where only the grade tells
    hand: str = ""  # who wrote it: the file among several; empty if nobody says

    @property
    def emergency(self) -> bool:
        return self.grade is Grade.EMERGENCY if self.danger is None else self.danger

    @property
    def report(self) -> bool:
        return self.code != NO_REPORT


def read_rows(source: Path) -> list[Row]:
    """Return the rows of a file, gzipped or not, or of all files of a folder, the earliest first if they tell the time. Raises CannotDo."""
    files = sorted(source.glob("*.[ct]sv")) if source.is_dir() else [source]
    rows = sorted((row for file in files for row in _file(file, file.stem if source.is_dir() else "")), key=lambda row: row.at)
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
    return [row for row in as_in(rows, city) if not row.report or row.code in city.categories]


def aliases(city: City) -> dict[str, str]:
    """Return each way to write a code, in small letters: as it is, and every single one of a code that stands for several (09001/05/06)."""
    found = {code.casefold(): code for code in city.categories}
    for code in city.categories:
        first, *others = code.split("/")
        found |= {
            alias.casefold(): code for alias in (first, *(first[: -len(end)] + end for end in others)) if alias.casefold() not in found
        }
    return found


def as_in(rows: Iterable[Row], city: City) -> list[Row]:
    """Return the rows with the city's own codes for what is another way to write them."""
    names = aliases(city)

    def named(code: str) -> str:
        return names.get(code.casefold(), code)

    return [replace(row, code=named(row.code), right=frozenset(map(named, row.right))) for row in rows]


def of_words(city: City) -> list[Row]:
    """Return the city's own words as messages."""
    return [
        Row(text=word, code=code, right=frozenset({code}), condition="", grade=None)
        for code, category in city.categories.items()
        for word in (*category.words, category.name.zh, category.name.en)
    ]


def _file(file: Path, hand: str) -> Sequence[Row]:
    with opened(file) as lines:
        reader = _reader(file, lines)
        if NEEDED - set(reader.fieldnames or ()):
            raise CannotDo(f"{file.name} needs the columns text and code.")
        told = [entry for entry in reader if (entry["text"] or "").strip()]
    time = next((name for name in TIMES if told and name in told[0]), None)
    return [_row(entry, entry[time] or "" if time else "", hand) for entry in told]


def _reader(file: Path, lines: Iterable[str]) -> "csv.DictReader[str]":
    if ".tsv" in file.suffixes:
        return csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return csv.DictReader(lines)


def _row(entry: dict[str, str], at: str, hand: str) -> Row:
    told = (entry["code"] or "").strip()
    code = NO_REPORT if NOTHING.fullmatch(re.sub(r"[\W_]", "", told)) else told
    danger = _said((entry.get("emergency") or "").strip().casefold())
    return Row(
        text=entry["text"],
        code=code,
        right=frozenset({code, *filter(None, BETWEEN.split(entry.get("also_ok") or ""))}),
        condition=(entry.get("condition") or "").strip(),
        grade=Grade.EMERGENCY if danger else _grade((entry.get("grade") or "").strip().casefold()),
        at=at,
        danger=danger,
        hand=hand,
    )


def _said(written: str) -> bool | None:
    return True if written in YES else False if written in NO else None


def _grade(written: str) -> Grade | None:
    return LETTERS.get(written) or next((grade for grade in Grade if grade == written), None)
