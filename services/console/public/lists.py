"""The public lists: which cases are asked for, in which order, a page at a time, in the words of the reader."""

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from services.console.public.board import NEVER, Entry
from services.console.words import Lang, name_of, say
from shared.case import Status
from shared.city import City, Grid, metres
from shared.number import shown
from shared.standing import RUNNING, STATUSES
from shared.terms import Location

Show = Literal["open", "overdue", "done"]
DECIMALS = 3  # of degrees: nobody needs to tell us more exactly where they are
MOST = 1_000  # cases of one answer
PAGE = 30


def numbers(count: int) -> str:
    """Return the pattern of so many numbers with commas between them."""
    return "^" + ",".join([r"-?\d{1,3}(\.\d{1,9})?"] * count) + "$"


class Asked(BaseModel):
    """Which public cases: all filters together; those without a value ask for all."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    show: Show = "open"
    grid: Annotated[str | None, Field(max_length=64)] = None
    area: Annotated[str | None, Field(max_length=64, description="A community")] = None
    group: Annotated[str | None, Field(max_length=64, description="Of categories")] = None
    bbox: Annotated[
        str | None, Field(pattern=numbers(4), description="west,south,east,north in degrees; cases without a point are left out")
    ] = None
    near: Annotated[str | None, Field(pattern=numbers(2), description="lat,lon: the nearest first")] = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    limit: Annotated[int, Field(ge=1, le=MOST)] = PAGE

    @property
    def here(self) -> Location | None:
        """Return where the reader is, made coarse."""
        if self.near is None:
            return None
        lat, lon = (round(float(part), DECIMALS) for part in self.near.split(","))
        return Location(lat=max(-90.0, min(90.0, lat)), lon=max(-180.0, min(180.0, lon)))


class Row(BaseModel):
    """A case of a list. `state` is open, over (the deadline has passed), stands (on hold) or done."""

    model_config = ConfigDict(frozen=True)

    number: str
    status: Status
    status_text: str
    state: str
    category: str
    grid: str | None
    place: str
    lat: float | None = Field(description="Rounded to about 100 m; null where a home is concerned")
    lon: float | None
    reported_at: datetime
    deadline: datetime | None
    closed_at: datetime | None
    metres: int | None = None


class CasesTold(BaseModel):
    """A page of public cases, and how many there are in each list under the same filters."""

    model_config = ConfigDict(frozen=True)

    items: list[Row]
    page: int
    more: bool
    counts: dict[Show, int]


class Found(NamedTuple):
    entry: Entry
    far: float  # metres, from where the reader is


def listed(entries: Iterable[Entry], asked: Asked, city: City, lang: Lang, now: datetime) -> CasesTold:
    """Return the page that is asked for."""
    here, at = asked.here, now.timestamp()
    within = [entry for entry in entries if fits(entry, asked, city)]
    lists: dict[Show, list[Entry]] = {
        "open": [entry for entry in within if entry.closed_at == NEVER and entry.status is not Status.COMPLETED],
        "overdue": [entry for entry in within if late(entry, at)],
        "done": [entry for entry in within if entry.closed_at != NEVER or entry.status is Status.COMPLETED],
    }
    found = [Found(entry, distance(entry, here, city)) for entry in lists[asked.show]]
    found.sort(key=lambda one: (one.far, order(one.entry, asked.show)))
    start = (asked.page - 1) * asked.limit
    items = [row(one, city, lang, at) for one in found[start : start + asked.limit]]
    counts = {show: len(ones) for show, ones in lists.items()}
    return CasesTold(items=items, page=asked.page, more=len(found) > start + asked.limit, counts=counts)


def fits(entry: Entry, asked: Asked, city: City) -> bool:
    category, grid = city.categories.get(entry.category), city.grids.get(entry.grid or "")
    return (
        (not asked.grid or entry.grid == asked.grid)
        and (not asked.area or (grid is not None and grid.community == asked.area))
        and (not asked.group or (category is not None and category.group == asked.group))
        and (asked.bbox is None or inside(entry, [float(part) for part in asked.bbox.split(",")]))
    )


def inside(entry: Entry, box: Sequence[float]) -> bool:
    west, south, east, north = box
    return entry.lat is not None and entry.lon is not None and south <= entry.lat <= north and west <= entry.lon <= east


def late(entry: Entry, at: float) -> bool:
    return entry.status in RUNNING and (entry.missed or entry.due < at)


def distance(entry: Entry, here: Location | None, city: City) -> float:
    """Return how far it is from where the reader is, in metres: to the middle of the grid if only that is told; infinite without one."""
    if here is None:
        return 0.0
    if entry.lat is not None and entry.lon is not None:
        return metres(here, Location(lat=entry.lat, lon=entry.lon))
    grid = city.grids.get(entry.grid or "")
    return metres(here, middle(grid)) if grid else math.inf


@lru_cache(maxsize=4096)
def middle(grid: Grid) -> Location:
    centre = grid.shape.centroid
    return Location(lat=centre.y, lon=centre.x)


def order(entry: Entry, show: Show) -> float:
    """Return what a list is sorted by: overdue ones by how long they are, all others the newest first."""
    match show:
        case "overdue":
            return entry.due
        case "done":
            return -(entry.closed_at if entry.closed_at != NEVER else entry.reported_at)
        case "open":
            return -entry.reported_at


def row(found: Found, city: City, lang: Lang, at: float) -> Row:
    entry, far = found
    running = entry.status in RUNNING and entry.due != NEVER
    return Row(
        number=shown(entry.number),
        status=entry.status,
        status_text=say(STATUSES[entry.status], lang),
        state=state(entry, at),
        category=name_of("category", entry.category, city, lang),
        grid=entry.grid,
        place=name_of("grid", entry.grid, city, lang) if entry.grid else "",
        lat=entry.lat,
        lon=entry.lon,
        reported_at=clock(entry.reported_at, city),
        deadline=clock(entry.due, city) if running else None,
        closed_at=clock(entry.closed_at, city) if entry.closed_at != NEVER else None,
        metres=round(far) if far and entry.lat is not None else None,
    )


def state(entry: Entry, at: float) -> str:
    if entry.status in (Status.CLOSED, Status.COMPLETED):
        return "done"
    if entry.status is Status.PAUSED:
        return "stands"
    return "over" if late(entry, at) else "open"


def clock(at: float, city: City) -> datetime:
    """Return the time on the clocks of the city."""
    return city.local(datetime.fromtimestamp(at, UTC))
