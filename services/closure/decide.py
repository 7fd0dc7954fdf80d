"""Closure confirms what needs no eyes, closes once nobody has objected, publishes the outcome, and reopens what was not solved."""

from datetime import datetime, timedelta

from shared.case import Case, Status
from shared.city import City
from shared.events import AnyEvent, CaseClosed, CaseReopened, OutcomePublished, ResolutionRejected, ResolutionVerified
from shared.service import Fields, World

SOLVED = "The report was dealt with."
SOLVED_ZH = "该事项已办理。"


def decide(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Say the one thing that there is to say about a completed or closed case."""
    match case.status:
        case Status.COMPLETED:
            return completed(case, world.city, now)
        case Status.CLOSED:
            return closed(case, world.city, now)
        case _:
            return []


def completed(case: Case, city: City, now: datetime) -> list[AnyEvent]:
    if case.unsolved:
        reason = "a resident says that it is not solved / 居民反映问题未解决"
        return [ResolutionRejected.of(case, at=now, by="closure", reason=reason)]
    if not case.verified:
        return [] if must_be_seen(case) else [confirmed(case, now)]
    if now >= objection_ends(case, city):
        return [CaseClosed.of(case, at=now, by="closure", outcome=case.outcome)]
    return []


def closed(case: Case, city: City, now: datetime) -> list[AnyEvent]:
    if case.unsolved and may_reopen(case, city, now):
        return [reopened(case, city, "a resident says that it is not solved / 居民反映问题未解决", at=now, by="closure")]
    publish_at = publication(case, city)
    return [published(case, city, now)] if publish_at is not None and now >= publish_at else []


def must_be_seen(case: Case) -> bool:
    """Whether somebody other than the handler has to look at the result."""
    return case.classification is None or case.classification.check


def confirmed(case: Case, now: datetime) -> ResolutionVerified:
    reason = "this category needs no check on site / 该类别无需现场核查"
    return ResolutionVerified.of(case, at=now, by="closure", reason=reason)


def objection_ends(case: Case, city: City) -> datetime:
    """Return until when residents can object before the case is closed."""
    return (case.completed_at or case.since) + timedelta(hours=city.objection_hours)


def may_reopen(case: Case, city: City, now: datetime) -> bool:
    """Whether a closed case can still be reopened, by its time and by how often that happened."""
    return case.reopenings < city.max_reopenings and now < reopening_ends(case, city)


def reopening_ends(case: Case, city: City) -> datetime:
    return (case.closed_at or case.since) + timedelta(days=city.reopen_days)


def reopened(case: Case, city: City, reason: str, *, at: datetime, by: str, id: str | None = None, late: bool = False) -> CaseReopened:
    """Word the reopening; both clocks begin anew. The case must have been classified."""
    what, start = case.classification, max(at, case.last_at)
    if what is None:
        raise ValueError(f"case {case.id} was closed without a classification")
    category = city.categories.get(what.category)
    respond = city.respond_limit(category, what.condition, what.grade) if category else city.respond_within[what.grade]
    return CaseReopened.of(
        case,
        at=at,
        by=by,
        id=id,
        late=late,
        reason=reason,
        respond_by=city.calendar.add(start, respond),
        resolve_by=city.calendar.add(start, what.limit),
    )


def publication(case: Case, city: City) -> datetime | None:
    """Return when the outcome of this closing is to be published; None if it was, or never may be."""
    if case.published >= case.closings or case.classification is None or case.classification.confidential:
        return None
    wait = min(timedelta(hours=city.publish_after_hours), timedelta(days=city.publish_within_days))
    return (case.closed_at or case.since) + wait


def published(case: Case, city: City, now: datetime) -> OutcomePublished:
    """Word the outcome as the category does: nothing that a person wrote."""
    category = city.categories.get(case.classification.category) if case.classification else None
    zh, en = (category.outcome.zh, category.outcome.en) if category else (SOLVED_ZH, SOLVED)
    return OutcomePublished.of(
        case,
        at=now,
        by="closure",
        id=f"{case.id}/published/{case.closings}",
        text=f"{zh}\n{en}",
        closing=case.closings,
    )


def due(case: Case, world: World, now: datetime) -> datetime | None:
    """Return when to look again: at the end of the time to object, or when the outcome is to be published."""
    at = None
    if case.status is Status.COMPLETED and case.verified:
        at = objection_ends(case, world.city)
    elif case.status is Status.CLOSED:
        at = publication(case, world.city)
    return at if at is not None and at > now else None


def fields(case: Case, city: City) -> Fields:
    """Name what closure finds cases by: those that wait for a check, by when they were completed."""
    unchecked = case.status is Status.COMPLETED and must_be_seen(case) and not case.verified
    return {"number": case.number, "check_since": case.completed_at if unchecked else None, "waits_for_check": unchecked}
