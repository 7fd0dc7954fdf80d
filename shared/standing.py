"""How far a case has come in the plain words that residents read: where it stands, what comes next, and who has it by role."""

from shared.case import IN_WORK, Case, Status
from shared.category import Words
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


def handler(case: Case) -> Words | None:
    """Return the role of whoever has the case."""
    if case.role is None or case.status not in IN_WORK | {S.COMPLETED}:
        return None
    return ROLES[Role(case.role)] if case.role in set(Role) else SOMEBODY
