"""Where things are: the ladder of areas, the grids, distances, and points that are no place."""

import math
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, PrivateAttr, field_validator, model_validator
from shapely.geometry import Point, Polygon

from shared.category import FROZEN, Id, Words
from shared.terms import Grade, Location

EARTH_RADIUS_M = 6_371_008.8
Ring = tuple[tuple[float, float], ...]


def metres(a: Location, b: Location) -> float:
    """Return the distance along a great circle (haversine formula on the mean radius of the earth)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


class Level(BaseModel):
    """One rung of the governance ladder."""

    model_config = FROZEN

    id: Id
    name: Words


class Recipient(StrEnum):
    """Who hears of a step."""

    HANDLER = "handler"
    HEAD = "head"  # of the handler's unit
    LEVEL = "level"  # those who work the queue of the step's level
    LEADER = "leader"  # of the step's level


class Step(BaseModel):
    """What share of a limit is used up when somebody is reminded of a case, or when it comes to the notice of a level."""

    model_config = FROZEN

    share: Annotated[float, Field(gt=0)]
    level: Annotated[int, Field(ge=0)]  # 0: a reminder, nothing climbs
    grade: Grade | None = None  # for cases of this grade alone, instead of the steps of all
    who: Annotated[tuple[Recipient, ...], Field(min_length=1)] = (Recipient.LEVEL,)

    @model_validator(mode="before")
    @classmethod
    def usual(cls, written: object) -> object:
        if isinstance(written, dict) and "who" not in written and written.get("level") == 0:
            return {**written, "who": (Recipient.HANDLER,)}
        return written

    @model_validator(mode="after")
    def before_the_end(self) -> Self:
        if self.reminder is not (self.share < 1):
            raise ValueError("a step below share 1.0 is a reminder and has level 0, any other has a higher level")
        return self

    @property
    def reminder(self) -> bool:
        return self.level == 0


class Area(BaseModel):
    """A community, street, county or city: a place on the ladder."""

    model_config = FROZEN

    id: Id
    name: Words
    level: Annotated[int, Field(ge=0)]
    parent: Id | None = None


class Grid(BaseModel):
    """The smallest area, looked after by one grid worker."""

    model_config = FROZEN

    id: Id
    name: Words
    community: Id
    # Rings of longitude and latitude: the outer one, then holes.
    polygon: Annotated[tuple[Ring, ...], Field(min_length=1)]

    _shape: Polygon = PrivateAttr()

    @field_validator("polygon")
    @classmethod
    def drawable(cls, rings: tuple[Ring, ...]) -> tuple[Ring, ...]:
        if any(len(ring) < 4 for ring in rings):
            raise ValueError("a ring needs at least three corners, and the first one again at its end")
        if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for ring in rings for lon, lat in ring):
            raise ValueError("a corner is longitude, then latitude, in degrees")
        shape = Polygon(rings[0], rings[1:])
        if not shape.is_valid or shape.area == 0:
            raise ValueError("the polygon crosses itself or is empty")
        return rings

    def model_post_init(self, _: object) -> None:
        self._shape = Polygon(self.polygon[0], self.polygon[1:])

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        copied.model_post_init(None)
        return copied

    @property
    def shape(self) -> Polygon:
        return self._shape

    def contains(self, location: Location) -> bool:
        return bool(self._shape.covers(Point(location.lon, location.lat)))


class Placeholder(BaseModel):
    """A default coordinate that stands for "not located"."""

    model_config = FROZEN

    location: Location
    radius_m: Annotated[float, Field(ge=0)] = 5.0
