"""What reporters add and take back."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.actions import Supplement, Withdrawal, supplement, withdraw
from services.intake.faults import faults_of
from shared.case import ALLOWED, MAX_ADDITIONS, Case, Refused, Status, evolve
from shared.events import CaseJoined, Said
from tests.unit.intake.village import NOON, VILLAGE, closed, reported, triaged, working

SAID = Said(id="F", at=NOON, by="resident", late=False)


def fields_at_fault(model: type[Supplement] | type[Withdrawal], raw: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(raw)
    faults = faults_of(caught.value)
    assert all(fault.zh and fault.en for fault in faults)
    return [fault.field for fault in faults]


def test_words_and_photos_are_added():
    body = Supplement.model_validate({"text": " 还没来 ", "media": ["https://example.org/1.jpg"]})
    fact = supplement(reported(), body, SAID, VILLAGE)
    assert (fact.id, fact.text, fact.media) == ("F", "还没来", ("https://example.org/1.jpg",))
    assert evolve(reported(), fact).additions == 1


def test_a_photo_alone_will_do():
    assert Supplement.model_validate({"media": ["http://example.org/1.jpg"]}).text == ""


@pytest.mark.parametrize(
    ("raw", "at_fault"),
    [
        ({}, ["body"]),
        ({"text": "  ", "media": []}, ["body"]),
        ({"text": "x" * 4001}, ["text"]),
        ({"media": ["ftp://example.org/1", "nothing"]}, ["media.0", "media.1"]),
        ({"media": ["https://example.org/"] * 11}, ["media"]),
        ({"text": "x", "photo": "y"}, ["photo"]),
    ],
)
def test_faults_of_a_supplement_are_named(raw: dict[str, Any], at_fault: list[str]):
    assert fields_at_fault(Supplement, raw) == at_fault


def test_a_withdrawal_needs_a_reason():
    assert fields_at_fault(Withdrawal, {"reason": " "}) == ["reason"]
    assert fields_at_fault(Withdrawal, {}) == ["reason"]


def test_a_full_case_takes_no_more():
    full = reported().model_copy(update={"additions": MAX_ADDITIONS})
    with pytest.raises(Refused):
        supplement(full, Supplement(text="x"), SAID, VILLAGE)


def test_a_report_is_taken_back_before_work_begins():
    for case in (reported(), triaged(reported()), working(triaged(reported()))):
        assert evolve(case, withdraw(case, Withdrawal(reason="好了"), SAID, VILLAGE)).status is Status.WITHDRAWN


def test_a_closed_case_is_not_taken_back():
    with pytest.raises(Refused, match="closed"):
        withdraw(closed(working(triaged(reported()))), Withdrawal(reason="好了"), SAID, VILLAGE)


def test_a_case_that_others_wait_for_is_not_taken_back():
    case = evolve(reported(), CaseJoined.of(reported(), at=NOON, by="triage", id="B -> A/joined", follower="B"))
    with pytest.raises(Refused, match="Others"):
        withdraw(case, Withdrawal(reason="好了"), SAID, VILLAGE)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.UNKNOWN])
def test_it_is_taken_back_exactly_where_the_log_allows_it(status: Status):
    case: Case = reported().model_copy(update={"status": status})
    if status in ALLOWED["case.withdrawn"]:
        assert evolve(case, withdraw(case, Withdrawal(reason="好了"), SAID, VILLAGE)) is not case
    else:
        with pytest.raises(Refused) as refused:
            withdraw(case, Withdrawal(reason="好了"), SAID, VILLAGE)
        assert refused.value.en
        assert refused.value.zh
