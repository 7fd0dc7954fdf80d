"""Operators correct, refuse and merge, and are told why if they may not."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from services.triage.actions import Correction, Joining, Rejection, merge, reclassify, reject
from services.triage.decide import decide
from shared.case import MAX_FOLLOWERS, Case, Refused, Status, evolve
from shared.events import CaseReopened, DeadlineExtended, Said, WorkPaused
from shared.service import World
from shared.terms import Grade
from tests.unit.triage.town import NOON, TOWN, reported

HOUR = timedelta(hours=1)
LATER = NOON + HOUR
SAID = Said(id="deed", at=LATER, by="operator-1", late=False)


def filed(case: Case | None = None) -> Case:
    case = case or reported()
    [fact] = decide(case, World(TOWN), NOON)
    return evolve(case, fact)


def corrected(case: Case, said: Said = SAID, **wanted: Any) -> Case:
    fact = reclassify(case, Correction.model_validate(wanted), said, TOWN)
    after = evolve(case, fact)
    assert after is not case, "the fact must take effect"
    return after


def test_an_operator_places_what_no_rule_could():
    case = corrected(reported(text="请来看看"), category="rubbish")
    assert case.classification is not None
    assert (case.status, case.classification.category, case.department) == (Status.TRIAGED, "rubbish", "drainage")
    assert case.resolve_by == LATER + 4 * HOUR  # filed only now
    assert case.respond_by == NOON + 168 * HOUR


def test_what_an_operator_placed_is_not_placed_again():
    case = corrected(reported(text="路灯不亮"), category="rubbish")
    assert decide(case, World(TOWN), LATER) == []


def test_a_corrected_case_counts_from_its_first_filing():
    case = corrected(filed(), category="cover", condition="damaged", said={**SAID, "at": NOON + 3 * HOUR})
    assert case.resolve_by == NOON + 4 * HOUR
    assert case.respond_by == NOON + 24 * HOUR


def test_without_a_condition_its_words_choose():
    case = corrected(filed(reported(text="路灯漏电")), category="lamp")
    assert case.classification is not None
    assert case.classification.condition == "wire"


def test_a_grade_may_rise_without_a_reason():
    case = corrected(filed(), category="lamp", grade="emergency")
    assert case.grade is Grade.EMERGENCY
    assert case.respond_by == NOON + 2 * HOUR


@pytest.mark.parametrize(
    ("case", "wanted"),
    [
        (filed(reported(text="煤气味")), {"category": "gas", "grade": "normal"}),
        (filed(reported(text="煤气味")), {"category": "lamp"}),  # a milder category
        (reported(text="你好"), {"category": "gas", "grade": "service"}),  # milder than the city says
    ],
)
def test_a_lower_grade_needs_a_reason(case: Case, wanted: dict[str, Any]):
    with pytest.raises(Refused, match="needs a reason"):
        corrected(case, **wanted)
    with pytest.raises(Refused):
        corrected(case, **wanted, reason="  ")
    assert corrected(case, **wanted, reason="it was paint").grade is not Grade.EMERGENCY


def test_deadlines_of_unchanged_limits_are_kept():
    case = filed(reported(text="井盖没了"))
    longer = NOON + 9 * HOUR
    case = evolve(
        case,
        DeadlineExtended.of(case, at=NOON, by="dispatch", id="x", resolve_by=longer, reason="part", approved_by="L-1"),
    )
    assert corrected(case, category="gas-cover", condition="missing").resolve_by == longer
    assert corrected(case, category="gas-cover", condition="damaged").resolve_by == NOON + 4 * HOUR


def test_a_reopened_case_counts_from_its_reopening():
    case = filed(reported(text="井盖没了")).model_copy(update={"status": Status.CLOSED, "closings": 1})
    soon: dict[str, Any] = {"respond_by": NOON + 90 * HOUR, "resolve_by": NOON + 99 * HOUR}
    case = evolve(case, CaseReopened.of(case, at=NOON, by="resident", reason="gone again", **soon))
    same = corrected(case, category="gas-cover", condition="missing")
    assert (same.respond_by, same.resolve_by) == (NOON + 90 * HOUR, NOON + 99 * HOUR)
    other = corrected(same, category="cover", condition="damaged", said={**SAID, "id": "again"})
    assert (other.respond_by, other.resolve_by) == (NOON + 90 * HOUR, NOON + 4 * HOUR)


def test_a_pause_that_ends_with_a_new_department_gives_back_what_was_left():
    case = filed(reported(text="井盖没了"))
    case = case.model_copy(update={"status": Status.WORKING, "assignee": "W-1"})
    pause: dict[str, Any] = {"reason": "weather", "approved_by": "L-1", "look_again_at": LATER}
    case = evolve(case, WorkPaused.of(case, at=NOON + HOUR, by="W-1", **pause))
    after = corrected(case, category="gas-cover", condition="missing", said={**SAID, "at": NOON + 30 * HOUR})
    assert after.resolve_by == NOON + 31 * HOUR
    assert after.paused_at is None


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.CLOSED, Status.MERGED, Status.REJECTED, Status.WITHDRAWN])
def test_what_is_over_is_neither_corrected_nor_refused_nor_merged(status: Status):
    case = filed().model_copy(update={"status": status})
    with pytest.raises(Refused, match="no longer possible"):
        reclassify(case, Correction(category="lamp"), SAID, TOWN)
    with pytest.raises(Refused, match="no longer possible"):
        reject(case, Rejection(reason="no"), SAID, TOWN)
    with pytest.raises(Refused, match="no longer possible"):
        merge(case, Joining.to(reported("0"), "same"), SAID, TOWN)


def test_a_refusal_is_recorded_with_its_reason():
    case = filed()
    after = evolve(case, reject(case, Rejection(reason=" private ground "), SAID, TOWN))
    assert (after.status, after.outcome) == (Status.REJECTED, "private ground")


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_refusal_or_merge_without_a_reason_is_none(reason: str):
    with pytest.raises(ValidationError):
        Rejection(reason=reason)
    with pytest.raises(ValidationError):
        Joining.to(reported("0"), reason)


def test_an_operator_merges_what_no_rule_may():
    first, case = filed(reported("0", text="井盖没了")), reported("a", "井盖没了", LATER)
    after = evolve(case, merge(case, Joining.to(first, "the same hole"), SAID, TOWN))
    assert (after.status, after.into) == (Status.MERGED, "0")


def joining(case: Case, other: Case) -> str:
    with pytest.raises(Refused) as refused:
        merge(case, Joining.to(other, "same"), SAID, TOWN)
    assert refused.value.zh
    return refused.value.en


def test_a_merge_into_a_later_report_is_refused_with_the_other_direction():
    later = reported("b", at=LATER)
    assert joining(reported("a"), later) == "Case N-b was reported later than N-a. Merge N-b into N-a instead."


def test_a_merge_into_itself_is_refused():
    assert "itself" in joining(reported("a"), reported("a"))


@pytest.mark.parametrize("status", [Status.REJECTED, Status.WITHDRAWN])
def test_a_merge_into_an_ended_case_is_refused(status: Status):
    assert "has ended" in joining(reported("b"), reported("a").model_copy(update={"status": status}))


def test_a_merge_into_a_merged_case_names_its_survivor():
    gone = reported("b").model_copy(update={"status": Status.MERGED, "into": "a"})
    assert "Merge into that one instead" in joining(reported("c"), gone)


def test_a_merge_into_a_full_case_is_refused():
    full = reported("a").model_copy(update={"followers": tuple(map(str, range(MAX_FOLLOWERS)))})
    assert "as many followers" in joining(reported("b"), full)
