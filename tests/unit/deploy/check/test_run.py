import json
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from typer import Typer
from typer.testing import CliRunner

from deploy.check import command
from deploy.check.command import show
from deploy.check.copies import Copy, check_cases
from deploy.check.findings import MOST_LINES, Findings
from deploy.check.run import Result, check_rows
from tests.unit.deploy.check.town import LIFE, Rows, read

RIGHT = Result(6, 1, ["gridcase_console_v1"], [])
WRONG = Result(6, 1, ["gridcase_console_v1"], ["5 copies: case a: it differs"], ["a copy is left over"])


def test_of_many_violations_of_a_kind_a_hundred_are_shown_and_the_rest_counted():
    findings = Findings()
    for case in range(MOST_LINES + 7):
        findings.add(5, "it differs", case=str(case))
    findings.add(1, "it is lost", case="a", place=(3, 9))
    lines = findings.violations()
    assert lines[0] == "1 acknowledged: case a, partition 3 offset 9: it is lost"
    assert lines[-1] == "5 copies: 7 more violations of this kind"
    assert len(lines) == MOST_LINES + 2


def test_rows_of_another_make_are_caught():
    history, rows = read(LIFE), Rows.of(LIFE)
    check_rows(check_cases, Copy("gridcase_triage_v9", "triage"), iter([{"_id": row} for row in rows.cases]), history)
    [line] = history.findings.violations()
    assert line == "5 copies: gridcase_triage_v9 has rows without the member 'partition': another version of triage made them"


@pytest.mark.parametrize(("result", "last"), [(RIGHT, "every invariant holds."), (WRONG, "1 violations.")])
def test_the_terminal_shows_each_violation_and_a_last_word(result: Result, last: str):
    out = Console(file=StringIO(), width=200)
    show(result, out)
    shown = out.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert shown[-1].endswith(last)
    assert all(line in shown for line in result.violations)


@pytest.mark.parametrize(("result", "code"), [(RIGHT, 0), (WRONG, 1)])
def test_the_command_ends_with_json_and_zero_only_if_all_is_right(monkeypatch: pytest.MonkeyPatch, result: Result, code: int):
    asked: list[Any] = []

    def run_check(*args: Any) -> Result:
        asked.extend(args)
        return result

    monkeypatch.setattr(command, "run_check", run_check)
    monkeypatch.setenv("GRIDCASE_KAFKA", "k:1")
    monkeypatch.setenv("GRIDCASE_MONGO", "mongodb://m")
    app = Typer()
    app.command()(command.check)
    ended = CliRunner().invoke(app, ["--json", "--wait", "0"])
    assert ended.exit_code == code
    told = json.loads(ended.stdout.splitlines()[-1])
    assert (told["events"], told["cases"], told["violations"]) == (6, 1, result.violations)
    assert asked[:4] == ["k:1", "mongodb://m", "gridcase", "case-events"]
