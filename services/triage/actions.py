"""What operators do in triage: correct what a case is, refuse it, or join it to an earlier one."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.triage.classify import classify
from services.triage.verifying import pending
from services.triage.words import GRADES, condition_of
from shared.case import ALLOWED, ENDS, MAX_FOLLOWERS, Case, Refused, Status
from shared.city import City
from shared.events import (
    MAX_TEXT,
    CaseMerged,
    CaseReclassified,
    CaseRejected,
    CaseSeparated,
    Classification,
    Name,
    ReportVerified,
    Said,
    Text,
    UtcTime,
)
from shared.terms import Grade, Limit

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]


class Correction(BaseModel):
    """What the case is. Condition and grade may be left to the city's rules; a lower grade needs a reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: Name
    condition: Name | None = None
    grade: Grade | None = None
    reason: Text = ""


class Rejection(BaseModel):
    """Why the case is not for the city to handle, in words that the reporter can read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason


class Finding(BaseModel):
    """What was seen or found out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Reason


class Joining(BaseModel):
    """The earlier case, as it is now, and why the two are one."""

    model_config = ConfigDict(frozen=True)

    into: Name
    number: str
    reported_at: UtcTime
    status: Status
    followers: Annotated[int, Field(ge=0)]
    survivor: str | None = None
    reason: Reason

    @classmethod
    def to(cls, other: Case, reason: str) -> "Joining":
        return cls(
            into=other.id,
            number=other.number,
            reported_at=other.reported_at,
            status=other.status,
            followers=len(other.followers),
            survivor=other.into,
            reason=reason,
        )


def reclassify(case: Case, wanted: Correction, said: Said, city: City) -> CaseReclassified:
    """Correct category, condition or grade. The category must be one of the city's, the condition one of the category's."""
    must_allow(case, "case.reclassified")
    category = city.categories[wanted.category]
    worded = condition_of(case.text, category.code, city)
    condition = wanted.condition or category.condition_at(worded, city.local(case.reported_at).time()).key
    reported_at, filed_at = starts(case, said)
    what = classify(
        case,
        category,
        condition,
        city,
        reported_at=reported_at,
        filed_at=filed_at,
        grade=wanted.grade,
        pauses=case.pauses,
        spent=case.spent,
    )
    lower = GRADES.index(what.grade) > GRADES.index(case.grade or category.grade_of(condition))
    if lower and not wanted.reason.strip():
        raise Refused("Lowering the grade needs a reason.", "降低等级须说明理由。")
    what = kept(case, what, said["at"], city)
    return CaseReclassified.of(case, **said, classification=what, reason=wanted.reason.strip())


def confirm(case: Case, body: Finding, said: Said, city: City) -> ReportVerified:
    """Say that you have looked, and that it is so: the case is filed now."""
    must_allow(case, "report.verified")
    if said["by"] not in city.staff:
        raise Refused(f"There is no member of staff {said['by']!r}.", f"没有工作人员“{said['by']}”。")
    if not pending(case):
        raise Refused("Nobody was asked to look at this report.", "该上报没有待核实的请求。")
    return ReportVerified.of(case, **said, reason=body.reason)


def separate(case: Case, body: Finding, said: Said, city: City) -> CaseSeparated:
    """Say that the case is not the same as the one it was merged into; it goes on where it would have been."""
    must_allow(case, "case.separated")
    if said["by"] not in city.staff:
        raise Refused(f"There is no member of staff {said['by']!r}.", f"没有工作人员“{said['by']}”。")
    return CaseSeparated.of(case, **said, reason=body.reason)


def reject(case: Case, rejection: Rejection, said: Said, city: City) -> CaseRejected:
    """Refuse to file the case; the reporter reads the reason."""
    must_allow(case, "case.rejected")
    return CaseRejected.of(case, **said, reason=rejection.reason)


def merge(case: Case, joining: Joining, said: Said, city: City) -> CaseMerged:
    """Join the case to an earlier one, whose outcome its reporters hear of from now on."""
    must_allow(case, "case.merged")
    must_be_earlier(case, joining)
    must_take_followers(joining)
    return CaseMerged.of(case, **said, into=joining.into, into_reported_at=joining.reported_at, reason=joining.reason)


def must_be_earlier(case: Case, joining: Joining) -> None:
    """Refuse every direction but one: so nobody can make a ring."""
    if joining.into == case.id:
        raise Refused("A case cannot be merged into itself.", "案件不能并入自身。")
    if (joining.reported_at, joining.into) > (case.reported_at, case.id):
        one, other = case.number, joining.number
        raise Refused(
            f"Case {other} was reported later than {one}. Merge {other} into {one} instead.",
            f"案件 {other} 的上报时间晚于 {one}，请改为将 {other} 并入 {one}。",
        )


def must_take_followers(joining: Joining) -> None:
    """Refuse a survivor that nobody works on any more, or that is full."""
    number = joining.number
    if joining.survivor is not None:
        raise Refused(
            f"Case {number} was itself merged into {joining.survivor}. Merge into that one instead.",
            f"案件 {number} 已并入 {joining.survivor}，请改为并入后者。",
        )
    if joining.status in ENDS:
        raise Refused(
            f"Case {number} has ended as {joining.status}; nobody works on it any more.",
            f"案件 {number} 已不予受理或撤回，不再处理，不能并入。",
        )
    if joining.followers >= MAX_FOLLOWERS:
        raise Refused(f"Case {number} has as many followers as a case can take.", f"案件 {number} 的关联件已达上限。")


def must_allow(case: Case, fact: str) -> None:
    """Refuse what may not happen in the case's status."""
    if case.status not in ALLOWED[fact]:
        raise Refused(
            f"Case {case.number} is {case.status}: this is no longer possible.",
            f"案件 {case.number} 现在的状态不允许这样做。",
        )


def starts(case: Case, said: Said) -> tuple[datetime, datetime]:
    """Return from when the answer and the handling are due: report and first filing, or the reopening."""
    now = max(said["at"], case.last_at)
    filed = case.clock_from or now
    return (filed, filed) if case.reopenings else (case.reported_at, filed)


def kept(case: Case, what: Classification, at: datetime, city: City) -> Classification:
    """Return the classification with the deadlines that the case has by now, where their limits are still the same."""
    before = case.classification
    if before is None or case.respond_by is None or case.resolve_by is None:
        return what
    respond_by = case.respond_by if answer(before, city) == answer(what, city) else what.respond_by
    resolve_by = case.resolve_by if before.limit == what.limit else what.resolve_by
    if case.paused_at is not None and case.department != what.department:  # the pause ends: what was left is given back
        left = city.calendar.elapsed(case.paused_at, resolve_by, what.limit.clock)
        resolve_by = city.calendar.add(at, Limit(amount=left, clock=what.limit.clock)) if left else resolve_by
    return what.model_copy(update={"respond_by": respond_by, "resolve_by": resolve_by})


def answer(what: Classification, city: City) -> Limit | None:
    """Return how soon the reporter must hear something; nothing if the city no longer has such a category."""
    category = city.categories.get(what.category)
    return city.respond_limit(category, what.condition, what.grade) if category else None
