"""What one may ask the list of cases for: filters, sorts, and the cursor that goes on where a page ended."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.console.fields import EPOCH, NEVER, digits, sort_keys
from services.console.rating import LADDER
from services.console.search import runs
from services.console.words import Lang
from shared.case import Case, Status
from shared.city import City
from shared.events import Name
from shared.problems import Fault
from shared.terms import Grade

Sort = Literal["reported_at", "-reported_at", "resolve_by", "-resolve_by", "since", "-since", "grade", "-grade"]
Filter = dict[str, Any]
CHECKED = ("category", "grid", "department", "group", "community", "street", "county")
AREAS = {"community": "社区", "street": "街道", "county": "区县"}
WINDOWS = {"reported": "by_report", "since": "by_change"}  # times that bounds may be asked of, and the text that sorts by them
KEYS = {"reported_at": "by_report", "since": "by_change", "resolve_by": "by_deadline", "grade": "by_urgency"}


class Asked(BaseModel):
    """The query of `GET /cases`. A filter given several times lets any of its values pass; a case must pass all filters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: list[Status] = Field([], description="Statuses, any of which")
    category: list[Name] = Field([], description="Codes of categories of the city")
    grade: list[Grade] = Field([], description="Grades")
    grid: list[Name] = Field([], description="Ids of grids of the city")
    department: list[Name] = Field([], description="Ids of departments of the city")
    assignee: list[Name] = Field([], description="Ids of the staff who have the case")
    group: list[Name] = Field([], description="Ids of groups of categories")
    community: list[Name] = Field([], description="Ids of communities; the grid of the case lies there")
    street: list[Name] = Field([], description="Ids of streets or townships")
    county: list[Name] = Field([], description="Ids of counties or districts")
    channel: list[Name] = Field([], description="Channels that reports came in by")
    open: bool | None = Field(None, description="Whether the city still owes the resident something")
    overdue: bool | None = Field(None, description="Whether the case is open and its present deadline was missed")
    reported_after: AwareDatetime | None = Field(None, description="Reported at this time or later (ISO 8601 with zone)")
    reported_before: AwareDatetime | None = Field(None, description="Reported before this time (ISO 8601 with zone)")
    since_after: AwareDatetime | None = Field(None, description="Came into its present status at this time or later")
    since_before: AwareDatetime | None = Field(None, description="Came into its present status before this time")
    text: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Words of the text, address or number, all of which; words may be cut short behind the fourth letter",
    )
    sort: Sort = Field("-reported_at", description="`grade`: the most urgent first; `-` turns the order round")
    cursor: str | None = Field(None, max_length=1000, description="`next` of the page before; same filters and sort")
    limit: Annotated[int, Field(ge=1, le=200, description="Most cases of one page")] = 50
    lang: Lang | None = Field(None, description="Language of the words, instead of Accept-Language")

    @property
    def key(self) -> str:
        """The field that is sorted by."""
        return KEYS[self.sort.removeprefix("-")]

    @property
    def way(self) -> int:
        """Which way it is sorted: 1 or -1."""
        return -1 if self.sort.startswith("-") else 1


class Part(BaseModel):
    """The query of `GET /cases/{id}/timeline`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cursor: Annotated[int, Field(ge=0, lt=2**62, description="`next` of the page before")] | None = None
    limit: Annotated[int, Field(ge=1, le=500, description="Most events of one page")] = 100
    lang: Lang | None = Field(None, description="Language of the words, instead of Accept-Language")


def cursor_behind(case: Case, asked: Asked) -> str:
    """Return the cursor of what follows the case: the sort, and the text that the case is sorted by."""
    return urlsafe_b64encode(f"{asked.sort}:{sort_keys(case)[asked.key]}".encode()).decode().rstrip("=")


def place_of(asked: Asked) -> str | None:
    """Return the text behind which to go on. Raises ValueError if the cursor is not from a list of this sort."""
    if asked.cursor is None:
        return None
    sort, _, place = urlsafe_b64decode(asked.cursor + "=" * (-len(asked.cursor) % 4)).decode().partition(":")
    if sort != asked.sort or not place:
        raise ValueError("not a cursor of this list")
    return place


def strangers(asked: Mapping[str, Sequence[str | None]], city: City) -> list[Fault]:
    """Return every category, grid, department, group or area that is asked for and that the city does not have."""
    known: dict[str, tuple[Mapping[str, Any], str]] = {
        "category": (city.categories, "类别"),
        "grid": (city.grids, "网格"),
        "department": (city.departments, "部门"),
        "group": (city.groups, "大类"),
        **{kind: ({id: area for id, area in city.areas.items() if area.level == level}, AREAS[kind]) for kind, level in LADDER.items()},
    }
    return [
        Fault(field=parameter, en=f"The city has no {parameter} {value!r}", zh=f"本市没有{known[parameter][1]}“{value}”")
        for parameter, values in asked.items()
        for value in values
        if value is not None and value not in known[parameter][0]
    ]


def wrong(asked: Asked, city: City) -> list[Fault]:
    """Return every parameter that the city does not know, or that contradicts another."""
    faults = strangers({name: getattr(asked, name) for name in CHECKED}, city)
    for what in WINDOWS:
        bounds = {name: at for name in (f"{what}_after", f"{what}_before") if (at := getattr(asked, name))}
        faults += [
            Fault(field=parameter, en="Must lie between 1970 and 9999", zh="必须在 1970 年至 9999 年之间")
            for parameter, at in bounds.items()
            if not EPOCH <= at < NEVER
        ]
        if len(bounds) == 2 and bounds[f"{what}_after"] >= bounds[f"{what}_before"]:
            faults.append(Fault(field=f"{what}_before", en=f"Must be later than {what}_after", zh=f"必须晚于 {what}_after"))
    if asked.text and not runs(asked.text):
        faults.append(Fault(field="text", en="Holds no letter, digit or character to look for", zh="没有可以查找的文字"))
    try:
        place_of(asked)
    except ValueError:
        faults.append(Fault(field="cursor", en="Is not the `next` of a page with this sort", zh="不是此排序下某一页的 next 值"))
    return faults


def to_filter(asked: Asked, city: City) -> Filter:
    """Return the query for the rows that pass all filters but the text."""
    some: Filter = {
        name: {"$in": [str(value) for value in values]}
        for name in ("status", "category", "group", "grade", "department", "assignee", "channel")
        if (values := getattr(asked, name))
    }
    if asked.grid or any(getattr(asked, kind) for kind in LADDER):
        some["grid"] = {"$in": grids_of(asked, city)}
    for name in ("open", "overdue"):
        if (value := getattr(asked, name)) is not None:
            some[name] = value
    for what, key in WINDOWS.items():
        window = {"$gte": getattr(asked, f"{what}_after"), "$lt": getattr(asked, f"{what}_before")}
        if bounds := {operator: digits(at) for operator, at in window.items() if at is not None}:
            some[key] = bounds
    return some


def grids_of(asked: Asked, city: City) -> list[str]:
    """Return the grids that are asked for and lie in the areas that are asked for; areas are those in which the city's grids lie now."""
    wanted = {level: set(ids) for kind, level in LADDER.items() if (ids := getattr(asked, kind))}
    areas = {grid: {area.level: area.id for area in city.areas_of(grid)} for grid in asked.grid or city.grids}
    return [grid for grid, of in areas.items() if all(of.get(level) in ids for level, ids in wanted.items())]


def behind(place: str | None, asked: Asked, some: Filter) -> Filter:
    """Return the query for what follows a place in the list."""
    if place is None:
        return some
    past, nearer = ("$gt", max) if asked.way > 0 else ("$lt", min)
    bounds: dict[str, str] = some.get(asked.key, {})
    return {**some, asked.key: {**bounds, past: nearer(place, bounds.get(past, place))}}
