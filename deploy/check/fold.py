"""What a case is after each fact, folded over plain dicts by the table in `rules.py`."""

from datetime import UTC, datetime
from typing import Any

from deploy.check.rules import IN_WORK, MOST_ADDITIONS, MOST_FOLLOWERS, RULES, Rule
from deploy.check.shapes import Fact

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Case = dict[str, Any]

NOBODY: Case = {"assignee": None, "role": None, "informed": [], "answer_by": None}
NO_PAUSE: Case = {"paused_at": None, "pause_reason": None, "look_again_at": None}

# Every member of a case with the value that it has before anything is known. Lists are replaced, never changed in place.
BLANK: Case = {
    "version": 0,
    "status": "unknown",
    "since": EPOCH,
    "last_at": EPOCH,
    "ids": [],
    "additions": 0,
    "number": "",
    "reported_at": EPOCH,
    "text": "",
    "language": "zh",
    "channel": "",
    "reporter": None,
    "location": None,
    "address": None,
    "wish": None,
    "attributes": {},
    "follows": None,
    "source": None,
    "classification": None,
    "department": None,
    "triaged_at": None,
    "respond_by": None,
    "resolve_by": None,
    "first_resolve_by": None,
    "extensions": 0,
    "missed": [],
    "level": 0,
    "into": None,
    "followers": [],
    **NOBODY,
    "offered": [],
    "assigned_at": None,
    "accepted_at": None,
    **NO_PAUSE,
    "completed_at": None,
    "outcome": "",
    "verified": False,
    "unsolved": False,
    "closings": 0,
    "closed_at": None,
    "reopenings": 0,
    "published": 0,
}


def blank(id: str) -> Case:
    """Return a case of which nothing is known."""
    return {"id": id, **BLANK}


def deadline_key(which: str, deadline: datetime) -> str:
    """Return the name under which a case remembers a missed deadline."""
    return f"{which}/{deadline.isoformat()}"


def refusal(case: Case, fact: Fact) -> str | None:
    """Return why the fact has no effect on the case as it is now, or None if it takes effect."""
    rule = RULES[fact["type"]]
    if fact["id"] in case["ids"]:
        return "an equal id took effect before"
    if case["status"] not in rule.where:
        return f"it may not happen in status {case['status']}"
    if rule.moves and fact["on"] != case["version"]:
        return f"it names version {fact['on']}, the case is at {case['version']}"
    return unfounded(case, fact)


def unfounded(case: Case, fact: Fact) -> str | None:
    """Return what the fact takes for granted and is not so."""
    match fact["type"]:
        case "case.merged" if (fact["into_reported_at"], fact["into"]) >= (case["reported_at"], case["id"]) or fact["into"] == case["id"]:
            return "a case merges only into an earlier one"
        case "case.withdrawn" if case["followers"]:
            return "others have joined the case"
        case "case.joined" if fact["follower"] == case["id"] or fact["follower"] in case["followers"]:
            return "the follower is known"
        case "case.joined" if len(case["followers"]) >= MOST_FOLLOWERS:
            return "it has too many followers"
        case "case.revived" if not case["followers"]:
            return "nobody follows the case"
        case "case.escalated" if fact["level"] <= case["level"]:
            return f"the case is at level {case['level']}"
        case "deadline.missed":
            return not_missed(case, fact)
        case "outcome.published" if fact["closing"] != case["closings"] or case["published"] >= case["closings"]:
            return "it is not the last closing, or that is published"
        case "case.rated" if fact["closing"] != case["closings"]:
            return "it rates another closing"
        case "case.rated" | "case.supplemented" | "note.added" if case["additions"] >= MOST_ADDITIONS:
            return "it has too many additions"
    return None


def not_missed(case: Case, fact: Fact) -> str | None:
    which, deadline = fact["which"], fact["deadline"]
    if case[f"{which}_by"] != deadline:
        return "the case has no such deadline"
    if fact["at"] < deadline:
        return "the deadline had not passed"
    if which == "respond" and case["accepted_at"] is not None:
        return "it was answered"
    return "it was stated before" if deadline_key(which, deadline) in case["missed"] else None


def take(case: Case, fact: Fact) -> None:
    """Change the case by a fact that takes effect."""
    rule, status = RULES[fact["type"]], case["status"]
    to = rule.to or status
    if fact["type"] == "case.reclassified" and not same_team(case, fact):
        to = "triaged"
        settle_people(case, frees=True, unpauses=True, asks_anew=True)
    if rule.classifies:
        classify(case, fact["classification"])
    settle_people(case, rule.frees, rule.unpauses, rule.asks_anew)
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


def settle_people(case: Case, frees: bool, unpauses: bool, asks_anew: bool) -> None:
    """Forget who has the case, that it is paused, or who was asked."""
    if frees:
        case.update(NOBODY)
    if unpauses:
        case.update(NO_PAUSE)
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
    case["first_resolve_by"] = case["first_resolve_by"] or what["resolve_by"]


def special(case: Case, fact: Fact) -> None:
    """Do what the table cannot say."""
    match fact["type"]:
        case "case.joined":
            case["followers"] = [*case["followers"], fact["follower"]]
        case "case.assigned":
            case["offered"] = [*case["offered"], fact["assignee"]]
        case "deadline.missed":
            case["missed"] = [*case["missed"], deadline_key(fact["which"], fact["deadline"])]
        case "case.rated":
            case["unsolved"] = not fact["solved"]
