"""`gridcase demo`: what may be asked for, what the terminal shows, and how it ends."""

import json as notation
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

DAY_CASES, BASE_PORT = 400, 8000


def demo(
    check: Annotated[
        int | None, typer.Option("--check", min=1, help="Run so many reports to their end as fast as it goes; check all")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="With --check: end with one JSON object")] = False,
    seed: Annotated[int, typer.Option(help="The same seed makes the same day")] = 1,
    cases: Annotated[int, typer.Option(min=1, help="Reports of the day")] = DAY_CASES,
    speed: Annotated[
        float | None, typer.Option(min=1, help="How many times as fast as in life; else 240 until ten in the morning, and 60 from then on")
    ] = None,
    kill: Annotated[
        list[str] | None, typer.Option(help="With --check: kill this process with -9 at some moment: a service, broker or mongo; repeat")
    ] = None,
    leave: Annotated[bool, typer.Option("--exit", help="Stop at the end of the day")] = False,
    data: Annotated[Path | None, typer.Option("--data", help="Folder to keep; else a new one, thrown away at the end")] = None,
    port: Annotated[int | None, typer.Option(help="The console's port, the others follow; 8000, and with --check free ones")] = None,
    city: Annotated[str, typer.Option(envvar="GRIDCASE_CITY", help="Name of a pack under deploy/cities, or the path of a folder")] = "demo",
    broker: Annotated[Literal["auto", "kafka", "tansu"], typer.Option(help="Local broker")] = "auto",
) -> None:
    """Let a synthetic day of a city run through the system, with residents and staff who act like people."""
    from deploy.cli import in_sentences
    from deploy.demo.run import Options, Speeds, Wrong, run
    from deploy.demo.summary import show
    from deploy.up import INTERRUPTED, interrupted_once

    options = Options(
        cases=check or cases,
        seed=seed,
        check=check is not None,
        speeds=None if check else Speeds(speed, speed) if speed else Speeds(),
        city=city,
        data=data,
        port=port if port is not None or check else BASE_PORT,
        broker=broker,
        kill=tuple(kill or ()),
        leave=leave,
    )
    console = Console(stderr=json, highlight=False, markup=False, soft_wrap=True)
    try:
        with in_sentences(), interrupted_once():
            try:
                summary = run(options, console)
            except Wrong as wrong:
                summary = wrong.summary
    except KeyboardInterrupt:
        console.print("Everything is stopped.")
        raise typer.Exit(INTERRUPTED if check else 0) from None
    if summary is None:
        return
    show(summary, console)
    if json:
        sys.stdout.write(notation.dumps(summary.as_dict(), ensure_ascii=False) + "\n")
    raise typer.Exit(0 if summary.fine else 1)
