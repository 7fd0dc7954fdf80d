"""Text as it is taken in, without what no reader can show; and how a validator says in both languages what is wrong."""

import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 has none of them


def cleaned(text: str) -> str:
    return UNREADABLE.sub("", text).strip()


def one_line(text: str) -> str:
    return " ".join(cleaned(text).split())


def language_of(text: str) -> str:
    """Return zh if any Chinese character is in the text, else en."""
    return "zh" if CHINESE.search(text) else "en"


def wrong(en: str, zh: str) -> PydanticCustomError:
    """Return the error to raise in a validator."""
    return PydanticCustomError("wrong", "{en}", {"en": en, "zh": zh})


Prose = Annotated[str, AfterValidator(cleaned)]
Line = Annotated[str, AfterValidator(one_line)]
