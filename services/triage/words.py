"""The category and condition that a text speaks of, found by the words of the city's categories.

Chinese is searched without blanks, Latin words as whole words, singular or plural. A phrase inside a longer one that was
found does not count, so "gas manhole cover" is no "gas". The longer a phrase and the fewer categories share it, the more
it weighs.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from shared.city import Category, City, plain
from shared.terms import Grade

CONDITION_SHARE = 0.5  # what the word of a condition weighs against a word of the category itself
SPECIFIC = 4  # size from which a condition's word, if no other category has it, is enough to name the category
LENGTH_POWER = 1.5  # one long phrase says more than two short ones of the same length together
PLURALS = ("", "s", "es")
HAN = "\u2e80"  # from here on characters are words without blanks between them
PIECES = re.compile(rf"[{HAN}-\uffff]|[^\W{HAN}-\uffff]+")
GRADES = tuple(Grade)  # most urgent first


@dataclass(frozen=True)
class Candidate:
    """A category that the text may speak of: how strongly, and by which words. `named` is false if they only hint at it."""

    code: str
    score: float
    words: tuple[str, ...]
    named: bool


@dataclass(frozen=True)
class Rules:
    """The categories of one version of a city; the version stands for them."""

    version: str
    categories: Mapping[str, Category] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Wording:
    """How people say that a condition holds, and the rank of its grade: 0 is the most urgent."""

    key: str
    rank: int
    phrases: frozenset[str]


@dataclass(frozen=True, eq=False)
class Index:
    """All phrases of a city, found by their first two characters, and which categories each one speaks for."""

    starts: Mapping[str, tuple[str, ...]]
    own: Mapping[str, frozenset[str]]  # as a word of the category
    hints: Mapping[str, frozenset[str]]  # as a word of one of its conditions only
    weights: Mapping[str, float]
    conditions: Mapping[str, tuple[Wording, ...]]  # of each category


def candidates(text: str, city: City) -> tuple[Candidate, ...]:
    """Return every category that `text` has a word of, the likeliest first, equals by their code."""
    return _candidates(_index(Rules(city.version, city.categories)), plain(text))


def decided(found: tuple[Candidate, ...]) -> Candidate | None:
    """Return the candidate that the words name; none if another is as likely, for then a person decides."""
    tied = len(found) > 1 and found[0].score == found[1].score
    return found[0] if found and found[0].named and not tied else None


def condition_of(text: str, code: str, city: City) -> str:
    """Return the condition whose words `text` has; of equals the one of the higher grade; without any word the first."""
    conditions, searched = _index(Rules(city.version, city.categories)).conditions[code], plain(text)
    said = [sum(size(phrase) for phrase in one.phrases if _says(searched, phrase)) for one in conditions]
    if not any(said):
        return conditions[0].key
    return max(zip(said, conditions, strict=True), key=lambda pair: (pair[0], -pair[1].rank))[1].key


def size(phrase: str) -> int:
    """Return how much a phrase says: a Chinese character counts one, a Latin word two."""
    return sum(1 if piece >= HAN else 2 for piece in PIECES.findall(phrase))


@lru_cache(maxsize=4)
def _index(rules: Rules) -> Index:
    own: dict[str, set[str]] = defaultdict(set)
    hints: dict[str, set[str]] = defaultdict(set)
    conditions = {code: _wordings(category) for code, category in rules.categories.items()}
    for code, category in rules.categories.items():
        for phrase in _plain((*category.words, category.name.zh, category.name.en)):
            own[phrase].add(code)
        for phrase in frozenset[str]().union(*(wording.phrases for wording in conditions[code])):
            hints[phrase].add(code)
    everything = {phrase: own[phrase] | hints[phrase] for phrase in sorted({*own, *hints})}
    starts: dict[str, list[str]] = defaultdict(list)
    for phrase in sorted(everything, key=len, reverse=True):
        starts[phrase[:2]].append(phrase)
    return Index(
        starts={start: tuple(phrases) for start, phrases in starts.items()},
        own={phrase: frozenset(own[phrase]) for phrase in everything},
        hints={phrase: frozenset(hints[phrase] - own[phrase]) for phrase in everything},
        weights={phrase: size(phrase) ** LENGTH_POWER / len(codes) for phrase, codes in everything.items()},
        conditions=conditions,
    )


@lru_cache(maxsize=1024)
def _candidates(index: Index, text: str) -> tuple[Candidate, ...]:
    hits = _hits(index, text)
    named = {code for phrase in {phrase for _, phrase in hits} for code in _named_by(index, phrase)}
    scores: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for phrase in _longest(hits):
        for codes, share in ((index.own[phrase], 1.0), (index.hints[phrase], CONDITION_SHARE)):
            for code in codes:
                scores[code] += index.weights[phrase] * share
                words[code].append(phrase)
    found = (Candidate(code, round(scores[code], 6), tuple(words[code]), code in named) for code in scores)
    return tuple(sorted(found, key=lambda candidate: (-candidate.score, candidate.code)))


def _named_by(index: Index, phrase: str) -> frozenset[str]:
    """Return the categories that `phrase` alone is enough for."""
    alone = not index.own[phrase] and len(index.hints[phrase]) == 1 and size(phrase) >= SPECIFIC
    return index.hints[phrase] if alone else index.own[phrase]


def _hits(index: Index, text: str) -> list[tuple[int, str]]:
    """Return where in `text` which phrase begins, at each place the longest first."""
    starts = index.starts
    return [
        (place, phrase)
        for place, (first, second) in enumerate(zip(text, text[1:] + " ", strict=False))
        for key in (first + second, first)
        if key in starts
        for phrase in starts[key]
        if text.startswith(phrase, place) and _whole(text, place, phrase)
    ]


def _longest(hits: list[tuple[int, str]]) -> list[str]:
    """Return the phrases, each once, that stand somewhere outside any longer one."""
    kept: dict[str, None] = {}
    covered = 0
    for start, phrase in hits:
        if start + len(phrase) > covered:
            covered = start + len(phrase)
            kept[phrase] = None
    return list(kept)


def _says(text: str, phrase: str) -> bool:
    start = text.find(phrase)
    while start >= 0 and not _whole(text, start, phrase):
        start = text.find(phrase, start + 1)
    return start >= 0


def _whole(text: str, start: int, phrase: str) -> bool:
    """Say whether the phrase found at `start` neither begins nor ends inside a Latin word; a plural is the same word."""
    if start > 0 and _latin(phrase[0]) and _latin(text[start - 1]):
        return False
    end = start + len(phrase)
    if not _latin(phrase[-1]) or not _latin(text[end : end + 1]):
        return True
    return any(text.startswith(ending, end) and not _latin(text[end + len(ending) :][:1]) for ending in PLURALS)


def _latin(character: str) -> bool:
    return character.isalnum() and character < HAN


def _wordings(category: Category) -> tuple[Wording, ...]:
    return tuple(
        Wording(
            key=condition.key,
            rank=GRADES.index(category.grade_of(condition.key)),
            phrases=_plain((*condition.words, condition.name.zh, condition.name.en)),
        )
        for condition in category.conditions
    )


def _plain(words: Iterable[str]) -> frozenset[str]:
    return frozenset(phrase for word in words if (phrase := plain(word)))
