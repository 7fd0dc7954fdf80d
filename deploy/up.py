"""`gridcase up`: start the system, show how it is doing, and stop it when told to."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import httpx
from rich.console import Console
from rich.live import Live

from deploy.live import plain, status_of, table
from deploy.system import System

TERMINAL_SECONDS, LOG_SECONDS = 2.0, 60.0
ADVICE = "Ctrl-C stops everything."
INTERRUPTED = 130


def run(system: System, console: Console, quiet: bool) -> int:
    """Run the system until Ctrl-C or SIGTERM; return the exit code: 0, or 1 if a process had to be given up."""
    began = time.monotonic()
    with interrupted_once():
        try:
            with system:
                announce(system, console, time.monotonic() - began)
                with system.supervise(), suppress(KeyboardInterrupt):
                    watch(system, console, quiet)
                gave_up = [one.name for one in [*system.engine_processes.values(), *system.processes.values()] if one.gone]
                console.print("Stopping: the services first, then the engines.")
        except KeyboardInterrupt:
            console.print("Stopped before it was ready.")
            return INTERRUPTED
    console.print(f"Everything is stopped. Given up: {', '.join(gave_up)}." if gave_up else "Everything is stopped.")
    return 1 if gave_up else 0


def announce(system: System, console: Console, seconds: float) -> None:
    """Say where to look."""
    console.print(f"Ready after {seconds:.1f} s.")
    for name, url in system.urls.items():
        console.print(f"  {name:<9}{url}{'' if name == 'console' else '/docs'}", highlight=False)
    if system.issuer:
        console.print(
            f"  issuer   {system.issuer.url} · sign in at {system.urls['console']}/sign-in, or `gridcase token ROLE`", highlight=False
        )
    console.print(f"Data and logs are in {system.data}. {ADVICE}", highlight=False, soft_wrap=True)


def watch(system: System, console: Console, quiet: bool) -> None:
    """Show the status again and again; return when an engine is given up, without which nothing works."""
    showing = console.is_terminal and not quiet
    with httpx.Client(trust_env=False, timeout=2) as client, Live(console=console, auto_refresh=False, transient=True) as live:
        while not any(one.gone for one in system.engine_processes.values()):
            if showing:
                live.update(table(status_of(system, client), ADVICE), refresh=True)
            elif not quiet:
                console.print(plain(status_of(system, client)), highlight=False, soft_wrap=True)
            pause(system, TERMINAL_SECONDS if showing else LOG_SECONDS)


def pause(system: System, seconds: float) -> None:
    """Sleep, but not when an engine is given up meanwhile."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not any(one.gone for one in system.engine_processes.values()):
        time.sleep(0.5)


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Raise KeyboardInterrupt at the first SIGINT or SIGTERM; later ones do not disturb the stopping."""
    signals = (signal.SIGINT, signal.SIGTERM)

    def on_signal(number: int, frame: FrameType | None) -> None:
        for one in signals:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {one: signal.signal(one, on_signal) for one in signals}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
