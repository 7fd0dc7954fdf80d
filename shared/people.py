"""Who works for the city: posts with a roster, skills, a place and room for so many cases at once."""

from datetime import datetime, time
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, field_validator, model_validator

from shared.calendar import Weekdays
from shared.category import FROZEN, Id, Words
from shared.terms import Location
from shared.written import read_hours


class Role(StrEnum):
    """What a post is for."""

    GRID_WORKER = "grid_worker"
    BUILDING_HEAD = "building_head"
    UNIT_WORKER = "unit_worker"
    UNIT_HEAD = "unit_head"
    DUTY_OFFICER = "duty_officer"
    OPERATOR = "operator"
    MEDIATOR = "mediator"
    VOLUNTEER = "volunteer"
    LEADER = "leader"


class Shift(BaseModel):
    """Weekly hours on duty; a shift that ends at or before its beginning runs past midnight."""

    model_config = FROZEN

    days: Weekdays
    start: time
    end: time

    @model_validator(mode="before")
    @classmethod
    def read(cls, written: object) -> object:
        if not isinstance(written, str):
            return written
        days, _, hours = written.partition(" ")
        start, end = read_hours(hours)
        return {"days": days, "start": start, "end": end}

    @field_validator("start", "end")
    @classmethod
    def on_the_minute(cls, moment: time) -> time:
        if moment.second or moment.microsecond:
            raise ValueError("a shift begins and ends on a whole minute")
        return moment

    def covers(self, at_local: datetime) -> bool:
        day, moment = at_local.weekday(), at_local.time()
        if self.start < self.end:
            return day in self.days and self.start <= moment < self.end
        return (day in self.days and moment >= self.start) or ((day - 1) % 7 in self.days and moment < self.end)


class Person(BaseModel):
    """A post, named by role and number, never by a person's name."""

    model_config = FROZEN

    id: Id
    role: Role
    title: Words
    department: Id
    grids: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"zh"})
    level: Annotated[int, Field(ge=0)] = 0  # of the ladder
    capacity: Annotated[int, Field(ge=1)]
    home: Location
    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)]

    def on_duty(self, at_local: datetime) -> bool:
        return any(shift.covers(at_local) for shift in self.shifts)
