"""`gridcase city`: check a city's pack, or begin a new one."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from deploy.city.begin import begin_pack
from deploy.city.summary import summary
from deploy.refusal import CannotDo
from shared.citypack import CityInvalid, city_folder, load_city

city = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Check a city's pack, or begin a new one."
)


@city.command()
def check(folder: Annotated[str, typer.Argument(metavar="DIR", help="Folder of the pack, or the name of one under deploy/cities")]) -> None:
    """Name every fault of a pack with file, line and field; exit 1 if there is any, else say what the city has."""
    found = Path(folder) if Path(folder).is_dir() else city_folder(folder)
    try:
        loaded = load_city(found)
    except CityInvalid as invalid:
        fail("\n".join(map(str, invalid.faults)))
    say(summary(loaded))


@city.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new pack; it must be empty or not exist")],
    record: Annotated[
        Path | None, typer.Option("--from", exists=True, dir_okay=False, help="Make the pack from recorded cases: CSV, gzipped or not")
    ] = None,
    names: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The names of the record in both languages (TOML); only with --from")
    ] = None,
) -> None:
    """Write a small valid pack to start from, or one made from recorded cases."""
    try:
        begin_pack(folder, record, names)
        loaded = load_city(folder)
    except (CannotDo, CityInvalid) as refused:
        fail(str(refused))
    say(summary(loaded))
    say(f"The pack is in {folder}. Check it after each change: gridcase city check {folder}")


def say(text: str) -> None:
    Console().print(text, highlight=False, markup=False, soft_wrap=True)


def fail(text: str) -> NoReturn:
    """Print what is wrong and exit 1."""
    Console(stderr=True).print(text, style="red", highlight=False, markup=False, soft_wrap=True)
    raise typer.Exit(1)
