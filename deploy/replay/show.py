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
        self.before: tuple[int, int] | None = None  # reported and ended when we began, as a stopped replay goes on

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.progress.stop()

    def show(self, at: datetime, ledger: Ledger) -> None:
        """Tell how far it is."""
        here, over, now = len(ledger.lives), ledger.over(), time.monotonic()
        if self.before is None:
            self.began, self.before = now, (here, over)
        took, (here_before, over_before) = max(now - self.began, 0.001), self.before
        done = here + over - here_before - over_before
        told = f"{here:,} of {self.cases:,} cases, {here - over:,} open, {(here - here_before) / took:.0f}/s"
        self.progress.update(self.line, completed=here + over, date=f"{at:%Y-%m-%d %H:%M}", told=told)
        if not self.console.is_terminal and now - self.said >= LINE_SECONDS:
            self.said = now
            left = f", about {took * max(0, self.total - here - over) / done:.0f} s left" if done else ""
            self.console.print(f"{at:%Y-%m-%d %H:%M}: {told}, {took:.0f} s{left}")
