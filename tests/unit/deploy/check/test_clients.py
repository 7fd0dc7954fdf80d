import json
from pathlib import Path
from typing import Any

import pytest

from deploy.check.clients import check_clients, read_clients
from deploy.refusal import CannotDo
from tests.unit.deploy.check.town import Message, fact, read, reported

NOTE = fact("note.added", id="n", text="x")


def told(tmp_path: Path, *answers: dict[str, Any]) -> Path:
    path = tmp_path / "clients.ndjson"
    path.write_text("".join(json.dumps(answer) + "\n" for answer in answers))
    return path


def violations(messages: list[Message], path: Path) -> list[str]:
    clients = read_clients(path)
    history = read(messages, clients.answers)
    check_clients(clients, history)
    return history.findings.violations()


def test_an_acknowledged_report_in_the_log_is_right(tmp_path: Path):
    path = told(tmp_path, {"answered": 201, "case_id": "a", "key": "k"}, {"answered": 503, "key": "other"})
    assert violations([reported()], path) == []


def test_an_acknowledged_report_that_is_not_in_the_log_is_caught(tmp_path: Path):
    path = told(tmp_path, {"answered": 201, "case_id": "b", "key": "k"})
    assert violations([reported()], path) == ["1 acknowledged: case b: its report was acknowledged (key k) and is not in the log"]


def test_a_key_that_made_two_cases_is_caught(tmp_path: Path):
    path = told(tmp_path, *({"answered": 201, "case_id": case, "key": "k"} for case in "ab"))
    assert violations([reported("a"), reported("b")], path) == ["1 acknowledged: the idempotency key k made 2 cases, expected one: a, b"]


@pytest.mark.parametrize(
    ("answers", "messages", "says"),
    [
        ([200], [NOTE], None),
        ([200], [], "was acknowledged and had no effect"),
        ([409], [NOTE], "was refused ([409]) and took effect"),
        ([412], [], None),
        ([202], [], "was said to be in the log and is not"),
        ([202], [NOTE], None),
        ([503], [NOTE], None),
        ([503], [], None),
        ([None, 200], [NOTE], None),
        ([409, 200], [NOTE], None),
    ],
)
def test_the_answer_to_a_command_must_be_true(tmp_path: Path, answers: list[int | None], messages: list[Message], says: str | None):
    path = told(tmp_path, *({"command": "notes", "event_id": "n", "answered": answer} for answer in answers))
    lines = violations([reported(), *messages], path)
    assert len(lines) == (says is not None)
    assert all(says is not None and says in line for line in lines)


def test_a_command_that_took_effect_twice_is_caught(tmp_path: Path):
    path = told(tmp_path, {"command": "notes", "event_id": "n", "answered": 200})
    lines = violations([reported("a"), reported("b"), NOTE, fact("note.added", "b", id="n", text="x")], path)
    assert any("notes n took effect 2 times" in line for line in lines)


def test_a_line_that_says_nothing_is_named(tmp_path: Path):
    path = told(tmp_path, {"answered": 503, "key": "k"}, {"hello": 1})
    with pytest.raises(CannotDo, match="line 2"):
        read_clients(path)
