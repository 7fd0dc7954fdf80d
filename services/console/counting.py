"""The totals and the four times as the console answers them: rows of all partitions added up, and given names."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.console.fields import URGENCY
from services.console.reader import Reader
from services.console.views import times, totals
from services.console.words import STATUSES, name_of, say
from shared.case import REAL, Status

ReadRows = Callable[[str, dict[str, Any]], Awaitable[list[dict[str, Any]]]]  # all rows of a view that a filter finds
FROZEN = ConfigDict(frozen=True)
S = Status


class Counted(BaseModel):
    """How many cases there are of one kind. Merged, rejected and withdrawn cases are neither open nor closed."""

    model_config = FROZEN

    key: str | None = Field(description="Code or id; null for cases that have none yet")
    name: str
    reported: int = Field(description="All that were ever reported")
    open: int
    overdue: int = Field(description="Open, and the present deadline was missed")
    closed: int
    merged: int
    rejected: int
    withdrawn: int


class StatusCount(BaseModel):
    """How many cases have a status."""

    model_config = FROZEN

    status: Status
    name: str
    cases: int


class Quantiles(BaseModel):
    """Seconds that half, nine tenths and 99 hundredths of the times do not exceed, within 5 %; null while nothing was measured."""

    model_config = FROZEN

    count: int
    p50: float | None
    p90: float | None
    p99: float | None


class Times(BaseModel):
    """The four times of one kind of case, and its five stages, in natural seconds."""

    model_config = FROZEN

    key: str | None
    name: str
    assignment: Quantiles = Field(description="From the report to the first assignment")
    acceptance: Quantiles = Field(description="From the first assignment to the first acceptance")
    response: Quantiles = Field(description="From the report to the first acceptance by a named handler")
    resolution: Quantiles = Field(description="From the report to the completion that led to closing, at each closing")
    stages: dict[str, Quantiles] = Field(description="verify, accept, dispatch, handle and check, each on a clock of its own")


class AllTimes(BaseModel):
    """The four times of all cases, and by category group, grade and department."""

    model_config = FROZEN

    all: Times
    groups: list[Times]
    grades: list[Times]
    departments: list[Times]


class TotalsAnswer(BaseModel):
    """Exact totals of all cases, and how long things take."""

    model_config = FROZEN

    all: Counted
    statuses: list[StatusCount]
    categories: list[Counted]
    grades: list[Counted]
    departments: list[Counted]
    grids: list[Counted] | None = Field(description="null for whoever may not see figures by place")
    times: AllTimes


async def read_totals(rows: ReadRows, reader: Reader, kinds: Sequence[str] = totals.KINDS) -> TotalsAnswer:
    """Read and add up the rows of these kinds, `grade` among them, over all partitions."""
    counts = await rows("totals", {"kind": {"$in": list(kinds)}})
    return totals_answer(counts, await rows("times", {}), reader)


def totals_answer(counts: Iterable[Mapping[str, Any]], lengths: Iterable[Mapping[str, Any]], reader: Reader) -> TotalsAnswer:
    """Return what the rows of the views `totals` and `times` say."""
    tallies = totals.added_up(counts)
    histograms = times.added_up(lengths)
    everything = totals.everything(tallies)
    of = {kind: [counted(kind, value, tallies[kind, value], reader) for value in ordered(kind, tallies)] for kind in totals.KINDS}
    took = {kind: [timed(kind, value, histograms[kind, value], reader) for value in ordered(kind, histograms)] for kind in times.KINDS}
    return TotalsAnswer(
        all=counted("all", "", everything, reader),
        statuses=[
            StatusCount(status=status, name=say(STATUSES[status], reader.lang), cases=everything.of(status))
            for status in Status
            if status in REAL
        ],
        categories=of["category"],
        grades=of["grade"],
        departments=of["department"],
        grids=of["grid"],
        times=AllTimes(
            all=timed("all", "", histograms.get(("all", ""), {}), reader),
            groups=took["group"],
            grades=took["grade"],
            departments=took["department"],
        ),
    )


def ordered(kind: str, sums: Mapping[tuple[str, str], Any]) -> list[str]:
    """Return the values of a kind: grades by urgency, others by code, what has no value last."""
    rank = {str(grade): order for grade, order in URGENCY.items()} if kind == "grade" else {}
    values = [value for of, value in sums if of == kind]
    return sorted(values, key=lambda value: (not value, rank.get(value, len(rank)), value))


def name(kind: str, value: str, reader: Reader) -> str:
    if kind == "all":
        return say(reader.city.title, reader.lang)
    return name_of(kind, value, reader.city, reader.lang)


def counted(kind: str, value: str, tally: totals.Tally, reader: Reader) -> Counted:
    return Counted(
        key=value or None,
        name=name(kind, value, reader),
        reported=tally.of(*REAL),
        open=tally.open,
        overdue=tally.overdue,
        closed=tally.of(S.CLOSED),
        merged=tally.of(S.MERGED),
        rejected=tally.of(S.REJECTED),
        withdrawn=tally.of(S.WITHDRAWN),
    )


def timed(kind: str, value: str, histograms: Mapping[str, times.Histogram], reader: Reader) -> Times:
    measured = {measure: quantiles(histograms.get(measure, {})) for measure in (*times.MEASURES, *times.STAGES)}
    stages = {stage: measured.pop(stage) for stage in times.STAGES}
    return Times(key=value or None, name=name(kind, value, reader), stages=stages, **measured)


def quantiles(histogram: times.Histogram) -> Quantiles:
    return Quantiles(
        count=sum(histogram.values()),
        p50=rounded(times.quantile(histogram, 0.5)),
        p90=rounded(times.quantile(histogram, 0.9)),
        p99=rounded(times.quantile(histogram, 0.99)),
    )


def rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
