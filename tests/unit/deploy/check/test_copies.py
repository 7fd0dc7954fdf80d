from collections.abc import Callable

import pytest

from deploy.check.blank import EPOCH
from deploy.check.copies import Copy, check_cases, check_completeness
from deploy.check.history import History
from deploy.check.run import check_ends
from deploy.check.views import check_timeline
from shared.case import dump, load
from tests.unit.deploy.check.town import LIFE, Rows, closed, golden, read, reported, triaged

TWICE_CLOSED = [*LIFE, closed(on=5, at="09:50")]


def spoiled(spoil: Callable[[Rows], object], messages: list[tuple[int, bytes | None, bytes | None]] = LIFE) -> list[str]:
    """Return what the check says of the right rows after `spoil`."""
    rows = Rows.of(messages)
    spoil(rows)
    return rows.checked(read(messages))


def test_the_rows_that_the_services_make_of_the_golden_log_are_right():
    lines = Rows.of(golden()).checked(read(golden()))
    assert [line for line in lines if line.startswith("5 copies")] == []  # whoever speaks there breaks every other promise


def test_a_fact_without_effect_leaves_everything_right():
    assert Rows.of(TWICE_CLOSED).checked(read(TWICE_CLOSED)) == []


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"status": "completed"}, "5 copies: case a, partition 0 offset 5: gridcase_console_v1 has status 'completed', expected 'closed'"),
        ({"version": 7}, "2 versions: case a, partition 0 offset 5: gridcase_console_v1 has version 7, expected 6"),
        ({"ids": ["x"]}, "2 versions: case a, partition 0 offset 5: gridcase_console_v1 has ids ['x'], expected"),
        ({"assignee": "worker-9"}, "has assignee 'worker-9', expected 'worker-1'"),
        ({"closings": 2}, "has closings 2, expected 1"),
        ({"followers": ["b"]}, "has followers ['b'], expected []"),
        ({"into": "b"}, "has into 'b', expected None"),
        ({"level": 1}, "has level 1, expected 0"),
        ({"published": 1}, "has published 1, expected 0"),
        ({"resolve_by": "2026-03-02T13:00:00Z"}, "has resolve_by 2026-03-02T13:00:00+00:00, expected 2026-03-02T12:00:00+00:00"),
    ],
)
def test_a_body_that_says_something_else_is_caught(members: dict[str, object], says: str):
    [line] = spoiled(lambda rows: rows.tamper("a", **members))
    assert says in line


def test_a_body_that_cannot_be_read_is_caught():
    [line] = spoiled(lambda rows: rows.cases["a"].update(body="{"))
    assert "has a body that cannot be read" in line


def test_a_lost_row_is_caught():
    assert spoiled(lambda rows: rows.cases.clear()) == ["5 copies: case a, partition 0 offset 5: gridcase_console_v1 has no row of it"]


def test_a_row_of_nothing_is_caught():
    [line] = spoiled(lambda rows: rows.cases.update(z={**rows.cases["a"], "_id": "z"}))
    assert line == "5 copies: case z: gridcase_console_v1 has a row, the log has no such case"


def test_a_row_that_fell_behind_is_caught():
    [line] = spoiled(lambda rows: rows.cases["a"].update(offset=4))
    assert line == "5 copies: case a, partition 0 offset 5: gridcase_console_v1 has its row at offset 4, expected 5"


def test_a_row_that_took_the_offset_of_another_case_is_caught():
    [line] = spoiled(lambda rows: rows.cases["a"].update(offset=6), [*LIFE, reported("b")])
    assert "6 offsets: case a" in line


def test_bodies_that_differ_between_services_are_caught():
    history, rows, other = read(LIFE), Rows.of(LIFE), Rows.of(LIFE)
    other.copy = Copy("gridcase_triage_v1", "triage", rows.copy.progress)
    other.cases["a"]["body"] = dump(load(other.cases["a"]["body"])).replace('"number"', '"unheard_of":1,"number"')
    check_cases(rows.copy, rows.cases.values(), history)
    check_cases(other.copy, other.cases.values(), history)
    [line] = history.findings.violations()
    assert line.endswith("the bodies in gridcase_console_v1 and gridcase_triage_v1 differ")


# -- progress


def test_progress_beyond_the_log_is_caught():
    [line] = spoiled(lambda rows: rows.copy.progress.update({0: (9, "0")}))
    assert line == "6 offsets: partition 0 offset 9: gridcase_console_v1 has folded up to 9, the log ends at 6"


def test_a_mark_of_another_message_is_caught():
    [line] = spoiled(lambda rows: rows.copy.progress.update({0: (6, "0" * 32)}))
    assert "remembers another message before 6" in line


def test_a_commit_before_the_rows_were_stored_is_caught():
    [line] = spoiled(lambda rows: rows.copy.committed.update({0: 7}))
    assert line == "6 offsets: partition 0 offset 7: gridcase_console_v1 committed 7 and stored only up to 6"


def test_a_service_without_a_complete_copy_is_caught():
    history = read(LIFE)
    check_completeness([Copy("gridcase_console_v1", "console")], history)
    [line] = history.findings.violations()
    assert "has not folded 6 messages, in partitions [0], and no other copy of console is complete" in line


def test_a_copy_that_is_still_being_folded_beside_a_complete_one_is_only_named():
    history, whole = read(LIFE), Rows.of(LIFE)
    rising = Copy("gridcase_console_v2", "console", {0: (3, None)})
    check_completeness([whole.copy, rising], history)
    check_cases(rising, Rows.of(LIFE[:3]).cases.values(), history)
    check_timeline(rising, Rows.of(LIFE[:3]).views["timeline"].values(), history)
    assert history.findings.violations() == []
    assert "gridcase_console_v2 has not folded 3 messages" in history.findings.notes[0]


def test_a_log_that_nobody_folded_is_caught():
    history = read(LIFE)
    check_completeness([], history)
    assert history.findings.violations() == ["5 copies: no copy was found: no database of any service"]


def ahead() -> tuple[History, Rows]:
    """Return the log as it was read, and rows that went on afterwards."""
    history, rows = read(LIFE[:2]), Rows.of(LIFE)
    rows.copy.progress = {0: (2, rows.copy.progress[0][1])}
    history.marks[0, 1] = str(rows.copy.progress[0][1])
    return history, rows


def test_rows_that_went_on_while_the_log_was_read_are_left_out():
    history, rows = ahead()
    assert [line for line in rows.checked(history) if "timeline" not in line] == []
    check_ends({0: 6}, [rows.copy], history, silence=False)
    assert history.findings.violations() == []
    assert history.findings.notes == ["The log grew by 4 messages while it was checked; what is new was left out."]


def test_rows_beyond_the_end_of_the_log_are_caught():
    history, rows = ahead()
    rows.checked(history)
    check_ends({0: 2}, [rows.copy], history, silence=True)
    assert history.findings.violations() == ["6 offsets: partition 0 offset 5: gridcase_console_v1 has a row beyond the end of the log, 2"]


def test_facts_said_after_the_silence_are_caught():
    history, rows = ahead()
    check_ends({0: 6}, [rows.copy], history, silence=True)
    assert history.findings.violations() == ["10 silence: 4 messages were said while the log was checked, expected silence"]


# -- views


def test_a_lost_row_of_the_timeline_is_caught():
    [line] = spoiled(lambda rows: rows.views["timeline"].pop("3"))
    assert line == "5 copies: partition 0 offset 3: gridcase_console_v1.timeline has no row of it"


def test_a_row_of_the_timeline_about_another_fact_is_caught():
    [line] = spoiled(lambda rows: rows.views["timeline"]["3"].update(event="x"))
    assert line == "5 copies: case a, partition 0 offset 3: gridcase_console_v1.timeline tells another fact than the log"


def test_a_row_of_the_timeline_for_no_fact_is_caught():
    [line] = spoiled(lambda rows: rows.views["timeline"]["3"].update(_id="0/9"))[:1]
    assert "has a row 0/9 that is no fact of the log" in line


def test_a_second_close_that_took_effect_at_the_console_is_caught():
    [line] = spoiled(lambda rows: rows.views["timeline"]["6"].update(effective=True), TWICE_CLOSED)
    assert line.startswith("2 versions: case a, partition 0 offset 6: gridcase_console_v1.timeline says that case.closed took effect, but ")
    assert line.endswith("it may not happen in status closed")


def test_totals_that_a_recount_does_not_confirm_are_caught():
    [line] = spoiled(lambda rows: rows.views["totals"]["grade"].update(entries=[["normal", {"closed": 2}, 0]]))
    assert line == (
        "5 copies: gridcase_console_v1.totals 0/grade counts {'closed': 2, 'overdue': 0} under 'normal', "
        "expected {'overdue': 0, 'closed': 1}"
    )


def test_a_lost_row_of_the_totals_is_caught():
    [line] = spoiled(lambda rows: rows.views["totals"].pop("grid"))
    assert line == "5 copies: gridcase_console_v1.totals 0/grid counts None under '', expected {'overdue': 0, 'closed': 1}"


def test_histograms_that_a_recount_does_not_confirm_are_caught():
    [line] = spoiled(lambda rows: rows.views["times"]["lamps\tnormal\tlighting"]["times"]["response"].update({"3": 5}))
    assert line.endswith("counts 5 of response in bucket 3, expected 0")


def test_a_lost_row_of_the_histograms_is_caught():
    lines = spoiled(lambda rows: rows.views["times"].clear())
    assert len(lines) == 7  # assignment, acceptance, response, resolution, and the stages of filing, dispatch and handling
    assert all("expected 1" in line for line in lines)


def test_the_newest_time_of_the_log_is_known():
    assert read([reported(), triaged()]).newest > EPOCH
