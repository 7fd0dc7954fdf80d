"""Every message that was ever published can still be read: one sample of each type, added once and never edited."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from shared.events import EVENT_TYPES, decode, encode

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = sorted(SAMPLES.glob("*.v*.json"))
SUMS = {name: digest for digest, name in (line.split("  ") for line in (SAMPLES / "SHA256SUMS").read_text().splitlines())}


def within(written: Any, sample: Any) -> Any:
    """Return of what is written only the members that the sample has, at every depth: a later version may add some."""
    return {name: within(written[name], sample[name]) for name in sample} if isinstance(sample, dict) else written


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_is_read_and_written_again_with_the_same_meaning(file: Path):
    event = decode(file.read_bytes())
    assert event.type == file.name.rpartition(".v")[0]
    again = decode(encode(event))
    assert again == event
    written, sample = json.loads(encode(event)), json.loads(file.read_text())
    assert within(written, sample) == sample, "a member that was published is no longer written as it was"


def test_every_type_of_event_has_a_sample():
    assert {file.name.rpartition(".v")[0] for file in FILES} == set(EVENT_TYPES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_is_what_it_was_when_it_was_added(file: Path):
    assert SUMS.get(file.name) == hashlib.sha256(file.read_bytes()).hexdigest(), "samples are added (with their line), never edited"


def test_no_sample_has_gone():
    assert SUMS.keys() == {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_members_that_a_later_version_adds_are_ignored(file: Path):
    sample = json.loads(file.read_text())
    assert decode(json.dumps({**sample, "added_later": {"x": 1}}).encode()) == decode(file.read_bytes())
