"""A data folder holds one replay."""

from pathlib import Path

import pytest

from deploy.refusal import CannotDo
from deploy.replay.run import Said, claim, unfinished
from shared.case import Status
from tests.unit.deploy.replay.recordings import lamp

MINE = Said(sha256="1", limit=None, city="")


def test_the_same_replay_goes_on_in_its_folder(tmp_path: Path):
    claim(tmp_path / "data", MINE)
    claim(tmp_path / "data", MINE)


def test_another_replay_needs_another_folder(tmp_path: Path):
    claim(tmp_path, MINE)
    with pytest.raises(CannotDo, match="another replay"):
        claim(tmp_path, Said(sha256="1", limit=300, city=""))


def test_the_log_of_another_system_is_left_alone(tmp_path: Path):
    (tmp_path / "ports.json").write_text("{}")
    with pytest.raises(CannotDo, match="another system"):
        claim(tmp_path, MINE)


def test_what_the_record_closed_must_come_to_an_end():
    assert unfinished(lamp(), Status.ACCEPTED)
    assert not unfinished(lamp(), Status.CLOSED)
    assert not unfinished(lamp(closed=None), Status.ACCEPTED)
