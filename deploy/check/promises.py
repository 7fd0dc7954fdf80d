"""What cases were promised, once the whole log was read: deadlines stated, the public page in time, an answer to every "not solved"."""

from datetime import datetime, timedelta

from deploy.check.conduct import PAGE
from deploy.check.history import History, Told
from deploy.check.refusal import deadline_key
from deploy.check.rules import CLOCKED, IN_WORK

OBJECTIONS = 13  # number of the invariant
SHOWN_WITHIN = timedelta(days=7)  # natural days from filing until the page shows how a case stands: section 8 of the domain
SHOWN = IN_WORK | {"triaged", "completed", "closed"}


def check_promises(history: History, id: str, told: Told, now: datetime | None, bound: timedelta) -> None:
    """Check one case; without `now`, up to which the system was up, nobody can be late."""
    if told.case["status"] == "closed" and told.seen.conduct.objected and not told.case["unsolved"]:
        history.findings.add(OBJECTIONS, "a resident says that it is not solved, expected case.reopened or objection.decided", case=id)
    if now is not None:
        check_deadlines(history, id, told, now, bound)
        check_page(history, id, told, now, bound)


def check_deadlines(history: History, id: str, told: Told, now: datetime, bound: timedelta) -> None:
    """A deadline that passed long ago in an open case must have been stated."""
    case = told.case
    if case["status"] not in CLOCKED:
        return
    for which in ("respond", "resolve"):
        deadline = case[f"{which}_by"]
        kept = which == "respond" and case["accepted_at"] is not None
        if deadline is None or kept or deadline + bound >= now or deadline_key(which, deadline) in case["missed"]:
            continue
        history.findings.add(8, f"the {which} deadline {deadline.isoformat()} passed, expected deadline.missed", case=id)


def check_page(history: History, id: str, told: Told, now: datetime, bound: timedelta) -> None:
    """A case that was filed long ago must be on the public page; what touched it lately may have brought it back there."""
    case = told.case
    if case["status"] not in SHOWN or case["clock_from"] is None or case["classification"]["confidential"]:
        return
    outcome = case["status"] == "closed" and case["closings"] <= case["published"]
    if case["standing_at"] is None and not outcome and max(case["clock_from"] + SHOWN_WITHIN, case["last_at"]) + bound < now:
        history.findings.add(PAGE, f"filed at {case['clock_from'].isoformat()}, expected standing.published within seven days", case=id)


def tell_counts(history: History) -> None:
    """Name how many cases wait for a decision, and how many were shown late: people and outages may do that, no service alone."""
    cases = [told.case for told in history.cases.values()]
    waiting = sum(case["status"] == "closed" and case["unsolved"] for case in cases)
    late = sum(
        case["standing_at"] is not None and case["clock_from"] is not None and case["standing_at"] > case["clock_from"] + SHOWN_WITHIN
        for case in cases
    )
    if waiting:
        history.findings.note(f"Closed cases that wait for a decision, for a resident says that it is not solved: {waiting}.")
    if late:
        history.findings.note(f"Cases that were shown on the public page later than seven days after filing: {late}.")
