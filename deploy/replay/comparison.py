"""How the deadlines that we set compare with the recorded targets and closing times.

It also holds every deadline that was said to be missed against the record, which must justify it, and the other way round.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from rich.console import Group
from rich.table import Table

from deploy.replay.columns import Recorded
from deploy.replay.ledger import Life

BIGGEST = 20  # types in the table
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Spread:
    """The distribution of our deadline minus the recorded target, in days."""

    cases: int
    p10: float
    median: float
    p90: float


@dataclass(frozen=True)
class Share:
    """How many of how many; `share` is None of none."""

    cases: int
    of: int

    @property
    def share(self) -> float | None:
        return self.cases / self.of if self.of else None


@dataclass(frozen=True)
class Line:
    """One type of case: closed before our deadline, on time by the record, and our deadline minus the target."""

    type: str
    cases: int
    kept: Share
    on_time: Share
    spread: Spread | None


@dataclass(frozen=True)
class Missed:
    """Deadlines said to be missed against the record's word OVERDUE, by case."""

    both: int
    only_ours: int
    only_recorded: int
    neither: int


@dataclass(frozen=True)
class Comparison:
    """What is printed at the end.

    In `unjustified` are cases with a deadline said to be missed that the record shows kept, in `unsaid`
    the opposite.
    """

    whole: Line
    lines: Sequence[Line]
    missed: Missed
    said: int
    unjustified: Sequence[str]
    unsaid: Sequence[str]

    def plain(self) -> dict[str, object]:
        """Return the comparison as it is written in JSON."""
        return {
            **shares(self.whole),
            "by_type": {line.type: {"cases": line.cases, **shares(line)} for line in self.lines},
            "missed": asdict(self.missed),
            "said_missed": self.said,
            "unjustified": list(self.unjustified),
            "unsaid": list(self.unsaid),
        }


def compare(records: Sequence[Recorded], lives: Mapping[str, Life], now: datetime) -> Comparison:
    """Compare what the log says of the cases with their records; `now` is the time at the end of the replay."""
    pairs = [(record, lives[record.id]) for record in records if record.id in lives]
    by_type: dict[str, list[tuple[Recorded, Life]]] = defaultdict(list)
    for record, life in pairs:
        by_type[record.category].append((record, life))
    biggest = sorted(by_type.items(), key=lambda item: (-len(item[1]), item[0]))[:BIGGEST]
    return Comparison(
        whole=line_of("all", pairs),
        lines=[line_of(name, alike) for name, alike in biggest],
        missed=missed_of(pairs),
        said=sum(len(life.missed) for _, life in pairs),
        unjustified=[record.id for record, life in pairs if any(kept(record, deadline) for deadline in life.missed)],
        unsaid=[record.id for record, life in pairs if owed(record, life, now) and life.deadline not in life.missed],
    )


def kept(record: Recorded, deadline: datetime) -> bool:
    """Whether the record closes the case by the deadline."""
    return record.closed is not None and record.closed <= deadline


def owed(record: Recorded, life: Life, now: datetime) -> bool:
    """Whether the deadline passed before the record closes the case, and before the replay ended."""
    return life.deadline is not None and life.deadline <= now and not kept(record, life.deadline)


def line_of(name: str, pairs: Sequence[tuple[Recorded, Life]]) -> Line:
    told = [(record, life) for record, life in pairs if record.overdue is not None]
    return Line(
        type=name,
        cases=len(pairs),
        kept=Share(sum(1 for record, life in pairs if life.deadline and kept(record, life.deadline)), len(pairs)),
        on_time=Share(sum(1 for record, _ in told if not record.overdue), len(told)),
        spread=spread_of(life.deadline - record.target for record, life in pairs if life.deadline and record.target),
    )


def spread_of(differences: Iterable[timedelta]) -> Spread | None:
    """Return median and both tenths, None of nothing."""
    days = [difference / DAY for difference in differences]
    if len(days) < 2:
        return Spread(1, days[0], days[0], days[0]) if days else None
    cuts = quantiles(days, n=10, method="inclusive")
    return Spread(len(days), round(cuts[0], 2), round(cuts[4], 2), round(cuts[8], 2))


def missed_of(pairs: Sequence[tuple[Recorded, Life]]) -> Missed:
    told = [(bool(life.missed), record.overdue) for record, life in pairs if record.overdue is not None]
    count: Callable[[bool, bool], int] = lambda ours, recorded: sum(1 for pair in told if pair == (ours, recorded))  # noqa: E731
    return Missed(both=count(True, True), only_ours=count(True, False), only_recorded=count(False, True), neither=count(False, False))


def shares(line: Line) -> dict[str, object]:
    return {
        "kept_share": rounded(line.kept.share),
        "recorded_on_time_share": rounded(line.on_time.share),
        "days_after_target": asdict(line.spread) if line.spread else None,
    }


def rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


# -- on the terminal


def shown(found: Comparison) -> Group:
    """Return what is printed: the table of the biggest types, then the deadlines missed."""
    table = Table(title="Our deadlines against the record", title_justify="left", box=None, pad_edge=False, header_style="dim")
    table.add_column("type", no_wrap=True, max_width=44)
    for name in ("cases", "by our deadline", "on time by record", "ours - target, days: p10", "median", "p90"):
        table.add_column(name, justify="right")
    for line in (found.whole, *found.lines):
        spread = [f"{value:+.1f}" for value in (line.spread.p10, line.spread.median, line.spread.p90)] if line.spread else ["", "", ""]
        table.add_row(line.type, f"{line.cases:,}", percent(line.kept), percent(line.on_time), *spread)
    both = found.missed
    return Group(
        table,
        f"Deadlines said to be missed: {found.said:,}. Late by the record too: {both.both:,} cases; only by us: {both.only_ours:,}; "
        f"only by the record: {both.only_recorded:,}; on time by both: {both.neither:,}.",
        exactness(found),
    )


def exactness(found: Comparison) -> str:
    if not found.unjustified and not found.unsaid:
        return "Each deadline said to be missed was missed by the recorded times, and each that was missed was said."
    first = ", ".join([*found.unjustified, *found.unsaid][:5])
    return (
        f"{len(found.unjustified):,} deadlines were said to be missed that the record shows kept, "
        f"{len(found.unsaid):,} were missed and not said: {first} ..."
    )


def percent(share: Share) -> str:
    return "" if share.share is None else f"{share.share:.1%}"
