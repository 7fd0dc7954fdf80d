"""One file of a city's folder: its entries as models, and for whatever is wrong the file, the line and the field."""

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
LISTS = {"grids": " ", "skills": " ", "languages": " ", "shifts": ";"}  # what separates the values in one cell


@dataclass(frozen=True)
class Fault:
    """Something wrong with a city's files. `place` names the entry and its field."""

    file: str
    place: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line) if part) + f": {self.place}: {self.message}"


@dataclass
class CityFile:
    """The text of one file, its entries by table, and where faults are written down."""

    name: str
    faults: list[Fault]
    lines: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    starts: dict[tuple[str, str], int] = field(default_factory=dict)  # line of each entry, by table and key
    broken: bool = False  # nothing in it can be read

    @classmethod
    def read(cls, folder: Path, name: str, faults: list[Fault]) -> "CityFile":
        file = cls(name, faults)
        try:
            text = (folder / name).read_text(encoding="utf-8-sig")
            file.lines = text.splitlines()
            file.data = READERS[Path(name).suffix](text)
        except FileNotFoundError:
            file._give_up("the file is missing", None)
        except OSError as wrong:
            file._give_up(f"the file cannot be read: {wrong.strerror}", None)
        except UnicodeDecodeError:
            file._give_up("the file is not UTF-8 text", None)
        except (tomllib.TOMLDecodeError, json.JSONDecodeError) as wrong:
            line = re.search(r"line (\d+)", str(wrong))
            file._give_up(str(wrong), int(line[1]) if line else None)
        except (ValueError, csv.Error) as wrong:
            file._give_up(str(wrong), None)
        return file

    def _give_up(self, message: str, line: int | None) -> None:
        self.broken = True
        self.faults.append(Fault(self.name, "the whole file", message, line))

    def fault(self, table: str, key: str, loc: tuple[int | str, ...], message: str) -> None:
        place = " ".join(part for part in (table, key, ".".join(map(str, loc))) if part)
        line = self._line(self.starts.get((table, key)), loc)
        self.faults.append(Fault(self.name, place or "the whole file", message, line))

    def models(self, table: str, model: type[M], key: str = "id") -> dict[str, M]:
        """Return the valid entries of a table by their key; the others become faults."""
        found: dict[str, M] = {}
        entries = self.data.get(table, [])
        if not isinstance(entries, list):
            self.fault(table, "", (), "this must be a list of entries")
            return found
        for number, entry in enumerate(entries):
            name = str(entry.get(key) or number + 1) if isinstance(entry, dict) else str(number + 1)
            again = (table, name) in self.starts
            self.starts[table, name] = self._start(table, number)
            if again:
                self.fault(table, name, (key,), f"{name!r} stands there twice")
            made = self.model(model, entry, table, name)
            if made is not None:
                found[name] = made
        return found

    def model(self, model: type[M], entry: object, table: str = "", name: str = "") -> M | None:
        try:
            return model.model_validate(entry)
        except ValidationError as wrong:
            for error in wrong.errors():
                self.fault(table, name, error["loc"], error["msg"].removeprefix("Value error, "))
            return None

    def _start(self, table: str, number: int) -> int:
        """Return the line on which the entry begins."""
        if self.name.endswith(".csv"):
            return int(self.data["line"][number])
        mark = '"type": "Feature"' if self.name.endswith(".geojson") else f"[[{table}]]"
        hits = [line for line, text in enumerate(self.lines, start=1) if mark in text and not text.lstrip().startswith("#")]
        return hits[number] if number < len(hits) else 1

    def _line(self, start: int | None, loc: tuple[int | str, ...]) -> int | None:
        """Return the line of a field: in the entry that begins at `start`, or anywhere if it is a field of the file."""
        if not self.name.endswith(".toml") or not loc:
            return start
        for line in range(start or 0, len(self.lines)):
            if start and self.lines[line].startswith("["):
                break
            if re.match(rf"\s*{re.escape(str(loc[0]))}\b", self.lines[line].lstrip("[")):
                return self._inner(line, loc) + 1 + self._element(line, loc)
        return start

    def _inner(self, line: int, loc: tuple[int | str, ...]) -> int:
        """Return where a field stands below the head of its own table, such as [dispatch.weights]; `line` if it has none."""
        for size in range(len(loc) - 1, 0, -1):
            head = f"[{'.'.join(map(str, loc[:size]))}]"
            begin = next((one for one in range(line, len(self.lines)) if self.lines[one].startswith(head)), len(self.lines))
            for one in range(begin + 1, len(self.lines)):
                if self.lines[one].startswith("["):
                    break
                if re.match(rf"\s*{re.escape(str(loc[size]))}\b", self.lines[one]):
                    return one
        return line

    def _element(self, line: int, loc: tuple[int | str, ...]) -> int:
        """Return how many lines further down an element stands, where each has a line of its own."""
        if len(loc) < 2 or not isinstance(loc[1], int) or not self.lines[line].rstrip().endswith("["):
            return 0
        return loc[1] + 1


def read_csv(text: str) -> dict[str, Any]:
    """Read posts: one a row; `title_zh`, `title_en`, `lat` and `lon` become a title and a home."""
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey="too_many_cells", strict=True)
    posts: list[dict[str, Any]] = []
    lines: list[int] = []
    for row in rows:
        post: dict[str, Any] = {key: value.strip() if isinstance(value, str) else value for key, value in row.items()}
        for cell, separator in LISTS.items():
            if cell in post:
                post[cell] = [part.strip() for part in (post[cell] or "").split(separator) if part.strip()]
        post["title"] = {"zh": post.pop("title_zh", ""), "en": post.pop("title_en", "")}
        post["home"] = {"lat": post.pop("lat", None), "lon": post.pop("lon", None)}
        posts.append({key: value for key, value in post.items() if value not in ("", [])})
        lines.append(rows.line_num)
    return {"post": posts, "line": lines}


def read_geojson(text: str) -> dict[str, Any]:
    """Read polygons with the properties id, zh, en and community."""
    collection = json.loads(text)
    if not isinstance(collection, dict) or not isinstance(collection.get("features"), list):
        raise ValueError("the file must be a GeoJSON FeatureCollection")
    grids = []
    for feature in collection["features"]:
        properties, geometry = dict(member(feature, "properties")), member(feature, "geometry")
        name = {language: properties.pop(language, "") for language in ("zh", "en")}
        rings = geometry.get("coordinates") if geometry.get("type") == "Polygon" else None
        grids.append({**properties, "name": name, "polygon": rings})
    return {"grid": grids}


def member(feature: object, name: str) -> dict[str, Any]:
    found = feature.get(name) if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


READERS: dict[str, Callable[[str], dict[str, Any]]] = {".toml": tomllib.loads, ".csv": read_csv, ".geojson": read_geojson}
