"""What clients were told: a file with one JSON object a line, written by whoever sent reports and commands.

A report is `{"answered": 201, "case_id": ..., "key": ...}`, a command `{"command": "...", "event_id": ..., "answered": 200}`.
What was answered with 503 or not at all may have happened or not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from deploy.check.history import History
from deploy.refusal import CannotDo


@dataclass
class Told:
    """What clients were told: the cases of acknowledged reports, cases by idempotency key, and answers by id of the fact."""

    reports: dict[str, str | None] = field(default_factory=dict)  # case: key
    by_key: dict[str, set[str]] = field(default_factory=dict)
    answers: dict[str, set[int | None]] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)  # id: what was asked for


def read_clients(path: Path) -> Told:
    """Read the file. Raises CannotDo naming a line that cannot be read."""
    told = Told()
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                if line.strip():
                    note(told, orjson.loads(line))
            except (ValueError, TypeError, AttributeError) as error:
                raise CannotDo(f"{path}, line {number} is no answer to a client: {error}") from error
    return told


def note(told: Told, line: dict[str, Any]) -> None:
    """Remember one answer."""
    answered: int | None = line.get("answered")
    if "command" in line:
        if (id := line.get("event_id")) is not None:
            told.answers.setdefault(id, set()).add(answered)
            told.commands[id] = line["command"]
        return
    if positive(answered):
        case, key = line["case_id"], line.get("key")
        told.reports[case] = key
        if key is not None:
            told.by_key.setdefault(key, set()).add(case)
    elif answered is None and "case_id" not in line and "key" not in line:
        raise ValueError("neither a report nor a command")


def positive(answered: int | None) -> bool:
    return answered is not None and 200 <= answered < 300


def check_clients(told: Told, history: History) -> None:
    """Hold what clients were told against the log."""
    findings = history.findings
    for case, key in told.reports.items():
        if case not in history.cases or history.cases[case].case["status"] == "unknown":
            findings.add(1, f"its report was acknowledged (key {key}) and is not in the log", case=case)
    for key, cases in told.by_key.items():
        if len(cases) > 1:
            findings.add(1, f"the idempotency key {key} made {len(cases)} cases, expected one: {', '.join(sorted(cases))}")
    for id, answers in told.answers.items():
        check_command(told.commands[id], id, answers, history)


def check_command(command: str, id: str, answers: Iterable[int | None], history: History) -> None:
    """Hold the answers to one command against what became of its fact."""
    fates = history.fates.get(id, [])
    took = [case for case, effective in fates if effective]
    case = fates[0][0] if fates else None
    statuses = set(answers)
    unsure = any(status is None or status >= 500 or status == 202 for status in statuses)
    done = any(positive(status) and status != 202 for status in statuses)
    if done and not took:
        history.findings.add(4, f"{command} {id} was acknowledged and had no effect", case=case)
    elif 202 in statuses and not fates:
        history.findings.add(4, f"{command} {id} was said to be in the log and is not", case=case)
    elif took and not done and not unsure:
        history.findings.add(4, f"{command} {id} was refused ({sorted(filter(None, statuses))}) and took effect", case=case)
    if len(took) > 1:
        history.findings.add(4, f"{command} {id} took effect {len(took)} times", case=case)
