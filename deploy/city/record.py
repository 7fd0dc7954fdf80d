"""Makes a city's pack from its recorded cases and a file of names: types, departments, targets, places and posts are what was recorded.

The script is run once; the pack is then data like any other, to be read and changed by hand. The same record gives the same pack.
"""

from collections.abc import Sequence
from pathlib import Path

from deploy.city.kinds import kinds_of
from deploy.city.names import Names, read_names
from deploy.city.posts import posts_of, write_posts
from deploy.city.squares import grids_of, write_grids
from deploy.city.written import calendar_toml, categories_toml, city_toml, departments_toml
from deploy.refusal import CannotDo
from deploy.replay.columns import Recorded, read_records
from deploy.replay.pack import write_pack
from deploy.replay.points import default_points


def make_pack(folder: Path, record: Path, names: Path | None) -> None:
    """Write the pack of a record. Raises CannotDo if the record or the names cannot be read, or do not fit."""
    layout, records = read_records(record)
    if names is None:
        write_pack(folder, records, layout.zone)
        return
    known = read_names(names)
    check_names(records, known)
    defaults = default_points(records)
    kinds = kinds_of(records, known)
    grids = grids_of([record for record in records if record.location not in defaults], known)
    posts = posts_of([record for record in records if record.location not in defaults], kinds, grids, known)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("city.toml", city_toml(known, layout.zone, defaults, kinds)),
        ("categories.toml", categories_toml(known, kinds)),
        ("calendar.toml", calendar_toml(known)),
        ("departments.toml", departments_toml(known)),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    write_grids(folder / "grids.geojson", grids, known)
    write_posts(folder / "staff.csv", posts)


def check_names(records: Sequence[Recorded], names: Names) -> None:
    """Raise CannotDo with all that the record names and the file of names does not."""
    missing = [
        f"{table}: {', '.join(sorted(found - known))}"
        for table, found, known in (
            ("types", {record.category for record in records}, set(names.types)),
            ("reasons", {record.reason for record in records}, set(names.reasons)),
            ("departments", {record.department for record in records}, set(names.departments)),
            ("groups", set(names.reasons.values()), set(names.groups)),
        )
        if found - known
    ]
    if missing:
        raise CannotDo("The file of names lacks " + "; ".join(missing))
