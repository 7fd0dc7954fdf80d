"""What a case is after each fact that takes effect, folded over plain dicts by the table in `rules.py`."""

from datetime import datetime
from typing import Any

from deploy.check.blank import NO_PAUSE, NOBODY, Case
from deploy.check.members import Fact
from deploy.check.refusal import deadline_key, reminder_key
from deploy.check.rules import IN_WORK, RULES, Rule


def take(case: Case, fact: Fact) -> None:
    """Change the case by a fact that takes effect."""
    rule, status = RULES[fact["type"]], case["status"]
    to = rule.to or status
    if fact["type"] == "case.reclassified" and not same_team(case, fact):
        to = "triaged"
        settle_people(case, fact["at"], frees=True, unpauses=True, asks_anew=True)
    if fact["type"] == "case.returned":
        case["offered"] = [*case["offered"], case["assignee"]]
    if fact["type"] == "case.separated":
        to = "reported" if case["classification"] is None else "triaged"
    if rule.classifies:
        classify(case, fact["classification"])
    settle_people(case, fact["at"], rule.frees, rule.unpauses, rule.asks_anew)
    carry(case, fact, rule)
    special(case, fact)
    if to != status:
        case.update(status=to, since=fact["at"])
    case["version"] += rule.moves
    case["ids"] = [*case["ids"], fact["id"]]
    case["last_at"] = max(case["last_at"], fact["at"])


def same_team(case: Case, fact: Fact) -> bool:
    """Whether those who work on a reclassified case go on with it."""
    return case["status"] in IN_WORK and bool(fact["classification"]["department"] == case["department"])


def settle_people(case: Case, at: datetime, frees: bool, unpauses: bool, asks_anew: bool) -> None:
    """Forget who has the case, that it is paused (but not when it was), or who was asked."""
    if frees:
        case.update(NOBODY)
    if unpauses and case["paused_at"] is not None:
        case.update(NO_PAUSE, pauses=[*case["pauses"], [case["paused_at"], at]])
    if asks_anew:
        case["offered"] = []


def carry(case: Case, fact: Fact, rule: Rule) -> None:
    """Take over what the table names."""
    for member, told in rule.sets.items():
        case[member] = fact[told]
    for member, told in rule.first.items():
        case[member] = case[member] or fact[told]
    case.update(rule.puts)
    if rule.counts:
        case[rule.counts] += 1


def classify(case: Case, what: dict[str, Any]) -> None:
    """Take over a classification and its deadlines."""
    case.update(classification=what, department=what["department"], respond_by=what["respond_by"], resolve_by=what["resolve_by"])
    case.update(calendar=what["calendar"], first_resolve_by=case["first_resolve_by"] or what["resolve_by"])


def special(case: Case, fact: Fact) -> None:
    """Do what the table cannot say."""
    match fact["type"]:
        case "case.joined":
            case["followers"] = [*case["followers"], fact["follower"]]
        case "case.parted":
            case["followers"] = [follower for follower in case["followers"] if follower != fact["follower"]]
        case "case.separated":
            case.update(into=None, apart=[*case["apart"], case["into"]])
        case "case.assigned":
            case.update(offered=[*case["offered"], fact["assignee"]], insisted_at=fact["at"] if fact["insists"] else None)
        case "deadline.missed":
            case["missed"] = [*case["missed"], deadline_key(fact["which"], fact["deadline"])]
            if fact["which"] == "resolve":  # supervision begins, and somebody has to react
                case["awaits"] = case["awaits"] or fact["at"]
        case "reminder.sent":
            case["reminded"] = [*case["reminded"], reminder_key(fact["share"], fact["deadline"])]
        case "resident.contacted":
            happened = fact["true_at"] or fact["at"]
            case["contacted_at"] = min(case["contacted_at"] or happened, happened)
        case "work.completed":
            case.update(photos=len(fact["media"]), handled_by=case["assignee"])
        case "case.rated" | "callback.recorded" if fact["solved"] is not None:
            case.update(unsolved=not fact["solved"], solved=fact["solved"])
        case "case.reopened":
            case["calendar"] = fact["calendar"] or case["calendar"]
