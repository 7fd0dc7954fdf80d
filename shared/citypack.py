"""A folder becomes a `City`, or a list of everything that is wrong with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

import chinese_calendar
from pydantic import BaseModel, ValidationError

from shared import citycheck
from shared.calendar import Calendar, Hours, Weekdays
from shared.category import FROZEN, Category, Department, Words
from shared.city import City
from shared.cityfile import CityFile, Fault
from shared.people import Person
from shared.places import Area, Grid, Level, Placeholder, Step

__all__ = ["CityInvalid", "Fault", "city_folder", "load_city"]

CITIES = Path(__file__).resolve().parent.parent / "deploy" / "cities"
TABLES = ("level", "step", "area", "placeholder")
FILES = ("city.toml", "categories.toml", "calendar.toml", "departments.toml", "staff.csv", "grids.geojson")


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
    city = _city(files["city.toml"], parts, folder)
    if faults or city is None:
        raise CityInvalid(folder, sorted(set(faults), key=lambda one: (FILES.index(one.file), one.line or 0, one.place)))
    return city


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
    placeholders: tuple[Placeholder, ...]
    named: dict[str, frozenset[str]]

    @classmethod
    def read(cls, files: dict[str, CityFile]) -> "Parts":
        city, categories, departments = files["city.toml"], files["categories.toml"], files["departments.toml"]
        made: dict[str, Any] = {
            "calendar": _calendar(files["calendar.toml"], city.data.get("zone")),
            "groups": {key: Words(zh=group.name.zh, en=group.name.en) for key, group in categories.models("group", Department).items()},
            "categories": categories.models("category", Category, key="code"),
            "departments": departments.models("department", Department),
            "areas": city.models("area", Area),
            "grids": files["grids.geojson"].models("grid", Grid),
            "staff": files["staff.csv"].models("post", Person),
            "levels": tuple(city.models("level", Level).values()),
            "steps": tuple(city.models("step", Step, key="").values()),
            "placeholders": tuple(city.models("placeholder", Placeholder, key="").values()),
        }
        tables = {key for file in files.values() for key in file.starts}
        named = {table: frozenset(name for one, name in tables if one == table) for table, _ in tables}
        return cls(**made, named=named)


def _checks(parts: Parts) -> Iterator[tuple[str, str, Iterator[citycheck.Finding]]]:
    named = {table: parts.named.get(table, frozenset()) for table in ("group", "department", "grid", "area")}
    yield "city.toml", "area", citycheck.areas(parts.areas, parts.levels)
    yield "city.toml", "step", citycheck.steps(parts.steps, parts.levels)
    yield "categories.toml", "group", citycheck.groups(named["group"])
    yield (
        "categories.toml",
        "category",
        citycheck.categories(parts.categories, named["department"], named["group"], parts.staff.values()),
    )
    yield (
        "staff.csv",
        "post",
        citycheck.staff(parts.staff, named["department"], named["grid"], len(parts.levels)),
    )
    yield "grids.geojson", "grid", citycheck.grids(parts.grids, named["area"])


def _calendar(file: CityFile, zone: object) -> Calendar | None:
    days = None if file.broken else file.model(Days, file.data)
    if days is None:
        return None
    off, worked = LIBRARIES[days.library]() if days.library else (frozenset(), frozenset())
    own = days.model_dump(exclude={"library"})
    own["holidays"] = (off - days.workdays) | days.holidays
    own["workdays"] = (worked - days.holidays) | days.workdays
    known = isinstance(zone, str) and zone in available_timezones()
    return file.model(Calendar, {**own, "zone": zone if known else "UTC"})


class Days(BaseModel):
    """The file of a calendar: a library for the years that it knows, and the city's own dates, which go first."""

    model_config = FROZEN

    library: Literal["chinesecalendar"] | None = None
    working_days: Weekdays
    working_hours: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


def chinese_days() -> tuple[frozenset[date], frozenset[date]]:
    """Return the public holidays and the make-up days of China for all years that the library knows."""
    return frozenset(chinese_calendar.holidays), frozenset(chinese_calendar.workdays)


LIBRARIES = {"chinesecalendar": chinese_days}


def _city(file: CityFile, parts: Parts, folder: Path) -> City | None:
    """Make the city; what is wrong with a part is already a fault of the part."""
    if file.broken:
        return None
    own = {key: value for key, value in file.data.items() if key not in TABLES}
    pieces = {part.name: getattr(parts, part.name) for part in fields(Parts) if part.name != "named"}
    told = bool(file.faults)
    try:
        return City.model_validate({**own, **pieces, "version": _version(folder, parts.calendar)})
    except ValidationError as wrong:
        for error in wrong.errors():
            if not (told and error["loc"][:1] and error["loc"][0] in pieces):
                file.fault("", "", error["loc"], error["msg"].removeprefix("Value error, "))
        return None


def _version(folder: Path, calendar: Calendar | None) -> str:
    """Return a hash of all files, and of the days that a library added to them."""
    told = hashlib.sha256()
    for name in FILES:
        file = folder / name
        told.update(name.encode() + b"\0" + (file.read_bytes() if file.is_file() else b"") + b"\0")
    if calendar is not None:
        told.update(repr((sorted(calendar.holidays), sorted(calendar.workdays))).encode())
    return told.hexdigest()[:16]
