"""`gridcase evaluate triage|duplicates|times FILE`: one measurement each, imported when it is asked for."""

import importlib
import json as notation
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

evaluate = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Measure how good the decisions are, on a file whose answers are known.",
)

Source = Annotated[Path, typer.Argument(exists=True, help="File with the answers")]
City = Annotated[str, typer.Option(envvar="GRIDCASE_CITY", help="Name of a pack under deploy/cities, or the path of a folder")]
Json = Annotated[bool, typer.Option("--json", help="End with one JSON object on a line")]


@evaluate.command()
def triage(file: Source, city: City = "demo", json: Json = False) -> None:
    """Type, grade and recognition of messages: columns text, code, also_ok, grade, emergency."""
    measured("triage", file, city, json)


@evaluate.command()
def duplicates(file: Source, city: City = "demo", json: Json = False) -> None:
    """Automatic joins and suggestions, against what staff marked as duplicates."""
    measured("duplicates", file, city, json)


@evaluate.command()
def times(file: Source, city: City = "demo", json: Json = False) -> None:
    """What residents are told of how long it takes, against how long it took."""
    measured("times", file, city, json)


def measured(name: str, file: Path, city: str, json: bool) -> None:
    """Run one measurement; its table goes to the terminal, its figures to the last line."""
    from deploy.cli import in_sentences

    console = Console(stderr=json, highlight=False, markup=False, soft_wrap=True)
    with in_sentences():
        figures = importlib.import_module(f"deploy.evaluate.{name}").evaluate(file, city, console)
    if json:
        sys.stdout.write(notation.dumps(figures, ensure_ascii=False) + "\n")
