"""The public page: how a case stands at most seven days after filing, and its outcome once it is closed; nothing that a person wrote."""

from datetime import datetime, timedelta

from shared.case import IN_HAND, Case, Status
from shared.city import City, Words
from shared.demands import category_of
from shared.events import OutcomePublished, StandingPublished

SOLVED = Words(zh="该事项已办理。", en="The report was dealt with.")
IN_TIME = timedelta(days=1)  # so long before the limit the standing is published by itself, so that a day is left to mend what failed
STANDING = frozenset({*IN_HAND, Status.COMPLETED})
STANDINGS = {
    True: Words(zh="正在等待：{pause}", en="it waits: {pause}"),
    False: Words(zh="正在办理", en="it is being dealt with"),
}


def outcome_due(case: Case, city: City) -> datetime | None:
    """Return when the outcome of this closing is to be published; None if it was, or never may be."""
    if case.status is not Status.CLOSED or case.published >= case.closings or hidden(case):
        return None
    closed_at, limit = case.closed_at or case.since, publish_by(case, city)
    due = closed_at + min(timedelta(hours=city.publish_after_hours), timedelta(days=city.publish_within_days))
    return due if limit is None else max(closed_at, min(due, limit - IN_TIME))


def publish_by(case: Case, city: City) -> datetime | None:
    """Return by when the page must say how the case stands: so many days after filing; None if it does, or never may."""
    if case.status not in STANDING | {Status.CLOSED} or case.standing_at is not None or case.clock_from is None or hidden(case):
        return None
    shown = case.status is Status.CLOSED and case.published >= case.closings
    return None if shown else case.clock_from + timedelta(days=city.publish_within_days)


def standing_due(case: Case, city: City) -> datetime | None:
    """Return when it is published how an unfinished case stands."""
    limit = publish_by(case, city) if case.status in STANDING else None
    return None if limit is None or case.clock_from is None else max(limit - IN_TIME, case.clock_from)


def hidden(case: Case) -> bool:
    """Whether the case never appears in public."""
    return case.classification is None or case.classification.confidential


def outcome(case: Case, city: City, now: datetime) -> OutcomePublished:
    """Word the outcome as the category does."""
    category = category_of(case, city)
    said = category.outcome if category else SOLVED
    text, id = f"{said.zh}\n{said.en}", f"{case.id}/published/{case.closings}"
    return OutcomePublished.of(case, at=now, by="closure", id=id, text=text, closing=case.closings)


def standing(case: Case, city: City, now: datetime) -> StandingPublished:
    """Word how the case stands: what it is, who is responsible, until when, and why it waits."""
    zh, en = (standing_in(case, city, language) for language in ("zh", "en"))
    id = f"{case.id}/standing/{case.reopenings}"
    return StandingPublished.of(case, at=now, by="closure", id=id, text=f"{zh}\n{en}", round=case.reopenings)


def standing_in(case: Case, city: City, language: str) -> str:
    def said(words: Words | None, code: str | None) -> str:
        return str(getattr(words, language)) if words else code or ""

    category = category_of(case, city)
    department = city.departments.get(case.department or "")
    pause = city.pause_reasons.get(case.pause_reason or "")
    waits = said(STANDINGS[case.status is Status.PAUSED], None).format(pause=said(pause, case.pause_reason))
    due = f"{city.local(case.resolve_by):%Y-%m-%d %H:%M}" if case.resolve_by else ""
    what, who = said(category.name if category else None, None), said(department.name if department else None, case.department)
    return f"{what}，{who}{waits}，期限 {due}。" if language == "zh" else f"{what}: {waits}, with {who}, due {due}."
