"""The four times of a case, and histograms of them that add up."""

import math

from hypothesis import given
from hypothesis import strategies as st

from services.console.views.times import MEASURES, STAGES, added_up, bucket, durations, quantile, stages, times
from shared.service import Fold
from tests.unit.console.histories import HOUR, MONDAY, folded, histories, life
from tests.unit.console.rows import projected
from tests.unit.console.town import TOWN

WHOLE = ("case.reported", "case.triaged", "case.assigned", "assignment.accepted", "work.completed", "case.closed")
LABELS = {"group": "roads", "grade": "emergency", "department": "works"}
H = HOUR.total_seconds()


def measured(*kinds: str) -> list[tuple[str, float]]:
    return [(what, seconds / H) for fold in life(*kinds) for what, seconds, _ in durations(fold)]


def test_a_life_has_each_of_the_four_times_once():
    assert measured(*WHOLE) == [("assignment", 2), ("acceptance", 1), ("response", 3), ("resolution", 4)]


def test_times_carry_group_grade_and_department():
    assert [labels for fold in life(*WHOLE) for _, _, labels in durations(fold)] == [LABELS] * 4


def test_a_second_offer_is_no_second_assignment():
    asked_twice = (*WHOLE[:3], "assignment.expired", "case.assigned", "assignment.accepted")
    assert measured(*asked_twice) == [("assignment", 2), ("acceptance", 3), ("response", 5)]


def test_a_reopened_case_is_resolved_again_but_not_answered_again():
    again = measured(*WHOLE, "case.reopened", *WHOLE[2:])
    assert [what for what, _ in again] == [*MEASURES, "resolution"]
    assert again[-1] == ("resolution", 9)


CHECKED = (
    "case.reported",
    "verification.requested",
    "report.verified",
    "case.triaged",
    "case.assigned",
    "assignment.accepted",
    "work.completed",
    "resolution.rejected",
    "work.completed",
    "resolution.verified",
)


def staged(folds: list[Fold]) -> list[tuple[str, float]]:
    return [(what, seconds / H) for fold in folds for what, seconds, _ in stages(fold)]


def test_each_stage_has_its_own_clock_and_a_failed_check_does_not_stop_the_handling():
    assert staged(life(*CHECKED)) == [
        ("verify", 2),
        ("accept", 3),
        ("dispatch", 1),
        ("handle", 3),
        ("check", 1),
        ("handle", 5),
        ("check", 1),
    ]


def test_a_late_entry_ends_a_stage_when_it_really_happened():
    [*_, fold] = life(*CHECKED[:1], *CHECKED[3:7])
    early = fold.event.model_copy(update={"late": True, "true_at": fold.event.at - 2 * HOUR})
    assert staged([Fold(fold.before, early, fold.after, 0, 0)]) == [("handle", 1)]
    assert staged([Fold(fold.before, early.model_copy(update={"true_at": MONDAY - 99 * HOUR}), fold.after, 0, 0)]) == [("handle", 0)]


def test_a_repeated_event_is_not_measured_again():
    folds = folded([("a", kind, 0, 1) for kind in WHOLE])
    assert sum(len(durations(fold)) for fold in folds) == 4
    assert len(folds) > len(WHOLE)


@given(st.lists(st.floats(1.0, 1e8), min_size=1), st.sampled_from([0.5, 0.9, 0.99]))
def test_a_quantile_is_within_five_percent_of_the_exact_one(seconds: list[float], share: float):
    histogram: dict[str, int] = {}
    for time in seconds:
        histogram[bucket(time)] = histogram.get(bucket(time), 0) + 1
    exact = sorted(seconds)[math.ceil(share * len(seconds)) - 1]
    estimate = quantile(histogram, share)
    assert estimate is not None
    assert abs(estimate - exact) <= 0.05 * exact


def test_no_times_have_no_quantile():
    assert quantile({}, 0.5) is None


@given(histories)
def test_every_time_is_counted_once_in_each_kind(folds: list[Fold]):
    sums = added_up(projected(times, folds, TOWN).values())
    for what in (*MEASURES, *STAGES):
        number = sum(what == ended for fold in folds for ended, _, _ in (*durations(fold), *stages(fold)))
        for kind in ("all", "group", "grade", "department"):
            rows = [of.get(what, {}) for (of_kind, _), of in sums.items() if of_kind == kind]
            assert sum(sum(histogram.values()) for histogram in rows) == number


@given(histories)
def test_counting_again_gives_identical_rows(folds: list[Fold]):
    assert list(projected(times, folds, TOWN).items()) == list(projected(times, folds, TOWN).items())
