"""What `GET /totals` answers: every kind in its order, named, with what has no place yet at the end."""

from services.console.counting import TotalsAnswer, totals_answer
from services.console.reader import Reader
from services.console.views.times import MEASURES, times
from services.console.views.totals import totals
from shared import metrics
from tests.unit.console.histories import folded
from tests.unit.console.rows import projected
from tests.unit.console.town import TOWN

WHOLE = ("case.reported", "case.triaged", "case.assigned", "assignment.accepted", "work.completed", "case.closed")
URGENT = [("b", kind, 1, 1) for kind in WHOLE[:2]]
FOLDS = folded([*[("a", kind, 2, 1) for kind in WHOLE], *URGENT, ("c", "case.reported", 0, 1)])


def answer() -> TotalsAnswer:
    counts, lengths = (projected(view, FOLDS, TOWN).values() for view in (totals, times))
    return totals_answer(counts, lengths, Reader(TOWN, "en"))


def test_grades_come_by_urgency_and_what_has_none_comes_last():
    assert [(of.key, of.name, of.open) for of in answer().grades] == [
        ("urgent", "urgent", 1),
        ("normal", "normal", 0),
        (None, "not placed yet", 1),
    ]


def test_everything_is_counted_once():
    all = answer().all
    assert (all.name, all.reported, all.open, all.closed) == ("Small town", 3, 2, 1)
    assert sum(of.cases for of in answer().statuses) == 3
    for kind in (answer().categories, answer().grades, answer().departments, answer().grids or []):
        assert sum(of.reported for of in kind) == 3


def test_times_of_all_and_of_each_kind_are_the_same_for_one_case():
    took = answer().times
    assert took.all.resolution.count == 1
    groups = [of for of in took.groups if of.resolution.count]
    assert [of.key for of in groups] == ["life"]
    for of in (*groups, *(of for of in took.grades if of.key == "normal")):
        assert [getattr(of, what) for what in MEASURES] == [getattr(took.all, what) for what in MEASURES]


def test_a_filed_case_has_its_first_stage_only():
    [urgent] = [of for of in answer().times.grades if of.key == "urgent"]
    assert {stage: took.count for stage, took in urgent.stages.items()} == {
        "verify": 0,
        "accept": 1,
        "dispatch": 0,
        "handle": 0,
        "check": 0,
    }


def test_a_city_without_cases_has_totals_of_nothing():
    nothing = totals_answer([], [], Reader(TOWN, "zh"))
    assert (nothing.all.reported, nothing.grades, nothing.times.all.response.p50) == (0, [], None)


def test_every_time_has_a_metric():
    assert set(metrics.TIMES) == set(MEASURES)
