"""What can be reported: the categories of a city, their conditions and the department that answers for each."""

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.question import Follow, Question
from shared.terms import Grade
from shared.terms import Words as Words
from shared.written import WrittenLimit, read_hours

CONDITION = "CONDITION"  # the code of the question by which a form asks for the condition
FROZEN = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
Id = Annotated[str, Field(min_length=1, max_length=64)]


class DuplicateRule(BaseModel):
    """Two reports of one category this near to each other are candidates for one case."""

    model_config = FROZEN

    radius_m: Annotated[float, Field(gt=0)]
    window_hours: Annotated[float, Field(gt=0)]
    automatic: bool = False  # whether a rule may merge them without asking anybody


class Stretch(BaseModel):
    """A stretch of local time on every day, its end left out; it may go over midnight: "22:00-06:00"."""

    model_config = FROZEN

    start: time
    end: time

    @model_validator(mode="before")
    @classmethod
    def read(cls, written: object) -> object:
        return dict(zip(("start", "end"), read_hours(written), strict=True)) if isinstance(written, str) else written

    @model_validator(mode="after")
    def not_the_whole_day(self) -> Self:
        if self.start == self.end:
            raise ValueError("this is the whole day; leave it out")
        return self

    def covers(self, moment: time) -> bool:
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


class Condition(BaseModel):
    """How bad it is: the condition sets the handling limit."""

    model_config = FROZEN

    key: Id
    name: Words
    words: tuple[str, ...] = ()
    limit: WrittenLimit
    grade: Grade | None = None  # where it differs from the category's
    first_step: WrittenLimit | None = None  # a step that must come before: contact, securing the place, a knock at the door
    hours: Stretch | None = None  # of the report, in which it holds although nobody says so, instead of the first condition
    at_most: WrittenLimit | None = None  # the longest that extensions may make the limit


class Category(BaseModel):
    """One type of report."""

    model_config = FROZEN

    code: Id
    group: Id
    name: Words
    words: Annotated[tuple[str, ...], Field(min_length=1)]  # everyday words in both languages
    grade: Grade
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]  # the first one holds when none was named
    department: Id
    supporting: tuple[Id, ...] = ()  # departments that help; the first recipient stays responsible
    skills: Annotated[frozenset[str], Field(min_length=1)]
    check_before: bool = False  # 核实: somebody looks before it is filed
    check_after: bool = False  # 核查: somebody other than the handler looks before it is closed
    result_photo: bool = False  # closing needs a photo of the result
    reporter_word: bool = False  # closing needs the reporter's word that it is solved
    family: frozenset[Id] = frozenset()  # codes of categories of any group with which it is often confused
    duplicate: DuplicateRule | None = None
    confidential: bool = False
    repeat_days: Annotated[float, Field(gt=0)] | None = None  # scheduled work that comes again
    outcome: Words  # what the public page says once it is closed
    proposal: bool = False  # limits that wait for the approval of the domain owner
    open311: Follow = Follow.REALTIME
    attributes: tuple[Question, ...] = ()  # what a form asks besides the condition

    def condition(self, key: str | None) -> Condition:
        """Return the condition of that key; the default one if there is none."""
        return next((condition for condition in self.conditions if condition.key == key), self.conditions[0])

    def condition_at(self, key: str | None, local: time) -> Condition:
        """Return the condition of that key; instead of the first one, that of the hour at which it was reported."""
        named = self.condition(key)
        timed = (one for one in self.conditions if one.hours and one.hours.covers(local))
        return next(timed, named) if named is self.conditions[0] else named

    def grade_of(self, key: str | None) -> Grade:
        return self.condition(key).grade or self.grade


class Department(BaseModel):
    model_config = FROZEN

    id: Id
    name: Words


def families(categories: Mapping[str, Category]) -> dict[str, frozenset[str]]:
    """Return for each category those of its group, itself among them, and those it is confused with, whichever of the two says so."""
    groups: dict[str, set[str]] = {}
    for code, category in categories.items():
        groups.setdefault(category.group, set()).add(code)
    found = {code: {*groups[category.group], *category.family} for code, category in categories.items()}
    for code, category in categories.items():
        for other in category.family:
            found.setdefault(other, {other}).add(code)
    return {code: frozenset(family) for code, family in found.items()}
