"""The words that travel: values used in events, in cities and in answers, each with one meaning everywhere."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Grade(StrEnum):
    """How fast a case must be answered, most urgent first."""

    EMERGENCY = "emergency"  # danger to life, health or order
    URGENT = "urgent"  # danger or loss of supply if left
    NORMAL = "normal"  # disturbance, damage, dirt
    SERVICE = "service"  # wish, visit, question, praise


class Clock(StrEnum):
    """How a limit runs."""

    URGENT_HOURS = "urgent_hours"  # without a break
    WORK_HOURS = "work_hours"  # only in working time
    WORK_DAYS = "work_days"  # one work day is as many work hours as the city's working day has
    NATURAL_DAYS = "natural_days"  # 24 hours each, without a break


class Limit(BaseModel):
    """An amount of time on one of the four clocks."""

    model_config = ConfigDict(frozen=True)

    amount: Annotated[float, Field(gt=0)]
    clock: Clock


class Location(BaseModel):
    """A point in WGS84 decimal degrees."""

    model_config = ConfigDict(frozen=True)

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class Words(BaseModel):
    """One name in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
