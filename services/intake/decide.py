"""What intake says by itself: scheduled work comes again, as a new case, some days after the last one was closed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.case import Case, Status
from shared.city import City
from shared.events import AnyEvent, CaseReported, derived_id
from shared.number import number_of
from shared.service import Fields, Query, World

BY = "intake"
LOOKS_AGAIN_AFTER = timedelta(minutes=1)  # until the new case is seen


def decide(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """File the next case of scheduled work once its time has come, unless it is there."""
    comes = comes_again(case, world.city)
    if comes is None or now < comes or next_id(case) in world.others:
        return []
    return [following(case, now)]


def due(case: Case, world: World, now: datetime) -> datetime | None:
    """Say when the next case is to be filed; then, whether it is there has to be looked at once more."""
    comes = comes_again(case, world.city)
    if comes is None or next_id(case) in world.others:
        return None
    return comes if comes > now else now + LOOKS_AGAIN_AFTER


def look(cases: Sequence[Case], city: City, now: datetime) -> list[Query]:
    """Ask whether the next cases are there."""
    following = tuple(sorted(next_id(case) for case in cases if comes_again(case, city)))
    return [{"_id": following}] if following else []


def fields(case: Case, city: City) -> Fields:
    """Return what a case is found by: the number that its reporter reads out."""
    return {"number": case.number}


def next_id(case: Case) -> str:
    return derived_id(case.id, "next")


def comes_again(case: Case, city: City) -> datetime | None:
    """Return when the work of a closed case is due again; None if it is not of a kind that repeats."""
    if case.status is not Status.CLOSED or case.closed_at is None or case.classification is None:
        return None
    category = city.categories.get(case.classification.category)
    if category is None or category.repeat_days is None:
        return None
    return case.closed_at + timedelta(days=category.repeat_days)


def following(case: Case, now: datetime) -> CaseReported:
    """Return the report that follows `case`: the same work at the same place."""
    new = Case(id=next_id(case))
    return CaseReported.of(
        new,
        at=max(now, case.last_at),
        by=BY,
        number=number_of(new.id),
        text=case.text,
        channel="system",
        language=case.language,
        location=case.location,
        address=case.address,
        category=case.classification.category if case.classification else None,
        attributes=case.attributes,
        follows=case.id,
    )
