"""The types of a record as categories: their group, department, grade, limit and words."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from deploy.city.names import Names
from deploy.replay.columns import Recorded
from deploy.replay.pack import limit_of, most, new_code
from shared.city import plain
from shared.terms import Grade

URGENT_UP_TO = timedelta(days=1.1)
HELPS = 0.1  # a department with this share of a type's cases helps with it


class Target(NamedTuple):
    """How long a type may take, and whether that is a proposal of ours and not the record's."""

    span: timedelta
    proposal: bool


@dataclass(frozen=True)
class Kind:
    """One type of the record as it becomes a category."""

    code: str
    name: str
    group: str
    department: str
    supporting: tuple[str, ...]
    grade: Grade
    target: Target
    zh: str
    words: tuple[str, ...]


def kinds_of(records: Sequence[Recorded], names: Names) -> list[Kind]:
    """Return the types in order of their names."""
    by_name: dict[str, list[Recorded]] = defaultdict(list)
    for record in records:
        by_name[record.category].append(record)
    codes: set[str] = set()
    return [kind_of(name, alike, names, codes) for name, alike in sorted(by_name.items())]


def kind_of(name: str, alike: Sequence[Recorded], names: Names, codes: set[str]) -> Kind:
    spoken, target = names.types[name], target_of(alike, names)
    main = most(record.department for record in alike)
    shares = Counter(record.department for record in alike)
    words = {plain(word): word for word in (name, spoken.zh, *spoken.words)}
    return Kind(
        code=new_code(name, codes),
        name=name,
        group=names.reasons[most(record.reason for record in alike)],
        department=names.departments[main].id,
        supporting=tuple(names.departments[one].id for one, n in sorted(shares.items()) if one != main and n >= HELPS * len(alike)),
        grade=spoken.grade or (Grade.URGENT if target.span <= URGENT_UP_TO and not target.proposal else Grade.NORMAL),
        target=target,
        zh=spoken.zh,
        words=tuple(words.values()),
    )


def target_of(alike: Sequence[Recorded], names: Names) -> Target:
    """Return the median of target minus opening, if enough of the type's cases have a target; else the usual limit, as a proposal."""
    having = [record for record in alike if record.target]
    found = limit_of(having) if len(having) >= names.enough_targets * len(alike) else None
    return Target(found, False) if found else Target(timedelta(days=names.usual_days), True)
