"""What the people who handle cases do: each is a fact about the case as it is, or is refused with a sentence that says why."""

from datetime import timedelta

from services.dispatch.requests import Completion, Contact, Explanation, Note, Pause, Refusal
from shared.case import ALLOWED, Case, Refused, Status, evolve
from shared.city import City
from shared.deadline import resumed_deadline
from shared.demands import category_of
from shared.events import (
    AnyEvent,
    AssignmentAccepted,
    AssignmentDeclined,
    DelayExplained,
    Event,
    NoteAdded,
    ResidentContacted,
    Said,
    WorkCompleted,
    WorkPaused,
    WorkResumed,
    WorkStarted,
    derived_id,
)
from shared.terms import Grade


def accept(case: Case, body: None, said: Said, city: City) -> AssignmentAccepted:
    """Take on the task that is offered to you."""
    must_be_open(case, AssignmentAccepted, "No offer is open for this case.", "该案件目前没有待接的派单。")
    must_be_assignee(case, said)
    return AssignmentAccepted.of(case, **said)


def decline(case: Case, body: Refusal, said: Said, city: City) -> AssignmentDeclined:
    """Say why you cannot take the task that is offered to you."""
    must_be_open(case, AssignmentDeclined, "No offer is open for this case.", "该案件目前没有待接的派单。")
    must_be_assignee(case, said)
    must_not_be_insisted_on(case)
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
    """Let the clock run again with exactly the clock time that was left."""
    must_be_open(case, WorkResumed, "This case is not paused.", "该案件没有挂账。")
    must_be_staff(said["by"], city)
    if case.resolve_by is None or case.paused_at is None or case.classification is None:
        raise Refused("This case has no deadline to go on with.", "该案件没有可恢复的期限。")
    return WorkResumed.of(case, **said, resolve_by=resumed_deadline(case, max(said["at"], case.last_at), city.calendar) or case.resolve_by)


def complete(case: Case, body: Completion, said: Said, city: City) -> list[AnyEvent]:
    """Say what was done. An emergency may be handled first and recorded after: then taking it on is recorded with it."""
    facts: list[AnyEvent] = []
    if case.status is Status.ASSIGNED and case.grade is Grade.EMERGENCY:
        facts = [accept(case, None, before(said), city)]
        case = evolve(case, facts[0])
    must_be_open(case, WorkCompleted, "Only an accepted task can be completed.", "只有已接单的任务才能办结。")
    must_be_assignee(case, said)
    must_show(case, body.media, city)
    return [*facts, WorkCompleted.of(case, **said, outcome=body.outcome, media=body.media)]


def contact(case: Case, body: Contact, said: Said, city: City) -> ResidentContacted:
    """Record that you spoke with the resident."""
    must_be_open(case, ResidentContacted, "This case is over; call back instead.", "该案件已结束，请改用回访。")
    must_be_staff(said["by"], city)
    return ResidentContacted.of(case, **said, how=body.how, text=body.text)


def explain(case: Case, body: Explanation, said: Said, city: City) -> DelayExplained:
    """React to a reminder or to supervision: say why it takes so long."""
    must_be_open(case, DelayExplained, "This case is not in work.", "该案件不在办理中。")
    must_be_staff(said["by"], city)
    if case.awaits is None:
        raise Refused("No reminder waits for a reaction.", "目前没有需要回应的催办或督办。")
    return DelayExplained.of(case, **said, text=body.text)


def note(case: Case, body: Note, said: Said, city: City) -> NoteAdded:
    """Add a remark for colleagues."""
    must_be_open(case, NoteAdded, "There is no such case.", "没有这个案件。")
    must_be_staff(said["by"], city)
    return NoteAdded.of(case, **said, text=body.text, media=body.media)


def before(said: Said) -> Said:
    """Return how the fact is said that must come before the one which was asked for; its id follows from that one's."""
    return Said(id=derived_id(said["id"], "before"), at=said["at"], by=said["by"], late=said["late"])


def must_be_open(case: Case, fact: type[Event], en: str, zh: str) -> None:
    if case.status not in ALLOWED[fact.model_fields["type"].default]:
        raise Refused(en, zh)


def must_be_assignee(case: Case, said: Said) -> None:
    if said["by"] != case.assignee:
        raise Refused("This task is with somebody else.", "该任务由其他人员负责。")


def must_not_be_insisted_on(case: Case) -> None:
    if case.insisted:
        raise Refused("An operator insists on you; you can appeal.", "派遣员坚持由你处置；如有异议请申诉。")


def must_show(case: Case, media: tuple[str, ...], city: City) -> None:
    """Refuse a result without a picture where the category demands one."""
    category = category_of(case, city)
    if category is not None and category.result_photo and not media:
        raise Refused("A photo of the result is needed.", "须上传处置结果照片。")


def must_be_staff(who: str, city: City) -> None:
    if who not in city.staff:
        raise Refused(f"There is no member of staff {who!r}.", f"没有工作人员“{who}”。")


def must_approve(case: Case, approver: str, city: City) -> None:
    must_be_staff(approver, city)
    if approver == case.assignee:
        raise Refused("Somebody other than the handler must approve it.", "必须由处置人以外的人批准。")
