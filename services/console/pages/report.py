"""The form in which anybody reports something, `/report`: photos, a place, a text. What is written stays on the device until it is sent."""

from fastapi import APIRouter
from fastapi.responses import Response

from services.console.pages.kit import TheVisit
from services.console.words import say

report_page = APIRouter(include_in_schema=False)


@report_page.get("/report")
async def get_report(visit: TheVisit) -> Response:
    """Show the form."""
    city, lang = visit.reader
    danger = say(city.emergency_call, lang) if city.emergency_call else ""
    return visit.page("report.html", contact=say(city.open311.contact, lang), danger=danger)
