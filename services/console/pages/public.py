"""The public page, `/public`: what is open, overdue and done, what was published; and `/public/<number>`: the story of one case.

Whole as HTML, for any browser; scripts add the map, the reader's own reports and what can be done with a key.
"""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from services.console.pages.catalogue import message as _
from services.console.pages.catalogue import said
from services.console.pages.kit import TheVisit, Visit
from services.console.public.lists import Asked
from services.console.public.serving import CaseTold, TheShowing, number_in
from services.console.public.told import RATEABLE, WITHDRAWABLE
from services.console.words import Lang, name_of, say
from shared.city import City
from shared.problems import Problem

public_pages = APIRouter(include_in_schema=False)
LISTS = {"open": _("Open"), "overdue": _("Overdue"), "done": _("Dealt with"), "published": _("Published"), "mine": _("My reports")}
FILTERS = ("area", "grid", "group", "near")
UNITS = ((86_400, _("{n} d")), (3_600, _("{n} h")), (60, _("{n} min")), (1, _("{n} s")))
TWO_UNITS_BELOW = 10
A_MOMENT = 30  # seconds
Text = Annotated[str | None, Query(max_length=60)]


@public_pages.get("/public")
async def get_public(request: Request, visit: TheVisit, showing: TheShowing, number: Text = None, show: Text = None) -> Response:
    """Show what became of what was reported; a number leads to its case."""
    if number and (found := looked_for(number)):
        return RedirectResponse(f"/public/{found}", 303)
    asked, show = asked_of(request), show if show in LISTS else "open"
    cases = await showing.cases(asked)
    published = await showing.published(asked.grid) if show == "published" else []
    city, lang = visit.reader
    values = {
        "show": show,
        "asked": asked,
        "cases": cases,
        "published": published,
        "links": {name: link(asked, show=name) for name in LISTS},
        "names": LISTS,
        "onward": link(asked, show=show, page=asked.page + 1) if cases.more else None,
        "back": link(asked, show=show, page=asked.page - 1) if asked.page > 1 else None,
        "places": places(city, lang),
        "groups": {id: say(words, lang) for id, words in city.groups.items()},
        "wrong_number": number or "",
    }
    return visit.page("public.html", **values, **times(visit))


@public_pages.get("/public/{number}")
async def get_public_case(number: str, visit: TheVisit, showing: TheShowing) -> Response:
    """Show how far a case has come."""
    try:
        case = await showing.case(number)
    except Problem as problem:
        answer = visit.page("public_case.html", case=None, wrong=problem.zh if visit.reader.lang == "zh" else problem.en, **times(visit))
        answer.status_code = problem.status
        return answer
    return visit.page("public_case.html", case=case, wrong="", digits=number_in(number), **may(case), **times(visit))


def may(case: CaseTold) -> dict[str, bool]:
    """Return what somebody with the key of the case may do now."""
    return {"rateable": case.status in RATEABLE, "withdrawable": case.status in WITHDRAWABLE}


def looked_for(written: str) -> str | None:
    """Return the digits of the number that somebody typed; None if it is none."""
    try:
        return number_in(written)
    except Problem:
        return None


def asked_of(request: Request) -> Asked:
    """Return what the address asks for; a part that cannot be understood counts as not said."""
    told = {name: value for name, value in request.query_params.items() if name in Asked.model_fields and name != "limit" and value}
    try:
        return Asked.model_validate(told)
    except ValidationError as error:
        wrong = {str(fault["loc"][0]) for fault in error.errors()}
        return Asked.model_validate({name: value for name, value in told.items() if name not in wrong})


def link(asked: Asked, **other: Any) -> str:
    """Return the address of a list under the same filters."""
    kept = {name: value for name in FILTERS if (value := getattr(asked, name))}
    if other.get("page") == 1:
        del other["page"]
    return "/public?" + urlencode({**kept, **other})


def places(city: City, lang: Lang) -> list[dict[str, Any]]:
    """Return the communities with their grids, for a menu."""
    found: dict[str, dict[str, Any]] = {}
    for grid in city.grids.values():
        name = name_of("community", grid.community, city, lang)
        found.setdefault(grid.community, {"name": name, "grids": []})["grids"].append({"id": grid.id, "name": say(grid.name, lang)})
    return list(found.values())


def times(visit: Visit) -> dict[str, Any]:
    """Return what templates show times with: exactly, and as far from now, as the scripts of pages say it."""
    lang, now = visit.reader.lang, visit.now

    def relative(at: datetime) -> str:
        away = (at - now).total_seconds()
        if abs(away) < A_MOMENT:
            return said("now", lang)
        return said("{time} ago" if away < 0 else "in {time}", lang, {"time": lasting(abs(away), lang)})

    def exact(at: datetime) -> str:
        return f"{at:%Y-%m-%d %H:%M}"

    return {"relative": relative, "exact": exact}


def lasting(seconds: float, lang: Lang) -> str:
    """Return a length of time in its largest fitting unit, and the next one where the first is small."""
    whole = round(seconds)
    nth = next((nth for nth, (size, message) in enumerate(UNITS) if whole >= size), len(UNITS) - 1)
    size, message = UNITS[nth]
    amount, left = divmod(whole, size)
    parts = [said(message, lang, {"n": amount})]
    if amount < TWO_UNITS_BELOW and size > UNITS[2][0] and left // UNITS[nth + 1][0]:
        parts.append(said(UNITS[nth + 1][1], lang, {"n": left // UNITS[nth + 1][0]}))
    return " ".join(parts)
