"""A city made from its recorded cases: the types are categories, the median of their targets is their limit, and each type has a desk.

There is one desk for each type, which is a unit of its own beside the recorded departments, because dispatch counts the open tasks of the
units whose people could take a case: a record leaves thousands of cases open, and those of a department would be counted for each new one.
"""

import csv
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from deploy.replay.columns import Recorded
from deploy.replay.points import default_points, middle
from shared.city import City, plain
from shared.citypack import load_city
from shared.terms import Location

SHORTEST = timedelta(minutes=15)
USUAL = timedelta(days=14)  # the limit where the record has no targets at all
MOST_GROUPS = 24  # as many as a city may have
SQUARES = 8  # the grids: this many squares from west to east and from south to north
DESK = "desk-{:03d}"
POST = "id role title_zh title_en department grids skills languages level capacity lat lon shifts".split()  # noqa: SIM905


@dataclass(frozen=True)
class Kind:
    """One type of case: the category it becomes and who answers for it."""

    code: str
    name: str
    group: str
    department: str
    limit: timedelta
    home: Location


def write_pack(folder: Path, records: Sequence[Recorded], zone: str) -> City:
    """Write the pack and return the city. Raises CityInvalid if the record makes none."""
    folder.mkdir(parents=True, exist_ok=True)
    defaults = default_points(records)
    located = [record for record in records if record.location and record.location not in defaults]
    kinds = kinds_of(records, located)
    (folder / "city.toml").write_text(city_toml(zone, defaults), encoding="utf-8")
    (folder / "categories.toml").write_text(categories_toml(kinds), encoding="utf-8")
    (folder / "calendar.toml").write_text(CALENDAR, encoding="utf-8")
    (folder / "departments.toml").write_text(departments_toml(kinds), encoding="utf-8")
    (folder / "grids.geojson").write_text(grids_geojson([record.location for record in located if record.location]), encoding="utf-8")
    write_staff(folder / "staff.csv", kinds)
    return load_city(folder)


def kinds_of(records: Sequence[Recorded], located: Sequence[Recorded]) -> list[Kind]:
    """Return the types, in order of their names, each with its usual group and department and the median of its targets as limit."""
    by_name: dict[str, list[Recorded]] = defaultdict(list)
    for record in records:
        by_name[plain(record.category)].append(record)
    usual = limit_of(records) or USUAL
    groups = frozenset(name for name, _ in Counter(record.group for record in records).most_common(MOST_GROUPS - 1))
    codes: set[str] = set()
    centre = middle([record.location for record in located if record.location])
    kinds = []
    for _, alike in sorted(by_name.items()):
        code = new_code(alike[0].category, codes)
        group = most(record.group for record in alike)
        kinds.append(
            Kind(
                code=code,
                name=alike[0].category,
                group=group if group in groups else "other",
                department=most(record.department for record in alike),
                limit=limit_of(alike) or usual,
                home=centre,
            )
        )
    return kinds


def limit_of(records: Iterable[Recorded]) -> timedelta | None:
    """Return the median of target minus opening, None where there is no target; never less than the shortest limit."""
    spans = [record.target - record.opened for record in records if record.target]
    return max(timedelta(seconds=median(span.total_seconds() for span in spans)), SHORTEST) if spans else None


def most(names: Iterable[str]) -> str:
    return min(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))[0]


def new_code(name: str, taken: set[str]) -> str:
    """Return a code of letters, digits and hyphens that no other type has, and note it."""
    slug = re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-")[:56] or "type"
    code = next(code for code in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)
    taken.add(code)
    return code


def ids_of(names: Iterable[str]) -> dict[str, str]:
    """Return an id for each of the names."""
    taken: set[str] = set()
    return {name: new_code(name, taken) for name in sorted(set(names))}


# -- the files

CALENDAR = """# Targets run day and night; nothing here is counted in working time.
working_days = "mon-fri"
working_hours = ["09:00-17:00"]
holidays = []
workdays = []
"""


def quoted(text: str) -> str:
    return json.dumps(text[:200], ensure_ascii=False)


def words(name: str) -> str:
    return f"{{ zh = {quoted(name)}, en = {quoted(name)} }}"


def city_toml(zone: str, defaults: Sequence[Location]) -> str:
    """Return the rules: nothing is offered twice, no reply is awaited, a missed deadline climbs one level."""
    grades = ("emergency", "urgent", "normal", "service")
    limits = {"dispatch_within": "1 natural day", "respond_within": "7 natural days", "answer_within": "365 natural days"}
    tables = [f"[{name}]\n" + "".join(f'{grade} = "{limit}"\n' for grade in grades) for name, limit in limits.items()]
    points = [f"[[placeholder]]\nlocation = {{ lat = {point.lat}, lon = {point.lon} }}\nradius_m = 5\n" for point in defaults]
    head = (
        f'# Made by `gridcase replay` from a file of recorded cases.\nname = "record"\ntitle = {words("Recorded city")}\nzone = "{zone}"\n'
    )
    rest = [
        'check_within = "1 natural day"\n',
        *tables,
        "[pause_reasons]\n",
        f'[[level]]\nid = "desk"\nname = {words("Desk")}\n',
        f'[[level]]\nid = "city"\nname = {words("City")}\n',
        "[[step]]\nshare = 1.0\nlevel = 1\n",
        f'[[area]]\nid = "all"\nlevel = 0\nname = {words("The whole city")}\n',
        *points,
    ]
    return "\n".join([head, *rest])


def categories_toml(kinds: Sequence[Kind]) -> str:
    groups, departments = ids_of(kind.group for kind in kinds), ids_of(kind.department for kind in kinds)
    blocks = [f"[[group]]\nid = {quoted(id)}\nname = {words(name)}\n" for name, id in groups.items()]
    return "\n".join([*blocks, *(category_toml(kind, groups[kind.group], departments[kind.department]) for kind in kinds)])


def category_toml(kind: Kind, group: str, department: str) -> str:
    """Return the block of one type; nothing is merged by rule, for the record has every report as a case."""
    spoken = list(
        {plain(word): word for word in (kind.code, kind.name, f"「{kind.name}」")}.values()
    )  # there must be some of both languages
    days = f"{kind.limit / timedelta(days=1):.6f} natural days"
    return (
        f"[[category]]\ncode = {quoted(kind.code)}\ngroup = {quoted(group)}\nname = {words(kind.name)}\n"
        f'grade = "normal"\ndepartment = {quoted(department)}\nskills = [{quoted(kind.code)}]\n'
        f"words = [{', '.join(map(quoted, spoken))}]\n"
        f'conditions = [{{ key = "any", name = {words("any")}, limit = "{days}" }}]\n'
        'outcome = { zh = "已办理。", en = "It was dealt with." }\n'
    )


def departments_toml(kinds: Sequence[Kind]) -> str:
    names = {id: name for name, id in ids_of(kind.department for kind in kinds).items()}
    names |= {DESK.format(number): f"Desk {number}: {kind.name}" for number, kind in enumerate(kinds, start=1)}
    return "\n".join(f"[[department]]\nid = {quoted(id)}\nname = {words(name)}\n" for id, name in names.items())


def write_staff(file: Path, kinds: Sequence[Kind]) -> None:
    """Write one desk for each type, always on duty and never full."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(POST)
        for number, kind in enumerate(kinds, start=1):
            id, title = DESK.format(number), f"Desk {number}"
            where = (kind.home.lat, kind.home.lon)
            row = (title, title, id, "", kind.code, "en", 0, 1_000_000, *where, "daily 00:00-24:00")
            rows.writerow((id, "unit_worker", *row))


def grids_geojson(places: Sequence[Location]) -> str:
    """Return squares over all places, those in which any lies."""
    if not places:
        places = [Location(lat=0, lon=0)]
    south, north = min(place.lat for place in places), max(place.lat for place in places) + 1e-6
    west, east = min(place.lon for place in places), max(place.lon for place in places) + 1e-6
    high, wide = (north - south) / SQUARES, (east - west) / SQUARES
    taken = sorted({(math.floor((place.lat - south) / high), math.floor((place.lon - west) / wide)) for place in places})
    features = []
    for row, column in taken:
        low, left = south + row * high, west + column * wide
        corners = ((left, low), (left + wide, low), (left + wide, low + high), (left, low + high), (left, low))
        ring = [[round(lon, 7), round(lat, 7)] for lon, lat in corners]
        name = f"Square {row + 1}-{column + 1}"
        properties = {"id": f"S{row + 1}-{column + 1}", "zh": name, "en": name, "community": "all"}
        features.append({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'
