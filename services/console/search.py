"""Finding Chinese and English text without a text index: short pieces of it (`grams`) are kept with each case.

A run of Han characters is kept as its pairs and its last character, a word of any other script as itself: every character of a Chinese
text, and the beginning of every word, begins a gram. A row with one gram of what is sought is only a candidate; `holds` reads the text.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from shared.case import Case
from shared.city import plain

MOST_GRAMS = 120  # of one case; what stands further back in a long text is not found
LONGEST_GRAM = 16
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
    if IS_HAN.match(run):
        yield from (run[at : at + 2] for at in range(len(run)))
    else:
        yield run[:LONGEST_GRAM]


def grams(case: Case) -> tuple[str, ...]:
    """Return what the case is found by, each piece once, at most MOST_GRAMS."""
    found = dict.fromkeys(piece for run in runs(searched(case)) for piece in pieces(run))
    return tuple(found)[:MOST_GRAMS]


def beginnings(text: str) -> list[str]:
    """Return the pieces that every match has a gram beginning with; none if there is nothing to look for."""
    asked: Iterable[str] = (
        piece for run in runs(text) for piece in pieces(run) if len(run) == 1 or len(piece) > 1 or not IS_HAN.match(run)
    )
    return list(dict.fromkeys(asked))


def gram_filter(beginning: str) -> dict[str, Any]:
    """Return the query for rows with a gram that begins so; a pair of Han characters is always a whole gram."""
    if len(beginning) == 2 and IS_HAN.match(beginning):
        return {"grams": {"$in": [beginning]}}
    return {"grams": {"$regex": f"^{re.escape(beginning)}"}}


def holds(case: Case, text: str) -> bool:
    """Whether the case has all that is asked: Han characters anywhere in a run, other words from their beginning."""
    own = runs(searched(case))
    return all(any(run in mine if IS_HAN.match(run) else mine.startswith(run) for mine in own) for run in runs(text))
