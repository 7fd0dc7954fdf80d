"""How alike two texts are, by pieces of their characters: that needs no blanks between words, and forgives a misspelt one."""

import re
from collections import Counter
from functools import lru_cache

from shared.city import plain

HAN = r"[\u3400-\u9fff]"
RUN = re.compile(rf"{HAN}+|[^\W_]+")
LENGTH = {True: 2, False: 3}  # characters of a piece, of Chinese and of other words


def likeness(one: str, other: str) -> float:
    """Return the share of the pieces that two texts have in common, from 0 to 1 (Dice's coefficient on multisets)."""
    first, second = pieces(one), pieces(other)
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0


@lru_cache(maxsize=2048)
def pieces(text: str) -> Counter[str]:
    """Return the pairs of Chinese characters, and the threes of other words, whose ends count too."""
    found: Counter[str] = Counter()
    for run in RUN.findall(plain(text)):
        han = re.match(HAN, run) is not None
        word, length = (run if han else f" {run} "), LENGTH[han]
        found.update(word[start : start + length] for start in range(max(1, len(word) - length + 1)))
    return found
