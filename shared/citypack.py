"""A folder becomes a `City`, or a list of everything that is wrong with it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shared import citycheck
from shared.calendar import Calendar
from shared.category import Category, Department, Words
from shared.city import City
from shared.citydays import read_calendar
from shared.cityfile import CityFile, Fault
from shared.people import Person
from shared.places import Area, Grid, Level, Placeholder, Step
from shared.weights import USUAL, Formula, RateWeights

__all__ = ["CityInvalid", "Fault", "city_folder", "load_city", "pack_files"]

CITIES = Path(__file__).resolve().parent.parent / "deploy" / "cities"
TABLES = ("level", "step", "area", "placeholder", "weights", "rate")
FILES = ("city.toml", "categories.toml", "calendar.toml", "departments.toml", "staff.csv", "grids.geojson")
LEARNED = "models"  # the folder of what was learned from history
MOST_BYTES = 16_000_000  # of one learned file


class CityInvalid(ValueError):
    """The folder is no city; `faults` are all of its faults."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([f"{folder.name} is not a valid city:", *map(str, faults)]))


def city_folder(name: str) -> Path:
    """Return the folder of a city that comes with the product, or the folder that `name` is a path of."""
    if "/" in name or "\\" in name or name.startswith("."):
        return Path(name).expanduser()
    return CITIES / name


def load_city(folder: Path) -> City:
    """Read and check the whole folder; raise `CityInvalid` with all of its faults at once."""
    faults: list[Fault] = []
    files = {name: CityFile.read(folder, name, faults) for name in FILES}
    parts = Parts.read(files)
    for name, table, findings in _checks(parts):
        for key, place, message in findings:
            files[name].fault(table, key, (place,), message)
    city = _city(files["city.toml"], parts, folder, _learned(folder, faults))
    if faults or city is None:
        raise CityInvalid(folder, sorted(set(faults), key=lambda one: (order(one.file), one.line or 0, one.place)))
    return city


def order(file: str) -> tuple[int, str]:
    return FILES.index(file) if file in FILES else len(FILES), file


def pack_files(folder: Path) -> list[Path]:
    """Return the files that a pack is made of, whether they are there or not: those with the rules, then what was learned."""
    learned = folder / LEARNED
    found = sorted(file for file in learned.iterdir() if not file.name.startswith(".")) if learned.is_dir() else []
    return [*(folder / name for name in FILES), *found]


@dataclass(frozen=True)
class Parts:
    """The entries that could be read, and the names of all that are there, valid or not."""

    calendar: Calendar | None
    groups: dict[str, Words]
    categories: dict[str, Category]
    departments: dict[str, Department]
    areas: dict[str, Area]
    grids: dict[str, Grid]
    staff: dict[str, Person]
    levels: tuple[Level, ...]
    steps: tuple[Step, ...]
    rate_weights: tuple[RateWeights, ...]
    formulas: tuple[Formula, ...]
    placeholders: tuple[Placeholder, ...]
    excluded: tuple[str, ...]  # categories that no rate counts
    sealed_for: tuple[str, ...]  # posts that may see confidential cases
    at_home: tuple[str, ...]  # groups that concern homes
    named_skills: tuple[str, ...]
    named: dict[str, frozenset[str]]

    @classmethod
    def read(cls, files: dict[str, CityFile]) -> "Parts":
        city, categories, departments = files["city.toml"], files["categories.toml"], files["departments.toml"]
        made: dict[str, Any] = {
            "calendar": read_calendar(files["calendar.toml"], city.data.get("zone")),
            "groups": {key: Words(zh=group.name.zh, en=group.name.en) for key, group in categories.models("group", Department).items()},
            "categories": categories.models("category", Category, key="code"),
            "departments": departments.models("department", Department),
            "areas": city.models("area", Area),
            "grids": files["grids.geojson"].models("grid", Grid),
            "staff": files["staff.csv"].models("post", Person),
            "levels": tuple(city.models("level", Level).values()),
            "steps": tuple(city.models("step", Step, key="").values()),
            "rate_weights": tuple(city.models("weights", RateWeights, key="").values()) or (USUAL,),
            "sealed_for": _texts(city.data, "confidential_to"),
            "at_home": _texts(city.data, "homes"),
            "named_skills": tuple(found if isinstance(found := city.data.get("skills"), dict) else ()),
            "formulas": tuple(city.models("rate", Formula, key="").values()),
            "excluded": _texts(city.data.get("rates"), "excluded"),
            "placeholders": tuple(city.models("placeholder", Placeholder, key="").values()),
        }
        tables = {key for file in files.values() for key in file.starts}
        named = {table: frozenset(name for one, name in tables if one == table) for table, _ in tables}
        return cls(**made, named=named)


def _checks(parts: Parts) -> Iterator[tuple[str, str, Iterator[citycheck.Finding]]]:
    named = {table: parts.named.get(table, frozenset()) for table in ("group", "department", "grid", "area", "category")}
    yield "city.toml", "area", citycheck.areas(parts.areas, parts.levels)
    yield "city.toml", "step", citycheck.steps(parts.steps, parts.levels)
    yield "city.toml", "weights", citycheck.weights(parts.rate_weights, parts.formulas)
    yield "city.toml", "rate", citycheck.formulas(parts.formulas)
    yield "city.toml", "rates", citycheck.rates(parts.excluded, named["category"])
    yield "city.toml", "", citycheck.sealed_for(parts.sealed_for, parts.staff, parts.categories.values())
    yield "city.toml", "", citycheck.homes(parts.at_home, named["group"])
    whole = parts.categories.keys() >= named["category"]  # else a category that is at fault may be the one that asks for a skill
    asked = frozenset[str]().union(*(category.skills for category in parts.categories.values())) if whole else frozenset[str]()
    yield "city.toml", "", citycheck.skills(parts.named_skills, asked, named["group"])
    yield "categories.toml", "group", citycheck.groups(named["group"])
    yield (
        "categories.toml",
        "category",
        citycheck.categories(parts.categories, named["department"], named["group"], parts.staff.values(), named["category"]),
    )
    yield (
        "staff.csv",
        "post",
        citycheck.staff(parts.staff, named["department"], named["grid"], len(parts.levels)),
    )
    yield "departments.toml", "department", citycheck.reminded(named["department"], parts.staff.values(), parts.steps)
    yield "grids.geojson", "grid", citycheck.grids(parts.grids, named["area"])


def _texts(table: object, name: str) -> tuple[str, ...]:
    """Return the texts in a list of a table, as far as there are any; what else stands there is a fault of the city."""
    listed = table.get(name) if isinstance(table, dict) else None
    return tuple(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()


def _learned(folder: Path, faults: list[Fault]) -> dict[str, bytes]:
    """Return what was learned from history, by file name."""
    learned: dict[str, bytes] = {}
    for file in pack_files(folder)[len(FILES) :]:
        try:
            content = file.read_bytes()
        except OSError as wrong:
            faults.append(Fault(f"{LEARNED}/{file.name}", "the whole file", f"the file cannot be read: {wrong.strerror}"))
            continue
        if len(content) > MOST_BYTES:
            faults.append(Fault(f"{LEARNED}/{file.name}", "the whole file", f"{len(content)} bytes are more than {MOST_BYTES}"))
        learned[file.name] = content
    return learned


def _city(file: CityFile, parts: Parts, folder: Path, learned: Mapping[str, bytes]) -> City | None:
    """Make the city; what is wrong with a part is already a fault of the part."""
    if file.broken:
        return None
    own = {key: value for key, value in file.data.items() if key not in TABLES}
    pieces = {part.name: getattr(parts, part.name) for part in fields(Parts) if part.name in City.model_fields}
    told = bool(file.faults)
    try:
        return City.model_validate({**own, **pieces, "learned": learned, "version": _version(folder, parts.calendar, learned)})
    except ValidationError as wrong:
        for error in wrong.errors():
            if not (told and error["loc"][:1] and error["loc"][0] in pieces):
                file.fault("", "", error["loc"], error["msg"].removeprefix("Value error, "))
        return None


def _version(folder: Path, calendar: Calendar | None, learned: Mapping[str, bytes]) -> str:
    """Return a hash of all files, and of the days that a library added to them."""
    told = hashlib.sha256()
    for name in FILES:
        file = folder / name
        told.update(name.encode() + b"\0" + (file.read_bytes() if file.is_file() else b"") + b"\0")
    for name, content in learned.items():
        told.update(f"{LEARNED}/{name}".encode() + b"\0" + hashlib.sha256(content).digest())
    if calendar is not None:
        told.update(repr((sorted(calendar.holidays), sorted(calendar.workdays))).encode())
    return told.hexdigest()[:16]
