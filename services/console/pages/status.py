"""The status page: what is going on in the city now, for a person to read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.console.answers import listed
from services.console.counting import Counted, Quantiles, Times, TotalsAnswer
from services.console.pages.catalogue import said
from services.console.pages.kit import templates
from services.console.pages.texts import TEXTS
from services.console.reader import Reader
from services.console.views.times import MEASURES
from services.console.words import MEASURES as MEASURE_WORDS
from services.console.words import STAGES as STAGE_WORDS
from services.console.words import how_long, say, when
from shared.case import Case
from shared.city import Words


class Sight(NamedTuple):
    """What there is to show. Figures are for anybody; `lists` says whether the reader may see cases."""

    totals: TotalsAnswer
    late: Sequence[Case]
    newest: Sequence[Case]
    now: datetime
    lists: bool = True


def fragment(sight: Sight, reader: Reader) -> str:
    """Return the part of the page that changes."""
    return templates.get_template("now.html").render(shown(sight, reader))


def shown(sight: Sight, reader: Reader) -> dict[str, Any]:
    """Return everything that the templates name, in the words of the reader."""
    city, lang = reader
    totals = sight.totals
    most = max((status.cases for status in totals.statuses), default=0)
    return {
        "t": {name: said(text, lang) for name, text in TEXTS.items()},
        "as_of": city.local(sight.now).strftime("%Y-%m-%d %H:%M:%S"),
        "all": totals.all,
        "statuses": [
            {"name": status.name, "cases": status.cases, "width": round(100 * status.cases / most) if most else 0}
            for status in totals.statuses
        ],
        "times": time_lines(totals.times.all, reader),
        "departments": lines(sorted(totals.departments, key=most_pressing), totals.times.departments, reader),
        "grades": lines(totals.grades, totals.times.grades, reader),
        "late": [case_line(case, reader) for case in sight.late],
        "lists": sight.lists,
        "newest": [case_line(case, reader) for case in sight.newest],
    }


def time_lines(times: Times, reader: Reader) -> list[dict[str, Any]]:
    """Return the four times, and the stages of which any were measured."""
    measures = [(MEASURE_WORDS[measure], getattr(times, measure)) for measure in MEASURES]
    stages = [(STAGE_WORDS[stage], took) for stage, took in times.stages.items() if took.count]
    return [measure_line(words, took, reader) for words, took in (*measures, *stages)]


def measure_line(words: Words, took: Quantiles, reader: Reader) -> dict[str, Any]:
    lengths = [how_long(seconds, reader.lang) for seconds in (took.p50, took.p90, took.p99)]
    return {"name": say(words, reader.lang), "lengths": lengths, "count": took.count}


def most_pressing(of: Counted) -> tuple[int, int]:
    return -of.overdue, -of.open


def lines(counted: Sequence[Counted], timed: Sequence[Times], reader: Reader) -> list[dict[str, Any]]:
    """Return the counts of each kind beside its times."""
    times = {of.key: of for of in timed}
    return [
        {
            "name": of.name,
            "counts": [of.open, of.overdue, of.closed],
            "lengths": [
                how_long(getattr(times[of.key], measure).p50 if of.key in times else None, reader.lang)
                for measure in ("response", "resolution")
            ],
        }
        for of in counted
    ]


def case_line(case: Case, reader: Reader) -> dict[str, Any]:
    """Return what the page shows of a case: of a confidential one not even where it is, and no words that nobody has classified."""
    answer = listed(case, reader.city, reader.lang)
    return {
        "number": answer.number,
        "category": answer.words.category,
        "text": (answer.text or "") if case.classification else "",
        "grade": answer.grade or "",
        "grade_name": answer.words.grade if answer.grade else "—",
        "status": answer.words.status,
        "grid": "—" if answer.confidential or not answer.grid else answer.words.grid,
        "came": when(answer.reported_at, reader.city),
        "due": when(answer.resolve_by, reader.city),
        "overdue": answer.overdue,
    }
