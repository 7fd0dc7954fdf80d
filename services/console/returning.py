"""The list for the monthly meeting: what came back in a month, at which place, how often, and whether it was remedied for good."""

import csv
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from io import StringIO
from operator import itemgetter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.console.rating import Month
from services.console.reader import Reader
from services.console.words import Lang, name_of, who
from shared.events import Name
from shared.terms import Location

Read = Callable[[str, dict[str, Any], Sequence[tuple[str, int]], int], Awaitable[list[dict[str, Any]]]]
FROZEN = ConfigDict(frozen=True)
LOOKED_AT = 20_000  # rows of one month; beyond, the answer says that it is not complete
AT_ONCE = 500  # places of one query
FORMULA = tuple("=+-@\t\r")  # a cell that begins so would be computed by a spreadsheet


class RecurringAsked(BaseModel):
    """The query of `GET /recurring`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grid: Name | None = Field(None, description="Id of a grid of the city")
    department: Name | None = Field(None, description="Id of a department of the city")
    category: Name | None = Field(None, description="Code of a category of the city")
    month: Month | None = Field(None, description="In which something came; otherwise the present month")
    least: Annotated[int, Field(ge=1, le=1_000, description="How often it must have come, ever")] = 2
    limit: Annotated[int, Field(ge=1, le=500, description="Most places of the answer, the most frequent first")] = 100
    format: Literal["json", "csv"] = Field("json", description="csv: a table for a spreadsheet, in UTF-8")
    lang: Lang | None = Field(None, description="Language of the words, instead of Accept-Language")


class Remedy(BaseModel):
    """What a meeting decided last about a place, and how often it came back all the same."""

    model_config = FROZEN

    case: str
    text: str
    handler: str
    who: str = Field(description="The department, or the role of the person, who does it")
    decided_at: datetime
    remedy_by: datetime
    since: int = Field(description="Reports since it was decided")
    since_due: int = Field(description="Reports since it was to be in place")


class Returning(BaseModel):
    """Cases of one type at one place. Duplicates, rejected and withdrawn reports do not count."""

    model_config = FROZEN

    cell: str = Field(description="H3 cell of resolution 10, about 130 m across")
    location: Location | None = Field(description="Where it was last")
    category: str
    name: str
    grid: str | None
    grid_name: str
    department: str | None
    department_name: str
    count: int
    in_month: int
    open: int = Field(description="Of which the work is not done")
    first_at: datetime
    last_at: datetime
    again: int = Field(description="Reports after an earlier one had been completed, and reopenings")
    remedy: Remedy | None


class RecurringAnswer(BaseModel):
    """What came back, the most frequent first. `complete` is false if the month held more places than were looked at."""

    model_config = FROZEN

    month: str
    complete: bool
    items: list[Returning]


async def returning(rows: Read, asked: RecurringAsked, now: datetime, reader: Reader) -> RecurringAnswer:
    """Find the places of the month, read all that is known of them, and tell those that came often enough."""
    month = asked.month or f"{reader.city.local(now):%Y-%m}"
    narrowed = {name: value for name in ("grid", "department", "category") if (value := getattr(asked, name))}
    seen = await rows("recurring", {"months": {"$in": [month]}, **narrowed}, (), LOOKED_AT)
    by_place: dict[str, list[dict[str, Any]]] = {}
    places = sorted({row["place"] for row in seen})
    for start in range(0, len(places), AT_ONCE):
        for row in await rows("recurring", {"place": {"$in": places[start : start + AT_ONCE]}}, (), 0):
            by_place.setdefault(row["place"], []).append(row)
    found = [told(rows_of, month, reader) for rows_of in by_place.values() if any(row["cases"] for row in rows_of)]
    often = [one for one in found if one.count >= asked.least and reader.city.located(one.location)]
    often.sort(key=lambda one: (-one.count, -one.last_at.timestamp(), one.cell, one.category))
    return RecurringAnswer(month=month, complete=len(seen) < LOOKED_AT, items=often[: asked.limit])


def told(rows: Iterable[Mapping[str, Any]], month: str, reader: Reader) -> Returning:
    """Return what the rows of one place say, those of all partitions together; at least one of them holds a case."""
    known = sorted(rows, key=last_of)
    newest, cases = known[-1], sorted((case for row in known for case in row["cases"].values()), key=itemgetter(0))
    times = [case[0] for case in cases]
    finished = [case[1] for case in cases if case[1]]
    older = [row["older_from"] for row in known if row["older"]]
    remedies = [row["remedy"] for row in known if row["remedy"]]
    grid, department, category = newest["grid"] or None, newest["department"] or None, newest["category"]
    return Returning(
        cell=newest["cell"],
        location=Location(lat=newest["lat"], lon=newest["lon"]),
        category=category,
        name=name_of("category", category, reader.city, reader.lang),
        grid=grid,
        grid_name=name_of("grid", grid, reader.city, reader.lang),
        department=department,
        department_name=name_of("department", department, reader.city, reader.lang),
        count=len(cases) + sum(row["older"] for row in known),
        in_month=sum(case[-1] == month for case in cases),
        open=sum(case[1] is None for case in cases),
        first_at=min([*older, *times]),
        last_at=times[-1],
        again=sum(any(done <= time for done in finished) for time in times) + sum(case[2] for case in cases),
        remedy=remedied(max(remedies, key=lambda one: one["at"]), times, reader) if remedies else None,
    )


def last_of(row: Mapping[str, Any]) -> str:
    return max((case[0] for case in row["cases"].values()), default="")


def remedied(remedy: Mapping[str, str], times: Sequence[str], reader: Reader) -> Remedy:
    handler, city = remedy["handler"], reader.city
    return Remedy(
        case=remedy["case"],
        text=remedy["text"],
        handler=handler,
        who=name_of("department", handler, city, reader.lang) if handler in city.departments else who(handler, city, reader.lang),
        decided_at=datetime.fromisoformat(remedy["at"]),
        remedy_by=datetime.fromisoformat(remedy["remedy_by"]),
        since=sum(time > remedy["at"] for time in times),
        since_due=sum(time > remedy["remedy_by"] for time in times),
    )


def as_csv(answer: RecurringAnswer) -> str:
    """Return the list as a table with one line a place; words that a spreadsheet would compute are quoted."""
    own = [name for name in Returning.model_fields if name not in ("location", "remedy")]
    decided = list(Remedy.model_fields)
    file = StringIO()
    table = csv.writer(file)
    table.writerow([*own, "lat", "lon", *(f"remedy_{name}" for name in decided)])
    for item in answer.items:
        line = item.model_dump(mode="json")
        where, remedy = line["location"] or {}, line["remedy"] or {}
        cells = [*(line[name] for name in own), where.get("lat"), where.get("lon"), *(remedy.get(name) for name in decided)]
        table.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in cells])
    return file.getvalue()
