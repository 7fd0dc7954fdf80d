"""`gridcase bench`: what the terminal shows, and how it ends."""

import json as notation
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from deploy.bench.lives import Progress
from deploy.bench.run import QUICK, Bench, Sizes
from deploy.bench.table import as_json, notes, processes, table
from deploy.running import DATA


def bench(
    json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less of everything, in a minute: shows that the bench works, not how fast it is")
    ] = False,
    data: Annotated[Path, typer.Option("--data", help="Folder for engines and logs, replaced by each bench")] = DATA / "bench",
) -> None:
    """Measure whole lives, latency and the cost of growth, on engines and services of its own."""
    from deploy.cli import in_sentences

    out = Console(stderr=json, highlight=False, markup=False, soft_wrap=True)
    try:
        with in_sentences(), Lines(out) as lines:
            results = Bench(data, QUICK if quick else Sizes(), lines.say, lines.begin).measure()
    except KeyboardInterrupt:
        out.print("Stopped.")
        raise typer.Exit(130) from None
    for shown in (table(results), processes(results), *notes(results)):
        out.print(shown)
    if json:
        sys.stdout.write(notation.dumps(as_json(results), ensure_ascii=False) + "\n")


class Lines(Bars):
    """A line for each thing that is measured."""

    def __init__(self, console: Console) -> None:
        super().__init__(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console, refresh_per_second=2
        )

    def begin(self, what: str, of: int) -> Progress:
        """Begin a line, and return what moves it on."""
        if not self.console.is_terminal:
            self.console.print(f"{what}: {of:,}")
        line = self.add_task(what, total=of)
        return lambda more: self.advance(line, more)

    def say(self, sentence: str) -> None:
        self.console.print(sentence)
