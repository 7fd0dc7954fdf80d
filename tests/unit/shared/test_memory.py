"""What a process remembers of a partition: nothing unsaved is forgotten, and nothing is called saved that is not."""

from shared.case import Case
from shared.memory import NOT_SAVED, CaseRow, Held, Snapshot, ViewRow, fingerprint

KEY = ("totals", "all")


def row(id: str, offset: int = 0) -> CaseRow:
    return CaseRow(Case(id=id), offset)


def snapshot(held: Held) -> Snapshot:
    cases = tuple((row, row.revision, {"_id": row.case.id}) for row in held.dirty.values())
    rows = tuple((key, row, row.saved, row.offset, {"_id": key[1]}) for key, row in held.dirty_rows.items())
    return Snapshot(held, cases, rows, held.next, held.mark, ())


def test_the_longest_unused_leave_first_and_unsaved_ones_stay():
    held = Held(0, 0, 0)
    for id in "abcd":
        held.put(row(id))
    del held.dirty["a"], held.dirty["c"], held.dirty["d"]
    held.evict(1)
    assert list(held.cases) == ["b", "d"]


def test_unsaved_view_rows_stay_too():
    held = Held(0, 0, 0)
    held.put_row(KEY, ViewRow({"n": 1}, 5))
    held.rows["totals", "other"] = ViewRow({"n": 1}, 4, 4)
    held.evict(0)
    assert list(held.rows) == [KEY]


def test_what_was_saved_as_it_is_is_clean():
    held = Held(0, 7, 0)
    held.put(row("a"))
    held.put_row(KEY, ViewRow({"n": 1}, 5))
    snapshot(held).saved()
    assert (held.dirty, held.dirty_rows, held.folded_to) == ({}, {}, 7)
    assert held.rows[KEY].saved == 5


def test_what_changed_while_it_was_saved_is_still_to_be_saved():
    held = Held(0, 7, 0)
    held.put(row("a"))
    held.put_row(KEY, ViewRow({"n": 1}, 5))
    taken = snapshot(held)
    held.put(row("a", 8))
    held.put_row(KEY, ViewRow({"n": 2}, 8))
    taken.saved()
    assert list(held.dirty) == ["a"]
    assert held.dirty_rows[KEY].offset == 8
    assert held.dirty_rows[KEY].saved == 5, "the next compare-and-set expects what this flush has saved"


def test_a_row_put_again_as_the_same_object_counts_as_changed():
    held, same = Held(0, 7, 0), row("a")
    held.put(same)
    taken = snapshot(held)
    held.put(same)
    taken.saved()
    assert list(held.dirty) == ["a"]


def test_a_view_row_that_only_was_read_is_not_written():
    held = Held(0, 0, 0)
    held.put_row(KEY, ViewRow({"n": 1}, 5, 5))
    assert held.dirty_rows == {}
    assert ViewRow(None).offset == NOT_SAVED


def test_a_fingerprint_tells_key_and_value_apart():
    prints = {fingerprint(b"a", b"b"), fingerprint(b"ab", b""), fingerprint(None, b"ab"), fingerprint(b"a", b"c")}
    assert len(prints) == 4
    assert fingerprint(None, None) == fingerprint(b"", b"")
