"""What the phone of somebody in the field is told: everything it needs to go on when the connection is lost, in both languages."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.console.desk.due import What
from shared.case import Status
from shared.terms import Clock, Grade, Location, Words

FROZEN = ConfigDict(frozen=True)
Kind = Literal["task", "told", "look", "check"]


class Due(BaseModel):
    """What is due next, in seconds since 1970; `half` and `most` are when 50 % and 80 % of that limit are used up on its clock."""

    model_config = FROZEN

    at: int
    what: What
    clock: Clock
    half: int | None
    most: int | None


class Picture(BaseModel):
    """A photo of the case, by a link through the console that works for an hour."""

    model_config = FROZEN

    name: str
    after: bool = Field(description="Of the result, not of the matter")
    url: str
    thumb: str


class Step(BaseModel):
    """Something that happened to the case."""

    model_config = FROZEN

    at: datetime
    who: Words
    told: Words


class Demands(BaseModel):
    """What the type of the case asks for before it may be closed."""

    model_config = FROZEN

    photo: bool = Field(description="A photo of the result")
    check: bool = Field(description="Somebody other than the handler looks")
    word: bool = Field(description="The reporter says that it is solved")


class Errand(BaseModel):
    """One thing to do: a task of one's own, an emergency one is told of, a look before filing, a check of a result."""

    model_config = FROZEN

    id: str
    number: str
    kind: Kind
    status: Status
    version: int
    confidential: bool
    grade: Grade | None
    category: Words | None
    condition: Words | None
    grid: Words | None
    department: Words | None
    location: Location | None
    address: str | None
    text: str
    language: str
    reported_at: datetime
    due: Due | None
    resolve_by: datetime | None
    overdue: bool
    metres: int | None = Field(description="From where the person's post is")
    demands: Demands
    outcome: Words | None = Field(description="How the city words the usual result of this type")
    done: str = Field(description="What the handler said was done")
    insisted: bool
    appealed: bool
    awaits: bool = Field(description="Whether a reminder waits for a reaction")
    paused: Words | None = Field(description="Why the clock stands still")
    look_again_at: datetime | None
    contacted: bool
    on_way: bool
    photos: tuple[Picture, ...]
    steps: tuple[Step, ...] = Field(description="The last few, the newest first")


class Post(BaseModel):
    """Somebody who may approve a pause."""

    model_config = FROZEN

    id: str
    title: Words
    on_duty: bool


class Emergency(BaseModel):
    """A type of emergency."""

    model_config = FROZEN

    code: str
    name: Words


class Kit(BaseModel):
    """What actions are chosen from."""

    model_config = FROZEN

    pause_reasons: dict[str, Words]
    look_again_days: float
    approvers: tuple[Post, ...]
    emergencies: tuple[Emergency, ...]
    on_way: str = Field(description="The note by which somebody says that they are on their way")


class Mine(BaseModel):
    """What a person has to do. `now` is the time of the service's clock."""

    model_config = FROZEN

    now: float
    day_ends: float = Field(description="Midnight in the city")
    person: str
    title: Words
    on_duty: bool
    capacity: int
    errands: tuple[Errand, ...]
    kit: Kit
