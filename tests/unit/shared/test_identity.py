"""Where to begin, and when to refuse: rows of another log are never folded on."""

from typing import Any

import pytest

from shared.identity import Replaced, start_offset

SAVED = {"offset": 50, "mark": "m50"}


def begin(**changes: Any) -> int:
    told: dict[str, Any] = {"progress": SAVED, "committed": 40, "begin": 0, "end": 60, "mark": "m50", **changes}
    return start_offset("triage", 3, **told)


def test_a_process_begins_where_the_group_has_committed():
    assert begin() == 40


def test_nothing_committed_is_the_beginning():
    assert begin(committed=None) == 0
    assert begin(committed=None, progress=None, mark=None) == 0


def test_a_log_that_lost_its_beginning_begins_there():
    assert begin(committed=None, begin=5) == 5
    assert start_offset("triage", 3, None, None, 5, 60, None) == 5


def test_everything_folded_and_committed_is_no_contradiction():
    assert begin(committed=50, end=50) == 50


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"end": 49}, "the log has only 49"),
        ({"end": 0, "committed": None, "mark": None}, "the log has only 0"),
        ({"mark": "other"}, "is not the one that was folded"),
        ({"mark": None}, "is not the one that was folded"),
        ({"committed": 51}, "only 50 are folded"),
        ({"committed": 1, "progress": None, "mark": None}, "only 0 are folded"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(changes: dict[str, Any], because: str):
    with pytest.raises(Replaced, match=because) as refusal:
        begin(**changes)
    assert "triage, partition 3" in str(refusal.value)
    assert "gridcase rebuild triage" in str(refusal.value)
