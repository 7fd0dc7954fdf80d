"""How well the promise "most cases like this take about ..." holds: learned on the first two thirds of a record, judged on the last third.

What is promised is computed by the functions of the console's view `expected`, from what was known when learning ended. A promise is well
calibrated if half of the cases are done within the promised median, and nine tenths within the promised 90 % quantile. A case that is
still open at the end of the record counts as not done within what is promised, if it has been open for longer; one that has not is left
out. Types that are entered once the work is done have no promise and are left out too.

The pinball loss (Koenker and Bassett 1978) of a promise q for the share p of a time t is (t - q) p if t >= q, else (q - t) (1 - p): the
mean over all promises to judged cases, in hours, beside that of one promise for all cases alike. An open case enters with its age.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.replay.columns import Recorded, read_records
from services.console.views.expected import MEDIAN, MOST, By, Expected, counted, expectation, foretold, kinds, took
from shared.case import EPOCH
from shared.city import City, plain
from shared.citypack import city_folder, load_city
from shared.terms import Grade

LEARNED = 2 / 3  # of the months of the record
HOUR = 3600.0
WEEK = timedelta(days=7)
VOLUMES = (("1,000 and more", 1_000), ("100 to 999", 100), ("fewer than 100", 0))  # cases of a type until learning ended

Likeness = Mapping[By, str]
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Record:
    """The recorded cases in order of their opening, what each is like, and when the record ends."""

    cases: Sequence[Recorded]
    like: Mapping[str, Likeness]
    end: datetime


@dataclass(frozen=True)
class Judged:
    """One case, the promise that was made, and how many seconds it took, or has been open for at the end of the record."""

    kind: str
    promise: Expected
    seconds: float
    done: bool

    def kept(self, within: float | None) -> bool | None:
        """Whether it was done within so many seconds; None if nothing was promised, or if nobody can know yet."""
        if within is None or (not self.done and self.seconds <= within):
            return None
        return self.done and self.seconds <= within

    def losses(self, promise: Expected) -> Iterable[float]:
        """Yield the pinball loss of `promise`, in hours, for each share of which something was promised to this case."""
        for p, own, q in ((MEDIAN, self.promise.median, promise.median), (MOST, self.promise.most, promise.most)):
            if own is not None and q is not None:
                yield (self.seconds - q) * (p if self.seconds >= q else p - 1) / HOUR


def evaluate(file: Path, city: str, console: Console) -> dict[str, Any]:
    """Learn from the record, judge on its later part, print a table, and return the figures. Raises Unreadable.

    The figures are of promises that were made once and for all when learning ended; `rolling` are those of promises made anew each week
    from all that was known by then, as the running city makes them.
    """
    _, records = read_records(file)
    town = load_city(city_folder(city))
    boundary = split(records[0].opened, records[-1].opened, town)
    record = Record(records, likenesses(records, town), max(one.closed or one.opened for one in records))
    rows = learned(record, boundary)
    judged = list(judge(record, rows, boundary, record.end))
    alike = expectation("grade", [row for of, row in rows.items() if of.startswith("grade\t")], boundary)
    volumes = Counter(record.like[one.id]["type"] for one in records if one.opened < boundary)
    console.print(table(judged, volumes, alike, city))
    rolling = figures(list(week_by_week(record, rows, boundary)), None)
    return {
        **figures(judged, alike),
        "not_promised": sum(one.opened >= boundary for one in records) - len(judged),
        "learned_until": boundary.isoformat(),
        "rolling": {name: rolling[name] for name in ("cases", "within_median", "within_p90", "pinball", "without_p90")},
    }


def split(begin: datetime, end: datetime, city: City) -> datetime:
    """Return the beginning of the month, on the clocks of the city, in which judging begins."""
    first, last = city.local(begin), city.local(end)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    number = first.year * 12 + first.month - 1 + round(months * LEARNED)
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=first.tzinfo).astimezone(UTC)


def likenesses(records: Iterable[Recorded], city: City) -> dict[str, Likeness]:
    """Return what each case is like, as the city would class it; of a type that the city has not, a normal one."""
    names = {plain(name): category for category in city.categories.values() for name in (category.name.en, category.name.zh, category.code)}
    found: dict[str, Likeness] = {}
    for record in records:
        category, grid = names.get(plain(record.category)), city.grid_at(record.location)
        grade = category.grade_of(None) if category else Grade.NORMAL
        found[record.id] = kinds(category.code if category else record.category, grid.id if grid else None, str(grade))
    return found


def learned(record: Record, until: datetime, rows: Rows | None = None, since: datetime = EPOCH) -> Rows:
    """Return the rows of the view as they stood at `until`, from those as they stood at `since`: what was closed later was open then."""
    found = dict(rows or {})

    def count(case: Recorded, at: datetime, step: int) -> None:
        one = took(case.opened, case.closed if case.closed and case.closed < at else None, record.like[case.id])
        for key in one.keys:
            found[key] = counted(found.get(key), key, one, step)

    for case in record.cases:
        if case.opened < since and case.closed and since <= case.closed < until:
            count(case, since, -1)
            count(case, until, 1)
        elif since <= case.opened < until:
            count(case, until, 1)
    return found


def judge(record: Record, rows: Rows, since: datetime, until: datetime) -> Iterable[Judged]:
    """Hold each case that was opened from `since` on and before `until` against what was promised at `since`, if anything was."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for key, row in rows.items():
        by_kind.setdefault(key.rpartition("\t")[0], []).append(row)
    promises: dict[str, Expected | None] = {}
    for case in record.cases:
        of = record.like[case.id]
        if not since <= case.opened < until:
            continue
        if of["grid"] not in promises:
            promises[of["grid"]] = foretold((row for kind in of.values() for row in by_kind.get(kind, ())), of, since)
        if promise := promises[of["grid"]]:
            yield Judged(of["type"], promise, ((case.closed or record.end) - case.opened).total_seconds(), case.closed is not None)


def week_by_week(record: Record, rows: Rows, since: datetime) -> Iterable[Judged]:
    """Judge promises that are made anew each week; `rows` are those as they stood at `since`."""
    while since <= record.cases[-1].opened:
        yield from judge(record, rows, since, since + WEEK)
        rows, since = learned(record, since + WEEK, rows, since), since + WEEK


def share(kept: Iterable[bool | None]) -> float | None:
    """Return the share of the promises that were kept, of those of which it is known."""
    known = [one for one in kept if one is not None]
    return round(sum(known) / len(known), 4) if known else None


def figures(judged: Sequence[Judged], alike: Expected | None) -> dict[str, Any]:
    """Return the calibration and the mean losses of some cases; `alike` is the one promise for all."""
    return {
        "cases": len(judged),
        "within_median": share(one.kept(one.promise.median) for one in judged),
        "within_p90": share(one.kept(one.promise.most) for one in judged),
        "pinball": mean([lost for one in judged for lost in one.losses(one.promise)]),
        "pinball_global": mean([lost for one in judged if alike for lost in one.losses(alike)]),
        "without_p90": sum(one.promise.most is None for one in judged),
    }


def mean(losses: Sequence[float]) -> float | None:
    return round(sum(losses) / len(losses), 2) if losses else None


def table(judged: Sequence[Judged], volumes: Mapping[str, int], alike: Expected | None, city: str) -> Table:
    """Show how well the promises held, by how often the type had been seen and by what the promise rested on."""
    shown = Table(
        "promised for", "cases", "done within half", "done within 90 %", "pinball h", "one for all h", title=f"promises of {city}"
    )
    parts: list[tuple[str, Sequence[Judged]]] = [("all types", judged)]
    most = float("inf")
    for name, least in VOLUMES:
        parts.append((f"types with {name}", [one for one in judged if least <= volumes[one.kind] < most]))
        most = least
    parts += [(f"by {by}", [one for one in judged if one.promise.by == by]) for by in ("grid", "type", "grade")]
    for name, some in parts:
        of = figures(some, alike)
        numbers = [f"{of[what]:.1%}" if of[what] is not None else "-" for what in ("within_median", "within_p90")]
        shown.add_row(name, f"{len(some):,}", *numbers, str(of["pinball"]), str(of["pinball_global"]))
    return shown
