"""A report whose reporter says that it is the same as an open case: it joins that case at once, unless something speaks against it.

The word of the reporter stands for category, words and age: whatever the type, it is the same thing. It does not stand against the two
places, where both are known; against danger, which is never put behind a case that is none; nor against what is confidential.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.triage.assessing import assessed, judged
from services.triage.likeness.cases import place_in
from shared.access import confidential
from shared.case import MAX_FOLLOWERS, Case, Status
from shared.city import City, Words, metres
from shared.number import shown
from shared.service import Fields, World
from shared.stamps import unstamped
from shared.terms import Grade, Location

REACH_M = 300.0  # so far apart two places of one thing may be, as people place it; a proposal
AGAIN = timedelta(minutes=10)  # a report that nobody has filed looks again so often whether the case can take it by now


@dataclass(frozen=True)
class Named:
    """The open case that a reporter named, or its survivor. `way` in metres, None where a place is unknown."""

    id: str
    named: str
    number: str
    reported_at: datetime
    way: float | None
    danger: bool

    @property
    def reason(self) -> Words:
        """Who says so, and how far apart the two places are."""
        zh, en = f"上报人称与案件 {shown(self.named)} 为同一件事", f"the reporter says that it is the same as case {shown(self.named)}"
        if self.number != self.named:
            zh, en = f"{zh}（已并入 {shown(self.number)}）", f"{en}, which was merged into {shown(self.number)}"
        if self.way is not None:
            zh, en = f"{zh}，相距 {self.way:.0f} 米", f"{en}, {self.way:.0f} m away"
        return Words(zh=zh, en=en)


def names(case: Case) -> bool:
    """Whether the word of the reporter still counts; it does not once a person has said that this is a case of its own."""
    return case.same_as is not None and not case.apart


def asked(cases: Iterable[Case], others: Mapping[str, Fields]) -> set[str]:
    """Return which cases must be seen yet: those that reporters named, and what these were merged into."""
    ends = {end_of(case.same_as, others) for case in cases if case.same_as is not None and names(case)}
    return ends - others.keys()


def end_of(id: str, others: Mapping[str, Fields]) -> str:
    """Return the case that `id` was merged into in the end, as far as can be seen."""
    way = [id]
    while way[-1] in others and (into := others[way[-1]]["into"]) and into not in way:
        way.append(into)
    return way[-1]


def named(case: Case, world: World) -> Named | None:
    """Return the case that the reporter named, or its survivor, if it may take this one; danger is not looked at."""
    if case.same_as is None or not names(case) or confidential(case, world.city):
        return None
    id = end_of(case.same_as, world.others)
    row, place = world.others.get(id), place_in(world.city, case.location)
    if row is None or not row["takes"] or len(row["followers"]) >= MAX_FOLLOWERS:
        return None
    reported_at = unstamped(row["reported"])
    there = Location(lat=row["lat"], lon=row["lon"]) if row["lat"] is not None else None
    way = metres(place, there) if place and there else None
    if (reported_at, id) >= (case.reported_at, case.id) or (way is not None and way > REACH_M):
        return None
    return Named(id, world.others[case.same_as]["number"], row["number"], reported_at, way, row["danger"])


def fields(case: Case, city: City, joinable: bool) -> Fields:
    """Return what a report that names this case must know of it: whether it may be joined at all, and whether it is an emergency."""
    takes = joinable and not confidential(case, city)
    return {"takes": takes, "danger": takes and danger(case, city)}


def danger(case: Case, city: City) -> bool:
    """Whether the case is an emergency: as it was filed, or else as it would be."""
    if case.grade is not None:
        return case.grade is Grade.EMERGENCY
    found = judged(case, city)
    return (found.grade if found else assessed(case, city).grade) is Grade.EMERGENCY


def look_again(case: Case, now: datetime) -> datetime | None:
    """Return when to look once more whether the named case can take a report that waits for somebody to file it."""
    return now + AGAIN if case.status is Status.REPORTED and names(case) else None
