"""The style sheets and scripts of pages, and the libraries that come in NiceGUI's wheel: Leaflet for maps, ECharts for charts.

Ours are asked for again at each visit and answered by 304 while nothing changed; a library changes only with its version.
"""

import gzip
import hashlib
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from services.console.pages.catalogue import script
from services.console.words import Lang
from shared.problems import problem

HERE = Path(__file__).parent.parent / "static"
LIBRARIES = {"leaflet": "elements/leaflet/dist", "echarts": "elements/echart/dist"}  # by what pages call them
WORDS: dict[str, Lang] = {"words-zh.js": "zh", "words-en.js": "en"}
KEPT = "max-age=86400"  # of libraries
SMALL = 1_000  # bytes; less is not worth compressing
TYPES = {".js": "text/javascript; charset=utf-8", ".webmanifest": "application/manifest+json"}
files = APIRouter(include_in_schema=False)
Match = Annotated[str | None, Header(alias="If-None-Match")]


@dataclass(frozen=True)
class File:
    """The content of a file, as it is and compressed, and the name of this content."""

    content: bytes
    packed: bytes | None
    tag: str
    kind: str


@files.get("/static/{name}")
async def get_static(name: str, request: Request, match: Match = None) -> Response:
    """Hand out a style sheet, a script or a picture of ours; the words of a language are made from the catalogue."""
    if name in WORDS:
        return sent(words_of(script(WORDS[name])), request, match, "no-cache")
    path = HERE / name
    if "/" in name or name.startswith(".") or not path.is_file():
        raise not_there(name)
    return sent(read(path, path.stat().st_mtime_ns), request, match, "no-cache")


@files.get("/assets/{library}/{path:path}")
async def get_asset(library: str, path: str, request: Request, match: Match = None) -> Response:
    """Hand out a file of a library."""
    folder = folder_of(library) if library in LIBRARIES else None
    found = (folder / path).resolve() if folder else None
    if folder is None or found is None or not found.is_relative_to(folder) or not found.is_file():
        raise not_there(path)
    return sent(read(found, found.stat().st_mtime_ns), request, match, KEPT)


def sent(file: File, request: Request, match: str | None, caching: str) -> Response:
    headers = {"ETag": file.tag, "Cache-Control": caching, "Vary": "Accept-Encoding"}
    if match is not None and file.tag in match:
        return Response(status_code=304, headers=headers)
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, media_type=file.kind, headers={**headers, "Content-Encoding": "gzip"})
    return Response(file.content, media_type=file.kind, headers=headers)


@lru_cache(maxsize=256)
def read(path: Path, changed: int) -> File:
    """Read a file, once for each time that it was changed."""
    return made(path.read_bytes(), TYPES.get(path.suffix) or guess_type(path.name)[0] or "application/octet-stream")


@lru_cache(maxsize=2)
def words_of(script: str) -> File:
    return made(script.encode(), TYPES[".js"])


def made(content: bytes, kind: str) -> File:
    packed = gzip.compress(content, 6, mtime=0) if len(content) > SMALL and not kind.startswith("image/p") else None
    return File(content, packed, f'"{hashlib.sha256(content).hexdigest()[:16]}"', kind)


@lru_cache(maxsize=len(LIBRARIES))
def folder_of(library: str) -> Path:
    """Return where a library is; NiceGUI itself is not imported."""
    found = importlib.util.find_spec("nicegui")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("the wheel of nicegui, which brings the maps and charts of pages, is not installed")
    return (Path(found.submodule_search_locations[0]) / LIBRARIES[library]).resolve()


def not_there(name: str) -> Exception:
    return problem(404, f"There is no file {name}.", f"没有文件 {name}。")
