"""`gridcase learn HISTORY`: what can be learned is told by the columns of the history; of our own log, what messages are about."""

import json as notation
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from deploy.refusal import CannotDo
from deploy.running import DATA, running_in

if TYPE_CHECKING:
    from deploy.learn.text_rows import Row
    from shared.city import City

TEXTS = frozenset({"text", "code"})
FOLDER = "models"
OUR_LOG = "log"  # the word for the log of the running system
EVENTS = ".ndjson"
USUAL = "demo"  # the city, if nobody says another
HELP = (
    "CSV or TSV with text and code, or a folder of them; a city's case file, from which alone duplicates are learned; "
    "our own log: a file of one JSON event a line (*.ndjson), or the word log for that of the running system"
)


@dataclass(frozen=True)
class Learned:
    """A file for the city's pack, whether it is better than what runs, and figures."""

    name: str
    content: bytes
    better: bool
    figures: dict[str, float]


def learn(
    history: Annotated[str, typer.Argument(help=HELP)],
    city: Annotated[
        str | None, typer.Option(envvar="GRIDCASE_CITY", help="Pack under deploy/cities, or a folder; demo if not said")
    ] = None,
    switch_on: Annotated[bool, typer.Option("--switch-on", help="Put it into the city's pack if it is better")] = False,
    out: Annotated[Path | None, typer.Option(help="Write what was learned to this file, better or not")] = None,
    json: Annotated[bool, typer.Option("--json", help="End with one JSON object on a line")] = False,
    kafka: Annotated[str | None, typer.Option(envvar="GRIDCASE_KAFKA", help="Kafka that holds our own log: host:port")] = None,
    data: Annotated[Path, typer.Option("--data", help="Folder of the running system, for its log")] = DATA,
) -> None:
    """Learn from history, and say whether that is better than what runs."""
    from deploy.cli import in_sentences

    console = Console(stderr=json, highlight=False, markup=False, soft_wrap=True)
    with in_sentences():
        pack = city or city_of(history, data)
        found = own_log(data, kafka, pack, console) if history == OUR_LOG else of_file(Path(history), pack, console)
        if out is not None:
            out.write_bytes(found.content)
        switched = switch(found.name, found.content, pack, console) if switch_on and found.better else False
    console.print("It is better than what runs." if found.better else "It is not better than what runs.")
    if found.better and not switched:
        console.print("Nothing was switched on: say --switch-on.")
    if json:
        sys.stdout.write(notation.dumps({**found.figures, "better": found.better, "switched_on": switched}) + "\n")


def city_of(history: str, data: Path) -> str:
    """Return the city of the system that runs, if it is its log that is read."""
    running = running_in(data) if history == OUR_LOG else None
    return running.settings.get("GRIDCASE_CITY", USUAL) if running else USUAL


def of_file(file: Path, city: str, console: Console) -> Learned:
    """Learn what the file can teach, which its name and its columns tell. Raises CannotDo."""
    from deploy.learn.text_rows import header

    if not file.exists():
        raise CannotDo(f"There is no file {file} to learn from. The word {OUR_LOG} stands for the log of the running system.")
    if file.suffix == EVENTS:
        return events(file, city, console)
    return texts(file, city, console) if header(file) >= TEXTS else duplicates(file, city, console)


def texts(history: Path, city: str, console: Console) -> Learned:
    """Learn what messages are about."""
    from deploy.learn.text import learn
    from deploy.learn.text_rows import known, read_rows
    from services.triage.model.assess import MODEL
    from shared.citypack import city_folder, load_city

    town = load_city(city_folder(city))
    learned = learn(known(read_rows(history), town), town, console)
    return Learned(MODEL, learned.content, learned.better, learned.new)


def events(history: Path, city: str, console: Console) -> Learned:
    """Learn what messages are about from a file of events."""
    from deploy.learn.log_source import rows_of_file

    return closed_cases(lambda town: rows_of_file(history, town, console), city, console)


def own_log(data: Path, kafka: str | None, city: str, console: Console) -> Learned:
    """Learn what messages are about from the log of a running system."""
    from deploy.learn.log_source import rows_of_log
    from deploy.running import reached

    with reached(data, kafka, None, console.print) as settings:
        return closed_cases(lambda town: rows_of_log(settings, town, console), city, console)


def closed_cases(read: Callable[["City"], Sequence["Row"]], city: str, console: Console) -> Learned:
    from deploy.learn.text import from_log
    from services.triage.model.assess import MODEL
    from shared.citypack import city_folder, load_city

    folder = city_folder(city)
    town = load_city(folder)
    learned = from_log(read(town), town, folder, console)
    return Learned(MODEL, learned.content, learned.better, learned.new)


def duplicates(history: Path, city: str, console: Console) -> Learned:
    """Learn which cases are duplicates."""
    from deploy.learn.duplicates import learn
    from services.triage.likeness.ranking import FILE

    content, better, figures = learn(history, city, console)
    return Learned(FILE, content, better, figures)


def switch(name: str, content: bytes, city: str, console: Console) -> bool:
    """Put what was learned into the city's pack, whole or not at all."""
    from shared.citypack import city_folder

    folder = city_folder(city) / FOLDER
    if not folder.parent.is_dir():
        raise CannotDo(f"There is no city {city} to switch it on in.")
    folder.mkdir(exist_ok=True)
    part = folder / f".{name}.part"
    part.write_bytes(content)
    part.replace(folder / name)
    console.print(f"Switched on: {name}, {len(content) / 1e6:.1f} MB. Running services take it up by themselves.")
    return True
