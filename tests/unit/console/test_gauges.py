"""What Prometheus sees of the console: each end of a time once, gauges as the read models are, and series that begin at zero."""

import pytest
from prometheus_client import REGISTRY, Gauge

from services.console import gauges
from services.console.rating import added_up
from services.console.views import totals
from services.console.views.rates import rates
from services.console.views.times import MEASURES, STAGES
from shared import metrics
from shared.service import Fold
from shared.terms import Grade
from tests.unit.console.histories import folded
from tests.unit.console.rows import projected
from tests.unit.console.town import TOWN

WHOLE = ("case.reported", "case.triaged", "case.assigned", "assignment.accepted", "work.completed", "resolution.verified", "case.closed")


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def counted(name: str, folds: list[Fold], **labels: str) -> float:
    """Return by how much the folds moved a number."""
    before = value(name, **labels)
    for fold in folds:
        gauges.observe(fold)
    return value(name, **labels) - before


@pytest.mark.parametrize("what", MEASURES)
def test_a_life_ends_each_of_the_four_times_once(what: str):
    labels = {"group": "life", "grade": "normal", "department": "works"}
    assert counted(f"cases_{what}_seconds_count", folded([("a", kind, 2, 1) for kind in WHOLE]), **labels) == 1


@pytest.mark.parametrize(("stage", "hours"), [("accept", 1), ("dispatch", 1), ("handle", 3), ("check", 1)])
def test_a_stage_is_measured_by_its_grade(stage: str, hours: int):
    folds = folded([("a", kind, 2, 1) for kind in WHOLE])
    assert counted("cases_stage_seconds_sum", folds, stage=stage, grade="normal") == hours * metrics.HOUR


def test_a_missed_deadline_is_counted_once_by_grade_however_often_it_is_said():
    folds = folded([("a", "case.reported", 0, 1), ("a", "case.triaged", 0, 1), *[("a", "deadline.missed", 0, 9)] * 2])
    assert sum(fold.effective for fold in folds) == 3
    assert counted("cases_missed_deadlines_total", folds, which="resolve", grade="emergency") == 1


def test_a_reminder_is_counted_by_its_share():
    folds = folded([("a", kind, 0, 1) for kind in ("case.reported", "case.triaged", "case.assigned", "reminder.sent")])
    assert counted("cases_reminders_total", folds, share="0.5", grade="emergency") == 1


OPEN_ONES = folded(
    [("a", "case.reported", 1, 1), ("a", "case.triaged", 1, 1), ("b", "case.reported", 0, 1), *[("c", k, 2, 1) for k in WHOLE]]
)


def test_gauges_say_what_the_totals_say():
    gauges.show_totals(totals.added_up(projected(totals.totals, OPEN_ONES, TOWN).values()), TOWN)
    assert [value("cases_open", grade=grade) for grade in ("urgent", "normal", gauges.UNGRADED)] == [1, 0, 1]
    assert [value("cases_department_open", department=key) for key in ("fire", "works", gauges.NOBODY)] == [1, 0, 1]
    assert [value("cases_in_status", status=status) for status in ("triaged", "reported", "closed")] == [1, 1, 1]


def test_what_no_case_has_any_more_is_shown_no_more():
    gauges.show_totals({("department", "gone"): totals.Tally({"triaged": 2}, 1)}, TOWN)
    assert (value("cases_department_open", department="gone"), value("cases_department_overdue", department="gone")) == (2, 1)
    gauges.show_totals({}, TOWN)
    assert REGISTRY.get_sample_value("cases_department_open", {"department": "gone"}) is None
    assert REGISTRY.get_sample_value("cases_department_open", {"department": "works"}) == 0


def test_a_rate_is_shown_by_what_it_divides():
    told = folded([("a", kind, 2, 1) for kind in (*WHOLE, "case.rated")])
    gauges.show_rates(added_up(projected(rates, told, TOWN).values(), "department", TOWN), "2026-03", TOWN)
    shown = {
        rate: tuple(value(f"cases_rate_{part}", rate=rate, department="works") for part in ("numerator", "denominator"))
        for rate in gauges.RATES
    }
    assert shown == {"response": (0, 1), "resolution": (0, 1), "satisfaction": (0, 1), "finishing": (1, 1)}


def test_a_gauge_that_is_shown_again_has_only_the_new_series():
    gauge = Gauge("test_shown", "What a test shows", ("one", "two"), registry=None)
    metrics.show(gauge, {("a", "b"): 1.0, ("c", "d"): 2.0})
    metrics.show(gauge, {("c", "d"): 3.0})
    assert {tuple(sample.labels.values()): sample.value for sample in next(iter(gauge.collect())).samples} == {("c", "d"): 3.0}


def test_what_the_city_can_count_begins_at_zero():
    gauges.begin(TOWN)
    kinds = gauges.kinds(TOWN)
    assert {grade for _, grade, _ in kinds} <= set(Grade)
    for group, grade, department in kinds:
        assert (
            REGISTRY.get_sample_value("cases_response_seconds_count", {"group": group, "grade": grade, "department": department})
            is not None
        )
    for grade in Grade:
        assert REGISTRY.get_sample_value("cases_missed_deadlines_total", {"which": "dispatch", "grade": grade}) is not None
        assert all(REGISTRY.get_sample_value("cases_stage_seconds_count", {"stage": stage, "grade": grade}) is not None for stage in STAGES)
