"""What a reporter is told about a case: where it stands in plain words, by when, who has it by role, and what comes next.

No text of other people but the reason of a refusal, no contact, no staff id. Of a confidential case only the status.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.access import confidential
from shared.case import IN_WORK, Case, Status
from shared.category import Words
from shared.city import City
from shared.number import shown
from shared.people import Role

S = Status
RUNNING = (IN_WORK | {S.TRIAGED}) - {S.PAUSED}  # a deadline is promised and its clock runs

STATUSES = {
    S.REPORTED: Words(zh="已收到", en="Received"),
    S.TRIAGED: Words(zh="已立案，正在安排处理人员", en="Filed; a handler is being found"),
    S.ASSIGNED: Words(zh="已派给处理人员，等待确认", en="Offered to a handler, who has yet to confirm"),
    S.ACCEPTED: Words(zh="处理人员已接单", en="A handler has taken it on"),
    S.WORKING: Words(zh="正在处理", en="Being worked on"),
    S.PAUSED: Words(zh="暂停处理", en="On hold"),
    S.COMPLETED: Words(zh="处理完毕，等待核实", en="Done, waiting to be confirmed"),
    S.CLOSED: Words(zh="已结案", en="Closed"),
    S.MERGED: Words(zh="已与同一问题的另一案件合并办理", en="Handled together with another report of the same matter"),
    S.REJECTED: Words(zh="不予受理", en="Not taken up"),
    S.WITHDRAWN: Words(zh="已撤回", en="Withdrawn"),
}
NEXT = {
    S.REPORTED: Words(zh="我们会判断问题类型、责任部门和办理期限。", en="We decide what it is, who is responsible and by when."),
    S.TRIAGED: Words(zh="接下来会派给值班人员。", en="It will be offered to somebody on duty."),
    S.ASSIGNED: Words(zh="确认后即开始处理；如未确认，将派给下一位。", en="Work begins once they confirm; else the next one is asked."),
    S.ACCEPTED: Words(zh="处理人员将着手处理。", en="The handler will begin."),
    S.WORKING: Words(zh="处理完毕后会通知您核实。", en="You will hear when it is done and can say whether it is solved."),
    S.PAUSED: Words(zh="条件具备后继续办理，期限将顺延。", en="It goes on as soon as that is possible; the deadline moves accordingly."),
    S.COMPLETED: Words(zh="如未解决，请告诉我们；否则将结案。", en="Tell us if it is not solved; otherwise the case will be closed."),
    S.CLOSED: Words(zh="您可以评价；如未解决，可以要求重新办理。", en="You can rate it, and ask to reopen it if it is not solved."),
    S.REJECTED: Words(zh="理由见上。如有新情况，欢迎再次反映。", en="The reason is given. If something changes, please report it again."),
    S.WITHDRAWN: Words(zh="不再办理。如有需要，欢迎再次反映。", en="Nothing more happens. You can report it again at any time."),
}
ROLES = {
    Role.GRID_WORKER: Words(zh="网格员", en="grid worker"),
    Role.BUILDING_HEAD: Words(zh="楼栋长", en="building head"),
    Role.UNIT_WORKER: Words(zh="处置人员", en="field worker"),
    Role.UNIT_HEAD: Words(zh="部门负责人", en="head of the unit"),
    Role.DUTY_OFFICER: Words(zh="值班长", en="duty officer"),
    Role.OPERATOR: Words(zh="坐席员", en="operator"),
    Role.MEDIATOR: Words(zh="调解员", en="mediator"),
    Role.VOLUNTEER: Words(zh="志愿者", en="volunteer"),
    Role.LEADER: Words(zh="负责人", en="leader"),
}
SOMEBODY = Words(zh="工作人员", en="a member of staff")


class Progress(BaseModel):
    """How far a case has come, in the reader's language; times are on the clocks of the city."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    number: str
    status: Status
    status_text: str
    joined_status: Status | None = None  # of the case with which this one is handled
    joined_text: str | None = None
    next: str | None = None
    category: str | None = None
    department: str | None = None
    handler: str | None = None  # the role
    reported_at: datetime | None = None
    deadline: datetime | None = None
    overdue: bool | None = None
    reason: str | None = None  # of a refusal
    outcome: str | None = None


def progress(case: Case, survivor: Case | None, city: City, language: str) -> Progress:
    """Return what the reporter of `case` is told; `survivor` is the case that it was merged into in the end."""
    told = Progress(
        case_id=case.id,
        number=shown(case.number),
        status=case.status,
        status_text=worded(STATUSES[case.status], language),
        joined_status=survivor.status if survivor else None,
        joined_text=say(STATUSES[survivor.status], language) if survivor else None,
    )
    if confidential(case, city) or (survivor is not None and confidential(survivor, city)):
        return told
    return told.model_copy(update={"reported_at": city.local(case.reported_at), **details(survivor or case, city, language)})


def details(case: Case, city: City, language: str) -> dict[str, object]:
    """Return what is told about the case that is worked on, if it is not confidential."""
    category = city.categories.get(case.classification.category) if case.classification else None
    department = city.departments.get(case.department or "")
    running = case.status in RUNNING and case.resolve_by is not None
    return {
        "next": say(NEXT.get(case.status), language),
        "category": say(category.name if category else None, language),
        "department": say(department.name if department else None, language),
        "handler": say(handler(case), language),
        "deadline": city.local(case.resolve_by) if running and case.resolve_by else None,
        "overdue": case.overdue if running else None,
        "reason": case.outcome if case.status is S.REJECTED else None,
        "outcome": say(category.outcome if category and case.status is S.CLOSED else None, language),
    }


def handler(case: Case) -> Words | None:
    """Return the role of whoever has the case."""
    if case.role is None or case.status not in IN_WORK | {S.COMPLETED}:
        return None
    return ROLES[Role(case.role)] if case.role in set(Role) else SOMEBODY


def say(words: Words | None, language: str) -> str | None:
    return worded(words, language) if words is not None else None


def worded(words: Words, language: str) -> str:
    return words.zh if language == "zh" else words.en
