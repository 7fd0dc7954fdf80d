"""The file of a city's calendar: a library for the holidays that it knows, and the city's own dates, which go first."""

from collections.abc import Callable
from datetime import date
from typing import Literal, Self
from zoneinfo import available_timezones

import chinese_calendar
import holidays as all_countries
from pydantic import BaseModel, model_validator

from shared.calendar import Calendar, Hours, Weekdays
from shared.category import FROZEN
from shared.cityfile import CityFile

YEARS = range(2000, 2051)  # for which holidays are asked from a library that computes them


class Days(BaseModel):
    """What stands in the file. `holidays` computes the days of a country, and of a part of it if there is a `subdivision`."""

    model_config = FROZEN

    library: Literal["chinesecalendar", "holidays"] | None = None
    country: str | None = None
    subdivision: str | None = None
    working_days: Weekdays
    working_hours: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def known(self) -> Self:
        if self.library != "holidays":
            if self.country or self.subdivision:
                raise ValueError("a country or subdivision is only for the library holidays")
            return self
        parts = all_countries.list_supported_countries(include_aliases=True)
        if self.country not in parts:
            raise ValueError("the library holidays needs a country that it knows, for example US")
        if self.subdivision is not None and self.subdivision not in parts[self.country]:
            raise ValueError(f"{self.country} has no subdivision {self.subdivision!r}")
        return self


def read_calendar(file: CityFile, zone: object) -> Calendar | None:
    """Return the calendar in the file; None, and faults, if there is none."""
    days = None if file.broken else file.model(Days, file.data)
    if days is None:
        return None
    off, worked = LIBRARIES[days.library](days) if days.library else (frozenset(), frozenset())
    own = days.model_dump(include={"working_days", "working_hours"})
    own["holidays"] = (off - days.workdays) | days.holidays
    own["workdays"] = (worked - days.holidays) | days.workdays
    known = isinstance(zone, str) and zone in available_timezones()
    return file.model(Calendar, {**own, "zone": zone if known else "UTC"})


Both = tuple[frozenset[date], frozenset[date]]  # days off, and days that are worked to make up for them


def chinese_days(days: Days) -> Both:
    """Return the public holidays and the make-up days of China for all years that the library knows."""
    return frozenset(chinese_calendar.holidays), frozenset(chinese_calendar.workdays)


def country_days(days: Days) -> Both:
    """Return the public holidays of a country or a part of it."""
    return frozenset(all_countries.country_holidays(days.country or "", subdiv=days.subdivision, years=YEARS)), frozenset()


LIBRARIES: dict[str, Callable[[Days], Both]] = {"chinesecalendar": chinese_days, "holidays": country_days}
