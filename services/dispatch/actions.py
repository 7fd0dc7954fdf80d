"""What the people who handle cases do: each is a fact about the case as it is, or is refused with a sentence that says why."""

from datetime import timedelta

from services.dispatch.requests import Completion, Note, Pause, Refusal
from shared.case import ALLOWED, Case, Refused, Status, evolve
from shared.city import City
from shared.events import (
    AnyEvent,
    AssignmentAccepted,
    AssignmentDeclined,
    Event,
    NoteAdded,
    Said,
    WorkCompleted,
    WorkPaused,
    WorkResumed,
    WorkStarted,
    derived_id,
)
from shared.terms import Grade, Limit


def accept(case: Case, body: None, said: Said, city: City) -> AssignmentAccepted:
    """Take on the task that is offered to you."""
    must_be_open(case, AssignmentAccepted, "No offer is open for this case.", "该案件目前没有待接的派单。")
    must_be_assignee(case, said)
    return AssignmentAccepted.of(case, **said)


def decline(case: Case, body: Refusal, said: Said, city: City) -> AssignmentDeclined:
    """Say why you cannot take the task that is offered to you."""
    must_be_open(case, AssignmentDeclined, "No offer is open for this case.", "该案件目前没有待接的派单。")
    must_be_assignee(case, said)
    return AssignmentDeclined.of(case, **said, reason=body.reason)


def start(case: Case, body: None, said: Said, city: City) -> WorkStarted:
    """Say that you are on it now."""
    must_be_open(case, WorkStarted, "Only an accepted task can be started.", "只有已接单的任务才能开始处置。")
    must_be_assignee(case, said)
    return WorkStarted.of(case, **said)


def pause(case: Case, body: Pause, said: Said, city: City) -> WorkPaused:
    """Stop the clock, with the approval of somebody else, until a date."""
    must_be_open(case, WorkPaused, "Only a task in work can be paused.", "只有处置中的任务才能挂账。")
    must_be_assignee(case, said)
    if body.reason not in city.pause_reasons:
        known = ", ".join(sorted(city.pause_reasons))
        raise Refused(f"The reason must be one of: {known}.", f"挂账理由必须是以下之一：{known}。")
    must_approve(case, body.approved_by, city)
    again = body.look_again_at or said["at"] + timedelta(days=city.look_again_days)
    if again <= said["at"]:
        raise Refused("The date to look at it again must lie ahead.", "复核日期必须晚于现在。")
    return WorkPaused.of(case, **said, reason=body.reason, approved_by=body.approved_by, look_again_at=again)


def resume(case: Case, body: None, said: Said, city: City) -> WorkResumed:
    """Let the clock run again; the deadline moves by as much of the case's own clock as the pause took."""
    must_be_open(case, WorkResumed, "This case is not paused.", "该案件没有挂账。")
    must_be_staff(said["by"], city)
    if case.resolve_by is None or case.paused_at is None or case.classification is None:
        raise Refused("This case has no deadline to go on with.", "该案件没有可恢复的期限。")
    clock, until = case.classification.limit.clock, max(said["at"], case.last_at)
    stood = city.calendar.elapsed(case.paused_at, until, clock)
    moved = city.calendar.add(case.resolve_by, Limit(amount=stood, clock=clock)) if stood > 0 else case.resolve_by
    return WorkResumed.of(case, **said, resolve_by=moved)


def complete(case: Case, body: Completion, said: Said, city: City) -> list[AnyEvent]:
    """Say what was done. An emergency may be handled first and recorded after: then taking it on is recorded with it."""
    facts: list[AnyEvent] = []
    if case.status is Status.ASSIGNED and case.grade is Grade.EMERGENCY:
        facts = [accept(case, None, before(said), city)]
        case = evolve(case, facts[0])
    must_be_open(case, WorkCompleted, "Only an accepted task can be completed.", "只有已接单的任务才能办结。")
    must_be_assignee(case, said)
    return [*facts, WorkCompleted.of(case, **said, outcome=body.outcome, media=body.media)]


def note(case: Case, body: Note, said: Said, city: City) -> NoteAdded:
    """Add a remark for colleagues."""
    must_be_open(case, NoteAdded, "There is no such case.", "没有这个案件。")
    must_be_staff(said["by"], city)
    return NoteAdded.of(case, **said, text=body.text)


def before(said: Said) -> Said:
    """Return how the fact is said that must come before the one which was asked for; its id follows from that one's."""
    return Said(id=derived_id(said["id"], "before"), at=said["at"], by=said["by"], late=said["late"])


def must_be_open(case: Case, fact: type[Event], en: str, zh: str) -> None:
    if case.status not in ALLOWED[fact.model_fields["type"].default]:
        raise Refused(en, zh)


def must_be_assignee(case: Case, said: Said) -> None:
    if said["by"] != case.assignee:
        raise Refused("This task is with somebody else.", "该任务由其他人员负责。")


def must_be_staff(who: str, city: City) -> None:
    if who not in city.staff:
        raise Refused(f"There is no member of staff {who!r}.", f"没有工作人员“{who}”。")


def must_approve(case: Case, approver: str, city: City) -> None:
    must_be_staff(approver, city)
    if approver == case.assignee:
        raise Refused("Somebody other than the handler must approve it.", "必须由处置人以外的人批准。")
