"""Folds as the table of figures holds them, by way of the rows that the console saves; and a town that has areas."""

from collections.abc import Sequence
from typing import Any

from services.console.fields import fields
from services.console.reader import Reader
from services.console.stats.parts import Part, parts
from services.console.stats.periods import Period
from services.console.stats.question import Question
from services.console.stats.table import Table
from services.console.stats.telling import Asking
from services.console.views.past import past
from shared.case import Case, Status, dump
from shared.city import Area, City, Grid
from shared.service import Fold
from tests.unit.console.histories import MONDAY
from tests.unit.console.rows import present, projected
from tests.unit.console.town import TOWN, words

SQUARE = (((120.0, 30.0), (120.1, 30.0), (120.1, 30.1), (120.0, 30.0)),)
ALL = Period(None, None)


def grid(id: str, community: str) -> Grid:
    return Grid(id=id, name=words(f"网格{id}", f"Grid {id}"), community=community, polygon=SQUARE)


def area(id: str, level: int, parent: str | None = None) -> Area:
    return Area(id=id, name=words(f"区域{id}", f"Area {id}"), level=level, parent=parent)


PLACES = TOWN.model_copy(
    update={
        "areas": {one.id: one for one in (area("c1", 0, "s1"), area("c2", 0, "s1"), area("s1", 1, "k1"), area("k1", 2))},
        "grids": {"g1": grid("g1", "c1"), "g2": grid("g2", "c2")},
    }
)


def document(case: Case, partition: int = 0) -> dict[str, Any]:
    """Return the saved row of a case."""
    return {**fields(case, TOWN), "_id": case.id, "partition": partition, "body": dump(case)}


def cases_of(folds: Sequence[Fold]) -> dict[str, list[Part]]:
    older = {key: row for (_, key), row in projected(past, folds, TOWN).items()}
    known = [case for case in present(folds) if case.status is not Status.UNKNOWN]
    return {case.id: parts(document(case), older.get(case.id)) for case in known}


def table_of(folds: Sequence[Fold]) -> Table:
    table = Table(room=2)
    table.put(cases_of(folds))
    return table


def asking(question: Question | None = None, city: City = PLACES) -> Asking:
    return Asking(question or Question({}, ALL, "reported"), Reader(city, "en"), MONDAY, MONDAY)
