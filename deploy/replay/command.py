"""`gridcase replay`: what the terminal shows of a replay, and how it ends."""

import json as notation
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.replay.comparison import shown
from deploy.replay.run import Outcome, Replay, perform, prepare, stage_of
from deploy.replay.show import Bar
from deploy.replay.stage import Stage
from deploy.running import DATA
from deploy.up import INTERRUPTED, interrupted_once

COUNTS = ("reports", "closed", "merged", "rejected", "withdrawn", "unfinished", "lost", "duplicates")
WIDE = 150  # of a table that nobody looks at on a terminal


def replay(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Recorded cases: CSV, gzipped or not")],
    mapping: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Which column is what (TOML), where the header is not a known one")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many cases")] = None,
    data: Annotated[Path, typer.Option("--data", help="Folder of the engines, the log and the city; a stopped replay goes on there")] = DATA
    / "replay",
    port: Annotated[int | None, typer.Option(help="The console's port, the others follow; free ports if not said")] = None,
    json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    city: Annotated[
        str | None, typer.Option(help="Pack to use, name or folder; without it the file's own, or one that is made from it")
    ] = None,
) -> None:
    """Let recorded history go through the system, at the recorded times."""
    from deploy.cli import in_sentences

    out = Console(stderr=json, highlight=False, markup=False, soft_wrap=True)
    if not out.is_terminal:
        out.width = WIDE
    with in_sentences():
        prepared = prepare(file, mapping, limit, data, city, out.print)
        outcome = staged(prepared, stage_of(prepared, port, out.print), out)
    conclude(outcome, out)
    if json:
        sys.stdout.write(notation.dumps(outcome.plain(), ensure_ascii=False) + "\n")
    raise typer.Exit(0 if outcome.right else 1)


def staged(prepared: Replay, stage: Stage, out: Console) -> Outcome:
    """Start the system, replay, and stop it; Ctrl-C stops it too."""
    began = time.monotonic()
    ends = sum(1 for record in prepared.records if record.closed)
    try:
        with interrupted_once(), stage, stage.supervise():
            out.print(f"The system is up; its console is at {stage.urls['console']}. Ctrl-C stops everything, the same command goes on.")
            with Bar(out, len(prepared.records), ends) as bar:
                return perform(prepared, stage, bar.show, began)
    except KeyboardInterrupt:
        out.print("Everything is stopped. The same command goes on from here.")
        raise typer.Exit(INTERRUPTED) from None


def conclude(outcome: Outcome, out: Console) -> None:
    """Print the comparison, what is wrong, and the verdict."""
    out.print(shown(outcome.deadlines))
    for violation in outcome.check.violations:
        out.print(violation, style="red")
    told = outcome.plain()
    counts = ", ".join(f"{told[name]:,} {name}" for name in COUNTS)
    verdict = "Nothing is wrong" if outcome.right else f"{len(outcome.check.violations)} violations"
    out.print(
        f"{counts}; {outcome.check.events:,} messages in {outcome.seconds:.0f} s. {verdict}.", style="green" if outcome.right else "red"
    )
