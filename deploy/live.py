"""How a running system is doing, in one small table: each process, and how many cases there are."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Group
from rich.table import Table
from rich.text import Text

from deploy.supervisor import State, Supervised
from deploy.system import System

LAG = "cases_consumer_lag_events"
COLOURS = {State.RUNNING: "green", State.WAITING: "yellow", State.GONE: "red", State.NOT_STARTED: "dim"}


@dataclass(frozen=True)
class Line:
    """One process; memory in bytes, lag in events that it has still to fold."""

    name: str
    state: State
    pid: int | None
    port: int
    memory: int | None
    restarts: int
    lag: int | None


class Counts(BaseModel):
    """The cases that the console knows, as its totals have them."""

    model_config = ConfigDict(frozen=True)

    reported: int
    open: int
    closed: int


class Totals(BaseModel):
    """What we read of the console's totals."""

    all: Counts


@dataclass(frozen=True)
class Status:
    """The system at one moment."""

    lines: Sequence[Line]
    counts: Counts | None


def status_of(system: System, client: httpx.Client) -> Status:
    """Ask the processes how they are; what does not answer is left blank."""
    lines = [line_of(one, None) for one in system.engine_processes.values()]
    lines += [line_of(one, lag_of(client, one)) for one in system.processes.values()]
    return Status(lines, counts_of(client, system.urls["console"]) if "console" in system.urls else None)


def line_of(one: Supervised, lag: int | None) -> Line:
    return Line(one.name, one.state, one.pid if one.alive else None, one.port, memory_of(one), one.restarts, lag)


def memory_of(one: Supervised) -> int | None:
    """Return the resident memory of a process in bytes, None if it does not run."""
    if one.pid is None or not one.alive:
        return None
    try:
        return int(psutil.Process(one.pid).memory_info().rss)
    except psutil.Error:
        return None


def lag_of(client: httpx.Client, one: Supervised) -> int | None:
    """Return how many events a process has still to fold."""
    text = answer(client, f"{one.url}/metrics") if one.alive else None
    if text is None:
        return None
    families = [family for family in text_string_to_metric_families(text.text) if family.name == LAG]
    return int(sum(sample.value for family in families for sample in family.samples))


def counts_of(client: httpx.Client, console: str) -> Counts | None:
    """Return how many cases there are."""
    told = answer(client, f"{console}/totals")
    if told is None:
        return None
    try:
        return Totals.model_validate_json(told.content).all
    except ValidationError:
        return None


def answer(client: httpx.Client, url: str) -> httpx.Response | None:
    try:
        told = client.get(url)
    except httpx.TransportError:
        return None
    return told if told.status_code == httpx.codes.OK else None


def table(status: Status, advice: str) -> Group:
    """Return the status as it is shown on a terminal."""
    shown = Table(box=None, pad_edge=False, header_style="dim")
    shown.add_column("process")
    shown.add_column("state")
    for name in ("pid", "port", "memory", "restarts", "lag"):
        shown.add_column(name, justify="right")
    for line in status.lines:
        memory = f"{line.memory / 1e6:.0f} MB" if line.memory is not None else ""
        state = Text(line.state, style=COLOURS[line.state])
        shown.add_row(line.name, state, blank(line.pid), str(line.port), memory, str(line.restarts), blank(line.lag))
    return Group("", shown, Text(counted(status.counts)), Text(advice, style="dim"))


def blank(value: int | None) -> str:
    return "" if value is None else str(value)


def counted(counts: Counts | None) -> str:
    if counts is None:
        return "The console does not tell its totals."
    return f"{counts.reported:,} reports, {counts.open:,} open, {counts.closed:,} closed"


def plain(status: Status) -> str:
    """Return the status in one line, for a log."""
    amiss = [f"{line.name} {line.state}" for line in status.lines if line.state is not State.RUNNING]
    lag = sum(line.lag or 0 for line in status.lines)
    memory = sum(line.memory or 0 for line in status.lines) / 1e6
    return f"{counted(status.counts)}; lag {lag}; {memory:.0f} MB; {', '.join(amiss) or 'all processes run'}"
