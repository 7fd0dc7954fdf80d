"""The command `gridcase`: one short function a command. Each imports what it needs when it runs, so that `topics` needs no local engine."""

import asyncio
import importlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from deploy.running import DATA

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()

PASSED_ON = {"ignore_unknown_options": True, "allow_extra_args": True}  # to a command that has its own
DataFolder = Annotated[Path, typer.Option("--data", help="Folder of the local engines, their data and all logs")]
Kafka = Annotated[
    str | None, typer.Option(envvar="GRIDCASE_KAFKA", help="Kafka to use instead of a local one: host:port, separated by commas")
]
Mongo = Annotated[str | None, typer.Option(envvar="GRIDCASE_MONGO", help="MongoDB to use instead of a local one: mongodb://...")]
City = Annotated[str, typer.Option(envvar="GRIDCASE_CITY", help="Name of a pack under deploy/cities, or the path of a folder")]
Broker = Annotated[
    Literal["auto", "kafka", "tansu"], typer.Option(help="Local broker; auto: Kafka where it can be had, else Tansu, in memory")
]


def say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def in_sentences() -> Iterator[None]:
    """End with a sentence, not a traceback, where a person must act."""
    from deploy.local.engines import DataFolderInUse
    from deploy.local.jars import EngineUnavailable
    from deploy.local.process import EngineFailed
    from deploy.refusal import CannotDo
    from shared.citypack import CityInvalid
    from shared.stream import Away

    try:
        yield
    except (CannotDo, DataFolderInUse, EngineUnavailable, EngineFailed, CityInvalid, Away) as error:
        Console(stderr=True).print(str(error), style="red", highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from error


@app.callback()
def begin() -> None:
    """Residents' reports, from the report to the closed case."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a Kafka that is away is told once, by the command


@app.command()
def up(
    data: DataFolder = DATA,
    port: Annotated[int, typer.Option(help="The console's port; intake has the next one, then triage, dispatch and closure")] = 8000,
    city: City = "demo",
    kafka: Kafka = None,
    mongo: Mongo = None,
    broker: Broker = "auto",
    edition: Annotated[list[str] | None, typer.Option(help="SERVICE=EDITION: go on with a copy that `rebuild --keep` made")] = None,
    issuer: Annotated[bool, typer.Option("--issuer", help="Let demo accounts sign in, and `gridcase token` make tokens")] = False,
    quiet: Annotated[bool, typer.Option(help="Say only what changes")] = False,
) -> None:
    """Start the engines and the five services, and keep them running until Ctrl-C."""
    from deploy.system import System, editions_of
    from deploy.up import run

    with in_sentences():
        editions = editions_of(edition or [])
        signing: Literal["page", "none"] = "page" if issuer else "none"
        system = System(data, port=port, city=city, kafka=kafka, mongo=mongo, broker=broker, editions=editions, issuer=signing, say=say)
        raise typer.Exit(run(system, console, quiet))


@app.command()
def token(
    role: Annotated[str, typer.Argument(help="resident, grid_worker, operator, unit, supervisor, manager, auditor, admin, ...")],
    post: Annotated[str | None, typer.Option("--as", help="Id of a post of the city with this role; else the first one")] = None,
    hours: Annotated[float, typer.Option(min=0.01, help="How long it is good for")] = 8,
    data: DataFolder = DATA,
) -> None:
    """Print a token for a role, while `gridcase up --issuer` or `gridcase demo` runs."""
    from deploy.issuer.told import token_for

    with in_sentences():
        typer.echo(token_for(role, post, hours, data))


@app.command()
def topics(kafka: Kafka = None, data: DataFolder = DATA) -> None:
    """Create the topics that are missing, and check the number of partitions."""
    from deploy.running import reached
    from deploy.topics import create_topics

    with in_sentences(), reached(data, kafka, None, say) as settings:
        created = asyncio.run(create_topics(settings))
        names = f"{settings.topic} ({settings.partitions} partitions), {settings.topic}.dead and {settings.topic}.looks"
        say(f"Created {' and '.join(created)}." if created else f"Nothing to do: {names} are there.")


@app.command()
def rebuild(
    service: Annotated[str, typer.Argument(help="console, intake, triage, dispatch or closure")],
    keep: Annotated[bool, typer.Option("--keep", help="Keep the new copy, to switch to it")] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Drop the stopped service's copy, so that its next start folds the log from the start")
    ] = False,
    data: DataFolder = DATA,
    kafka: Kafka = None,
    mongo: Mongo = None,
) -> None:
    """Fold the whole log beside the running copy, and compare the two."""
    from deploy.rebuild import begin_afresh, rebuild_beside
    from deploy.running import reached

    with in_sentences(), reached(data, kafka, mongo, say) as settings:
        if fresh:
            begin_afresh(service, settings, say)
        elif not rebuild_beside(service, settings, data / "logs", keep, console):
            raise typer.Exit(1)


dead = typer.Typer(no_args_is_help=True, help="Messages that no service could read: list them, look at one, send it again.")
app.add_typer(dead, name="dead")


@dead.command("list")
def dead_list(
    last: Annotated[int, typer.Option(min=1, help="At most so many, the newest")] = 100, kafka: Kafka = None, data: DataFolder = DATA
) -> None:
    """List the dead letters."""
    from deploy.dead import read_dead, table
    from deploy.running import reached

    with in_sentences(), reached(data, kafka, None, say) as settings:
        letters = asyncio.run(read_dead(settings))
        console.print(table(letters[-last:]) if letters else "There are no dead letters.")


@dead.command("show")
def dead_show(offset: int, kafka: Kafka = None, data: DataFolder = DATA) -> None:
    """Show one dead letter: why it is here, and what it says."""
    from deploy.dead import find, read_dead, shown
    from deploy.running import reached

    with in_sentences(), reached(data, kafka, None, say) as settings:
        say(shown(find(asyncio.run(read_dead(settings)), offset)))


@dead.command("resend")
def dead_resend(
    offset: Annotated[int | None, typer.Argument(help="The dead letter's offset")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them; what took effect before changes nothing")] = False,
    kafka: Kafka = None,
    data: DataFolder = DATA,
) -> None:
    """Publish dead letters once more, as they came, after their cause was mended."""
    from deploy.dead import resend
    from deploy.running import reached

    if (offset is None) is not everything:
        raise typer.BadParameter("Name one offset, or say --all.")
    with in_sentences(), reached(data, kafka, None, say) as settings:
        asyncio.run(resend(settings, offset, say))


@app.command(
    "keys", help="Make, list and revoke the keys with which programs post by Open311.", add_help_option=False, context_settings=PASSED_ON
)
def keys_(context: typer.Context) -> None:
    from deploy.keys import keys

    keys(context.args, prog_name="gridcase keys")


THEIR_OWN = {
    "demo": "Run everything, and let a synthetic day of a city go through it.",
    "replay": "Let recorded history go through the system, at the recorded times.",
    "check": "Read the log and every database, and verify that nothing is lost, doubled or different.",
    "bench": "Measure whole lives, latency and the cost of growth.",
    "city": "Check a city's pack, or begin a new one.",
    "learn": "Learn from history, and say whether that is better than what runs.",
    "evaluate": "Measure how good the decisions are: triage, duplicates, times.",
    "photos": "Delete photos that no case refers to.",
    "simulate": "Compare ways to choose whom to send, in virtual time.",
}


def add_when_called(name: str, help: str) -> None:
    """Add a command, or a group of them, that has a folder of its own, which is imported when the command is called."""

    @app.command(name, help=help, add_help_option=False, context_settings=PASSED_ON)
    def call(context: typer.Context) -> None:
        found = getattr(importlib.import_module(f"deploy.{name}.command"), name)
        one = found if isinstance(found, typer.Typer) else typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        if one is not found:
            one.command()(found)
        one(context.args, prog_name=f"gridcase {name}")


for name, help in THEIR_OWN.items():
    if Path(__file__).with_name(name).joinpath("command.py").exists():
        add_when_called(name, help)
