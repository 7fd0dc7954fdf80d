"""Why somebody is asked, in plain words of both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from babel import Locale

from services.dispatch.cost import Cost
from services.dispatch.workload import Wanted, counted
from shared.city import City, Person, Words


class Standing(Enum):
    """Whether dispatch may ask somebody now, or else why not, in English and Chinese."""

    FREE = ("", "")
    ASKED = ("was asked already", "已派过单")
    AWAY = ("off duty", "不在岗")


@dataclass(frozen=True)
class Rank:
    """Where a person stands among those on duty who come equally into question, and whether nobody of them is nearer."""

    position: int
    peers: int
    load: int
    nearest: bool
    standing: Standing = Standing.FREE


def reason(wanted: Wanted, city: City, person: Person, rank: Rank, cost: Cost) -> Words:
    """Say it like "nearest of 4 on duty with skill 'drainage', 320 m away, 2 of 6 tasks"."""
    category = city.categories.get(wanted.category)
    skills = called(category.skills, city) if category and category.skills <= person.skills else None
    parts = [*stands(rank, cost, skills), *facts(wanted, person, cost)]
    if counted(person):
        parts.append((f"{rank.load} of {person.capacity} tasks", f"手头任务{rank.load}/{person.capacity}"))
    return Words(en=", ".join(en for en, _ in parts), zh="，".join(zh for _, zh in parts))


def called(skills: Iterable[str], city: City) -> Words:
    """Return how the city calls the skills: by names of their own, else as groups of categories that have the same ids."""
    names = [city.skills.get(skill) or city.groups.get(skill) or Words(zh=skill, en=skill) for skill in sorted(skills)]
    return Words(zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names))


@lru_cache
def language_named(code: str) -> Words:
    """Return the name of a language; its code (BCP 47) where the CLDR has no name for it."""
    zh, en = (Locale(reader).languages.get(code.partition("-")[0].lower(), code) for reader in ("zh", "en"))
    return Words(zh=zh, en=en)


def joined(said: Words) -> str:
    """Return both languages in one line, as a fact keeps them."""
    return f"{said.en} / {said.zh}"


def stands(rank: Rank, cost: Cost, skills: Words | None) -> list[tuple[str, str]]:
    """Return where somebody stands among those who may be asked, or why they do not."""
    if rank.standing is Standing.FREE:
        return [(english(rank, cost, skills), chinese(rank, cost, skills))]
    return [rank.standing.value, *([(f"has skill '{skills.en}'", f"具备“{skills.zh}”技能")] if skills else [])]


def facts(wanted: Wanted, person: Person, cost: Cost) -> list[tuple[str, str]]:
    """Return what speaks for a person, and what one must know."""
    found = []
    if wanted.grid in person.grids:
        found.append((f"looks after grid {wanted.grid}", f"负责网格{wanted.grid}"))
    if cost.way is not None:
        found.append((f"{cost.way:.0f} m away", f"距离{cost.way:.0f}米"))
    if cost.near is not None:
        found.append((f"has a task {cost.near:.0f} m from there", f"在{cost.near:.0f}米外有在办任务"))
    if cost.handled:
        found.append(("has handled this case before", "曾处置本案"))
    elif cost.knows:
        found.append(("was the last to handle something here", "上次处置过此处"))
    language = language_named(wanted.language)
    if not cost.shares_language:
        found.append((f"an interpreter for {language.en} is needed", f"需要{language.zh}翻译"))
    elif wanted.language != "zh":
        found.append((f"speaks {language.en}", f"会说{language.zh}"))
    if cost.leaves:
        found.append(("in the next shift", "下一班次处置"))
    return found


def english(rank: Rank, cost: Cost, skills: Words | None) -> str:
    if rank.position > 1:
        place = f"number {rank.position}"
    elif cost.way is None:
        place = "least busy"
    else:
        place = "nearest" if rank.nearest else "free soonest"
    return f"{place} of {rank.peers} on duty" + (f" with skill '{skills.en}'" if skills else "")


def chinese(rank: Rank, cost: Cost, skills: Words | None) -> str:
    who = f"{rank.peers}名在岗且具备“{skills.zh}”技能的人员" if skills else f"{rank.peers}名在岗人员"
    if rank.position > 1:
        return f"{who}中排第{rank.position}位"
    if cost.way is None:
        return f"{who}中任务最少"
    return f"{who}中{'距离最近' if rank.nearest else '可最早到场'}"
