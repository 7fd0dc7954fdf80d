"""Answers made from what was counted, as plain data: figures by name, each group with its rates and quantiles."""

import math
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise, repeat
from typing import Any, NamedTuple

from services.console.carried import MEASURED
from services.console.rating import composite, formulas_of, ratios, weights_of
from services.console.reader import Reader
from services.console.stats.definitions import LINKS
from services.console.stats.dimensions import called
from services.console.stats.periods import Every
from services.console.stats.question import Question, in_time, together
from services.console.stats.splitting import STATUSES, Sort, split
from services.console.stats.table import Table
from services.console.stats.tally import Tallies, quantiles
from services.console.views.times import MEASURES
from services.console.words import NOT_PLACED, say

Told = dict[str, Any]


class Asking(NamedTuple):
    """A question, who asks it, and when."""

    question: Question
    reader: Reader
    now: datetime
    as_of: datetime

    @property
    def month(self) -> str:
        """Return the month in which the period ends; rates are told by its formulas and weights."""
        last = (self.question.period.before or self.now) - timedelta(seconds=1)
        return f"{self.reader.city.local(last):%Y-%m}"


def about(asking: Asking) -> Told:
    question = asking.question
    return {
        "as_of": asking.as_of,
        "after": question.period.after,
        "before": question.period.before,
        "when": question.when,
        "confidential": "left_out" if question.leaves_out else "counted",
        "weights": weights_of(asking.month, asking.reader.city),
        "definitions": LINKS,
    }


def figures(counted: Tallies, table: Table, asking: Asking, months: Iterable[str] | None = None) -> Iterator[Told]:
    """Yield the figures of each group; `months` says by whose formulas its rates are told."""
    city, lang = asking.reader.city, asking.reader.lang
    values = table.labels["status"].values
    seconds = [[rounded(shares) for shares in groups] for groups in quantiles(counted.times).tolist()]
    numbers = counted.times.sum(axis=-1).tolist()
    of_each = iter(months) if months is not None else repeat(asking.month)
    for group, (statuses, counts_of, month) in enumerate(zip(counted.statuses.tolist(), counted.counts(), of_each, strict=False)):
        number = {value: count for value, count in zip(values, statuses, strict=True) if count}
        counts = {name: sum(count for value, count in number.items() if value in wanted) for name, wanted in STATUSES.items()}
        counts["overdue"] = int(counted.overdue[group])
        times = {
            what: {"count": numbers[place][group], **dict(zip(("p50", "p90", "p99"), seconds[place][group], strict=True))}
            for place, what in enumerate(MEASURED)
        }
        formulas = {rate: formula for rate, formula in formulas_of(month, city).items() if formula.counts <= counts_of.keys()}
        found = ratios(counts_of, formulas)
        yield {
            **counts,
            "rates": [{"rate": rate, "name": say(formulas[rate].name, lang), **ratio._asdict()} for rate, ratio in found.items()],
            "composite": composite(found, weights_of(month, city)),
            "times": {what: times[what] for what in MEASURES},
            "stages": {what: of for what, of in times.items() if what not in MEASURES},
        }


def rounded(seconds: list[float]) -> list[float | None]:
    return [None if math.isnan(one) else round(one, 3) for one in seconds]


def stats(table: Table, asking: Asking) -> Told:
    """Tell the figures of all that the question is about."""
    [all] = figures(together(table, asking.question, asking.reader.city), table, asking)
    return {"about": about(asking), "figures": all}


def series(table: Table, asking: Asking, every: Every, edges: list[datetime]) -> Told:
    """Tell the figures of each span between two edges."""
    city = asking.reader.city
    spans = list(pairwise(edges))
    counted = in_time(table, asking.question, city, [int(edge.timestamp()) for edge in edges])
    months = (
        asking._replace(question=asking.question._replace(period=asking.question.period._replace(before=end))).month for _, end in spans
    )
    items = [
        {"after": begin, "before": end, "figures": told}
        for (begin, end), told in zip(spans, figures(counted, table, asking, months), strict=True)
    ]
    return {"about": about(asking), "every": every, "items": items}


def by(table: Table, asking: Asking, sort: Sort, limit: int) -> Told:
    """Tell the figures of each group, the largest first."""
    dimensions, (city, lang) = asking.question.by, asking.reader
    found = split(table, asking.question, city, sort, limit)
    items = [
        {
            "values": [
                {"dimension": dimension, "key": key or None, "name": called(dimension, key, city, lang, NOT_PLACED)}
                for dimension, key in zip(dimensions, keys, strict=True)
            ],
            "figures": told,
        }
        for keys, told in zip(found.keys, figures(found.tallies, table, asking), strict=True)
    ]
    return {"about": about(asking), "by": list(dimensions), "omitted": found.omitted, "items": items}
