"""What pages say, in the language of a test: messages are English sentences, as in the catalogue."""

import re
from collections.abc import Callable
from typing import Any

from playwright.async_api import FilePayload

from services.console.pages.catalogue import said
from tests.browser.people import Lang


def saying(lang: Lang) -> Callable[..., str]:
    """Return what finds the words of a page: `say("Send the report")`."""

    def say(message: str, **values: Any) -> str:
        return said(message, lang, values)

    return say


def beginning(message: str, lang: Lang) -> re.Pattern[str]:
    """Return what fits a message whatever stands in its places."""
    return re.compile(".+".join(re.escape(part) for part in re.split(r"\{\w+\}", said(message, lang))))


def picture(content: bytes) -> FilePayload:
    """Return a photo as somebody chooses it in a form."""
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
