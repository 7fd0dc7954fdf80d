"""What is saved, found and refused, the same on both servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from pymongo.errors import ConnectionFailure

from shared.case import Case, Status
from shared.memory import NOT_SAVED, CaseRow, ViewRow
from shared.service import Fold, Service, View
from shared.store import CHUNK, Conflict, Store, Unreachable, case_document, stored_row, view_document
from tests.deployment import MONDAY, unique
from tests.integration.wire import Wire

HOUR = timedelta(hours=1)
VIEW = "counted"


def keys(fold: Fold, city: Any) -> list[str]:
    return [fold.event.case_id]


def change(content: dict[str, Any] | None, key: str, fold: Fold, city: Any) -> dict[str, Any]:
    return {"count": (content or {"count": 0})["count"] + 1}


SERVICE = Service(
    "test", views=1, indexes=(("cell",), ("status", "level"), ("informed",)), projections=(View(VIEW, keys, change, indexes=(("count",),)),)
)


@pytest.fixture
async def store(mongo: str) -> AsyncIterator[Store]:
    opened = Store(mongo, unique("store"), patience=5)
    await opened.prepare(SERVICE)
    yield opened
    await opened.client.drop_database(opened.db.name)
    await opened.close()


def document(id: str, offset: int, partition: int = 0, due: int | None = None, settled: bool = False, **fields: Any) -> dict[str, Any]:
    """Return a case as it is saved; `due` in hours after Monday morning."""
    case = Case(id=id, status=Status.REPORTED, text=f"as of {offset}")
    return case_document(partition, CaseRow(case, offset, MONDAY + due * HOUR if due is not None else None, settled), fields)


async def test_a_saved_case_comes_back_as_it_was_and_one_never_saved_is_missing(store: Store):
    await store.save_cases([document("a", 7, due=3), document("b", 8, settled=True)])
    found = await store.cases(["a", "b", "c"])
    assert found.keys() == {"a", "b"}
    assert (found["a"].case.text, found["a"].offset, found["a"].due, found["a"].settled) == ("as of 7", 7, MONDAY + 3 * HOUR, False)
    assert (found["b"].due, found["b"].settled) == (None, True)


async def test_the_newer_row_wins_whoever_comes_last(store: Store):
    await store.save_cases([document("a", 5)])
    await store.save_cases([document("a", 9), document("b", 1)])
    await store.save_cases([document("a", 6)])
    assert {id: row.offset for id, row in (await store.cases(["a", "b"])).items()} == {"a": 9, "b": 1}


async def test_a_row_is_saved_again_at_its_offset_because_when_to_look_may_have_changed(store: Store):
    await store.save_cases([document("a", 5, due=1)])
    await store.save_cases([document("a", 5, due=2)])
    assert (await store.cases(["a"]))["a"].due == MONDAY + 2 * HOUR


async def test_more_rows_than_one_bulk_holds_are_all_saved_and_found(store: Store):
    ids = [f"case-{n}" for n in range(2 * CHUNK + 7)]
    await store.save_cases([document(id, n) for n, id in enumerate(ids)])
    assert (await store.cases(ids)).keys() == set(ids)
    assert await store.count("cases", {}) == len(ids)


async def test_rows_that_are_due_come_the_longest_waiting_first_and_only_of_their_partition(store: Store):
    rows = [document(f"{partition}-{due}", 1, partition, due) for partition in (0, 1, 10, 11) for due in (3, 1, 2)]
    await store.save_cases([*rows, document("never", 1, 1)])
    assert [row.case.id for row in await store.due(1, MONDAY + 2 * HOUR, 10)] == ["1-1", "1-2"]
    assert [row.case.id for row in await store.due(11, MONDAY + 9 * HOUR, 2)] == ["11-1", "11-2"]
    assert await store.due(1, MONDAY, 10) == []


async def test_the_soonest_look_is_the_next_one_after_now_in_its_partition(store: Store):
    await store.save_cases([document("a", 1, 3, 1), document("b", 1, 3, 4), document("c", 1, 4, 2)])
    assert await store.soonest(3, MONDAY) == MONDAY + HOUR
    assert await store.soonest(3, MONDAY + HOUR) == MONDAY + 4 * HOUR
    assert await store.soonest(3, MONDAY + 4 * HOUR) is None
    assert await store.soonest(5, MONDAY) is None


async def test_what_is_not_settled_is_paged_through_by_id(store: Store):
    open_ones = [f"open-{n}" for n in range(7)]
    await store.save_cases([document(id, 1, 2) for id in open_ones])
    await store.save_cases([document("done", 1, 2, settled=True), document("elsewhere", 1, 3)])
    found, after = [], ""
    while page := await store.unsettled(2, after, 3):
        found += [row.case.id for row in page]
        after = page[-1].case.id
    assert found == open_ones


async def test_a_look_finds_what_equals_any_of_the_values_of_each_field(store: Store):
    fields = {"a": ("x", 1), "b": ("y", 1), "c": ("z", 1), "d": ("x", 2)}
    await store.save_cases([document(id, 1, cell=cell, level=level) for id, (cell, level) in fields.items()])
    assert (await store.look([{"cell": ("x", "y")}])).keys() == {"a", "b", "d"}
    assert (await store.look([{"cell": ("x", "z"), "level": (1,)}])).keys() == {"a", "c"}
    assert (await store.look([{"_id": ("b", "nobody")}, {"level": (2,)}])).keys() == {"b", "d"}
    assert (await store.look([{"_id": ("a", "b"), "cell": ("x",)}])).keys() == {"a"}
    assert "body" not in (await store.look([{"cell": ("x",)}]))["a"]


async def test_a_list_is_found_by_any_of_its_members_if_it_is_asked_for_with_in(store: Store):
    """Asked for by equality, a list with an index is not found by nx-27017."""
    await store.save_cases([document("a", 1, informed=["p", "q"]), document("b", 1, informed=[])])
    assert [row.case.id for row in await store.case_rows({"informed": {"$in": ["q"]}})] == ["a"]


async def test_progress_is_one_row_a_partition_and_never_goes_back(store: Store):
    await store.save_progress([{"_id": 0, "offset": 4, "mark": "m4"}, {"_id": 3, "offset": 1, "mark": "m1"}])
    await store.save_progress([{"_id": 0, "offset": 2, "mark": "m2"}, {"_id": 3, "offset": 2, "mark": "m2"}])
    assert {p: (row["offset"], row["mark"]) for p, row in (await store.progress()).items()} == {0: (4, "m4"), 3: (2, "m2")}


async def test_a_view_row_is_swapped_where_it_is_as_it_was_loaded(store: Store):
    await store.swap_rows(VIEW, [(NOT_SAVED, view_document(1, "k", ViewRow({"count": 1}, 5)))])
    await store.swap_rows(VIEW, [(5, view_document(1, "k", ViewRow({"count": 2}, 9)))])
    found = stored_row((await store.rows(VIEW, ["1/k"]))["1/k"])
    assert (found.content, found.offset, found.saved) == ({"count": 2}, 9, 9)


@pytest.mark.parametrize("saved", [NOT_SAVED, 4, 6])
async def test_a_view_row_that_somebody_else_wrote_is_a_conflict_and_stays_theirs(store: Store, saved: int):
    await store.swap_rows(VIEW, [(NOT_SAVED, view_document(1, "k", ViewRow({"count": 1}, 5)))])
    with pytest.raises(Conflict):
        await store.swap_rows(VIEW, [(saved, view_document(1, "k", ViewRow({"count": 99}, 7)))])
    assert (await store.rows(VIEW, ["1/k"]))["1/k"]["count"] == 1


async def test_one_conflict_among_many_rows_is_noticed(store: Store):
    rows = [(NOT_SAVED, view_document(0, str(n), ViewRow({"count": n}, n))) for n in range(CHUNK + 20)]
    await store.swap_rows(VIEW, rows[:-1])
    with pytest.raises(Conflict):
        await store.swap_rows(VIEW, [(n, view_document(0, str(n), ViewRow({"count": 0}, n + 1000))) for n in range(CHUNK + 20)])


async def test_what_is_kept_beside_the_log_is_put_and_got(store: Store):
    await store.put("contacts", "token", {"phone": "+861062345678"})
    await store.put("contacts", "token", {"phone": "+861062345679"})
    found = await store.get("contacts", "token")
    assert found is not None
    assert found["phone"] == "+861062345679"
    assert await store.get("contacts", "other") is None


async def test_preparing_twice_does_no_harm(store: Store):
    await store.prepare(SERVICE)
    assert await store.count("cases", {}) == 0


# -- the server goes away


@asynccontextmanager
async def behind_a_wire(mongo: str, patience: float) -> AsyncIterator[tuple[Store, Wire]]:
    """Give a store whose server can be cut off."""
    async with Wire(int(mongo.rpartition(":")[2])) as wire:
        store = Store(f"mongodb://127.0.0.1:{wire.port}", unique("store"), patience)
        await store.prepare(SERVICE)
        yield store, wire
        await asyncio.to_thread(store.client.close)  # it waits for the server, which the wire must reach meanwhile


async def test_what_does_no_harm_twice_waits_for_a_server_that_comes_back(mongo: str):
    async with behind_a_wire(mongo, patience=60) as (store, wire):
        await wire.cut()
        waiting = [asyncio.create_task(store.save_cases([document("a", 1)])), asyncio.create_task(store.progress())]
        await asyncio.wait(waiting, timeout=0.5)
        assert not any(task.done() for task in waiting)
        await wire.mend()
        await asyncio.gather(*waiting)
        assert (await store.cases(["a"])).keys() == {"a"}


async def test_a_lost_answer_to_a_guarded_save_is_asked_for_again(mongo: str):
    async with behind_a_wire(mongo, patience=60) as (store, wire):
        wire.deaf = True
        saving = asyncio.create_task(store.save_cases([document("a", 1)]))
        await asyncio.wait([saving], timeout=0.5)
        assert not saving.done()
        wire.deaf = False
        await saving
        assert (await store.cases(["a"])).keys() == {"a"}


async def test_a_lost_answer_to_a_swap_is_an_unknown_outcome_and_is_raised_not_tried_again(mongo: str):
    async with behind_a_wire(mongo, patience=60) as (store, wire):
        await store.swap_rows(VIEW, [(NOT_SAVED, view_document(0, "k", ViewRow({"count": 1}, 1)))])
        wire.deaf = True
        with pytest.raises(ConnectionFailure):
            await store.swap_rows(VIEW, [(1, view_document(0, "k", ViewRow({"count": 2}, 2)))])
        wire.deaf = False
        assert (await store.rows(VIEW, ["0/k"]))["0/k"]["count"] in (1, 2)


async def test_a_server_that_stays_away_is_unreachable_after_the_patience(mongo: str):
    async with behind_a_wire(mongo, patience=0.5) as (store, wire):
        await wire.cut()
        swap = store.swap_rows(VIEW, [(NOT_SAVED, view_document(0, "k", ViewRow({}, 1)))])
        reading, saving = store.cases(["a"]), store.save_cases([document("a", 1)])
        failed = await asyncio.gather(reading, saving, swap, return_exceptions=True)
        assert [type(error) for error in failed[:2]] == [Unreachable, Unreachable]
        assert "away" in str(failed[0])
        assert isinstance(failed[2], ConnectionFailure)
