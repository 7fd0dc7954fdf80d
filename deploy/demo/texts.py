"""The texts and shares that a synthetic day is made of, read from the files beside this one."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

HERE = Path(__file__).parent
CHATTER = "chatter"
Share = Annotated[float, Field(ge=0, le=1)]
Wordings = dict[str, dict[str, tuple[str, ...]]]


class Mix(BaseModel):
    """How a day is made up; what each share means stands in mix.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: Annotated[tuple[float, ...], Field(min_length=24, max_length=24)]
    questions: Share
    chatter: Share
    emergencies: Share
    burst: Share
    echoes: Share
    placeholders: Share
    unplaced: Share
    english: Share
    hinted: Share
    contact: Share
    burst_at: str
    burst_minutes: float
    burst_categories: tuple[str, ...]
    echoed_categories: tuple[str, ...]
    channels: dict[str, float]
    weights: dict[str, float]
    places: dict[str, tuple[str, ...]]


@cache
def mix() -> Mix:
    return Mix.model_validate(tomllib.loads((HERE / "mix.toml").read_text("utf-8")))


@cache
def phrases() -> Wordings:
    """Return what people say, by category and language; `chatter` is no category."""
    wordings: Wordings = {}
    for file in sorted((HERE / "phrases").glob("*.toml")):
        wordings |= TypeAdapter(Wordings).validate_python(tomllib.loads(file.read_text("utf-8")))
    return wordings


@cache
def sayings() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return what people write when they act, by occasion and language."""
    return TypeAdapter(dict[str, dict[str, tuple[str, ...]]]).validate_python(tomllib.loads((HERE / "sayings.toml").read_text("utf-8")))
