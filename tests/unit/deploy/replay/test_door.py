"""Recorded cases enter through intake, each once."""

from pathlib import Path

import httpx
import orjson
import pytest

from deploy.replay import door as doors
from deploy.replay.door import Door, NotTaken, sheet
from services.intake.bulk import COLUMNS, NEEDED
from tests.unit.deploy.replay.recordings import lamp


def door(answers: list[httpx.Response], kept: Path) -> Door:
    transport = httpx.MockTransport(lambda request: answers.pop(0))
    return Door(httpx.AsyncClient(transport=transport), "http://intake", kept, {})


def row(**told: object) -> httpx.Response:
    return httpx.Response(200, content=orjson.dumps({"row": 1, "service_request_id": "101", **told}) + b"\n")


def test_the_file_has_columns_that_intake_takes():
    header, first = sheet([lamp()]).decode().splitlines()
    assert set(header.split(",")) <= set(COLUMNS)
    assert set(NEEDED) <= set(header.split(","))
    assert first.startswith("101,2015-01-05T12:00:00+00:00,Self Service,Street Light Outages,")


async def test_what_was_answered_is_kept_for_the_check(tmp_path: Path):
    kept = tmp_path / "answers"
    await door([row(case_id="c1", number="2")], kept).send([lamp()])
    assert orjson.loads(kept.read_bytes()) == {"answered": 201, "case_id": "c1", "key": "101"}


async def test_a_file_is_sent_again_while_intake_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doors, "AGAIN", 0)
    answers = [httpx.Response(503), row(case_id="c1", number="2")]
    await door(answers, tmp_path / "answers").send([lamp()])
    assert answers == []


async def test_a_case_that_intake_does_not_take_ends_the_replay(tmp_path: Path):
    with pytest.raises(NotTaken, match="101"):
        await door([row(errors=[{"field": "lat", "message": "no"}])], tmp_path / "answers").send([lamp()])


async def test_nothing_is_sent_for_nobody(tmp_path: Path):
    await door([], tmp_path / "answers").send([])
