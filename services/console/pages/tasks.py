"""The page of people in the field, `/tasks`: it can be installed, and it opens without a connection.

A service worker keeps what the page is made of. It is served from below `/tasks`, so that this is all that it governs.
"""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.console.pages.catalogue import message as _
from services.console.pages.catalogue import said, script
from services.console.pages.files import HERE, Match, made, read, sent
from services.console.pages.kit import HANDLING, TheVisit
from services.console.reader import Reader
from services.console.words import Lang, say
from shared.web import TheCity

tasks = APIRouter(include_in_schema=False)
SHARED = ("base.css", "map.css", "core.js", "frame.js", "map.js", "icon.svg")
MADE = ("/static/words-zh.js", "/static/words-en.js", "/tasks/zh.webmanifest", "/tasks/en.webmanifest")
LIBRARY = ("/assets/leaflet/index.js", "/assets/leaflet/leaflet/leaflet.css")
WORKER = HERE / "tasks-worker.js"
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"  # of the worker, by which all its own requests are judged
ICONS = {"192": "any", "512": "any", "maskable": "maskable"}


@tasks.get("/tasks")
async def get_tasks(visit: TheVisit, shell: Annotated[Lang | None, Query()] = None) -> Response:
    """Show the page; `shell` asks for it in a certain language, to be kept for when there is no connection."""
    if shell is None:
        return visit.staff_page("tasks.html", HANDLING)
    other = "en" if shell == "zh" else "zh"
    return replace(visit, reader=Reader(visit.reader.city, shell)).staff_page("tasks.html", HANDLING, switch=f"?lang={other}")


@tasks.get("/tasks/worker.js")
async def get_worker(request: Request, match: Match = None) -> Response:
    """Hand out the service worker with the list of what it keeps; it is another one as soon as any of that is."""
    own = sorted(path.name for path in HERE.glob("tasks*") if path != WORKER)
    kept = [*MADE, *LIBRARY, *(f"/static/{name}" for name in (*SHARED, *own))]
    content = f'const FILES = {json.dumps(kept)};\nconst VERSION = "{version(own)}";\n{WORKER.read_text()}'
    answer = sent(made(content.encode(), "text/javascript; charset=utf-8"), request, match, "no-cache")
    answer.headers.update({"Service-Worker-Allowed": "/tasks", "Content-Security-Policy": POLICY})
    return answer


def version(own: list[str]) -> str:
    """Return a name for all that the worker keeps as it is now."""
    seen = sha256("".join(script(lang) for lang in ("zh", "en")).encode())
    for path in (HERE / name for name in (*SHARED, *own)):
        seen.update(read(path, path.stat().st_mtime_ns).tag.encode())
    return seen.hexdigest()[:16]


@tasks.get("/tasks/{lang}.webmanifest")
async def get_manifest(lang: Lang, city: TheCity, request: Request, match: Match = None) -> Response:
    """Say what the page is called and looks like on the phone's screen, in the language in which it is installed."""
    manifest = {
        "id": "/tasks",
        "name": f"{said(_('My tasks'), lang)} · {say(city.title, lang)}",
        "short_name": said(_("My tasks"), lang),
        "description": said(_("What to do today, also without a connection."), lang),
        "lang": "zh-Hans" if lang == "zh" else "en",
        "start_url": "/tasks",
        "scope": "/tasks",
        "display": "standalone",
        "orientation": "any",
        "background_color": "#f4f6f5",
        "theme_color": "#1f6a62",
        "icons": [icon(name, purpose) for name, purpose in ICONS.items()],
    }
    return sent(made(json.dumps(manifest, ensure_ascii=False).encode(), "application/manifest+json"), request, match, "no-cache")


def icon(name: str, purpose: str) -> dict[str, str]:
    size = "512" if name == "maskable" else name
    return {"src": f"/static/tasks-{name}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
