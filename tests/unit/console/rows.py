"""Views as the recipe keeps them: one row for each partition and key."""

from collections.abc import Iterable
from typing import Any

from services.console.desk.rows import Entry, entry_of
from shared.case import Case
from shared.city import City
from shared.service import Fold, View
from tests.unit.console.histories import MONDAY

Rows = dict[tuple[int, str], dict[str, Any]]


def projected(view: View, folds: Iterable[Fold], city: City) -> Rows:
    rows: Rows = {}
    for fold in folds:
        for key in view.keys(fold, city):
            rows[fold.partition, key] = view.change(rows.get((fold.partition, key)), key, fold, city)
    return rows


def present(folds: Iterable[Fold]) -> list[Case]:
    """Return the cases as they are after the folds."""
    return list({fold.after.id: fold.after for fold in folds}.values())


def entry(case: Case, city: City) -> Entry:
    """Return the row of a case on the board of the desk."""
    return entry_of(case, city, MONDAY)
