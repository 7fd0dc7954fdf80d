"""What the feed of the desk answers, for its documentation: the rows themselves are made as JSON once and sent many times."""

from pydantic import BaseModel, ConfigDict, Field

from services.console.desk.due import What
from services.console.desk.waiting import Waits
from shared.case import Status
from shared.city import Words
from shared.terms import Clock, Grade, Limit

FROZEN = ConfigDict(frozen=True, extra="forbid")


class DueAnswer(BaseModel):
    """What is due next; times in seconds since 1970."""

    model_config = FROZEN

    at: int
    what: What
    clock: Clock = Field(description="The clock on which this limit runs")
    half: int | None = Field(description="When 50 % of the limit is used up on its own clock; null if unknown, or while the case is paused")
    most: int | None = Field(description="When 80 % of it is")


class RowAnswer(BaseModel):
    """One open case. `text`, `addr`, `lat` and `lon` of a confidential one are left out (null)."""

    model_config = FROZEN

    id: str
    n: str = Field(description="Number as people read it")
    v: int = Field(description="Version, for If-Match")
    f: int = Field(description="How many facts took effect: also a note, which makes no new version")
    st: Status
    g: Grade | None
    cat: str | None
    cond: str | None
    dept: str | None
    grid: str | None
    who: str | None = Field(description="Id of the post that has the case")
    role: str | None
    ch: str = Field(description="Channel of the report")
    text: str | None = Field(description="The first 160 characters")
    addr: str | None
    lat: float | None = Field(description="Null if the report has no place, or a default point that is none")
    lon: float | None
    at: int = Field(description="When it was reported")
    since: int = Field(description="When it came into its status")
    due: DueAnswer | None
    over: bool = Field(description="Whether the deadline of the work was missed, by the log")
    lvl: int = Field(description="Level of the governance ladder")
    refusals: int
    again: int = Field(description="How often it was reopened")
    reminders: int
    waits: Waits | None = Field(description="What it waits for from an operator")
    n_same: int = Field(description="Reports that were merged into it")
    conf: bool = Field(description="Whether it is confidential")


class RowsAnswer(BaseModel):
    """All open cases that the caller may see."""

    model_config = FROZEN

    now: float
    cursor: str = Field(description="Where `GET /desk/changes` goes on from")
    rows: list[RowAnswer]


class ChangesAnswer(BaseModel):
    """What has changed since a cursor, of what the caller may see."""

    model_config = FROZEN

    now: float
    cursor: str
    changed: list[RowAnswer] = Field(description="Rows that are new or replace those of the same id")
    gone: list[str] = Field(description="Cases that have ended, or that the caller may no longer see")
    reset: bool = Field(description="Read the rows anew: the cursor is too old, of another process, or of other rights")


class ConditionWords(Words):
    grade: Grade
    limit: Limit


class CategoryWords(Words):
    group: str
    grade: Grade
    department: str
    confidential: bool
    conditions: dict[str, ConditionWords]


class GridWords(Words):
    ring: list[tuple[float, float]] = Field(description="Corners, latitude first")


class PostWords(Words):
    role: str
    department: str
    on_duty: bool


Both = dict[str, Words]


class WordsAnswer(BaseModel):
    """All words, in both languages."""

    model_config = FROZEN

    city: Words
    zone: str
    categories: dict[str, CategoryWords]
    groups: Both
    departments: Both
    grids: dict[str, GridWords]
    statuses: Both
    grades: Both
    channels: Both
    roles: Both
    due: Both
    clocks: Both
    waits: Both
    pause_reasons: Both
    levels: list[Words]
    staff: dict[str, PostWords]
    work: list[tuple[int, int]] = Field(description="Working time from 30 days back to 60 ahead, in seconds since 1970")
    now: float = Field(description="The quarter of an hour for which `on_duty` holds")
