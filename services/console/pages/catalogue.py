"""What pages say, in the language of their reader: messages are English sentences, and a Babel catalogue has the Chinese of each."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from services.console.words import Lang

FILE = Path(__file__).parent.parent / "locale" / "zh.po"


class Untranslated(LookupError):
    """A page says something that the catalogue does not have."""


def catalogue() -> Catalog:
    """Return the Chinese catalogue as it is written."""
    with FILE.open("rb") as file:
        return read_po(file, locale="zh", abort_invalid=True)


def chinese() -> Mapping[str, str]:
    """Return the Chinese of each message that has one; read again when the file has changed."""
    return _chinese(FILE.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _chinese(changed: int) -> Mapping[str, str]:
    return {str(message.id): str(message.string) for message in catalogue() if message.id and message.string and not message.fuzzy}


def message(text: str) -> str:
    """Mark a message that is said later; import it as `_`, so that it is found."""
    return text


def said(message: str, lang: Lang, values: Mapping[str, Any] | None = None) -> str:
    """Return the message in a language, with `values` in the places in braces. Raises Untranslated."""
    words = message
    if lang == "zh":
        if message not in chinese():
            raise Untranslated(message)
        words = chinese()[message]
    return words.format_map(values) if values else words


def script(lang: Lang) -> str:
    """Return the module from which the scripts of pages take their words; English ones need none."""
    words = dict(sorted(chinese().items())) if lang == "zh" else {}
    return f"export default {json.dumps(words, ensure_ascii=False)};\n"
