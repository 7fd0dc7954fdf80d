"""What dispatch may say: who has the case, what they do, and which clocks run out."""

from typing import Annotated, Literal

from pydantic import Field

from shared.event import Addition, Change, Name, Text, UtcTime


class CaseAssigned(Change):
    """The case is offered to a person until `answer_by`; `informed` are told as well."""

    type: Literal["case.assigned"] = "case.assigned"
    assignee: Name
    role: Name
    answer_by: UtcTime
    informed: tuple[str, ...] = ()
    insists: bool = False  # it was returned and an operator insists: it can be appealed against, not declined
    reason: Text


class AssignmentAccepted(Change):
    """The person takes the case on."""

    type: Literal["assignment.accepted"] = "assignment.accepted"


class AssignmentDeclined(Change):
    """The person cannot take the case, and says why."""

    type: Literal["assignment.declined"] = "assignment.declined"
    reason: Text


class AssignmentExpired(Change):
    """The person did not answer in time."""

    type: Literal["assignment.expired"] = "assignment.expired"


class WorkStarted(Change):
    """Somebody is on it now."""

    type: Literal["work.started"] = "work.started"


class WorkPaused(Change):
    """The clock stands still for a reason from the list, until somebody looks again at `look_again_at`."""

    type: Literal["work.paused"] = "work.paused"
    reason: Text
    approved_by: Name
    look_again_at: UtcTime


class WorkResumed(Change):
    """The clock runs again; the deadline moves by what was left."""

    type: Literal["work.resumed"] = "work.resumed"
    resolve_by: UtcTime


class WorkCompleted(Change):
    """The handler says that it is done, and what was done."""

    type: Literal["work.completed"] = "work.completed"
    outcome: Text
    media: tuple[str, ...] = ()


class CaseReturned(Change):
    """The handler gives the case back, because it is not theirs to handle; the clock goes on."""

    type: Literal["case.returned"] = "case.returned"
    reason: Text


class AppealMade(Addition):
    """The handler, on whom an operator insists, asks the next level up to decide who is responsible; the clock goes on."""

    type: Literal["appeal.made"] = "appeal.made"
    reason: Text


class AppealDecided(Addition):
    """The next level up decided about the appeal: `upheld` if the handler was right."""

    type: Literal["appeal.decided"] = "appeal.decided"
    upheld: bool
    reason: Text


class ResidentContacted(Addition):
    """The handler or an operator spoke with the resident: the first feedback. `how` is a channel."""

    type: Literal["resident.contacted"] = "resident.contacted"
    how: Name
    text: Text


class ReminderSent(Addition):
    """`share` of the time until `deadline` was used up on the case's own clock; `to` are reminded and owe a reaction."""

    type: Literal["reminder.sent"] = "reminder.sent"
    share: Annotated[float, Field(gt=0)]
    deadline: UtcTime
    to: tuple[str, ...]


class DelayExplained(Addition):
    """The handler or their head reacted to a reminder or to supervision, and says why it takes so long."""

    type: Literal["delay.explained"] = "delay.explained"
    text: Text


class DeadlineCorrected(Change):
    """The calendar was corrected, and the deadlines were computed anew under `calendar`, its version."""

    type: Literal["deadline.corrected"] = "deadline.corrected"
    respond_by: UtcTime
    resolve_by: UtcTime
    calendar: Name
    reason: Text


class CaseTransferred(Change):
    """Another department is responsible."""

    type: Literal["case.transferred"] = "case.transferred"
    department: Name
    reason: Text


class CaseEscalated(Change):
    """The case climbed to `level` of the ladder, counted from 0, the community."""

    type: Literal["case.escalated"] = "case.escalated"
    level: Annotated[int, Field(ge=1)]
    reason: Text


class DeadlineMissed(Addition):
    """A deadline passed before what it asked for had happened: the public ones `respond` and `resolve`, or one of a stage."""

    type: Literal["deadline.missed"] = "deadline.missed"
    which: Literal["respond", "resolve", "dispatch", "check"]
    deadline: UtcTime


class DeadlineExtended(Change):
    """The public deadline moved, for a reason, with the approval of somebody other than the handler."""

    type: Literal["deadline.extended"] = "deadline.extended"
    resolve_by: UtcTime
    reason: Text
    approved_by: Name


class NoteAdded(Addition):
    """A remark by staff, with photos from the place where there are any."""

    type: Literal["note.added"] = "note.added"
    text: Text
    media: tuple[str, ...] = ()
