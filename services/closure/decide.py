"""Closure confirms what needs no eyes, closes once nobody has objected, publishes, and reopens what was not solved."""

from datetime import datetime, timedelta

from services.closure.publishing import STANDING, outcome, outcome_due, publish_by, standing, standing_due
from shared.case import Case, Status
from shared.city import City
from shared.deadline import used
from shared.demands import category_of, must_be_seen, needs_word
from shared.events import AnyEvent, CaseClosed, CaseReopened, ResolutionRejected, ResolutionVerified
from shared.service import Fields, World
from shared.stamps import stamp

UNSOLVED = "a resident says that it is not solved / 居民反映问题未解决"


def decide(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Say the one thing that there is to say about a completed or closed case, and how an unfinished one stands when it is time."""
    match case.status:
        case Status.COMPLETED:
            return completed(case, world.city, now) or stands(case, world.city, now)
        case Status.CLOSED:
            return closed(case, world.city, now)
        case _ if case.status in STANDING:
            return stands(case, world.city, now)
        case _:
            return []


def completed(case: Case, city: City, now: datetime) -> list[AnyEvent]:
    if case.unsolved:
        return [ResolutionRejected.of(case, at=now, by="closure", reason=UNSOLVED)]
    if not case.verified:
        return [] if must_be_seen(case, city) else [confirmed(case, now)]
    return [CaseClosed.of(case, at=now, by="closure", outcome=case.outcome)] if now >= closing(case, city) else []


def closed(case: Case, city: City, now: datetime) -> list[AnyEvent]:
    """Reopen what was not solved while that is possible; after that a person decides. Publish the outcome when it is time."""
    if case.unsolved and may_reopen(case, city, now):
        return [reopened(case, city, UNSOLVED, at=now, by="closure")]
    at = outcome_due(case, city)
    return [outcome(case, city, now)] if at is not None and now >= at else []


def stands(case: Case, city: City, now: datetime) -> list[AnyEvent]:
    at = standing_due(case, city)
    return [standing(case, city, now)] if at is not None and now >= at else []


def confirmed(case: Case, now: datetime) -> ResolutionVerified:
    reason = "this category needs no check on site / 该类别无需现场核查"
    return ResolutionVerified.of(case, at=now, by="closure", reason=reason)


def objection_ends(case: Case, city: City) -> datetime:
    """Return until when residents can object before the case is closed."""
    return (case.completed_at or case.since) + timedelta(hours=city.objection_hours)


def closing(case: Case, city: City) -> datetime:
    """Return when a verified case is closed: once nobody can object; where the reporter's word is missing, after the time to call back."""
    return objection_ends(case, city) + timedelta(hours=city.call_back_hours if needs_word(case, city) else 0)


def may_reopen(case: Case, city: City, now: datetime) -> bool:
    """Whether a closed case can still be reopened, by its time and by how often that happened."""
    return case.reopenings < city.max_reopenings and now < reopening_ends(case, city)


def reopening_ends(case: Case, city: City) -> datetime:
    return (case.closed_at or case.since) + timedelta(days=city.reopen_days)


def reopened(case: Case, city: City, reason: str, *, at: datetime, by: str, id: str | None = None, late: bool = False) -> CaseReopened:
    """Word the reopening: the answer is due anew, the limit goes on. The case must have been classified."""
    what, start = case.classification, max(at, case.last_at)
    if what is None:
        raise ValueError(f"case {case.id} was closed without a classification")
    category = category_of(case, city)
    spent = spent_before(case, city)
    respond = city.respond_limit(category, what.condition, what.grade) if category else city.respond_within[what.grade]
    return CaseReopened.of(
        case,
        at=at,
        by=by,
        id=id,
        late=late,
        reason=reason,
        respond_by=city.calendar.add(start, respond),
        resolve_by=city.calendar.add(start, what.limit, 1 - spent),
        calendar=city.calendar_version,
        spent=spent,
    )


def spent_before(case: Case, city: City) -> float:
    """Return what share of the limit was used up when the work was completed; the time since does not count.

    The city says how much must be left, so that nobody is late the moment the case comes back.
    """
    share = used(case, city.calendar, case.completed_at) if case.completed_at else None
    return round(min(share or 0.0, 1 - city.reopen_rest), 6)


def due(case: Case, world: World, now: datetime) -> datetime | None:
    """Return when to look again: when the case can be closed, or when something is to be published."""
    moments = [standing_due(case, world.city), outcome_due(case, world.city)]
    if case.status is Status.COMPLETED and case.verified:
        moments.append(closing(case, world.city))
    return min((at for at in moments if at is not None and at > now), default=None)


def fields(case: Case, city: City) -> Fields:
    """Name what closure finds cases by: what waits for a person, by when it was completed, and by when it must be published."""
    limit = publish_by(case, city)
    return {
        "number": case.number,
        "waits_for": waits_for(case, city),
        "waits_since": stamp(case.completed_at) if case.completed_at else "",
        "unheard": stamp(case.completed_at) if unheard(case) and case.completed_at else "",
        "publish_by": stamp(limit) if limit else "",
    }


def waits_for(case: Case, city: City) -> str | None:
    """Return what a person must do: check a result, or decide about an objection that came too late for a reopening."""
    if case.status is Status.COMPLETED and not case.verified and must_be_seen(case, city):
        return "check"
    return "decision" if case.status is Status.CLOSED and case.unsolved else None


def unheard(case: Case) -> bool:
    """Whether the reporter of a finished case can be called and has not yet said what they think of the result."""
    finished = case.status is Status.CLOSED or (case.status is Status.COMPLETED and case.verified)
    return finished and case.reporter is not None and not (case.called_back or case.solved or case.unsolved)
