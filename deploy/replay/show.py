"""The progress of a replay: the virtual date, cases a second, how many are open, and how long it will take."""

import time
from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from deploy.replay.ledger import Ledger

LINE_SECONDS = 30.0  # without a terminal


class Bar:
    """A line that changes on a terminal, one now and then elsewhere; it advances with what was opened and with what came to an end."""

    def __init__(self, console: Console, cases: int, to_end: int) -> None:
        self.console, self.total, self.cases = console, cases + to_end, cases
        columns = (
            TextColumn("{task.fields[date]}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        self.progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self.line = self.progress.add_task("replay", total=self.total, date="", told="")
        self.began = self.said = time.monotonic()

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.progress.stop()

    def show(self, at: datetime, ledger: Ledger) -> None:
        """Tell how far it is."""
        here, over, now = len(ledger.lives), ledger.over(), time.monotonic()
        rate = here / max(now - self.began, 0.001)
        told = f"{here:,} of {self.cases:,} cases, {here - over:,} open, {rate:.0f}/s"
        self.progress.update(self.line, completed=here + over, date=f"{at:%Y-%m-%d %H:%M}", told=told)
        if not self.console.is_terminal and now - self.said >= LINE_SECONDS:
            self.said = now
            left = (now - self.began) * max(0, self.total - here - over) / max(here + over, 1)
            self.console.print(f"{at:%Y-%m-%d %H:%M}: {told}, {now - self.began:.0f} s, about {left:.0f} s left")
