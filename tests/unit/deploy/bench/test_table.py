"""The figures of a bench, for people and as JSON."""

import json
from collections import Counter

import pytest
from rich.console import Console

from deploy.bench.floors import Floor
from deploy.bench.latency import Latency
from deploy.bench.lives import Run
from deploy.bench.run import QUICK, Results
from deploy.bench.table import TARGETS, as_json, figures, met, notes, processes, table

PROCESSES = ("kafka", "mongo", "console")


def run(lives: int, seconds: float, cpu: float, merged: int = 0) -> Run:
    """A run whose processes used `cpu` seconds each."""
    types = Counter({"case.reported": lives, "case.closed": 6 * lives})
    return Run(lives, 0.0, seconds, merged, types, [], dict.fromkeys(PROCESSES, cpu))


def results(merged: int = 0) -> Results:
    memory = dict.fromkeys(PROCESSES, 100)
    return Results(
        QUICK,
        0.5,
        runs=[run(100, 1.0, 0.5), run(100, 2.0, 0.6), run(100, 4.0, 0.7, merged)],
        latency=Latency([10.0, 20.0, 30.0], [100.0, 90.0, 80.0]),
        floors=[Floor(1.0, 1.0), Floor(2.0, 0.9), Floor(1.5, 0.8)],
        saves={"console": {"cases": 7}},
        few=[run(100, 1.0, 1.0)],
        many=[run(100, 1.0, 1.1)],
        rest=memory,
        after=memory,
        rest_many=memory,
    )


def test_figures_are_medians_of_the_runs():
    found = figures(results())
    assert found["lives_per_s"].median == 50
    assert (found["lives_per_s"].least, found["lives_per_s"].most) == (25, 100)
    assert found["events_per_s"].median == 350
    assert found["cpu_ms_per_life"].median == pytest.approx(18)


def test_the_floor_ratio_divides_the_medians():
    assert figures(results())["floor_ratio"].median == pytest.approx(2.0 / 1.5)


def test_growth_compares_what_an_event_costs():
    assert figures(results())["growth_ratio"].median == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("lives_per_s", 100, True),
        ("lives_per_s", 99, False),
        ("floor_ratio", 2.0, True),
        ("floor_ratio", 2.1, False),
        ("events_per_s", 1, None),
    ],
)
def test_a_target_is_met_from_its_own_side(name: str, value: float, good: bool | None):
    assert met(name, value) is good


def test_the_json_has_every_target_and_can_be_written():
    said = json.loads(json.dumps(as_json(results())))
    assert said["met"].keys() == TARGETS.keys()
    assert said["cpu_ms_per_event"]["mongo"] == pytest.approx(0.857)
    assert said["events_per_life"] == 7


def test_the_tables_can_be_shown():
    console = Console(record=True, width=160)
    for shown in (table(results()), processes(results())):
        console.print(shown)
    assert "whole lives a second" in console.export_text()


def test_a_reader_is_warned_when_cases_were_merged():
    assert "3 cases were merged" in notes(results(merged=3))[0]
    assert "merged" not in notes(results())[0]
