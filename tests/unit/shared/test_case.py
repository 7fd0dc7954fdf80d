"""A case as it is saved, and the names of its deadlines."""

from datetime import timedelta, timezone

from hypothesis import given

from shared.case import ENDS, IN_WORK, OPEN, REAL, Case, Refused, Status, dump, load, missed_key, unknown
from tests.unit.shared.histories import MONDAY, History, Step, steps


@given(steps())
def test_a_case_is_loaded_as_it_was_saved(drawn: list[Step]):
    history = History()
    for step in drawn:
        history.take(step)
    for case in history.cases.values():
        assert load(dump(case)) == case


def test_what_has_its_default_is_not_saved():
    assert dump(Case(id="case-001")) == '{"id":"case-001"}'


def test_an_unknown_case_is_a_case_of_which_nothing_is_known():
    assert unknown("case-001") == Case(id="case-001")


def test_each_status_is_open_closed_or_an_end():
    assert OPEN | ENDS | {Status.CLOSED} == REAL
    assert not OPEN & ENDS
    assert IN_WORK < OPEN


def test_a_deadline_has_one_name_in_all_time_zones():
    there = MONDAY.astimezone(timezone(timedelta(hours=8)))
    assert missed_key("resolve", there) == missed_key("resolve", MONDAY) == "resolve/2026-03-02T01:00:00+00:00"


def test_a_case_is_overdue_by_the_log_not_by_the_clock():
    case = Case(id="c", resolve_by=MONDAY)
    assert not case.overdue
    assert case.model_copy(update={"missed": (missed_key("resolve", MONDAY),)}).overdue
    moved = case.model_copy(update={"missed": (missed_key("resolve", MONDAY),), "resolve_by": MONDAY + timedelta(hours=1)})
    assert not moved.overdue


def test_a_refusal_speaks_both_languages():
    refused = Refused("No.", "不行。")
    assert (str(refused), refused.en, refused.zh) == ("No.", "No.", "不行。")
