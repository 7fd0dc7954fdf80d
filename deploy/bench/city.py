"""The city of the bench, made from the demo city: nothing waits for a day, or for somebody to have room."""

import csv
import re
import shutil
from pathlib import Path

from deploy.refusal import CannotDo
from shared.citypack import city_folder

ROOM = "1000000"  # cases at once, for each person
SHIFT = "daily 00:00-24:00"
CHANGES = {  # file -> what every line that matches becomes; each must match
    "categories.toml": (
        (r"^check_before = true", "check_before = false"),
        (r"^check_after = true", "check_after = false"),
    ),
    "city.toml": (
        (r"^objection_hours = \S+", "objection_hours = 0.00001"),  # 36 ms
        (r"^publish_after_hours = \S+", "publish_after_hours = 168"),  # after the bench
    ),
}


class DemoCityChanged(CannotDo):
    """The demo city is not written as the bench knows it."""


def bench_city(folder: Path) -> Path:
    """Write the bench city into `folder`, which is replaced, and return it. Raises DemoCityChanged."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(city_folder("demo"), folder)
    for name, changes in CHANGES.items():
        file = folder / name
        text = file.read_text(encoding="utf-8")
        for pattern, line in changes:
            text, found = re.subn(pattern, line, text, flags=re.MULTILINE)
            if not found:
                raise DemoCityChanged(f"No line of {name} of the demo city matches {pattern}: adapt deploy/bench/city.py to it.")
        file.write_text(text, encoding="utf-8")
    free_everybody(folder / "staff.csv")
    return folder


def free_everybody(staff: Path) -> None:
    """Put everybody on duty all day, with room for everything."""
    with staff.open(encoding="utf-8-sig", newline="") as opened:
        posts = csv.DictReader(opened)
        names, rows = list(posts.fieldnames or ()), [{**row, "capacity": ROOM, "shifts": SHIFT} for row in posts]
    with staff.open("w", encoding="utf-8", newline="") as opened:
        written = csv.DictWriter(opened, names)
        written.writeheader()
        written.writerows(rows)
