"""What all pages share: the frame with its navigation, who reads it and in which language, and what browsers may do with it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.console.pages.catalogue import message as _
from services.console.pages.catalogue import said
from services.console.reader import Reader, TheReader
from services.console.words import Lang, say
from shared.access import Caller, Role
from shared.asked import CurrentCaller, Now, TheProcess
from shared.city import City
from shared.refusals import ROLES
from shared.settings import Settings

R = Role
STEERING = frozenset({R.OPERATOR, R.SUPERVISOR, R.UNIT})
HANDLING = frozenset({R.GRID_WORKER, R.BUILDING_HEAD, R.VOLUNTEER, R.UNIT})
WATCHING = frozenset({R.OPERATOR, R.SUPERVISOR, R.UNIT, R.MANAGER, R.AUDITOR, R.ADMIN})
# the address of a page, what it is called, and who has use for it; None: everybody
NAVIGATION: tuple[tuple[str, str, frozenset[Role] | None], ...] = (
    ("/report", _("Report a problem"), None),
    ("/public", _("What became of it"), None),
    ("/desk", _("Dispatch desk"), STEERING),
    ("/tasks", _("My tasks"), HANDLING),
    ("/wall", _("Figures"), WATCHING),
)
YEAR = 365 * 24 * 3600
THEMES = ("light", "dark")
templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
)
templates.filters["n"] = "{:,}".format


@dataclass(frozen=True)
class Frame:
    """What the frame around every page is made of."""

    reader: Reader
    caller: Caller
    path: str
    now: datetime
    switch: str = "?"  # the query that asks for the other language
    theme: str = ""
    can_sign_in: bool = False

    def values(self) -> dict[str, Any]:
        """Return everything that the template of the frame names, in the words of the reader."""
        city, lang = self.reader
        return {
            "_": partial(words, lang),
            "lang": "zh-Hans" if lang == "zh" else "en",
            "other_lang": "en" if lang == "zh" else "zh",
            "switch": self.switch,
            "theme": self.theme if self.theme in THEMES else "",
            "city": say(city.title, lang),
            "path": self.path,
            "navigation": [(to, said(name, lang)) for to, name in navigation(self.caller)],
            "signed_in": self.caller.signed_in,
            "who": called(self.caller, city, lang),
            "can_sign_in": self.can_sign_in,
            "sign_in": f"/sign-in?to={quote(self.path)}",
            "known": data({"session": session(self.caller, city), "zone": city.zone, "now": self.now.timestamp()}),
        }


@dataclass(frozen=True)
class Visit:
    """A request for a page: by whom, in which language, in which city."""

    request: Request
    reader: TheReader
    caller: CurrentCaller
    process: TheProcess
    now: Now

    def page(self, template: str, **values: Any) -> Response:
        """Return the page, and let the browser remember a language that was asked for."""
        answer = HTMLResponse(templates.get_template(template).render(self.frame.values() | values), headers=self.headers())
        if self.request.query_params.get("lang") in ("zh", "en"):
            answer.set_cookie("lang", self.reader.lang, max_age=YEAR, samesite="lax")
        return answer

    @property
    def frame(self) -> Frame:
        query = self.request.url.include_query_params(lang="en" if self.reader.lang == "zh" else "zh").query
        return Frame(
            self.reader,
            self.caller,
            self.request.url.path,
            self.now,
            switch=f"?{query}",
            theme=self.request.cookies.get("theme", ""),
            can_sign_in=bool(self.process.settings.issuer) and "session" in self.request.scope,
        )

    def headers(self) -> dict[str, str]:
        """Return the headers of a page: nothing of it comes from elsewhere but photos and the tiles of the map."""
        return {
            "Content-Security-Policy": policy(self.process.settings),
            "Content-Language": self.reader.lang,
            "Cache-Control": "no-store",
            "Vary": "Accept-Language, Cookie",
        }

    def staff_page(self, template: str, roles: frozenset[Role], **values: Any) -> Response:
        """Return a page for some roles: whoever has not signed in is sent to do so, others are told who it is for."""
        if not self.caller.signed_in and self.frame.can_sign_in:
            asked = self.request.url
            return RedirectResponse(f"/sign-in?to={quote(f'{asked.path}?{asked.query}' if asked.query else asked.path)}", 303)
        if self.caller.roles.isdisjoint(roles):
            names = [say(ROLES[role], self.reader.lang) for role in Role if role in roles]
            return self.page("not_yours.html", roles=("、" if self.reader.lang == "zh" else ", ").join(names))
        return self.page(template, **values)


TheVisit = Annotated[Visit, Depends()]


def words(lang: Lang, message: str, **values: Any) -> str:
    return said(message, lang, values)


def data(values: Mapping[str, Any]) -> Markup:
    """Return values as JSON that may stand in a page between script tags."""
    return Markup(json.dumps(values, ensure_ascii=False).replace("<", "\\u003c"))


def navigation(caller: Caller) -> list[tuple[str, str]]:
    return [(to, name) for to, name, roles in NAVIGATION if roles is None or caller.roles & roles]


def session(caller: Caller, city: City) -> dict[str, Any] | None:
    """Return what the scripts of a page know of who has signed in; never the token."""
    if not caller.signed_in:
        return None
    post = city.staff.get(caller.id)
    title = {"zh": post.title.zh, "en": post.title.en} if post else None
    roles = sorted(str(role) for role in caller.roles)
    return {"id": caller.id, "title": title, "roles": roles, "unit": caller.unit, "grids": sorted(caller.grids)}


def called(caller: Caller, city: City, lang: Lang) -> str:
    """Return how somebody who has signed in is called: by the post, never by name."""
    post = city.staff.get(caller.id)
    return say(post.title, lang) if post else caller.id.removeprefix("resident:")


def policy(settings: Settings) -> str:
    """Return the content security policy of pages."""
    sources = {origin(url) for url in (settings.photos_url or settings.intake_url, settings.map_tiles) if url}
    images = " ".join(["'self'", "data:", "blob:", *sorted(sources)])
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; connect-src 'self'; font-src 'self'; "
        "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def origin(url: str) -> str:
    """Return scheme, host and port; a pattern of hosts, as `{s}.tiles.example`, stands for all of them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"
