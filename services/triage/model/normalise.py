"""One form for one message: width, case, script, blanks and digits no longer tell two messages apart.

Conversion from traditional to simplified characters is OpenCC's `t2s`, character by character and by phrase.
"""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

DIGITS = re.compile(r"\d+")
HIDDEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufe0e\ufe0f\ufeff]")  # marks without a width of their own
AGAIN = re.compile(r"([^\w\s])\1{2,}")  # "！！！！" shouts no louder than "！！"
LONGEST = 2000  # characters that are read: a longer message has said by then what it is about


def normalised(text: str) -> str:
    """Return `text` narrow, in lower case, in simplified characters, every number made 0 and runs of blanks made one."""
    narrow = unicodedata.normalize("NFKC", HIDDEN.sub("", text[:LONGEST])).casefold()
    simple: str = _converter().convert(narrow)
    return " ".join(AGAIN.sub(r"\1\1", DIGITS.sub("0", simple)).split())


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")
