"""What people mean to do about a case: something in every open status, by the right person, and less and less mischief."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from deploy.demo.acts import Act, Seen
from deploy.demo.day import Report
from deploy.demo.people import plan
from deploy.demo.plan import CALM, Known
from shared.case import ENDS, OPEN, Status
from shared.city import City
from shared.terms import Grade

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
REPORT = Report("20260308-1-1", NOON, {"language": "en"}, "01002")
MANY = 200


def case(status: Status, **more: Any) -> Seen:
    told = {
        "id": "c1",
        "number": "10002",
        "status": status,
        "version": 2,
        "category": "01002",
        "grade": Grade.URGENT,
        "grid": "G01",
        "department": "drainage-centre",
        "confidential": False,
        "assignee": "drainage-worker-02",
        "language": "en",
        "since": NOON,
        "resolve_by": NOON + timedelta(hours=2),
        "extensions": 0,
        "reopenings": 0,
    }
    return Seen.model_validate({**told, **more})


def plans(seen: Seen, city: City, **more: Any) -> list[list[Act]]:
    return [plan(seen, Known(city, REPORT, **more), NOON, Random(n)) for n in range(MANY)]


def steps(seen: Seen, city: City, **more: Any) -> set[str]:
    return {act.step for acts in plans(seen, city, **more) for act in acts}


@pytest.mark.parametrize("status", sorted(OPEN))
def test_somebody_will_do_something_about_every_open_case(demo_city: City, status: Status):
    for version in (2, CALM + 1):
        assert all(acts for acts in plans(case(status, version=version), demo_city))


@pytest.mark.parametrize("status", sorted(ENDS))
def test_nobody_does_anything_about_a_case_that_has_ended(demo_city: City, status: Status):
    assert not any(plans(case(status), demo_city))


@pytest.mark.parametrize("status", sorted(OPEN | {Status.CLOSED}))
def test_acts_lie_ahead_and_leave_room(demo_city: City, status: Status):
    acts = [act for acts in plans(case(status), demo_city) for act in acts]
    assert all(NOON < act.at <= act.latest for act in acts)


def test_people_accept_refuse_or_do_not_look(demo_city: City):
    seen = case(Status.ASSIGNED)
    assert {"acceptance", "refusal", "withdrawal", ""} <= steps(seen, demo_city)
    assert any({act.step for act in acts} <= {"", "supplements"} for acts in plans(seen, demo_city))


def test_an_answer_comes_before_the_offer_ends(demo_city: City):
    for grade, within in demo_city.answer_within.items():
        answers = [
            act for acts in plans(case(Status.ASSIGNED, grade=grade), demo_city) for act in acts if act.step in ("acceptance", "refusal")
        ]
        assert all(act.latest < NOON + within for act in answers)


def test_work_is_started_paused_handed_over_extended_and_completed(demo_city: City):
    assert {"start", "completion", "notes", "extension"} <= steps(case(Status.ACCEPTED), demo_city)
    assert {"pause", "completion"} <= steps(case(Status.WORKING), demo_city)
    assert steps(case(Status.PAUSED), demo_city) >= {"resume"}


def test_nobody_checks_or_approves_their_own_work(demo_city: City):
    for status in (Status.COMPLETED, Status.WORKING, Status.ACCEPTED):
        seen = case(status, assignee="grid-worker-01")
        for act in (act for acts in plans(seen, demo_city) for act in acts):
            assert act.step not in ("verification", "rework") or act.actor != "grid-worker-01"
            assert (act.body or {}).get("approved_by") != "grid-worker-01"


def test_a_checked_case_is_verified_or_sent_back_and_others_are_rated(demo_city: City):
    assert {"verification", "rework"} <= steps(case(Status.COMPLETED), demo_city)
    assert "rating" in steps(case(Status.COMPLETED, category="X10401"), demo_city)


def test_after_closing_people_rate_reopen_and_publish_but_never_publish_what_is_confidential(demo_city: City):
    assert {"rating", "reopening", "publication"} <= steps(case(Status.CLOSED), demo_city)
    assert "publication" not in steps(case(Status.CLOSED, confidential=True), demo_city)


def test_operators_classify_reject_and_merge_what_the_queue_holds(demo_city: City):
    seen = case(Status.REPORTED, version=1, category=None, grade=None, assignee=None)
    assert "classification" in steps(seen, demo_city)
    assert "merge" in steps(seen, demo_city, original="c0")
    nothing = Known(demo_city, Report("20260308-1-2", NOON, {"language": "zh"}, None))
    assert {act.step for act in plan(seen, nothing, NOON, Random(1))} >= {"rejection"}


def test_a_wrong_rule_is_corrected(demo_city: City):
    assert "classification" in steps(case(Status.TRIAGED, category="06045", assignee=None), demo_city)


def test_mischief_ends_with_age_and_after_a_refused_plan(demo_city: City):
    mischief = {"refusal", "pause", "rework", "transfer", "withdrawal", "extension", "reopening"}
    for status in OPEN | {Status.CLOSED}:
        assert not steps(case(status, version=CALM), demo_city) & mischief
        assert not steps(case(status), demo_city, attempt=1) & mischief
