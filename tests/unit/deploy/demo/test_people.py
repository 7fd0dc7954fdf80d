"""What people mean to do about a case: something in every open status, by the right person, and less and less mischief."""

from random import Random

import pytest

from deploy.demo.day import Report
from deploy.demo.people import plan
from deploy.demo.plan import CALM, Known
from shared.case import ENDS, OPEN, Status
from shared.city import City
from tests.unit.deploy.demo.seen import NOON, acts_of, case, plans, steps


@pytest.mark.parametrize("status", sorted(OPEN))
def test_somebody_will_do_something_about_every_open_case(demo_city: City, status: Status):
    for version in (2, CALM + 1):
        assert all(acts for acts in plans(case(status, version=version), demo_city))


@pytest.mark.parametrize("status", sorted(ENDS - {Status.MERGED}))
def test_nobody_does_anything_about_a_case_that_has_ended(demo_city: City, status: Status):
    assert not any(plans(case(status), demo_city))


def test_a_merged_case_may_be_separated_again_mostly_one_that_was_merged_wrongly(demo_city: City):
    wrong, right = (len(acts_of("separation", case(Status.MERGED), demo_city, original=original)) for original in (None, "c0"))
    assert 0 < right < 20 < wrong


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
        for step in ("acceptance", "refusal", "record", "appeal"):
            acts = acts_of(step, case(Status.ASSIGNED, grade=grade), demo_city, insisted_on="drainage-worker-02")
            assert all(act.latest < NOON + within for act in acts)


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
    mischief = {"refusal", "return", "pause", "rework", "transfer", "withdrawal", "extension", "reopening", "separation", "appeal"}
    for status in OPEN | {Status.CLOSED, Status.MERGED}:
        knows = {"given_back_by": "drainage-worker-01", "insisted_on": "drainage-worker-02"}
        assert not steps(case(status, version=CALM), demo_city, **knows) & mischief
        assert not steps(case(status), demo_city, attempt=1, **knows) & mischief
