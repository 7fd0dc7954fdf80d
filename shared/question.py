"""What a city asks of a reporter beyond the text, and how it shows itself to programs: the words of GeoReport v2 as data."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.terms import Words

FROZEN = ConfigDict(frozen=True, extra="forbid")
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]{1,64}$")]
Text = Annotated[str, Field(min_length=1)]


class Datatype(StrEnum):
    """What an answer may be."""

    STRING = "string"  # one line
    NUMBER = "number"
    DATETIME = "datetime"  # ISO 8601 with zone
    TEXT = "text"  # several lines
    ONE = "singlevaluelist"
    SEVERAL = "multivaluelist"


class Follow(StrEnum):
    """How a reporter by Open311 can follow a request of a category."""

    REALTIME = "realtime"  # the answer has the request's id
    BATCH = "batch"  # the answer has a token; the id can be had for it once triage has filed the case
    BLACKBOX = "blackbox"  # the answer has neither, and the request is in no list


class Option(BaseModel):
    """One of the answers of a list: `key` is sent, `name` is shown."""

    model_config = FROZEN

    key: Text
    name: Words


class Question(BaseModel):
    """One more thing that a form asks for a category; `variable = false` only shows its description."""

    model_config = FROZEN

    code: Code
    datatype: Datatype = Datatype.STRING
    required: bool = False
    variable: bool = True
    description: Words
    help: Words | None = None
    values: tuple[Option, ...] = ()

    @property
    def listed(self) -> bool:
        return self.datatype in (Datatype.ONE, Datatype.SEVERAL)

    @model_validator(mode="after")
    def whole(self) -> Self:
        keys = [option.key for option in self.values]
        if self.listed is not bool(keys):
            raise ValueError("a list has values, and nothing else has")
        if len(set(keys)) < len(keys):
            raise ValueError("a key of the values stands there twice")
        if self.required and not self.variable:
            raise ValueError("what only shows its description cannot be required")
        return self


class Endpoint(BaseModel):
    """How the city is found by programs: its jurisdiction ids (none: the name of the pack), and what people are told."""

    model_config = FROZEN

    jurisdictions: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9._\-]{1,100}$")], ...] = ()
    contact: Words = Words(zh="城市服务热线 12345", en="City service desk, telephone 12345")
    key_service: Words = Words(zh="请向服务热线申请密钥。", en="Ask the service desk for a key.")
