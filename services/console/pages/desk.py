"""The dispatch desk, on which operators, duty officers and units work all day; its cases come by the feed of `services/console/desk`."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.console.pages.kit import STEERING, TheVisit

desk_page = APIRouter(include_in_schema=False)


@desk_page.get("/desk")
async def get_desk(visit: TheVisit) -> Response:
    """Show the desk."""
    return visit.staff_page("desk.html", STEERING)
