"""Learning which cases are duplicates: only from what was known, and only switched on if it is better than what runs."""

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from deploy.learn.duplicates import fit, learn
from deploy.learn.duplicates_trial import MARGIN, Trial, cut_of, tried
from deploy.learn.past import past_of
from services.triage.likeness.ranking import Ranking, dump
from tests.unit.deploy.test_duplicates import HERE, a_year, record


def test_a_case_that_was_closed_after_learning_ended_teaches_nothing():
    records = [record(1, closed=5), record(2, hours=1, closed=30), record(3, hours=2), record(4, hours=10, closed=11)]
    past = past_of(records, None, "UTC", lambda: None, 0)
    assert past.known(3, 3).tolist() == [0]
    assert past.known(4, 4).tolist() == [0, 1, 3]


def test_words_that_staff_wrote_after_learning_ended_change_nothing_that_was_learned():
    records = a_year()
    end = records[1000].opened
    told = [one if one.closed and one.closed < end else replace(one, outcome="done") for one in records]
    assert told != records
    first, second = (fit(past_of(one, None, "UTC", lambda: None, 1000), 1000, lambda: None) for one in (records, told))
    assert first == second


def test_what_was_learned_is_compared_with_what_runs_on_the_last_third():
    past = past_of(a_year(), None, "UTC", lambda: None, 1500)
    learned, _ = fit(past, cut_of(past), lambda: None)
    nothing = tried(past, learned, None)
    assert nothing.running == pytest.approx(past.duplicate[1000:].mean())
    assert nothing.better
    assert "no ranking" in nothing.sentence
    itself = tried(past, learned, dump(learned))
    assert (itself.new, itself.better) == (itself.running, False)
    assert tried(past, learned, b"{}").running == nothing.running


@pytest.mark.parametrize(("more", "better"), [(2 * MARGIN, True), (MARGIN / 2, False), (-MARGIN, False)])
def test_better_is_more_than_chance_may_give(more: float, better: bool):
    assert Trial(0.3 + more, 0.3, 1000, "the one that runs").better is better


def test_a_file_of_cases_teaches_a_ranking_and_says_whether_it_is_better(tmp_path: Path):
    file = tmp_path / "cases.csv"
    with file.open("w", newline="", encoding="utf-8") as lines:
        table = csv.writer(lines)
        table.writerow(["CASE_ENQUIRY_ID", "OPEN_DT", "CLOSED_DT", "TYPE", "LATITUDE", "LONGITUDE", "CLOSURE_REASON"])
        for one in a_year(900):
            at, closed = one.location or HERE, one.closed.isoformat() if one.closed else ""
            table.writerow([one.id, one.opened.isoformat(), closed, one.category, at.lat, at.lon, one.outcome])
    shown = StringIO()
    content, better, figures = learn(file, str(tmp_path / "nowhere"), Console(file=shown, width=200))
    assert better
    assert figures["average_precision"] > 0.6 > figures["running_average_precision"]
    assert Ranking.load(content)
    assert "last third" in shown.getvalue()
