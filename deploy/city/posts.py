"""Posts from recorded cases: one for each department and neighbourhood where it has work, one for the whole city, and those who watch.

A post stands for a desk, not for one person: it is always staffed and has room for whatever a record leaves open.
"""

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.city.kinds import Kind
from deploy.city.names import Names, Unit
from deploy.city.squares import Square, area_id
from deploy.replay.columns import Recorded
from deploy.replay.pack import POST
from deploy.replay.points import middle
from shared.people import Role
from shared.terms import Location

FEWEST = 40  # cases of a department in a neighbourhood for a post of its own
ROOM = 100_000  # open cases: the record closes many of its own never
ALWAYS = "daily 00:00-24:00"


@dataclass(frozen=True)
class Post:
    """A row of the file of posts."""

    id: str
    role: Role
    zh: str
    en: str
    department: str
    home: Location
    grids: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    level: int = 0


def posts_of(records: Sequence[Recorded], kinds: Sequence[Kind], grids: Sequence[Square], names: Names) -> list[Post]:
    """Return all posts, department by department, then those who watch."""
    placed = [record for record in records if record.location]
    centre = middle([record.location for record in placed if record.location])
    skills: dict[str, set[str]] = defaultdict(set)
    for kind in kinds:
        skills[kind.department].add(kind.group)
    posts: list[Post] = []
    for written, unit in names.departments.items():
        theirs = [record for record in placed if record.department == written]
        posts += department_posts(unit, theirs, tuple(sorted(skills[unit.id])), grids, names, centre)
    hotline = next(iter(names.departments.values())).id
    return [*posts, *grid_posts(placed, grids, names, hotline), *watching(hotline, centre)]


def department_posts(
    unit: Unit, theirs: Sequence[Recorded], skills: tuple[str, ...], grids: Sequence[Square], names: Names, centre: Location
) -> list[Post]:
    """Return the post for the whole city, with the head, and those of the neighbourhoods."""
    homes: dict[str, list[Location]] = defaultdict(list)
    for record in theirs:
        area = names.area_of(record.area)
        if area and record.location:
            homes[area].append(record.location)
    posts = [
        Post(f"{unit.id}-head-01", Role.UNIT_HEAD, f"{unit.zh}负责人01号", f"{unit.en}, head 01", unit.id, centre, skills=skills),
        Post(f"{unit.id}-01", Role.UNIT_WORKER, f"{unit.zh}全市岗01号", f"{unit.en}, whole city 01", unit.id, centre, skills=skills),
    ]
    for area, zh in names.neighbourhoods.items():
        if len(homes[area]) >= FEWEST:
            mine = tuple(square.id for square in grids if square.area == area)
            title = f"{unit.zh}{zh}岗01号", f"{unit.en}, {area} 01"
            posts.append(Post(f"{unit.id}-{area_id(area)}-01", Role.UNIT_WORKER, *title, unit.id, middle(homes[area]), mine, skills))
    return posts


def grid_posts(placed: Sequence[Recorded], grids: Sequence[Square], names: Names, department: str) -> list[Post]:
    """Return one grid worker for each neighbourhood."""
    posts = []
    for area, zh in names.neighbourhoods.items():
        mine = tuple(square.id for square in grids if square.area == area)
        if mine:
            home = middle([record.location for record in placed if record.location and names.area_of(record.area) == area])
            title = f"{zh}网格员01号", f"{area}, grid worker 01"
            posts.append(Post(f"grid-worker-{area_id(area)}-01", Role.GRID_WORKER, *title, department, home, mine, ("survey",)))
    return posts


def watching(department: str, centre: Location) -> list[Post]:
    """Return operators, duty officers, and a leader for each level."""
    both = [(Role.OPERATOR, "派遣员", "Operator", 0), (Role.DUTY_OFFICER, "值班长", "Duty officer", 2)]
    leaders = [
        (0, "社区协调负责人", "Neighbourhood services leader"),
        (1, "部门分管领导", "Departments' leader"),
        (2, "市长办公室领导", "Mayor's office leader"),
    ]
    posts = [
        Post(f"{role.value.replace('_', '-')}-{n:02d}", role, f"{zh}{n:02d}号", f"{en} {n:02d}", department, centre, level=level)
        for role, zh, en, level in both
        for n in (1, 2)
    ]
    return posts + [Post(f"leader-{n:02d}", Role.LEADER, zh, en, department, centre, level=n) for n, zh, en in leaders]


def write_posts(file: Path, posts: Sequence[Post]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened, lineterminator="\n")
        rows.writerow(POST)
        for post in posts:
            where = (f"{post.home.lat:.4f}", f"{post.home.lon:.4f}")
            lists = (" ".join(post.grids), " ".join(post.skills), "en")
            rows.writerow((post.id, post.role.value, post.zh, post.en, post.department, *lists, post.level, ROOM, *where, ALWAYS))
