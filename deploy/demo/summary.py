"""What became of a day: counts, what is wrong, and the one line that programs read."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Summary:
    """The outcome of `demo --check`. `lost`: acknowledged, but not in the log or not in the console. `duplicates`: in the log, though no
    client was told of it, or two cases for one key. `unfinished`: not closed, merged, rejected or withdrawn."""

    reports: int
    closed: int
    merged: int
    rejected: int
    withdrawn: int
    unfinished: int
    lost: int
    duplicates: int
    violations: Sequence[str]
    commands: int
    beaten: int
    repeated: int
    killed: Sequence[str]
    restarts: int
    events: int
    seconds: float
    seed: int
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def fine(self) -> bool:
        return not (self.lost or self.duplicates or self.violations or self.unfinished)

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


NAMES = {
    "reports": "reports acknowledged",
    "closed": "closed",
    "merged": "merged with an earlier one",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
    "unfinished": "not at their end",
    "lost": "lost",
    "duplicates": "duplicates",
    "commands": "commands answered",
    "beaten": "  of these: somebody was faster",
    "repeated": "requests sent again",
    "restarts": "processes started again",
    "events": "messages in the log",
    "seconds": "seconds",
}


def show(summary: Summary, console: Console) -> None:
    """Print the counts, then each violation on a line."""
    shown = Table(box=None, show_header=False, pad_edge=False)
    shown.add_column()
    shown.add_column(justify="right")
    told = summary.as_dict()
    for name, words in NAMES.items():
        value = told[name]
        shown.add_row(words, f"{value:,.1f}" if isinstance(value, float) else f"{value:,}")
    console.print(shown)
    for note in summary.notes:
        console.print(f"note: {note}", style="yellow")
    for violation in summary.violations:
        console.print(violation, style="red")
    verdict = "Nothing is lost, nothing is double, every invariant holds." if summary.fine else "Something is wrong."
    console.print(verdict, style="green" if summary.fine else "red")
