"""What comes back: places and types, how often, after what decision, in the order of how often."""

import csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given

from services.console.reader import Reader
from services.console.returning import RecurringAnswer, RecurringAsked, as_csv, returning
from services.console.views.recurring import MOST, change, recurring
from shared.case import ENDS, Case
from shared.city import City, Placeholder
from shared.events import RemedyDecided
from shared.service import Fold
from shared.terms import Location
from tests.unit.console.histories import HOUR, MONDAY, folded, life, lives
from tests.unit.console.rows import Rows, present, projected
from tests.unit.console.town import TOWN

SPOT = Location(lat=30.0, lon=120.0)
FILED = ("case.reported", "case.triaged")
DONE = (*FILED, "case.assigned", "assignment.accepted", "work.completed")


def steps(*kinds: str, case: str = "a", choice: int = 0) -> list[tuple[str, str, int, int]]:
    return [(case, kind, choice, 1) for kind in kinds]


async def told(rows: Rows, city: City = TOWN, **asked: Any) -> RecurringAnswer:
    async def read(view: str, where: dict[str, Any], order: Any, limit: int) -> list[dict[str, Any]]:
        assert view == "recurring"
        return [row for row in rows.values() if all(fits(row, name, value) for name, value in where.items())]

    return await returning(read, RecurringAsked(**asked), MONDAY, Reader(city, "en"))


def fits(row: dict[str, Any], name: str, value: Any) -> bool:
    """Whether a row passes, as the store finds rows: by equality, or by having one of several values."""
    if isinstance(value, dict):
        return bool({*value["$in"]} & {*(row[name] if isinstance(row[name], list) else [row[name]])})
    return bool(row[name] == value)


@given(lives)
def test_every_located_case_is_kept_once_and_what_ended_otherwise_is_not(folds: list[Fold]):
    kept = [id for row in projected(recurring, folds, TOWN).values() for id in row["cases"]]
    cases = [case for case in present(folds) if case.classification and not case.classification.confidential]
    assert sorted(kept) == sorted(case.id for case in cases if case.location and case.status not in ENDS)


@pytest.mark.asyncio
async def test_three_cases_at_one_place_are_one_line_whichever_partitions_they_live_in():
    folds = folded([*steps(*DONE, case="a"), *steps(*FILED, case="b"), *steps(*FILED, case="c")])
    rows = projected(recurring, folds, TOWN)
    assert len(rows) == 2
    [item] = (await told(rows)).items
    assert (item.name, item.count, item.open, item.again, item.in_month) == ("Street lamp", 3, 2, 2, 3)
    assert (item.first_at, item.last_at) == (folds[0].event.at, present(folds)[-1].reported_at)


@pytest.mark.asyncio
async def test_a_duplicate_is_no_other_time_until_it_is_separated():
    both = [*steps(*FILED, case="a"), *steps(*FILED, case="b")]
    merged = [*both, ("b", "case.merged", 0, 1)]
    assert [item.count for item in (await told(projected(recurring, folded(both), TOWN))).items] == [2]
    assert (await told(projected(recurring, folded(merged), TOWN))).items == []
    assert len((await told(projected(recurring, folded([*merged, ("b", "case.separated", 0, 1)]), TOWN))).items) == 1


@pytest.mark.asyncio
async def test_a_decision_is_followed_by_what_came_back_all_the_same():
    folds = folded(
        [
            *steps(*DONE, "remedy.decided", case="a"),
            *steps(*FILED, case="b"),
            ("c", "case.reported", 0, 20),
            *steps("case.triaged", case="c"),
        ]
    )
    [item] = (await told(projected(recurring, folds, TOWN))).items
    assert item.remedy is not None
    assert (item.remedy.case, item.remedy.who, item.remedy.since, item.remedy.since_due) == ("a", "Public works", 2, 1)
    assert item.remedy.remedy_by - item.remedy.decided_at == 9 * HOUR


@pytest.mark.asyncio
async def test_a_reopened_case_came_back():
    folds = folded(steps(*DONE, "case.closed", "case.reopened"))
    [item] = (await told(projected(recurring, folds, TOWN), least=1)).items
    assert (item.count, item.again, item.open) == (1, 1, 1)


@pytest.mark.asyncio
async def test_default_coordinates_are_no_place_whenever_that_was_found_out():
    city = TOWN.model_copy(update={"placeholders": (Placeholder(location=SPOT),)})
    folds = folded([*steps(*FILED, case="a"), *steps(*FILED, case="b")])
    assert projected(recurring, folds, city) == {}
    assert (await told(projected(recurring, folds, TOWN), city)).items == []


def test_confidential_types_stay_out():
    confidential = folded(steps(*FILED, choice=9))[-1]
    assert confidential.after.classification is not None
    assert confidential.after.classification.confidential
    assert list(recurring.keys(confidential, TOWN)) == []


@pytest.mark.asyncio
async def test_the_list_is_of_one_month_and_narrowed_by_what_is_asked():
    rows = projected(recurring, folded([*steps(*FILED, case="a"), *steps(*FILED, case="b")]), TOWN)
    for asked, found in (
        ({}, 1),
        ({"month": "2026-02"}, 0),
        ({"least": 3}, 0),
        ({"grid": "g1", "department": "works", "category": "lamp"}, 1),
        ({"grid": "g2"}, 0),
        ({"category": "gas"}, 0),
    ):
        assert len((await told(rows, **asked)).items) == found


def test_a_row_keeps_the_newest_one_by_one_and_counts_the_others():
    [first] = [fold for fold in life(*FILED) if fold.event.type == "case.triaged"]
    row, key = None, next(iter(recurring.keys(first, TOWN)))
    for number in range(MOST + 5):
        case = first.after.model_copy(update={"id": f"c{number}", "reported_at": MONDAY + number * HOUR})
        row = change(row, key, Fold(Case(id=case.id), first.event, case, 0, number), TOWN)
    assert row is not None
    assert (len(row["cases"]), row["older"], row["older_from"], row["older_until"]) == (
        MOST,
        5,
        MONDAY.isoformat(),
        (MONDAY + 4 * HOUR).isoformat(),
    )
    again = first.after.model_copy(update={"id": "c2", "reported_at": MONDAY + 2 * HOUR})
    assert change(row, key, Fold(again, first.event, again, 0, 999), TOWN) == row


@pytest.mark.asyncio
async def test_the_table_for_a_spreadsheet_has_a_line_a_place_and_nothing_that_is_computed():
    folds = folded([*steps(*DONE, "remedy.decided", case="a"), *steps(*FILED, case="b")])
    told_to = folds[[fold.event.type for fold in folds].index("remedy.decided")]
    assert isinstance(told_to.event, RemedyDecided)
    sly = told_to.event.model_copy(update={"text": "=1+1"})
    rows = projected(recurring, [Fold(told_to.before, sly, told_to.after, 0, 1) if fold is told_to else fold for fold in folds], TOWN)
    [line] = csv.DictReader(StringIO(as_csv(await told(rows))))
    assert (line["name"], line["count"], line["remedy_text"]) == ("Street lamp", "2", "'=1+1")
