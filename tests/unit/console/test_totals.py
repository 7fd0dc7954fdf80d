"""The totals equal a recount of the cases, whatever happened to them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.console.views.totals import KINDS, Tally, added_up, everything, totals
from shared.case import OPEN, Case, Status
from shared.service import Fold
from tests.unit.console.histories import folded, histories
from tests.unit.console.rows import present, projected
from tests.unit.console.town import TOWN


def recounted(cases: list[Case]) -> dict[tuple[str, str], Tally]:
    """Count by looking at every case, with nothing of the view."""
    found: dict[tuple[str, str], Tally] = {}
    for kind in KINDS:
        for case in (case for case in cases if case.status is not Status.UNKNOWN):
            what = case.classification
            value = {
                "category": what.category if what else "",
                "grade": str(what.grade) if what else "",
                "department": case.department or "",
                "grid": (what.grid or "") if what else "",
            }[kind]
            tally = found.setdefault((kind, value), Tally(Counter(), 0))
            tally.counts[case.status.value] += 1
            late = case.status in OPEN and case.overdue
            found[kind, value] = Tally(tally.counts, tally.overdue + late)
    return found


def tallied(folds: list[Fold]) -> dict[tuple[str, str], Tally]:
    return added_up(projected(totals, folds, TOWN).values())


def happened(*kinds: str, hours: int = 1) -> Tally:
    """Return the tally of all after one case went through these events."""
    return everything(tallied(folded([("a", kind, 0, hours) for kind in kinds])))


@given(histories)
def test_the_totals_of_any_history_equal_a_recount_of_its_cases(folds: list[Fold]):
    assert tallied(folds) == recounted(present(folds))


@given(histories)
def test_everything_is_each_case_once(folds: list[Fold]):
    all = everything(tallied(folds))
    reported = [case for case in present(folds) if case.status is not Status.UNKNOWN]
    assert sum(all.counts.values()) == len(reported)
    assert all.open == sum(case.status in OPEN for case in reported)


@given(histories)
def test_no_row_ever_holds_a_negative_count(folds: list[Fold]):
    entries = [entry for row in projected(totals, folds, TOWN).values() for entry in row["entries"]]
    assert all(count > 0 for _, counts, _ in entries for count in counts.values())
    assert all(overdue >= 0 for _, _, overdue in entries)


@given(histories, st.integers(0, 100))
def test_going_on_from_saved_rows_gives_the_same_as_starting_again(folds: list[Fold], cut: int):
    saved = projected(totals, folds[:cut], TOWN)
    for fold in folds[cut:]:
        for key in totals.keys(fold, TOWN):
            saved[fold.partition, key] = totals.change(saved.get((fold.partition, key)), key, fold, TOWN)
    assert saved == projected(totals, folds, TOWN)


def test_an_event_without_effect_touches_no_row():
    [reported, again] = folded([("a", "case.reported", 0, 0)])
    assert list(totals.keys(again, TOWN)) == []
    assert len(list(totals.keys(reported, TOWN))) == len(KINDS)


def test_a_note_touches_no_row():
    note = folded([("a", "case.reported", 0, 0), ("a", "note.added", 0, 1)])[-1]
    assert note.effective
    assert list(totals.keys(note, TOWN)) == []


def test_a_missed_deadline_counts_as_overdue_until_it_is_extended():
    late = ("case.reported", "case.triaged", "deadline.missed")
    assert happened(*late).overdue == 1
    assert happened(*late, "deadline.extended").overdue == 0


def test_a_late_case_is_no_longer_overdue_once_it_is_closed():
    closed = happened(
        "case.reported",
        "case.triaged",
        "deadline.missed",
        "case.assigned",
        "assignment.accepted",
        "work.completed",
        "case.closed",
    )
    assert (closed.overdue, closed.open, closed.of(Status.CLOSED)) == (0, 0, 1)


def test_a_transfer_moves_the_case_to_another_department():
    folds = folded([("a", "case.reported", 0, 1), ("a", "case.triaged", 0, 1), ("a", "case.transferred", 1, 1)])
    departments = {value for kind, value in tallied(folds) if kind == "department"}
    assert departments == {"fire"}
