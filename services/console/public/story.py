"""The story of a case in public: short steps with their times, in the words of the reader, and the texts that were published.

Reasons and outcomes that people wrote are left out; a reason from the city's list is told.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.console.pages.catalogue import message as _
from services.console.pages.catalogue import said
from services.console.public.told import worded
from services.console.words import Lang, say, when, who
from shared.city import City
from shared.people import Role
from shared.standing import ROLES, SOMEBODY

STEPS: Mapping[str, str] = {
    "case.reported": _("Somebody reported it."),
    "verification.requested": _("Somebody was asked to look first."),
    "report.verified": _("Somebody looked: it is so."),
    "case.triaged": _("Filed: {category}, for {department}."),
    "case.reclassified": _("Corrected: {category}, for {department}."),
    "case.assigned": _("A handler was asked: {assignee}."),
    "assignment.accepted": _("The handler took it on."),
    "work.started": _("Work began."),
    "work.paused": _("On hold: {reason}. Looked at again {look_again_at}."),
    "work.resumed": _("Work goes on, due {resolve_by}."),
    "work.completed": _("The work is done and waits for a check."),
    "case.returned": _("The handler gave it back; another one is being found."),
    "case.transferred": _("Handed over to {department}."),
    "deadline.extended": _("The deadline was moved to {resolve_by}: {reason}."),
    "deadline.missed": _("The deadline passed."),
    "case.escalated": _("Under supervision: {level}."),
    "resolution.verified": _("The result was checked and is good."),
    "resolution.rejected": _("The check found it unfinished; it goes back to work."),
    "case.closed": _("Closed."),
    "standing.published": _("How it stands was published."),
    "outcome.published": _("The outcome was published."),
    "case.joined": _("Somebody else reported the same."),
    "case.reopened": _("Reopened, for it was not solved; due {resolve_by}."),
    "objection.decided": _("An objection was looked into; it stays closed."),
    "remedy.decided": _("A meeting decided on a lasting remedy by {remedy_by}."),
    "case.rejected": _("It was not taken up."),
    "case.withdrawn": _("Whoever reported it took it back."),
    "case.revived": _("It goes on, for others wait for it."),
    "case.merged": _("Joined with another report of the same matter."),
    "case.separated": _("It is a case of its own again."),
}
WITHOUT: Mapping[str, str] = {  # the same where something is not told
    "case.triaged": _("Filed."),
    "case.reclassified": _("What it is was corrected."),
    "work.paused": _("On hold. Looked at again {look_again_at}."),
    "deadline.extended": _("The deadline was moved to {resolve_by}."),
}
PUBLISHED = frozenset({"standing.published", "outcome.published"})
TIMES = ("look_again_at", "resolve_by", "remedy_by")


class Step(BaseModel):
    """One thing that happened."""

    model_config = ConfigDict(frozen=True)

    type: str
    at: datetime
    said: str
    text: str | None = None  # as it was published


def story(rows: Iterable[Mapping[str, Any]], known: Collection[str], city: City, lang: Lang) -> list[Step]:
    """Return the steps that rows of the timeline tell; of those who joined, the cases in `known` alone."""
    steps: list[Step] = []
    for row in rows:
        if not row["effective"] or row["type"] not in STEPS or hidden(row, known):
            continue
        if steps and row["type"] == steps[-1].type == "case.assigned":
            steps.pop()  # who was asked before did not take it
        steps.append(step(row, city, lang))
    return steps


def hidden(row: Mapping[str, Any], known: Collection[str]) -> bool:
    facts = row["facts"]
    return (row["type"] == "case.joined" and facts["follower"] not in known) or (
        row["type"] == "deadline.missed" and facts["which"] != "resolve"
    )


def step(row: Mapping[str, Any], city: City, lang: Lang) -> Step:
    facts = {**row["facts"].get("classification", {}), **row["facts"]}
    values = {name: value for name, value in told(facts, city, lang).items() if value is not None}
    message = STEPS[row["type"]]
    if any(f"{{{name}}}" in message and name not in values for name in ("category", "reason")):
        message = WITHOUT[row["type"]]
    text = published(facts["text"], row["by"], lang) if row["type"] in PUBLISHED else None
    at = datetime.fromisoformat(row["true_at"] or row["at"])
    return Step(type=row["type"], at=city.local(at), said=said(message, lang, values), text=text)


def told(facts: Mapping[str, Any], city: City, lang: Lang) -> dict[str, str | None]:
    """Return what facts say as far as everybody may know: names of the city's things, roles, times."""
    category = city.categories.get(facts.get("category", ""))
    may_know = category is not None and not category.confidential and not facts.get("confidential")
    department = city.departments.get(facts.get("department", ""))
    return {
        "category": worded(category.name, lang) if category is not None and may_know else None,
        "department": worded(department.name, lang) if department else facts.get("department"),
        "assignee": role(facts, city, lang),
        "reason": worded(city.pause_reasons.get(facts.get("reason", "")), lang),
        "level": say(city.level_name(facts["level"]), lang) if "level" in facts else None,
        **{name: when(datetime.fromisoformat(facts[name]), city) for name in TIMES if name in facts},
    }


def role(facts: Mapping[str, Any], city: City, lang: Lang) -> str | None:
    if "role" not in facts:
        return who(facts["assignee"], city, lang) if "assignee" in facts else None
    return say(ROLES[Role(facts["role"])] if facts["role"] in set(Role) else SOMEBODY, lang)


def published(text: str, by: str, lang: Lang) -> str:
    """Return a published text; what closure words itself has a line in each language."""
    lines = text.splitlines()
    return lines[0 if lang == "zh" else 1] if by == "closure" and len(lines) == 2 else text
