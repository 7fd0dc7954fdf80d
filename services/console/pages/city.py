"""What the maps and menus of pages need to know of the city, which anybody may know: its grids, its types, its units, its words."""

from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.console.pages.files import Match, made, sent
from services.console.reader import TheReader
from services.console.words import CHANNELS, GRADES, STATUSES, Lang, say
from shared.asked import TheProcess
from shared.city import City, Words
from shared.settings import Settings

city_page = APIRouter(include_in_schema=False)


@city_page.get("/pages/city")
async def get_city(request: Request, reader: TheReader, process: TheProcess, match: Match = None) -> Response:
    """Tell the city as pages draw and name it, in the language of the reader."""
    told = orjson.dumps(told_of(reader.city, process.settings, reader.lang))
    answer = sent(made(told, "application/json"), request, match, "no-cache")
    answer.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return answer


def told_of(city: City, settings: Settings, lang: Lang) -> dict[str, Any]:
    """Return what pages may know of a city; positions are latitude and longitude, in degrees."""

    def named(all_of_them: dict[Any, Words]) -> dict[str, str]:
        return {str(key): say(words, lang) for key, words in all_of_them.items()}

    return {
        "name": say(city.title, lang),
        "zone": city.zone,
        "tiles": settings.map_tiles,
        "credit": settings.map_credit,
        "grids": {
            grid.id: {
                "name": say(grid.name, lang),
                "community": grid.community,
                "rings": [[(lat, lon) for lon, lat in ring] for ring in grid.polygon],
            }
            for grid in city.grids.values()
        },
        "areas": {area.id: {"name": say(area.name, lang), "level": area.level, "parent": area.parent} for area in city.areas.values()},
        "groups": named(city.groups),
        "categories": {
            code: {"name": say(one.name, lang), "group": one.group, "department": one.department}
            for code, one in city.categories.items()
            if not one.confidential
        },
        "departments": {id: say(one.name, lang) for id, one in city.departments.items()},
        "statuses": named(STATUSES),
        "grades": named(GRADES),
        "channels": named(CHANNELS),
    }
