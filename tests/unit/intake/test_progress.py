"""A reporter is told what concerns them in plain words, and nothing about anybody else."""

import pytest

from services.intake.progress import Progress, progress
from shared.case import Case, Status, evolve
from shared.events import CaseMerged, CaseRejected
from shared.people import Role
from shared.standing import NEXT, ROLES, STATUSES
from tests.unit.intake.village import NOON, VILLAGE, closed, reported, triaged, working

BUSY = working(triaged(reported()))


def told(case: Case, survivor: Case | None = None, language: str = "en") -> Progress:
    return progress(case, survivor, VILLAGE, language)


def test_a_new_report_is_received():
    found = told(reported())
    assert (found.status_text, found.number) == ("Received", "200 0000 0000")
    assert found.deadline is None
    assert found.next


def test_who_has_it_is_a_role_and_the_deadline_is_on_local_clocks():
    found = told(BUSY, language="zh")
    assert (found.handler, found.department, found.category) == ("网格员", "市政所", "路灯")
    assert found.deadline is not None
    assert found.deadline.isoformat() == "2026-01-06T14:00:00+08:00"


def test_no_staff_id_and_no_text_of_others_is_told():
    for case in (BUSY, closed(BUSY)):
        for language in ("zh", "en"):
            said = told(case, language=language).model_dump_json()
            assert not any(secret in said for secret in ("W-17", "王师傅", "灯坏了", "near"))


def test_a_closed_case_tells_the_public_outcome_of_its_category():
    found = told(closed(BUSY))
    assert (found.outcome, found.handler, found.deadline) == ("Dealt with", None, None)


def test_a_refusal_tells_its_reason():
    case = reported()
    refused = evolve(case, CaseRejected.of(case, at=NOON, by="operator-1", reason="属于物业范围"))
    assert told(refused, language="zh").reason == "属于物业范围"


def merged(code: str = "03001") -> tuple[Case, Case]:
    survivor = working(triaged(reported("A"), code))
    case = reported("B")
    return evolve(case, CaseMerged.of(case, at=NOON, by="triage", into="A", into_reported_at=survivor.reported_at, reason="same")), survivor


def test_a_merged_report_tells_how_far_the_other_one_is():
    found = told(*merged())
    assert (found.case_id, found.status, found.joined_status) == ("B", Status.MERGED, Status.ACCEPTED)
    assert found.joined_text == STATUSES[Status.ACCEPTED].en
    assert found.handler == "grid worker"
    assert found.deadline is not None


@pytest.mark.parametrize(
    ("case", "survivor"),
    [(triaged(reported(), "X10302"), None), (reported(wish="X10302"), None), merged("X10302")],
    ids=["by triage", "by the reporter's choice", "by what it was merged into"],
)
def test_of_a_confidential_case_only_the_status_is_told(case: Case, survivor: Case | None):
    said = set(told(case, survivor).model_dump(exclude_none=True))
    assert said <= {"case_id", "number", "status", "status_text", "joined_status", "joined_text"}


def test_every_status_and_role_has_words():
    assert set(STATUSES) == set(Status) - {Status.UNKNOWN}
    assert set(NEXT) == set(STATUSES) - {Status.MERGED}
    assert set(ROLES) == set(Role)


def test_a_role_that_is_not_known_is_somebody_of_the_staff():
    assert told(BUSY.model_copy(update={"role": "W-17"})).handler == "a member of staff"
