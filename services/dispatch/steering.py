"""What operators and leaders do with a case: give it to somebody, hand it to another department, move its deadline."""

from services.dispatch.actions import before, must_approve, must_be_open, must_be_staff, resume
from services.dispatch.decide import assigned
from services.dispatch.ladder import top
from services.dispatch.requests import Assignment, Extension, Transfer
from shared.case import IN_WORK, Case, Refused, Status, evolve
from shared.city import City, Role
from shared.deadline import limit_ends
from shared.demands import category_of
from shared.events import AnyEvent, CaseAssigned, CaseTransferred, DeadlineExtended, Said

DIRECTING = frozenset({Role.OPERATOR, Role.DUTY_OFFICER, Role.UNIT_HEAD, Role.LEADER})


def assign(case: Case, body: Assignment, said: Said, city: City) -> list[AnyEvent]:
    """Give the case to a person; whoever has it now is released first."""
    must_direct(said["by"], city)
    must_be_staff(body.person, city)
    person = city.staff[body.person]
    if case.status in IN_WORK and case.assignee == person.id:
        raise Refused(f"{person.title.en} has this case already.", f"该案件已由{person.title.zh}负责。")
    if not body.force and not person.on_duty(city.local(said["at"])):
        raise Refused(f"{person.title.en} is not on duty; say so if it must be.", f"{person.title.zh}不在岗；如确需派单请注明。")
    released = release(case, case.department or "", body.reason, said, city) if case.status in IN_WORK else []
    for fact in released:
        case = evolve(case, fact)
    must_be_open(case, CaseAssigned, "This case cannot be assigned now.", "该案件目前不能派单。")
    if body.insist and not case.refusals:
        raise Refused("Nobody has returned this case; there is nothing to insist on.", "该案件没有被退回，无须坚持派单。")
    return [*released, assigned(case, city, person, body.reason, insists=body.insist, **said)]


def must_direct(who: str, city: City) -> None:
    must_be_staff(who, city)
    if city.staff[who].role not in DIRECTING:
        raise Refused("Only operators, duty officers, heads and leaders assign cases.", "只有派遣员、值班员、负责人和领导可以派单。")


def transfer(case: Case, body: Transfer, said: Said, city: City) -> list[AnyEvent]:
    """Make another department responsible; its clock goes on."""
    must_be_staff(said["by"], city)
    must_be_open(case, CaseTransferred, "This case cannot be handed over now.", "该案件目前不能移交。")
    if body.department not in city.departments:
        raise Refused(f"There is no department {body.department!r}.", f"没有部门“{body.department}”。")
    if body.department == case.department:
        raise Refused("This department has the case already.", "该案件已由该部门负责。")
    return release(case, body.department, body.reason, said, city, last=True)


def release(case: Case, department: str, reason: str, said: Said, city: City, last: bool = False) -> list[AnyEvent]:
    """Take the case from whoever has it; a paused clock runs again first, so that what was left of it is kept."""
    own = said if last else before(said)
    facts: list[AnyEvent] = []
    if case.status is Status.PAUSED:
        facts = [resume(case, None, before(own), city)]
        case = evolve(case, facts[0])
    return [*facts, CaseTransferred.of(case, **own, department=department, reason=reason)]


def must_not_exceed(case: Case, body: Extension, city: City) -> None:
    """Refuse a deadline beyond the longest that extensions may make it, where the condition has one."""
    category, what = category_of(case, city), case.classification
    longest = category.condition(what.condition).at_most if category and what else None
    until = limit_ends(case, longest, city.calendar) if longest else None
    if until is not None and body.resolve_by > until:
        when = f"{city.local(until):%Y-%m-%d %H:%M}"
        raise Refused(f"This kind of case must be over by {when} at the latest.", f"此类案件最迟须于{when}前办结。")


def extend(case: Case, body: Extension, said: Said, city: City) -> DeadlineExtended:
    """Move the public deadline before it passes; each further time a higher level must approve."""
    must_be_staff(said["by"], city)
    must_be_open(case, DeadlineExtended, "The deadline of this case does not run now.", "该案件的期限目前不在计时。")
    if case.resolve_by is None or max(said["at"], case.last_at) >= case.resolve_by:
        raise Refused("The deadline has passed; it can no longer be moved.", "期限已过，不能再延期。")
    if body.resolve_by <= case.resolve_by:
        raise Refused("The new deadline must be later than the present one.", "新期限必须晚于现期限。")
    if case.extensions >= city.max_extensions:
        raise Refused("This deadline has been moved as often as is allowed.", "该案件的延期次数已用完。")
    must_approve(case, body.approved_by, city)
    needed = min(case.level + 1, top(city)) if case.extensions else 0
    if city.staff[body.approved_by].level < needed:
        level = city.level_name(needed)
        raise Refused(f"The next level up must approve it: {level.en}.", f"须由上一级批准：{level.zh}。")
    must_not_exceed(case, body, city)
    return DeadlineExtended.of(case, **said, resolve_by=body.resolve_by, reason=body.reason, approved_by=body.approved_by)
