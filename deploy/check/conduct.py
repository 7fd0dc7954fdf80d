"""What people and services may never do with a case, whatever the table says: judge their own work, or publish what is confidential."""

from collections.abc import Iterator
from dataclasses import dataclass

from deploy.check.members import Fact
from deploy.check.rules import SERVICES

CONDUCT, PAGE = 11, 12  # numbers of the invariants
JUDGES = frozenset({"resolution.verified", "resolution.rejected", "case.rated", "callback.recorded", "objection.decided", "appeal.decided"})
APPROVED = frozenset({"work.paused", "deadline.extended"})
GIVES_BACK = frozenset({"assignment.declined", "case.returned"})
WORDS = frozenset({"case.rated", "callback.recorded"})  # a resident says whether it is solved
ANSWERS = frozenset({"case.reopened", "objection.decided", "resolution.rejected", "resolution.verified", "work.completed"})


@dataclass(slots=True)
class Conduct:
    """What is remembered of who does what with a case."""

    insisted: bool = False
    separated: bool = False
    confidential: bool = False
    objected: bool = False  # the last word of a resident is that it is not solved, and nobody has answered


def conduct_faults(conduct: Conduct, fact: Fact, holder: str | None) -> Iterator[tuple[int, str]]:
    """Yield what must not have been done, with the invariant's number, and remember the fact. `holder` had the case before it."""
    type, by = fact["type"], fact["by"]
    if type in JUDGES and by == holder:
        yield CONDUCT, f"{type} by {by}, whose own work it is"
    if type in APPROVED and fact["approved_by"] == holder:
        yield CONDUCT, f"{type} approved by {holder}, whose own work it is"
    if type in GIVES_BACK and conduct.insisted:
        yield CONDUCT, f"{type} by {by}, on whom an operator insists: an appeal expected"
    if type == "case.merged" and conduct.separated and by in SERVICES:
        yield CONDUCT, f"merged into {fact['into']} by {by}, though a person had separated it"
    if fact["true_at"] is not None and not (fact["late"] and fact["true_at"] <= fact["at"]):
        yield CONDUCT, f"{type} has the true time {fact['true_at'].isoformat()}, which only an earlier, late entry may have"
    if type in ("standing.published", "outcome.published") and conduct.confidential:
        yield PAGE, f"{type} of a confidential case"
    remember(conduct, fact)


def remember(conduct: Conduct, fact: Fact) -> None:
    type = fact["type"]
    if type in ("case.triaged", "case.reclassified"):
        conduct.confidential = fact["classification"]["confidential"]
    if type in ("case.assigned", "case.transferred", "case.reclassified", "case.reopened", "assignment.expired"):
        conduct.insisted = type == "case.assigned" and fact["insists"]
    if type == "case.separated":
        conduct.separated = True
    if type in WORDS and fact["solved"] is not None:
        conduct.objected = not fact["solved"]
    if type in ANSWERS:
        conduct.objected = False
