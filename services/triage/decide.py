"""What triage says by itself: the classification of a report, that it is a duplicate, and to a survivor who follows it now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.triage.classify import category_of, classify, why
from services.triage.duplicates import JOINABLE, Original, original, place_of, stamp
from services.triage.words import condition_of
from shared.case import MAX_FOLLOWERS, Case, Status
from shared.city import City
from shared.events import AnyEvent, CaseJoined, CaseMerged, CaseRevived, CaseTriaged
from shared.service import Fields, Query, World

BY = "triage"
# Two processes that classify two reports of one thing at the same moment do not see each other's:
# both look again, so long as nobody has been asked to take the case.
REPAIRED_FOR = timedelta(minutes=10)
LOOKS_AFTER = (timedelta(seconds=2), timedelta(seconds=10))
TOLD_AGAIN_AFTER = timedelta(seconds=60)


def decide(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Say what there is to say about the case now."""
    match case.status:
        case Status.REPORTED:
            return merged(case, world, now) or triaged(case, world.city, now)
        case Status.TRIAGED if unclaimed(case, now):
            return merged(case, world, now)
        case Status.MERGED:
            return joined(case, world, now)
        case Status.WITHDRAWN if case.followers:
            return [CaseRevived.of(case, at=now, by=BY)]
        case _:
            return []


def due(case: Case, world: World, now: datetime) -> datetime | None:
    """Say when to look again, because another case alone can call for a fact."""
    if case.status is Status.MERGED and untold(case, world):
        return now + TOLD_AGAIN_AFTER
    if case.status is Status.TRIAGED and case.triaged_at and unclaimed(case, now) and place_of(case, world.city):
        return next((case.triaged_at + after for after in LOOKS_AFTER if case.triaged_at + after > now), None)
    return None


def look(cases: Sequence[Case], city: City) -> list[Query]:
    """Ask for the neighbours of what may be a duplicate, and for the survivors of what was merged."""
    places = [place_of(case, city) for case in cases if case.status is Status.REPORTED or unclaimed(case, case.last_at)]
    cells = {cell for place in places if place for cell in place.around}
    survivors = {case.into for case in cases if case.status is Status.MERGED}
    return [{field: tuple(sorted(values))} for field, values in (("cell", cells), ("_id", survivors)) if values]


def fields(case: Case, city: City) -> Fields:
    """Return what a case is found by: by its duplicates (`cell`), by its number, and in the operators' queue (`queued`)."""
    place = place_of(case, city) if case.status in JOINABLE else None
    return {
        "cell": place.cell if place else None,
        "lat": place.at.lat if place else None,
        "lon": place.at.lon if place else None,
        "reported": stamp(case.reported_at),
        "followers": case.followers,
        "number": case.number,
        "queued": queued(case) if case.status is Status.REPORTED else "",
    }


def queued(case: Case) -> str:
    """Return the place of a case in the operators' queue: the oldest first, of equals in order of their ids."""
    return f"{stamp(case.reported_at)}/{case.id}"


def triaged(case: Case, city: City, now: datetime) -> list[AnyEvent]:
    """Classify the report; one that a person or a rule has classified before keeps what was said."""
    if case.classification is not None:
        reason = "沿用先前的分类 / as classified before"
        return [CaseTriaged.of(case, at=now, by=BY, classification=case.classification, reason=reason)]
    category = category_of(case, city)
    if category is None:
        return []
    condition = condition_of(case.text, category.code, city)
    filed_at = max(now, case.last_at)
    what = classify(case, category, condition, city, reported_at=case.reported_at, filed_at=filed_at)
    return [CaseTriaged.of(case, at=now, by=BY, classification=what, reason=why(case, category, city))]


def merged(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Merge the case into the earliest open one that it repeats, if its category's rule may do so."""
    place = place_of(case, world.city)
    first = original(place, world.others) if place else None
    if first is None:
        return []
    reason = nearness(case, first)
    return [CaseMerged.of(case, at=now, by=BY, into=first.id, into_reported_at=first.reported_at, reason=reason)]


def nearness(case: Case, first: Original) -> str:
    minutes = round((case.reported_at - first.reported_at) / timedelta(minutes=1))
    return (
        f"同类问题，相距 {first.metres:.0f} 米，早 {minutes} 分钟上报 / "
        f"same category, {first.metres:.0f} m away, reported {minutes} minutes earlier"
    )


def joined(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Tell the survivor who follows it now: the case itself, and all that had joined it before."""
    return [
        CaseJoined(id=f"{follower}->{case.into}/joined", case_id=case.into, at=now, by=BY, follower=follower)
        for follower in untold(case, world)
        if case.into
    ]


def untold(case: Case, world: World) -> list[str]:
    """Return who follows the survivor without its knowing, as far as it has room. A survivor that cannot be seen is told all."""
    ours = (case.id, *case.followers)
    survivor = world.others.get(case.into or "")
    if survivor is None:
        return list(ours)
    known = frozenset(survivor["followers"])
    return [follower for follower in ours if follower not in known][: max(0, MAX_FOLLOWERS - len(known))]


def unclaimed(case: Case, now: datetime) -> bool:
    """Whether the case was classified a moment ago and nobody has been asked to take it."""
    return (
        case.status is Status.TRIAGED and case.assigned_at is None and case.triaged_at is not None and now - case.triaged_at <= REPAIRED_FOR
    )
