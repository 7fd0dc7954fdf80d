"""What Prometheus sees of the console: the four times as they end, and how many cases are open and overdue."""

from services.console.views import times, totals
from shared import metrics
from shared.service import Fold
from shared.terms import Grade
from shared.web import Reading

UNGRADED = "none"


def observe(fold: Fold) -> None:
    """Count each time that the event has ended."""
    for what, seconds, labels in times.durations(fold):
        metrics.TIMES[what].labels(**labels).observe(seconds)


async def refresh(reads: Reading) -> None:
    """Bring the gauges up to date with the totals of all partitions."""
    tallies = totals.added_up(await reads.rows("totals", {"kind": "grade"}))
    for grade in ("", *Grade):
        tally = tallies.get(("grade", grade), totals.Tally({}, 0))
        metrics.OPEN.labels(grade or UNGRADED).set(tally.open)
        metrics.OVERDUE.labels(grade or UNGRADED).set(tally.overdue)
