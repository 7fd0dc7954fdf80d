"""`gridcase photos`: photos that no case refers to are deleted, and those that must go."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli import DataFolder, Kafka, in_sentences, say
from deploy.running import DATA

if TYPE_CHECKING:
    from shared.settings import Settings

photos = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Look after the photos.")
DAYS = 7.0


@photos.callback()
def begin() -> None:
    """Look after the photos."""


@photos.command()
def tidy(
    days: Annotated[float, typer.Option(min=1, help="Only photos that were uploaded longer ago")] = DAYS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be deleted, and delete nothing")] = False,
    data: DataFolder = DATA,
    kafka: Kafka = None,
) -> None:
    """Delete photos that were uploaded and that no report, supplement, note or result names."""
    from deploy.photos.keeping import tidy as tidy_up

    with photos_of(data, kafka) as settings:
        asyncio.run(tidy_up(settings, days, dry_run, say))


@photos.command()
def forget(names: Annotated[list[str], typer.Argument(help="Names of photos")], data: DataFolder = DATA, kafka: Kafka = None) -> None:
    """Delete photos for good, whatever refers to them: the facts stay, their pictures are gone."""
    from deploy.photos.keeping import forget as forget_for_good

    with photos_of(data, kafka) as settings:
        asyncio.run(forget_for_good(settings, names, say))


@photos.command()
def check(data: DataFolder = DATA, kafka: Kafka = None) -> None:
    """See that every photo which the log names is there, for example after a backup was restored; fails if one is not."""
    from deploy.photos.keeping import missing

    with photos_of(data, kafka) as settings:
        if asyncio.run(missing(settings, say)):
            raise typer.Exit(1)


@contextmanager
def photos_of(data: Path, kafka: str | None) -> "Iterator[Settings]":
    """Give the settings of the running system; end with a sentence where the photos cannot be reached."""
    from deploy.refusal import CannotDo
    from deploy.running import reached
    from shared.photos_kept import Unkept

    with in_sentences(), reached(data, kafka, None, say) as settings:
        try:
            yield settings
        except Unkept as unkept:
            raise CannotDo(f"The store of photos, {settings.photos}, does not answer: {unkept}") from unkept
