"""Why a fact has no effect on a case as it is, beyond what the table in `rules.py` says."""

from datetime import datetime

from deploy.check.blank import Case
from deploy.check.members import Fact
from deploy.check.rules import CLOCKED, COUNTED, MOST_ADDITIONS, MOST_FOLLOWERS, RULES


def deadline_key(which: str, deadline: datetime) -> str:
    """Return the name under which a case remembers a missed deadline."""
    return f"{which}/{deadline.isoformat()}"


def reminder_key(share: float, deadline: datetime) -> str:
    """Return the name under which a case remembers a reminder."""
    return f"{share:g}/{deadline.isoformat()}"


def refusal(case: Case, fact: Fact) -> str | None:
    """Return why the fact has no effect on the case as it is now, or None if it takes effect."""
    rule = RULES[fact["type"]]
    if fact["id"] in case["ids"]:
        return "an equal id took effect before"
    if case["status"] not in rule.where:
        return f"it may not happen in status {case['status']}"
    if rule.moves and fact["on"] != case["version"]:
        return f"it names version {fact['on']}, the case is at {case['version']}"
    if fact["type"] in COUNTED and case["additions"] >= MOST_ADDITIONS:
        return "it has too many additions"
    return unfounded(case, fact) or out_of_turn(case, fact)


def unfounded(case: Case, fact: Fact) -> str | None:
    """Return what a fact about the report, its clock or who follows it takes for granted and is not so."""
    match fact["type"]:
        case "verification.requested" if case["verify_by"] is not None:
            return "somebody was asked to look before"
        case "report.verified" if case["verify_by"] is None or case["looked"]:
            return "nobody waits for somebody to look"
        case "case.merged" if (fact["into_reported_at"], fact["into"]) >= (case["reported_at"], case["id"]) or fact["into"] == case["id"]:
            return "a case merges only into an earlier one"
        case "case.withdrawn" if case["followers"]:
            return "others have joined the case"
        case "case.joined" if fact["follower"] == case["id"] or fact["follower"] in case["followers"]:
            return "the follower is known"
        case "case.joined" if len(case["followers"]) >= MOST_FOLLOWERS:
            return "it has too many followers"
        case "case.parted" if fact["follower"] not in case["followers"]:
            return "it has no such follower"
        case "case.revived" if not case["followers"]:
            return "nobody follows the case"
        case "case.escalated" if fact["level"] <= case["level"]:
            return f"the case is at level {case['level']}"
        case "deadline.missed":
            return not_missed(case, fact)
        case "reminder.sent" if fact["deadline"] != case["resolve_by"]:
            return "the case has no such deadline"
        case "reminder.sent" if reminder_key(fact["share"], fact["deadline"]) in case["reminded"]:
            return "it was reminded before"
    return None


def out_of_turn(case: Case, fact: Fact) -> str | None:
    """Return what a fact about an appeal, the result or the public page takes for granted and is not so."""
    match fact["type"]:
        case "appeal.made" if case["insisted_at"] is None or case["appealed_at"] is not None:
            return "nobody insists, or an appeal waits already"
        case "appeal.decided" if case["appealed_at"] is None:
            return "no appeal waits"
        case "outcome.published" if fact["closing"] != case["closings"] or case["published"] >= case["closings"]:
            return "it is not the last closing, or that is published"
        case "standing.published" if fact["round"] != case["reopenings"] or case["standing_at"] is not None or case["triaged_at"] is None:
            return "it is not filed, was reopened since, or that is published"
        case "objection.decided" if not case["unsolved"]:
            return "nobody says that it is not solved"
        case "case.rated" | "callback.recorded" if fact["closing"] != case["closings"]:
            return "it speaks of another closing"
    return None


def not_missed(case: Case, fact: Fact) -> str | None:
    """Return why a deadline was not missed: it is none of the case's, was kept, has not passed, or was stated before."""
    which, deadline, status = fact["which"], fact["deadline"], case["status"]
    if which in ("respond", "resolve") and (status not in CLOCKED or case[f"{which}_by"] != deadline):
        return "the case has no such deadline"
    if which == "dispatch" and (status != "triaged" or case["assigned_at"] is not None):
        return "somebody was asked"
    if which == "check" and (status != "completed" or case["verified"]):
        return "nobody has to check it"
    if fact["at"] < deadline:
        return "the deadline had not passed"
    if which == "respond" and case["accepted_at"] is not None:
        return "it was answered"
    return "it was stated before" if deadline_key(which, deadline) in case["missed"] else None
