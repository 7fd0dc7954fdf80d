"""What may be expected of a case: quantiles that know of the cases still open, and the words for them."""

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from services.console.expecting import expecting, length, likeness, promised
from services.console.reader import Reader
from services.console.views.expected import (
    ENOUGH,
    Expected,
    counted,
    expectation,
    expected,
    foretold,
    kinds,
    months_until,
    took,
    within,
)
from services.console.views.times import BOUNDS, bucket
from shared.case import ENDS, Case
from shared.service import Fold
from tests.unit.console.histories import HOUR, MONDAY, folded, lives
from tests.unit.console.rows import present, projected
from tests.unit.console.town import TOWN

LAMP = kinds("lamp", "g1", "normal")
NOW = MONDAY + timedelta(days=60)
WHOLE = ("case.reported", "case.triaged", "case.assigned", "assignment.accepted", "work.completed")
Rows = dict[str, dict[str, Any]]


def filed(*hours: float | None, of: Any = LAMP, rows: Rows | None = None) -> Rows:
    """Count cases that were filed on a Monday and took so many hours, or are still open."""
    found = dict(rows or {})
    for one in hours:
        taken = took(MONDAY, None if one is None else MONDAY + one * HOUR, of)
        for key in taken.keys:
            found[key] = counted(found.get(key), key, taken, 1)
    return found


def seen(rows: Rows, of: Any = LAMP, now: datetime = NOW) -> Expected | None:
    return foretold(rows.values(), of, now)


def close(value: float | None, to: float) -> bool:
    return value is not None and abs(value - to) <= 0.05 * to


@given(lives)
def test_every_filed_case_counts_once_in_each_kind(folds: list[Fold]):
    rows = projected(expected, folds, TOWN).values()
    cases = [case for case in present(folds) if case.classification and case.triaged_at and case.status not in ENDS]
    for kind in ("grid", "type", "grade"):
        some = [row for row in rows if row["of"].startswith(f"{kind}\t")]
        assert sum(sum(row["done"].values()) for row in some) == sum(case.completed_at is not None for case in cases)
        assert sum(row["open"] for row in some) == sum(case.completed_at is None for case in cases)
    assert all(count > 0 for row in rows for count in row["done"].values())


@given(lives)
def test_a_row_without_open_cases_remembers_no_time_of_them(folds: list[Fold]):
    assert all(row["since"] == 0 for row in projected(expected, folds, TOWN).values() if not row["open"])


some_buckets = st.lists(st.integers(1, 40), max_size=60)


@given(some_buckets, some_buckets, st.sampled_from([0.25, 0.5, 0.9]))
def test_the_quantiles_are_those_of_the_product_limit_estimator(done: list[int], still: list[int], share: float):
    got = within(Counter(done), Counter(still), share)
    if not done:
        assert got is None
        return
    curve = ecdf(CensoredData(uncensored=done, right=still)).cdf
    reached = np.flatnonzero(curve.probabilities >= share - 1e-9)
    want = None if not len(reached) else BOUNDS[round(curve.quantiles[reached[0]])]
    assert (got is None) is (want is None)
    assert got is None or want is None or math.isclose(got, want / math.sqrt(1.1))


def test_open_cases_make_the_promise_longer():
    quick = seen(filed(*[10.0] * 30, *[100.0] * 10))
    slow = seen(filed(*[10.0] * 30, *[100.0] * 10, *[None] * 30))
    assert quick is not None
    assert slow is not None
    assert close(quick.median, 36_000)
    assert close(slow.median, 360_000)
    assert slow.most is None


def test_the_closest_kind_with_enough_cases_speaks():
    few = filed(*[1.0] * (ENOUGH - 1))
    elsewhere = kinds("lamp", "g2", "normal")
    more = filed(*[50.0] * ENOUGH, of=elsewhere, rows=few)
    assert seen(few) is None
    assert [found and found.by for found in (seen(more), seen(more, elsewhere))] == ["type", "grid"]
    other = seen(more, kinds("bench", "g1", "normal"))
    assert other is not None
    assert (other.by, other.cases) == ("grade", 2 * ENOUGH - 1)


def test_nothing_is_promised_of_what_is_entered_afterwards_or_mostly_still_open():
    assert seen(filed(*[0.01] * 30)) is None
    assert seen(filed(*[5.0] * 10, *[None] * 30)) is None


def test_months_of_filing_are_the_last_twelve():
    assert months_until(datetime(2026, 2, 3, tzinfo=UTC))[:3] == ["2026-02", "2026-01", "2025-12"]
    assert len(months_until(NOW)) == 12


def test_rows_of_several_partitions_add_up():
    hours = [float(hour) for hour in range(1, 60)]
    one, other = filed(*hours[::2], of=LAMP), filed(*hours[1::2], of=LAMP)
    whole = expectation("type", [filed(*hours)["type\tlamp\t2026-03"]], NOW)
    assert expectation("type", [one["type\tlamp\t2026-03"], other["type\tlamp\t2026-03"]], NOW) == whole


def test_a_withdrawn_case_says_nothing():
    rows = projected(expected, folded([("a", kind, 0, 1) for kind in ("case.reported", "case.triaged", "case.withdrawn")]), TOWN)
    assert {(row["open"], row["since"], *row["done"]) for row in rows.values()} == {(0, 0)}


def test_reopened_work_has_taken_all_the_time_from_its_filing():
    again = (*WHOLE, "case.closed", "case.reopened", *WHOLE[2:])
    rows = projected(expected, folded([("a", kind, 0, 1) for kind in again]), TOWN).values()
    assert [row["done"] for row in rows] == [{bucket(8 * 3600): 1}] * 3


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [(61, "1 分钟", "1 minute"), (7_000, "2 小时", "2 hours"), (3 * 86_400, "3 天", "3 days"), (1, "1 分钟", "1 minute")],
)
def test_lengths_are_said_in_whole_units(seconds: float, zh: str, en: str):
    assert (length(seconds, "zh"), length(seconds, "en")) == (zh, en)


def test_nine_tenths_are_rounded_up():
    assert length(8.1 * 86_400, "en", up=True) == "9 days"


def test_the_promise_is_said_in_both_languages():
    found = Expected("type", 200, 3 * 86_400, 8.5 * 86_400)
    in_english, in_chinese = promised(found, "en"), promised(found, "zh")
    assert in_english is not None
    assert in_english.words == "Most cases like this take about 3 days; nine of ten are done within 9 days."
    assert in_chinese is not None
    assert in_chinese.words == "同类事项多数约需 3 天，九成在 9 天内办结。"
    half = promised(found._replace(most=None), "en")
    assert half is not None
    assert (half.words, half.p90_seconds) == ("Most cases like this take about 3 days.", None)


@pytest.mark.asyncio
async def test_a_case_is_told_what_is_expected_of_its_like():
    rows = filed(*[72.0] * 25, of=kinds("lamp", "g1", "emergency"))

    async def read(view: str, where: dict[str, Any], order: Any, limit: int) -> list[dict[str, Any]]:
        assert view == "expected"
        return [row for row in rows.values() if row["of"] in where["of"]["$in"]]

    [*_, fold] = folded([("a", "case.reported", 0, 1), ("a", "case.triaged", 0, 1)])
    of = likeness(fold.after)
    assert of is not None
    found = await expecting(read, of, NOW, Reader(TOWN, "en"))
    assert found is not None
    assert found.by == "grid"
    assert found.words.startswith("Most cases like this take about 3 days")
    assert likeness(Case(id="x")) is None
    assert await expecting(read, kinds("gas", None, "normal"), NOW, Reader(TOWN, "en")) is None
