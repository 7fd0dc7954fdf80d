"""`gridcase evaluate times`: promises that are right are found to be right, and what nobody can know counts for neither side."""

import csv
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from deploy.evaluate.times import Judged, evaluate, split
from services.console.views.expected import Expected
from shared.citypack import city_folder, load_city

FIRST = datetime(2015, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HEADER = ("service_request_id", "service_name", "requested_datetime", "closed_date")
PROMISE = Expected("type", 100, 3600.0, 36_000.0)


def record(slower: float = 1.0) -> Iterator[tuple[str, str, datetime, datetime | None]]:
    """Half a year of two types with times of their own, in the last two months `slower` times as long, and one entered afterwards."""
    dice = random.Random(7)
    for number in range(6_000):
        opened = FIRST + number * (timedelta(days=180) / 6_000)
        factor = slower if opened >= datetime(2015, 5, 1, tzinfo=UTC) else 1.0
        kind = ("quick", "slow", "afterwards")[number % 3]
        hours = {"quick": dice.uniform(1, 11), "slow": dice.uniform(100, 300), "afterwards": 0.001}[kind]
        closed = None if kind == "slow" and dice.random() < 0.05 else opened + hours * factor * HOUR
        yield f"c{number}", kind, opened, closed


def written(folder: Path, **more: Any) -> Path:
    text = StringIO()
    table = csv.writer(text)
    table.writerow(HEADER)
    table.writerows((id, kind, opened.isoformat(), closed.isoformat() if closed else "") for id, kind, opened, closed in record(**more))
    file = folder / "record.csv"
    file.write_text(text.getvalue(), encoding="utf-8")
    return file


def judged(folder: Path, **more: Any) -> dict[str, Any]:
    return evaluate(written(folder, **more), "demo", Console(file=StringIO()))


def test_promises_about_a_city_that_goes_on_as_before_are_kept_as_often_as_they_say(tmp_path: Path):
    found = judged(tmp_path)
    assert found["within_median"] == pytest.approx(0.5, abs=0.03)
    assert found["within_p90"] == pytest.approx(0.9, abs=0.03)
    assert found["rolling"]["within_median"] == pytest.approx(0.5, abs=0.03)


def test_promises_by_type_cost_less_than_one_for_all(tmp_path: Path):
    found = judged(tmp_path)
    assert found["pinball"] < 0.6 * found["pinball_global"]


def test_what_is_entered_afterwards_is_not_promised(tmp_path: Path):
    found = judged(tmp_path)
    assert found["not_promised"] == pytest.approx(found["cases"] / 2, rel=0.01)


def test_a_city_that_became_slower_breaks_its_promises_and_those_made_anew_each_week_fewer(tmp_path: Path):
    found = judged(tmp_path, slower=1.5)
    assert found["within_median"] < 0.35
    assert found["within_p90"] < 0.75
    assert found["rolling"]["within_p90"] > found["within_p90"]


def test_an_open_case_breaks_a_promise_only_once_it_is_older():
    assert Judged("t", PROMISE, 7_200.0, False).kept(3_600.0) is False
    assert Judged("t", PROMISE, 1_800.0, False).kept(3_600.0) is None
    assert Judged("t", PROMISE, 1_800.0, True).kept(3_600.0) is True
    assert Judged("t", PROMISE, 1_800.0, True).kept(None) is None


def test_the_pinball_loss_weighs_lateness_by_the_share():
    assert list(Judged("t", PROMISE, 2 * 3600.0, True).losses(PROMISE)) == pytest.approx([0.5, 0.8])
    assert list(Judged("t", PROMISE, 20 * 3600.0, True).losses(PROMISE)) == pytest.approx([9.5, 9.0])
    assert len(list(Judged("t", PROMISE._replace(most=None), 1.0, True).losses(PROMISE))) == 1


def test_learning_ends_with_a_month_of_the_city():
    city = load_city(city_folder("demo"))
    assert split(FIRST, FIRST + timedelta(days=180), city) == datetime(2015, 4, 30, 16, tzinfo=UTC)
