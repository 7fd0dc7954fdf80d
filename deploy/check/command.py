"""`gridcase check`: what the terminal shows of a check, and how it ends."""

import json as notation
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from deploy.check.run import Result, run_check
from deploy.running import DATA, reached


def check(
    kafka: Annotated[
        str | None, typer.Option(envvar="GRIDCASE_KAFKA", help="Kafka that holds the log: host:port, separated by commas")
    ] = None,
    mongo: Annotated[str | None, typer.Option(envvar="GRIDCASE_MONGO", help="MongoDB that holds the copies: mongodb://...")] = None,
    database: Annotated[str | None, typer.Option(help="Prefix of the databases, gridcase if not set")] = None,
    topic: Annotated[str | None, typer.Option(help="Topic of the facts, case-events if not set")] = None,
    reports: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="What clients were told: a JSON object a line")] = None,
    json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds for which all must stand still; 0 for a system at work")] = 2.0,
    now: Annotated[datetime | None, typer.Option(help="UTC time of the system: no deadline may have passed unsaid before it")] = None,
    bound: Annotated[float, typer.Option(min=0, help="Minutes within which a passed deadline must be said, with --now")] = 60.0,
    data: Annotated[Path, typer.Option("--data", help="Folder of the local engines")] = DATA,
) -> None:
    """Read the log and every database, and verify that nothing is lost, doubled or different."""
    from deploy.cli import in_sentences

    out = Console(stderr=json, highlight=False, markup=False, soft_wrap=True)
    until = now.replace(tzinfo=UTC) if now is not None and now.tzinfo is None else now
    with in_sentences(), reached(data, kafka, mongo, out.print) as settings, Bar(Console(stderr=True)) as bar:
        names = database or settings.database, topic or settings.topic
        result = run_check(settings.kafka, settings.mongo, *names, reports, wait, until, timedelta(minutes=bound), bar.tell)
    show(result, out)
    if json:
        sys.stdout.write(notation.dumps(asdict(result), ensure_ascii=False) + "\n")
    raise typer.Exit(1 if result.violations else 0)


def show(result: Result, out: Console) -> None:
    """Print what is wrong, a line each, and what was read."""
    for note in result.notes:
        out.print(f"note: {note}", style="yellow")
    for violation in result.violations:
        out.print(violation, style="red")
    read = f"{result.events} messages, {result.cases} cases, {len(result.copies)} copies ({', '.join(result.copies) or 'none'})"
    verdict = f"{len(result.violations)} violations" if result.violations else "every invariant holds"
    out.print(f"{read}: {verdict}.", style="red" if result.violations else "green")


class Bar(Progress):
    """A line for each thing that is read, on a terminal only."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        super().__init__(*columns, console=console, transient=True, disable=not console.is_terminal)
        self.lines: dict[str, TaskID] = {}

    def tell(self, what: str, more: int, of: int) -> None:
        """Move the line of `what`."""
        if what not in self.lines:
            self.lines[what] = self.add_task(what, total=of or None)
        self.update(self.lines[what], advance=more)
