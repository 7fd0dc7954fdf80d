"""What a record cannot tell of its city: names in both languages, groups, and what is sensible where it says nothing."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from deploy.refusal import CannotDo
from shared.category import FROZEN, Id, Words
from shared.terms import Grade


class Group(BaseModel):
    """A group of types."""

    model_config = FROZEN

    zh: str
    en: str
    places: bool  # whether two reports at one place may be the same


class Unit(BaseModel):
    """A department."""

    model_config = FROZEN

    id: Id
    zh: str
    en: str


class Spoken(BaseModel):
    """A type: its Chinese name, what people say, and its grade where it does not follow from the limit."""

    model_config = FROZEN

    zh: str
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    grade: Grade | None = None


class Names(BaseModel):
    """The file of names. Its keys are as the record writes them."""

    model_config = FROZEN

    name: Id
    title: Words
    usual_days: Annotated[float, Field(gt=0)]
    enough_targets: Annotated[float, Field(ge=0, le=1)]
    calendar: dict[str, Any]
    groups: dict[str, Group]
    reasons: dict[str, str]
    departments: dict[str, Unit]
    neighbourhoods: dict[str, str]
    same: dict[str, str] = {}
    types: dict[str, Spoken]

    def area_of(self, written: str) -> str | None:
        """Return the neighbourhood that the record means, None if it names none that we know."""
        named = self.same.get(written, written)
        return named if named in self.neighbourhoods else None


def read_names(file: Path) -> Names:
    """Read the file of names. Raises CannotDo."""
    try:
        return Names.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as wrong:
        raise CannotDo(f"{file} is no file of names: {wrong}") from wrong
