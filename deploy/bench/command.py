"""`gridcase bench`: what the terminal shows, and how it ends."""

import json as notation
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from deploy.bench import open311 as lists
from deploy.bench.dashboards import Dashboards, measure_dashboards
from deploy.bench.lives import Progress
from deploy.bench.lookups import Lookups, measure
from deploy.bench.run import QUICK, Bench, Sizes
from deploy.bench.table import as_json, notes, processes, table
from deploy.running import DATA
from shared.citypack import city_folder, load_city

if TYPE_CHECKING:
    from deploy.bench.pages import Paged

LOOKS = 1_000
ASKED = 100  # times of each question
LISTS = 100  # of each kind


def bench(
    json: Annotated[bool, typer.Option("--json", help="End with one JSON object")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less of everything, in a minute: shows that the bench works, not how fast it is")
    ] = False,
    lookups: Annotated[
        int | None, typer.Option("--lookups", min=1, help="Instead: how long it takes to find what a report may repeat among so many cases")
    ] = None,
    stats: Annotated[
        int | None, typer.Option("--stats", min=1, help="Instead: how long the figures for dashboards take with so many cases stored")
    ] = None,
    open311: Annotated[
        int | None, typer.Option("--open311", min=1_000, help="Instead: how fast Open311 lists are read among so many requests")
    ] = None,
    pages: Annotated[
        int | None, typer.Option("--pages", min=50, help="Instead: how fast pages are and what they cost, with so many open cases")
    ] = None,
    data: Annotated[Path, typer.Option("--data", help="Folder for engines and logs, replaced by each bench")] = DATA / "bench",
) -> None:
    """Measure whole lives, latency and the cost of growth, on engines and services of its own."""
    from deploy.cli import in_sentences

    out = Console(stderr=json, highlight=False, markup=False, soft_wrap=True)
    try:
        with in_sentences(), Lines(out) as lines:
            if lookups is not None:
                found = looked_up(data, lookups, lines)
                out.print(
                    f"Of {found.looks:,} looks among {found.stored:,} cases: median {found.p50_ms:.1f} ms, p99 {found.p99_ms:.1f} ms."
                )
                if json:
                    sys.stdout.write(notation.dumps(asdict(found)) + "\n")
                return
            if stats is not None:
                figured = figured_out(data, stats, lines)
                for line in figured.sentences:
                    out.print(line)
                if json:
                    sys.stdout.write(notation.dumps(asdict(figured)) + "\n")
                return
            if pages is not None:
                paged = opened(data, pages, lines)
                for line in paged.sentences:
                    out.print(line)
                if json:
                    sys.stdout.write(notation.dumps(asdict(paged)) + "\n")
                return
            if open311 is not None:
                asked = listed(data, open311, lines)
                out.print(*(sentence(one) for one in asked), sep="\n")
                if json:
                    sys.stdout.write(notation.dumps([asdict(one) for one in asked]) + "\n")
                return
            results = Bench(data, QUICK if quick else Sizes(), lines.say, lines.begin).measure()
    except KeyboardInterrupt:
        out.print("Stopped.")
        raise typer.Exit(130) from None
    for shown in (table(results), processes(results), *notes(results)):
        out.print(shown)
    if json:
        sys.stdout.write(notation.dumps(as_json(results), ensure_ascii=False) + "\n")


def looked_up(data: Path, stored: int, lines: "Lines") -> Lookups:
    """Measure look-ups for duplicates in a folder that is removed afterwards."""
    data.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data) as folder:
        return measure(Path(folder), load_city(city_folder("demo")), stored, LOOKS, lines.begin, lines.say)


def figured_out(data: Path, stored: int, lines: "Lines") -> Dashboards:
    """Measure the figures for dashboards in a folder that is removed afterwards."""
    data.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data) as folder:
        return measure_dashboards(Path(folder), load_city(city_folder("demo")), stored, ASKED, lines.begin, lines.say)


def listed(data: Path, stored: int, lines: "Lines") -> list[lists.Asked]:
    """Measure lists by Open311 in a folder that is removed afterwards."""
    data.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data) as folder:
        return lists.measure(Path(folder), load_city(city_folder("demo")), stored, LISTS, lines.begin, lines.say)


def opened(data: Path, cases: int, lines: "Lines") -> "Paged":
    """Measure the pages in a folder that is removed afterwards."""
    from deploy.bench.pages import measure as measure_pages  # the browser's driver is only there where tests are

    data.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data) as folder:
        return measure_pages(Path(folder), load_city(city_folder("demo")), cases, lines.begin, lines.say)


def sentence(one: lists.Asked) -> str:
    cost = f"intake {one.intake_ms:.1f} ms and the store {one.mongo_ms:.1f} ms of processor time each"
    return f"{one.name}: {one.rate:.0f} a second, median {one.p50_ms:.0f} ms, p99 {one.p99_ms:.0f} ms; {cost}."


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
