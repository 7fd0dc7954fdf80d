"""What triage says by itself: the classification of a report, that it is a duplicate, and to a survivor who follows it now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.triage import naming
from services.triage.assessing import category_of, in_both, judged, prepare
from services.triage.classify import classify
from services.triage.duplicates import JOINABLE, Original, original, place_of
from services.triage.joining import TOLD_AGAIN_AFTER, joined, look_again, parted, strayed, survivors, untold
from services.triage.likeness.automatic import surest, wanted_for
from services.triage.likeness.cases import saved
from services.triage.likeness.near import FIELD
from services.triage.verifying import must_be_verified, pending, verification
from shared.case import IN_HAND, Case, Status
from shared.city import City
from shared.events import AnyEvent, CaseMerged, CaseRevived, CaseTriaged
from shared.service import Fields, Query, World
from shared.stamps import stamp
from shared.terms import Words

BY = "triage"
# Two processes that classify two reports of one thing at the same moment do not see each other's:
# both look again, so long as nobody has been asked to take the case.
UNSEEN = Words(zh="逾时未核实，先行立案", en="filed unverified, for nobody looked in time")
REPAIRED_FOR = timedelta(minutes=10)
LOOKS_AFTER = (timedelta(seconds=2), timedelta(seconds=10))


def decide(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Say what there is to say about the case now."""
    return [*parted(case, world, now), *strayed(case, world, now), *own(case, world, now)]


def own(case: Case, world: World, now: datetime) -> list[AnyEvent]:
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
    """Say when to look again, because another case alone can call for a fact, or because nobody has looked in time."""
    moments = [look_again(case, now), naming.look_again(case, now)]
    if case.status is Status.MERGED and untold(case, world):
        moments.append(now + TOLD_AGAIN_AFTER)
    if case.status is Status.REPORTED and pending(case):
        moments.append(case.verify_by)
    if case.status is Status.TRIAGED and case.triaged_at and unclaimed(case, now) and (naming.names(case) or place_of(case, world.city)):
        moments.extend(case.triaged_at + after for after in LOOKS_AFTER)
    return min((at for at in moments if at is not None and at > now), default=None)


def look(cases: Sequence[Case], city: City, now: datetime) -> list[Query]:
    """Ask for the neighbours of what may be a duplicate, for what its reporter named, and for survivors of what was merged or separated."""
    prepare([case for case in cases if case.status is Status.REPORTED and case.classification is None], city)
    open = [case for case in cases if mergeable(case)]
    places = [place_of(case, city) for case in open]
    cells = {cell for place in places if place for cell in place.around}
    around = {cell for place in places if place for cell in wanted_for(place, city).get(FIELD, ())}
    known = {survivor for case in cases for survivor in survivors(case)} | naming.asked(open, {})
    return [{field: tuple(sorted(values))} for field, values in (("cell", cells), (FIELD, around), ("_id", known)) if values]


def look_on(cases: Sequence[Case], others: Mapping[str, Fields]) -> list[Query]:
    """Ask for what the cases that reporters named were merged into."""
    further = naming.asked([case for case in cases if mergeable(case)], others)
    return [{"_id": tuple(sorted(further))}] if further else []


def mergeable(case: Case) -> bool:
    """Whether the case may be merged by itself, so that its neighbours must be seen."""
    return case.status is Status.REPORTED or unclaimed(case, case.last_at)


def fields(case: Case, city: City) -> Fields:
    """Return what a case is found by: by those that repeat it, by its number, by who is to look, and in the operators' queues."""
    place = place_of(case, city) if case.status in JOINABLE else None
    category = category_of(case, city) if case.status in JOINABLE else None
    asks = case.asks and case.status in IN_HAND
    return {
        **saved(case, category.code if category else "", city),
        **naming.fields(case, city, case.status in JOINABLE),
        "cell": place.cell if place else None,
        "into": case.into,
        "apart": case.apart,
        "number": case.number,
        "queued": queued(case) if case.status is Status.REPORTED and not pending(case) else "",
        "doubted": queued(case) if asks else "",
        "verifier": case.verifier if case.status is Status.REPORTED and pending(case) else None,
    }


def queued(case: Case) -> str:
    """Return the place of a case in the operators' queue: the oldest first, of equals in order of their ids."""
    return f"{stamp(case.reported_at)}/{case.id}"


def triaged(case: Case, city: City, now: datetime) -> list[AnyEvent]:
    """Classify the report, or ask somebody to look first; one that a person or a rule has classified before keeps what was said."""
    if case.classification is not None:
        reason = "沿用先前的分类 / as classified before"
        kept = {"respond_by": case.respond_by, "resolve_by": case.resolve_by, "calendar": case.calendar}
        return [CaseTriaged.of(case, at=now, by=BY, classification=case.classification.model_copy(update=kept), reason=reason)]
    if pending(case) and case.verify_by is not None and now < case.verify_by:
        return []
    found = judged(case, city)
    if found is None:
        return []
    filed_at = max(now, case.last_at)
    what = classify(case, found.category, found.condition, city, reported_at=case.reported_at, filed_at=filed_at, grade=found.grade)
    if case.verify_by is None and must_be_verified(case, found.category, what.grade) and (asked := verification(case, what, city, now)):
        return asked
    return [
        CaseTriaged.of(
            case,
            at=now,
            by=BY,
            classification=what,
            reason=in_both((*found.reasons, UNSEEN) if pending(case) else found.reasons),
            model=found.model,
            probability=found.probability,
            alternatives=found.alternatives,
            asks=found.asks,
        )
    ]


def merged(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Merge the case into the one that its reporter named; else into the earliest open one that it repeats, or into the likeliest by what
    was learned, if its category allows it."""
    if named := naming.named(case, world):
        return joins(case, named, world.city, now)
    place = None if case.apart else place_of(case, world.city)  # a person said that it is a case of its own
    first = original(place, world.others) or surest(place, world.others, world.city) if place else None
    if first is None:
        return []
    reason = nearness(case, first)
    return [CaseMerged.of(case, at=now, by=BY, into=first.id, into_reported_at=first.reported_at, reason=reason)]


def joins(case: Case, named: naming.Named, city: City, now: datetime) -> list[AnyEvent]:
    """Merge the case into the one that its reporter named; an emergency is not put behind a case that is none: that is for a person."""
    if naming.danger(case, city) and not named.danger:
        return []
    return [CaseMerged.of(case, at=now, by=BY, into=named.id, into_reported_at=named.reported_at, reason=in_both([named.reason]))]


def nearness(case: Case, first: Original) -> str:
    minutes = round((case.reported_at - first.reported_at) / timedelta(minutes=1))
    zh = f"同类问题，相距 {first.metres:.0f} 米，早 {minutes} 分钟上报"
    en = f"same category, {first.metres:.0f} m away, reported {minutes} minutes earlier"
    if first.chance is not None:
        zh, en = f"{zh}；依本市历史判断，重复的把握为 {first.chance:.0%}", f"{en}; {first.chance:.0%} sure by the city's history"
    return f"{zh} / {en}"


def unclaimed(case: Case, now: datetime) -> bool:
    """Whether the case was classified a moment ago and nobody has been asked to take it."""
    return (
        case.status is Status.TRIAGED and case.assigned_at is None and case.triaged_at is not None and now - case.triaged_at <= REPAIRED_FOR
    )
