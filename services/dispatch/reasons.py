"""Why somebody is asked, in plain words of both languages."""

from dataclasses import dataclass

from shared.case import Case
from shared.city import City, Person


@dataclass(frozen=True)
class Rank:
    """Where a person stands among those on duty who come equally into question; `away` in metres, None if the place is unknown."""

    position: int
    peers: int
    load: int
    away: float | None


def reason(case: Case, city: City, person: Person, rank: Rank) -> str:
    """Say it like "nearest of 4 on duty with skill 'drainage', 320 m away, 2 of 6 tasks"."""
    category = city.categories.get(case.classification.category) if case.classification else None
    skills = ", ".join(sorted(category.skills)) if category and category.skills <= person.skills else ""
    grid = case.classification.grid if case.classification else None
    en, zh = [english(rank, skills)], [chinese(rank, skills)]
    if grid in person.grids:
        en.append(f"looks after grid {grid}")
        zh.append(f"负责网格{grid}")
    if rank.away is not None:
        en.append(f"{rank.away:.0f} m away")
        zh.append(f"距离{rank.away:.0f}米")
    en.append(f"{rank.load} of {person.capacity} tasks")
    zh.append(f"手头任务{rank.load}/{person.capacity}")
    return f"{', '.join(en)} / {'，'.join(zh)}"


def english(rank: Rank, skills: str) -> str:
    near = rank.away is not None
    first = "nearest" if near else "least busy"
    place = first if rank.position == 1 else f"number {rank.position} by {'distance' if near else 'tasks'}"
    return f"{place} of {rank.peers} on duty" + (f" with skill '{skills}'" if skills else "")


def chinese(rank: Rank, skills: str) -> str:
    near = rank.away is not None
    who = f"{rank.peers}名在岗且具备“{skills}”技能的人员" if skills else f"{rank.peers}名在岗人员"
    first = "距离最近" if near else "任务最少"
    return who + "中" + (first if rank.position == 1 else f"按{'距离' if near else '任务'}排第{rank.position}位")
