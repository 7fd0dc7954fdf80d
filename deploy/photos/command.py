"""`gridcase photos tidy`: photos that no case refers to are deleted."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli import in_sentences, say
from deploy.running import DATA

photos = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Look after the photos.")
DAYS = 7.0


@photos.callback()
def begin() -> None:
    """Look after the photos."""


@photos.command()
def tidy(
    days: Annotated[float, typer.Option(min=1, help="Only photos that were uploaded longer ago")] = DAYS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be deleted, and delete nothing")] = False,
    data: Annotated[Path, typer.Option("--data", help="Folder of the running system")] = DATA,
    kafka: Annotated[str | None, typer.Option(envvar="GRIDCASE_KAFKA", help="Kafka: host:port, separated by commas")] = None,
) -> None:
    """Delete photos that were uploaded and that no report, supplement, note or result names."""
    from deploy.photos.tidy import tidy as tidy_up
    from deploy.refusal import CannotDo
    from deploy.running import reached
    from shared.photos_kept import Unkept

    with in_sentences(), reached(data, kafka, None, say) as settings:
        try:
            asyncio.run(tidy_up(settings, days, dry_run, say))
        except Unkept as unkept:
            raise CannotDo(f"The store of photos, {settings.photos}, does not answer: {unkept}") from unkept
