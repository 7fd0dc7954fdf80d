"""The progress tells how far the replay is, without a terminal in a line now and then."""

import io
from typing import Any, cast

import pytest
from rich.console import Console

from deploy.replay import show as shows
from deploy.replay.ledger import Ledger, Life
from deploy.replay.show import Bar
from shared.case import Status
from tests.unit.deploy.replay.recordings import DAY, NOON


def test_a_line_tells_date_cases_and_what_is_open(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shows, "LINE_SECONDS", 0)
    written, ledger = io.StringIO(), Ledger(cast(Any, None))
    with Bar(Console(file=written, width=200), cases=4, to_end=3) as bar:
        bar.show(NOON, ledger)
        ledger.lives = {str(n): Life(Status.ACCEPTED, None, None) for n in range(3)}
        ledger.statuses[Status.CLOSED] = 1
        bar.show(NOON + DAY, ledger)
    first, second = written.getvalue().splitlines()
    assert first.startswith("2015-01-05 12:00: 0 of 4 cases, 0 open")
    assert second.startswith("2015-01-06 12:00: 3 of 4 cases, 2 open")
    assert "left" in second
