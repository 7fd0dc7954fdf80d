"""Telling a surviving case who follows it: those that were merged into it, and no longer those that were separated again."""

from collections import Counter
from datetime import datetime, timedelta

from shared.case import MAX_FOLLOWERS, Case, Status
from shared.events import AnyEvent, CaseJoined, CaseParted
from shared.service import World

BY = "triage"
NEWEST = 5  # of the followers of a case are looked at when something is said about it
TOLD_AGAIN_AFTER = timedelta(seconds=60)
# The survivor may be told that somebody joined a moment after they were separated again: so a separated case looks more than once.
LOOKS_AFTER = (timedelta(seconds=2), timedelta(seconds=10), TOLD_AGAIN_AFTER)


def joined(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Tell the survivor who follows it now: the case itself, and all that had joined it before."""
    return [
        CaseJoined(id=f"{follower}->{case.into}/joined/{case.version}", case_id=case.into, at=now, by=BY, follower=follower)
        for follower in untold(case, world)
        if case.into
    ]


def untold(case: Case, world: World) -> list[str]:
    """Return who follows the survivor without its knowing, as far as it has room. A survivor that cannot be seen is told all."""
    ours = (case.id, *case.followers)
    survivor = world.others.get(case.into or "")
    if survivor is None:
        return list(ours)
    known = set(survivor["followers"])
    return [follower for follower in ours if follower not in known][: max(0, MAX_FOLLOWERS - len(known))]


def parted(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Tell the survivor who follows it no longer: the case and its own followers, once it is separated, and whoever has left the case."""
    survivor = left(case) or (case.into if case.status is Status.MERGED else "")
    if not survivor or survivor not in world.others:
        return []
    ours = [(one, f"{case.id}/{len(case.apart)}") for one in (case.id, *case.followers)] if left(case) else []
    gone = [(one, f"{case.id}/left/{times}") for one, times in departed(case).items() if not elsewhere(one, case, world)]
    known = set(world.others[survivor]["followers"])
    return [
        CaseParted(id=f"{one}->{survivor}/parted/{why}", case_id=survivor, at=now, by=BY, follower=one)
        for one, why in (*ours, *gone)
        if one in known
    ]


def strayed(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Let those go who joined only after they had been separated again: whoever said that they follow had not heard of it."""
    gone = [(one, last(one, case, world)) for one in newest(case)]
    return [
        CaseParted(id=f"{one}->{case.id}/parted/{end}/{len(world.others[end]['apart'])}", case_id=case.id, at=now, by=BY, follower=one)
        for one, end in gone
        if end in world.others and end != case.id and list(world.others[end]["apart"])[-1:] == [case.id]
    ]


def newest(case: Case) -> tuple[str, ...]:
    return case.followers[-NEWEST:]


def last(one: str, case: Case, world: World) -> str:
    """Return the case that `one` leads to by what it is merged into, as far as can be seen."""
    while one in world.others and one != case.id and world.others[one]["into"]:
        one = world.others[one]["into"]
    return one


def departed(case: Case) -> dict[str, int]:
    """Return who followed the case and was separated from it, and how often: the case into which it was merged must hear of it too."""
    gone = Counter(id.partition("->")[0] for id in case.ids if f"->{case.id}/parted/" in id)
    return {one: times for one, times in gone.items() if one not in case.followers}


def elsewhere(one: str, case: Case, world: World) -> bool:
    """Whether somebody who left the case now follows a case that is neither this one, as an old row may say, nor has left it too."""
    end = last(one, case, world)
    return end != case.id and end not in departed(case)


def left(case: Case) -> str:
    """Return the survivor from which the case was separated last, if it has not joined it again."""
    return case.apart[-1] if case.apart and case.into != case.apart[-1] else ""


def look_again(case: Case, now: datetime) -> datetime | None:
    """Return when to look once more whether the survivor knows that the case is separated."""
    if not left(case):
        return None
    return next((case.since + after for after in LOOKS_AFTER if case.since + after > now), None)


def survivors(case: Case) -> set[str]:
    """Return the cases that the case must see in order to tell them something, or that it tells of."""
    return {one for one in (case.into if case.status is Status.MERGED else None, left(case), *departed(case), *newest(case)) if one}
