"""A city as data: what can be reported there, who deals with it, by when, and where.

The models are frozen and know no files; `shared.citypack` reads a folder into a `City`. Its `version` is the hash of
all that it was made from: the same question to the same version has the same answer, and a case keeps the version under
which it was filed.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, PrivateAttr, field_validator, model_validator
from shapely import STRtree
from shapely.geometry import Point

from shared.calendar import Calendar, Hours, Zone
from shared.category import FROZEN, Category, Condition, Department, DuplicateRule, Id, Words, families
from shared.people import Person, Role, Shift
from shared.places import Area, Grid, Level, Placeholder, Recipient, Step, metres
from shared.question import Endpoint
from shared.sending import Sending
from shared.terms import Clock, Grade, Limit, Location
from shared.weights import USUAL, Formula, RateRule, RateWeights, formulas_on
from shared.written import WrittenDuration, WrittenLimit

__all__ = [
    "Area",
    "Calendar",
    "Category",
    "City",
    "Condition",
    "Department",
    "DuplicateRule",
    "Grid",
    "Hours",
    "Level",
    "Person",
    "Placeholder",
    "RateRule",
    "RateWeights",
    "Recipient",
    "Role",
    "Shift",
    "Step",
    "Words",
    "metres",
    "plain",
]

Count = Annotated[int, Field(ge=0)]
Span = Annotated[float, Field(ge=0)]


class City(BaseModel):
    """Everything that the decisions know about one city."""

    model_config = FROZEN

    name: Id
    title: Words
    zone: Zone
    version: str
    calendar: Calendar
    groups: Annotated[dict[str, Words], Field(min_length=1)]  # of categories: few, for they label metrics
    categories: Annotated[dict[str, Category], Field(min_length=1)]
    departments: Annotated[dict[str, Department], Field(min_length=1)]
    areas: dict[str, Area]
    grids: dict[str, Grid]
    staff: Annotated[dict[str, Person], Field(min_length=1)]
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    steps: tuple[Step, ...]
    placeholders: tuple[Placeholder, ...] = ()

    dispatch_within: dict[Grade, WrittenLimit]
    respond_within: dict[Grade, WrittenLimit]  # first feedback to the reporter
    answer_within: dict[Grade, WrittenDuration]  # how long an offer to one person stands
    automatic_precision: Annotated[float, Field(gt=0, le=1)] = 0.95  # that a learned ranking must have shown before it joins by itself
    dispatch: Sending = Sending()
    max_offers: Annotated[int, Field(ge=1)] = 3
    refusals_to_climb: Annotated[int, Field(ge=1)] = 2
    max_extensions: Count = 2
    pause_reasons: dict[str, Words]
    skills: dict[Id, Words] = {}  # names of those that are not called as a group is
    look_again_days: Span = 7
    verify_within: WrittenLimit = Limit(amount=0.5, clock=Clock.URGENT_HOURS)  # 核实, before filing
    check_within: WrittenLimit  # 核查, after handling
    appeal_within: WrittenLimit = Limit(amount=1, clock=Clock.WORK_DAYS)  # 申诉, from when an operator insists on somebody
    objection_hours: Span = 72
    call_back_hours: Span = 24
    reopen_days: Span = 14
    max_reopenings: Count = 3
    reopen_rest: Annotated[float, Field(gt=0, le=1)] = 0.25  # of the limit that a reopened case has at least; 1: it begins anew
    publish_after_hours: Span = 24
    publish_within_days: Span = 7
    rate_weights: Annotated[tuple[RateWeights, ...], Field(min_length=1)] = (USUAL,)
    formulas: tuple[Formula, ...] = ()  # of rates, besides the usual ones or in their place
    rates: RateRule = RateRule()
    confidential_to: frozenset[Id] = frozenset()  # posts that may see and steer every confidential case within their reach
    homes: frozenset[Id] | None = None  # groups that concern homes: of their cases the public is told the grid alone; None: of all
    emergency_call: Words | None = None  # whom to call at once when somebody is in danger
    open311: Endpoint = Endpoint()
    learned: Annotated[dict[str, bytes], Field(repr=False)] = {}  # files that were learned from history, by name

    _tree: STRtree = PrivateAttr()
    _grids: tuple[Grid, ...] = PrivateAttr()
    _rota: dict[tuple[int, int, int], tuple[Person, ...]] = PrivateAttr()
    _families: dict[str, frozenset[str]] = PrivateAttr()
    _calendar_version: str = PrivateAttr()

    def model_post_init(self, _: object) -> None:
        self._grids = tuple(self.grids[key] for key in sorted(self.grids))
        self._tree = STRtree([grid.shape for grid in self._grids])
        self._rota = {}
        self._families = families(self.categories)
        self._calendar_version = version_of(self.calendar)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        copied.model_post_init(None)  # what was remembered belongs to the grids and rosters as they were
        return copied

    @field_validator("dispatch_within", "respond_within", "answer_within")
    @classmethod
    def for_each_grade(cls, limits: dict[Grade, Any]) -> dict[Grade, Any]:
        missing = [grade for grade in Grade if grade not in limits]
        if missing:
            raise ValueError(f"there is none for {', '.join(missing)}")
        return limits

    @model_validator(mode="after")
    def one_zone(self) -> Self:
        if self.calendar.zone != self.zone:
            raise ValueError("the calendar is one of another zone")
        return self

    @property
    def calendar_version(self) -> str:
        """Return a hash of the calendar alone: deadlines in working time are computed anew when it changes."""
        return self._calendar_version

    def local(self, at: datetime) -> datetime:
        return self.calendar.local(at)

    def located(self, location: Location | None) -> bool:
        """Say whether `location` is a place: a default coordinate is none."""
        return location is not None and not any(metres(location, point.location) <= point.radius_m for point in self.placeholders)

    def grid_at(self, location: Location | None) -> Grid | None:
        """Return the grid of a place; on a common border the one whose id comes first."""
        if location is None or not self.located(location):
            return None
        hits = self._tree.query(Point(location.lon, location.lat), predicate="intersects")
        return self._grids[min(hits)] if len(hits) else None

    def areas_of(self, grid: str | None) -> list[Area]:
        """Return the areas that a grid lies in, from its community upwards."""
        found: list[Area] = []
        area = self.areas.get(self.grids[grid].community) if grid in self.grids else None
        while area is not None and area not in found:
            found.append(area)
            area = self.areas.get(area.parent) if area.parent else None
        return found

    def people(self, at: datetime) -> list[Person]:
        """Return who is on duty at `at`, in order of id."""
        local = self.local(at)
        minute = (local.weekday(), local.hour, local.minute)
        if minute not in self._rota:  # at most the minutes of a week
            self._rota[minute] = tuple(self.staff[key] for key in sorted(self.staff) if self.staff[key].on_duty(local))
        return list(self._rota[minute])

    def duty_officers(self, at: datetime) -> list[Person]:
        return [person for person in self.people(at) if person.role is Role.DUTY_OFFICER]

    def leaders(self, level: int) -> list[Person]:
        """Return who leads a level of the ladder, on duty or not."""
        return [person for key, person in sorted(self.staff.items()) if person.role is Role.LEADER and person.level == level]

    def level_name(self, level: int) -> Words:
        """Return the name of a level; above the ladder, of its top."""
        return self.levels[min(level, len(self.levels) - 1)].name

    def steps_of(self, grade: Grade) -> tuple[Step, ...]:
        """Return the steps of a grade: its own if it has any, else those of all; in order of their shares."""
        own = tuple(step for step in self.steps if step.grade is grade)
        return own or tuple(step for step in self.steps if step.grade is None)

    def family_of(self, code: str) -> frozenset[str]:
        """Return the category itself, those of its group, those it is often confused with, and those that say so of it."""
        return self._families.get(code, frozenset({code}))

    def weights_on(self, day: date) -> RateWeights:
        """Return the weights that hold on a day; before the first ones, the first."""
        return next((weights for weights in reversed(self.rate_weights) if weights.since <= day), self.rate_weights[0])

    def formulas_on(self, day: date) -> dict[str, Formula]:
        """Return the formulas of the rates that hold on a day, by their ids."""
        return formulas_on(day, self.formulas)

    def respond_limit(self, category: Category, condition: str | None, grade: Grade) -> Limit:
        """Return by when the reporter must hear something: the condition's first step, or what the grade demands."""
        return category.condition(condition).first_step or self.respond_within[grade]


def version_of(calendar: Calendar) -> str:
    days = (sorted(calendar.working_days), sorted(calendar.holidays), sorted(calendar.workdays))
    return hashlib.sha256(repr((calendar.zone, calendar.working_hours, days)).encode()).hexdigest()[:16]


def plain(text: str) -> str:
    """Return `text` as words are compared: full-width forms narrowed, case folded, runs of blanks made one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
