"""What the person at the terminal sees: where to look, the time in the city, and how its reports fare."""

from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.demo.life import Life
from deploy.issuer.accounts import account_for
from deploy.system import System
from shared.access import Role
from shared.case import ENDS, OPEN, Status
from shared.city import City
from shared.clock import monotonic

LINE_SECONDS = 15.0  # between two lines, where there is no terminal


# What there is to see, and as whom: the page, what it is, and the role whose first account opens it (None: nobody need sign in).
PAGES: tuple[tuple[str, str, Role | None], ...] = (
    ("/report", "report something, as a resident does", None),
    ("/public", "what became of it, for everybody", None),
    ("/desk", "the dispatch desk", Role.OPERATOR),
    ("/tasks", "a worker's phone", Role.GRID_WORKER),
    ("/wall", "the figures, for a large screen", Role.MANAGER),
)


def announce(system: System, console: Console, city: City, check: bool) -> None:
    """Say where to look, as whom, and how to stop."""
    home = system.urls["console"]
    console.print(f"A day of the demo city begins. Open {home}/", highlight=False)
    for path, what, role in PAGES:
        account = account_for(role, city) if role and system.issuer else None
        told = f"{what}; sign in as {account.id}" if account else what
        console.print(f"  {home + path:<29} {told}", highlight=False, soft_wrap=True)
    if system.issuer:
        console.print(
            "Accounts have no password; every post of the city is one. The simulated staff leaves a post to whoever signs in with it.",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    services = ", ".join(f"{name} {url}/docs" for name, url in system.urls.items())
    console.print(f"For programs: {services}; tokens: gridcase token ROLE [--as POST].", highlight=False, soft_wrap=True)
    until = "Ctrl-C stops everything" if not check else "It ends by itself; Ctrl-C stops it sooner"
    console.print(f"Data and logs are in {system.data}. {until}.", highlight=False, soft_wrap=True)


class Screen:
    """A line that moves on a terminal, and elsewhere one now and then."""

    def __init__(self, console: Console, city: City) -> None:
        self.console, self.city = console, city
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[more]}"))
        self.bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self.task = self.bar.add_task("", total=None, more="")
        self.said = monotonic()

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.bar.stop()

    def say(self, sentence: str) -> None:
        self.bar.console.print(sentence, highlight=False, soft_wrap=True)

    def update(self, life: Life) -> None:
        """Show how far the day is."""
        total, ended = len(life.reports) + len(life.unsent), self.ended(life)
        when, more = self.clock(life.pace.now), self.counts(life)
        self.bar.update(self.task, description=when, completed=ended, total=total, more=more)
        if not self.console.is_terminal and monotonic() - self.said > LINE_SECONDS:
            self.said = monotonic()
            self.say(f"{when}: {ended}/{total} at their end; {more}")

    def clock(self, now: datetime) -> str:
        return f"{self.city.local(now):%a %d %b %H:%M}"

    @staticmethod
    def ended(life: Life) -> int:
        counted = life.counted()
        return counted[Status.CLOSED] + sum(counted[status] for status in ENDS)

    @staticmethod
    def counts(life: Life) -> str:
        counted = life.counted()
        beaten = sum(count for answer, count in life.calls.answers.items() if answer.endswith(("409", "412")))
        return (
            f"{len(life.reports)} reported, {sum(counted[status] for status in OPEN)} open, {counted[Status.CLOSED]} closed, "
            f"{counted[Status.MERGED]} merged; {sum(life.calls.answers.values())} commands, {beaten} too late"
        )
