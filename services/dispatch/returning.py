"""What a handling unit does with a case that is not its own: give it back, and appeal where an operator insists; and who decides then."""

from services.dispatch.actions import before, must_be_assignee, must_be_open, must_be_staff, must_not_be_insisted_on
from services.dispatch.ladder import top
from services.dispatch.requests import Refusal, Ruling
from services.dispatch.steering import release
from shared.case import Case, Refused, evolve
from shared.city import City, Role
from shared.events import AnyEvent, AppealDecided, AppealMade, CaseReturned, CaseTransferred, Said

DECIDING = frozenset({Role.DUTY_OFFICER, Role.LEADER})


def give_back(case: Case, body: Refusal, said: Said, city: City) -> CaseReturned:
    """Return a case that you have taken on; the operator dispatches it again, or insists. The clock goes on."""
    must_be_open(case, CaseReturned, "Only a task in work can be given back.", "只有处置中的任务才能退回。")
    must_be_assignee(case, said)
    must_not_be_insisted_on(case)
    return CaseReturned.of(case, **said, reason=body.reason)


def appeal(case: Case, body: Refusal, said: Said, city: City) -> AppealMade:
    """Ask the next level up who is responsible, where an operator insists on you. Once for each time that they do, and in time."""
    must_be_open(case, AppealMade, "This case is not with you.", "该案件不在你处。")
    must_be_assignee(case, said)
    if not case.insisted:
        raise Refused("Nobody insists on you; give the case back instead.", "没有人坚持派单；请直接退回。")
    if case.appealed_at is not None:
        raise Refused("The appeal waits for a decision already.", "申诉正在等待裁定。")
    must_be_in_time(case, said, city)
    return AppealMade.of(case, **said, reason=body.reason)


def must_be_in_time(case: Case, said: Said, city: City) -> None:
    """Refuse an appeal when the time for it, from when the operator insisted, is over."""
    until = city.calendar.add(case.insisted_at or case.since, city.appeal_within)
    if said["at"] > until:
        when = f"{city.local(until):%Y-%m-%d %H:%M}"
        raise Refused(f"The time to appeal ended on {when}.", f"申诉期限已于{when}截止。")


def rule(case: Case, body: Ruling, said: Said, city: City) -> list[AnyEvent]:
    """Decide about an appeal: if it is upheld, another department takes over; if not, the handler keeps the case."""
    must_be_open(case, AppealDecided, "There is no appeal to decide.", "没有待裁定的申诉。")
    must_be_staff(said["by"], city)
    if case.appealed_at is None:
        raise Refused("There is no appeal to decide.", "没有待裁定的申诉。")
    judge, needed = city.staff[said["by"]], min(case.level + 1, top(city))
    if judge.role not in DECIDING or (judge.role is Role.LEADER and judge.level < needed) or judge.id == case.assignee:
        level = city.level_name(needed)
        raise Refused(
            f"A duty officer or a leader of the next level up decides: {level.en}.", f"须由值班长或上一级负责人裁定：{level.zh}。"
        )
    if not body.upheld:
        return [AppealDecided.of(case, **said, upheld=False, reason=body.reason)]
    if body.department is None or body.department not in city.departments or body.department == case.department:
        raise Refused("Say which other department is responsible instead.", "请写明改由哪个部门负责。")
    must_be_open(case, CaseTransferred, "The work is done; the appeal can only be turned down.", "处置已完成，只能驳回申诉。")
    decided = AppealDecided.of(case, **before(said), upheld=True, reason=body.reason)
    return [decided, *release(evolve(case, decided), body.department, body.reason, said, city, last=True)]
