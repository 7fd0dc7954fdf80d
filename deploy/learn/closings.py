"""What the staff's closing texts of a history say: which case is a duplicate, and of which earlier one.

A case is a duplicate if the word stands in its closing text; staff write it only when they noticed, so the labels are incomplete. Its
original is the earliest case of the file that the text names by number and that was reported before it. Staff write the number whole,
or only its last six or more digits: then it is the case whose number ends so, if it is one alone.
"""

import re
from collections.abc import Mapping, Sequence

from deploy.replay.columns import Recorded

WORD = re.compile(r"duplicate|重复|重覆", re.IGNORECASE)
STAMP = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2}(\.\d+)?)?")
NUMBER = re.compile(r"\d{6,}")
FEWEST = 6  # digits that name a case


def is_duplicate(record: Recorded) -> bool:
    return bool(WORD.search(record.outcome))


def endings(records: Sequence[Recorded]) -> dict[str, list[int]]:
    """Return the positions of cases by the ends of their numbers."""
    found: dict[str, list[int]] = {}
    for nth, record in enumerate(records):
        for length in range(FEWEST, len(record.id) + 1):
            found.setdefault(record.id[-length:], []).append(nth)
    return found


def original_of(nth: int, records: Sequence[Recorded], ends: Mapping[str, Sequence[int]]) -> int | None:
    """Return the position of the case that the closing text of a duplicate names; None if it names none that came before in the file."""
    if not is_duplicate(records[nth]):
        return None
    named = NUMBER.findall(STAMP.sub("", records[nth].outcome))
    alone = [ends[number] for number in named if number in ends]
    return min((found[0] for found in alone if len(found) == 1 and found[0] < nth), default=None)
