"""The demo city's committed model keeps what was measured, on messages by another hand that it never learned from."""

from pathlib import Path

import pytest

from deploy.evaluate.triage import answered, figures
from deploy.learn.text_rows import read_rows
from shared.citypack import city_folder, load_city

UNSEEN = Path(__file__).parents[2] / "data" / "triage.tsv"


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    return figures(answered(read_rows(UNSEEN), load_city(city_folder("demo"))))


@pytest.mark.parametrize(
    ("figure", "floor"),
    [("top1", 0.89), ("top3", 0.96), ("emergency_recall", 0.93), ("non_report_recall", 0.84), ("automatic_precision", 0.95)],
)
def test_is_no_worse_than_when_it_was_committed(measured: dict[str, float], figure: str, floor: float):
    assert measured[figure] >= floor


@pytest.mark.parametrize(("figure", "most"), [("emergency_false_alarms", 0.05), ("reports_lost", 0.02)])
def test_raises_no_more_false_alarms(measured: dict[str, float], figure: str, most: float):
    assert measured[figure] <= most
