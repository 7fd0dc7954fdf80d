"""Finding Chinese and English text without a text index: short pieces of it (`grams`) are kept with each case.

A run of Han characters is kept as its pairs, a word of any other script as its first four and first eight letters, so that one `$in` finds
every row that may have what is sought; such a row is only a candidate, and `holds` reads the text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from shared.case import Case
from shared.city import plain

MOST_GRAMS = 120  # of one case; what stands further back in a long text is not found
REMEMBERED = 2048  # texts; a case is saved several times in its life, and its text seldom changes
SHORT, LONG = 4, 8  # letters of the beginnings that words are found by
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3007"
RUNS = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")
IS_HAN = re.compile(f"[{HAN}]")


def searched(case: Case) -> str:
    """Return the words by which a case can be found."""
    return " ".join(part for part in (case.number, case.address, case.text) if part)


def runs(text: str) -> list[str]:
    """Return the runs of Han characters and the words of other scripts, full-width forms narrowed and case folded."""
    return RUNS.findall(plain(text))


def pieces(run: str) -> Iterator[str]:
    """Return what a run is found by; a single Han character by nothing."""
    if IS_HAN.match(run):
        yield from (run[at : at + 2] for at in range(len(run) - 1))
    else:
        yield run[:SHORT]
        yield run[:LONG]


def grams(case: Case) -> tuple[str, ...]:
    """Return what the case is found by, each piece once, at most MOST_GRAMS."""
    return _grams(searched(case))


@lru_cache(maxsize=REMEMBERED)
def _grams(text: str) -> tuple[str, ...]:
    found = dict.fromkeys(piece for run in runs(text) for piece in pieces(run))
    return tuple(found)[:MOST_GRAMS]


def sought(text: str) -> list[str]:
    """Return pieces that every case with this text has, the more telling of each word; none for single Han characters alone."""
    found: list[str] = []
    for run in runs(text):
        if IS_HAN.match(run):
            found += pieces(run)
        else:
            found.append(run[:LONG] if len(run) >= LONG else run[:SHORT])
    return list(dict.fromkeys(found))


def begins(word: str, asked: str) -> bool:
    """Whether a word is, or from four letters on begins with, what is asked."""
    return word == asked or (len(asked) >= SHORT and word.startswith(asked))


def holds(case: Case, text: str) -> bool:
    """Whether the case has all that is asked: Han characters anywhere in a run, other words whole or cut short."""
    own = runs(searched(case))
    return all(any(run in mine if IS_HAN.match(run) else begins(mine, run) for mine in own) for run in runs(text))
