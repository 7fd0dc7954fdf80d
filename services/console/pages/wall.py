"""The wall: how the city stands, for a large screen and for whoever answers for it. Its scripts ask the figures of `stats`."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.console.pages.kit import WATCHING, TheVisit

wall = APIRouter(include_in_schema=False)


@wall.get("/wall")
async def get_wall(visit: TheVisit) -> Response:
    """Show the frame of the wall; what it shows, the browser asks for."""
    return visit.staff_page("wall.html", WATCHING)
