"""What the console tells the city about itself: the three rates, what keeps coming back, and how long things are expected to take."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.console.asking import strangers
from services.console.expecting import ExpectedAnswer, ExpectedAsked, expecting, of_category
from services.console.rating import RatesAnswer, RatesAsked, months_of, rates_answer
from services.console.reader import TheReader
from services.console.returning import RecurringAnswer, RecurringAsked, as_csv, returning
from shared.city import City
from shared.problems import problem
from shared.web import Now, Reads

figures = APIRouter(tags=["figures"])


@figures.get("/rates")
async def get_rates(asked: Annotated[RatesAsked, Query()], reads: Reads, reader: TheReader, now: Now) -> RatesAnswer:
    """Tell the three rates and their counts, by area, unit, type or month. What is entered late changes the month that it is about."""
    months = months_of(asked, now, reader.city)
    return rates_answer(await reads.rows("rates", {"month": {"$in": months}}), asked.by, months, reader)


@figures.get("/recurring", response_model=RecurringAnswer, responses={200: {"content": {"text/csv": {}}}})
async def get_recurring(asked: Annotated[RecurringAsked, Query()], reads: Reads, reader: TheReader, now: Now) -> RecurringAnswer | Response:
    """List what came back in a month, for the monthly meeting; as CSV for a spreadsheet."""
    must_know({"grid": [asked.grid], "department": [asked.department], "category": [asked.category]}, reader.city)
    answer = await returning(reads.rows, asked, now, reader)
    if asked.format == "json":
        return answer
    name = f"recurring-{answer.month}.csv"
    return Response(
        "\ufeff" + as_csv(answer),  # the mark by which spreadsheets know UTF-8
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@figures.get("/expected")
async def get_expected(asked: Annotated[ExpectedAsked, Query()], reads: Reads, reader: TheReader, now: Now) -> ExpectedAnswer | None:
    """Tell how long cases of a type take, from the city's own history; null while too few are known."""
    must_know({"category": [asked.category], "grid": [asked.grid]}, reader.city)
    return await expecting(reads.rows, of_category(asked.category, asked.grid, reader.city), now, reader)


def must_know(asked: Mapping[str, Sequence[str | None]], city: City) -> None:
    """Raise a 422 problem that names what the city does not have."""
    if faults := strangers(asked, city):
        raise problem(422, "Some parameters are not right.", "有参数不正确。", faults)
