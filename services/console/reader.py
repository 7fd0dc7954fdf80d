"""For whom the console words its answers."""

from typing import Annotated, NamedTuple

from fastapi import Depends

from services.console.words import Lang
from shared.city import City
from shared.web import Language, TheCity


class Reader(NamedTuple):
    """The city whose names are used, and the language that the caller reads."""

    city: City
    lang: Lang


def reader_of(city: TheCity, language: Language) -> Reader:
    return Reader(city, "zh" if language == "zh" else "en")


TheReader = Annotated[Reader, Depends(reader_of)]
