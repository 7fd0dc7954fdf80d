"""Single turns of the recipe, driven gate by gate: what the state in the end alone cannot show."""

import random
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from pymongo.errors import BulkWriteError

from shared.case import Case, Status
from shared.city import City
from shared.events import AnyEvent, encode
from shared.memory import ViewRow
from shared.service import Fold, World, never_due
from shared.store import Conflict, view_document
from tests.unit.recipe.bench import ALL, CASE, GREETER, HOUR, Bench, done, greet, hasty, overdue, paused_and_resumed, report, upto
from tests.unit.recipe.engines import BROKEN, PARTITIONS, Collection, Dice, MemoryStore


async def test_nothing_is_said_while_catching_up_and_everything_after():
    bench = Bench()
    partition = bench.report()
    bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    assert bench.heard == []
    done(bench.recipe.sweep())
    assert [event.id for event in bench.heard] == [f"{CASE}/hello"]


async def test_a_silent_process_folds_and_says_nothing():
    bench = Bench()
    bench.recipe.silent = True
    partition = bench.report()
    bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    done(bench.recipe.sweep())
    done(bench.recipe.flush())
    assert bench.heard == []
    assert bench.store.tables["cases"].rows[CASE]["offset"] == 0


async def test_nothing_is_acknowledged_before_all_of_it_is_saved():
    bench = Bench()
    partition = bench.report()
    bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    flush = bench.recipe.flush()
    tables = bench.store.tables
    while not bench.acked:
        assert partition not in tables["progress"].rows or CASE in tables["cases"].rows
        assert CASE not in tables["cases"].rows or f"{partition}/all" in tables["all"].rows, "views first: a case says that they are saved"
        try:
            flush.send(None)
        except StopIteration:
            break
    assert bench.acked == [0]
    assert tables["progress"].rows[partition]["offset"] == 1


async def test_what_is_given_up_is_saved_but_not_acknowledged():
    bench = Bench()
    partition = bench.report()
    bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    done(bench.recipe.give_up([partition]))
    assert bench.acked == []
    assert CASE in bench.store.tables["cases"].rows
    assert (bench.recipe.held, bench.recipe.unacked) == ({}, 0)


async def test_a_step_whose_partition_was_lost_stores_and_acknowledges_nothing():
    bench = Bench()
    partition = bench.report()
    bench.hold(partition)
    step = bench.recipe.step(bench.line(partition))
    upto(step, 1)
    done(bench.recipe.give_up([partition]))
    again = bench.hold(partition)
    done(step)
    done(bench.recipe.flush())
    assert (again.cases, again.next, bench.acked) == ({}, 0, [])


async def test_a_message_that_is_not_the_next_one_waits_to_come_again():
    bench = Bench()
    partition = bench.report()
    bench.log.append(report())
    held = bench.hold(partition)
    first, second = bench.line(partition)
    done(bench.recipe.step([second]))
    assert (held.next, held.cases) == (0, {})
    done(bench.recipe.step([first, first, second, second]))
    done(bench.recipe.flush())
    assert bench.acked == [0, 1]
    assert bench.store.tables["all"].rows[f"{partition}/all"]["events"] == 2


async def test_what_a_case_has_seen_is_not_folded_again():
    bench = Bench()
    partition = bench.report()
    bench.log.append(report())
    bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    done(bench.recipe.give_up([partition]))
    held = bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)[:1]))
    assert held.cases[CASE].offset == 1
    assert held.dirty == {}


async def test_a_view_row_that_was_saved_before_a_crash_counts_nothing_twice():
    bench = Bench()
    partition = bench.report()
    bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    flush = bench.recipe.flush()
    while not bench.store.tables["all"].rows:
        flush.send(None)
    flush.close()  # before the case was saved
    assert bench.store.tables["cases"].rows == {}
    bench.log.append(report())
    after = bench.restarted()
    after.hold(partition)
    done(after.recipe.step(after.line(partition)))
    done(after.recipe.flush())
    assert bench.store.tables["all"].rows[f"{partition}/all"]["events"] == 2
    assert CASE in bench.store.tables["cases"].rows


async def test_a_partition_with_nothing_to_read_is_caught_up_by_the_timer():
    bench = Bench()
    held = bench.hold(0)
    done(bench.recipe.sweep())
    assert held.caught


async def test_an_unsaved_case_is_looked_at_though_it_is_saved_while_the_store_answers():
    bench = Bench()
    partition = bench.report()
    bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    sweep = bench.recipe.sweep()
    upto(sweep, 2)  # the store has read: it has not seen the case
    done(bench.recipe.flush())
    done(sweep)
    assert [event.id for event in bench.heard] == [f"{CASE}/hello"]


async def test_a_case_that_is_due_is_looked_at_though_it_is_saved_while_the_store_answers():
    bench = Bench()
    partition = bench.report()
    bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    done(bench.recipe.sweep())
    done(bench.recipe.step([bench.taken(partition, 1)]))
    bench.now += 2 * HOUR
    sweep = bench.recipe.sweep()
    upto(sweep, 2)
    done(bench.recipe.flush())
    done(sweep)
    bench.now += HOUR
    done(bench.recipe.sweep())
    assert {event.id for event in bench.heard} == {f"{CASE}/hello", f"{CASE}/later"}


async def test_a_fact_that_came_too_late_is_said_again_once_its_case_has_changed():
    bench = Bench(replace(GREETER, decide=overdue, due=never_due))
    bench.now += 9 * HOUR
    *before, paused, resumed = paused_and_resumed()
    for event in before:
        partition, _ = bench.log.append(event)
    bench.hold(partition, end=0)
    done(bench.recipe.sweep())
    done(bench.recipe.step(bench.line(partition)))
    said = bench.log.lines[partition].pop()  # a rival was faster
    bench.log.append(paused)
    bench.log.lines[partition].append(said)
    done(bench.recipe.step(bench.line(partition)[4:]))
    assert len(bench.heard) == 1, "while nothing has changed it is not said again"
    bench.log.append(resumed)
    done(bench.recipe.step(bench.line(partition)[6:]))
    assert [event.type for event in bench.heard] == ["deadline.missed", "deadline.missed"]


async def test_a_fact_that_had_no_effect_is_silenced_only_as_long_as_the_case_stays_at_its_version():
    bench = Bench(replace(GREETER, decide=hasty, due=never_due))
    *before, paused, _ = paused_and_resumed()
    for event in before:
        partition, _ = bench.log.append(event)
    bench.hold(partition, end=0)
    done(bench.recipe.sweep())
    done(bench.recipe.step(bench.line(partition)))
    done(bench.recipe.step(bench.line(partition)[4:]))  # the fact comes back and has no effect
    bench.log.append(greet(Case(id=CASE, status=Status.ACCEPTED), World(None), bench.now)[0])  # type: ignore[arg-type]
    done(bench.recipe.step(bench.line(partition)[5:]))
    assert len(bench.heard) == 1, "an addition does not move the case"
    bench.log.append(paused)
    done(bench.recipe.step(bench.line(partition)[6:]))
    assert len(bench.heard) == 2


@pytest.mark.parametrize("value", [b"{", None, encode(report("case-999"))])
async def test_a_bad_message_goes_aside_and_the_partition_goes_on(value: bytes | None):
    bench = Bench(replace(GREETER, keeps_dead=True))
    partition = bench.log.partition(CASE.encode())
    bench.log.put(partition, CASE.encode(), value)
    bench.report()
    held = bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    assert bench.log.dead == [(partition, 0, "decode")]
    assert held.next == 2
    assert CASE in held.cases


async def test_what_was_expected_of_a_case_is_forgotten_once_it_has_come_back():
    bench = Bench()  # a service that looks nowhere
    partition = bench.report()
    bench.hold(partition, end=0)
    done(bench.recipe.sweep())
    done(bench.recipe.step(bench.line(partition)))
    assert (list(bench.recipe.speaking.expected), len(bench.recipe.speaking.in_flight)) == ([CASE], 1)
    done(bench.recipe.step(bench.line(partition)[1:]))
    assert (bench.recipe.speaking.expected, bench.recipe.speaking.in_flight) == ({}, {})


async def test_what_was_expected_is_forgotten_too_when_the_fact_had_no_effect():
    bench = Bench(replace(GREETER, decide=hasty, due=never_due))
    *before, _, _ = paused_and_resumed()
    for event in before:
        partition, _ = bench.log.append(event)
    bench.hold(partition, end=0)
    done(bench.recipe.sweep())
    done(bench.recipe.step(bench.line(partition)))
    done(bench.recipe.step(bench.line(partition)[4:]))
    assert (bench.recipe.speaking.expected, bench.recipe.speaking.in_flight) == ({}, {})


async def test_the_reason_of_a_bad_message_names_the_field_and_keeps_what_it_holds_to_itself():
    bench = Bench()
    partition = bench.log.partition(CASE.encode())
    bench.log.put(partition, CASE.encode(), b'{"type": "note.added", "id": "n", "case_id": "c", "by": "13800001234", "at": "13800001234x"}')
    with pytest.raises(ValueError, match=r"note\.added\.text: Field required") as told:
        bench.recipe.folding.read(bench.taken(partition, 0))
    assert "13800001234" not in str(told.value)


async def test_a_message_in_the_partition_of_another_key_goes_aside():
    bench = Bench(replace(GREETER, keeps_dead=True))
    wrong = (bench.log.partition(CASE.encode()) + 1) % PARTITIONS
    bench.log.put(wrong, CASE.encode(), encode(report()))
    bench.hold(wrong)
    done(bench.recipe.step(bench.line(wrong)))
    assert bench.log.dead == [(wrong, 0, "decode")]


async def test_a_view_that_fails_on_an_event_puts_it_aside_and_goes_on():
    def fail(row: dict[str, Any] | None, key: str, fold: Fold, city: City) -> dict[str, Any]:
        raise RuntimeError("no")

    bench = Bench(replace(GREETER, projections=(replace(ALL, change=fail),)))
    partition = bench.report()
    held = bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    assert bench.log.dead == [(partition, 0, "project")]
    assert held.next == 1


async def test_a_decision_that_fails_parks_its_case_alone():
    def fail(case: Case, world: World, now: datetime) -> list[AnyEvent]:
        if case.id == CASE:
            raise RuntimeError("no")
        return greet(case, world, now)

    bench = Bench(replace(GREETER, decide=fail))
    for id in (CASE, "case-002", "case-003", "case-004"):
        bench.report(id)
    for partition in range(PARTITIONS):
        bench.hold(partition, end=0)
    done(bench.recipe.sweep())
    done(bench.recipe.step([taken for partition in range(PARTITIONS) for taken in bench.line(partition)]))
    assert {event.case_id for event in bench.heard} == {"case-002", "case-003", "case-004"}


async def test_two_writers_of_one_view_row_are_noticed():
    store = MemoryStore(Dice(random.Random(1), chaos=False))
    first, second = (view_document(0, "all", ViewRow({"events": n}, n)) for n in (1, 2))
    done(store.swap_rows("all", [(-1, first)]))
    with pytest.raises(Conflict):
        done(store.swap_rows("all", [(-1, first)]))
    with pytest.raises(Conflict):
        done(store.swap_rows("all", [(0, second)]))
    done(store.swap_rows("all", [(1, second)]))
    assert store.tables["all"].rows["0/all"] == second


async def test_an_older_case_never_replaces_a_newer_one():
    store = MemoryStore(Dice(random.Random(1), chaos=False))
    done(store.save_cases([{"_id": CASE, "offset": 5, "n": 1}]))
    done(store.save_cases([{"_id": CASE, "offset": 4, "n": 2}]))
    assert store.tables["cases"].rows[CASE]["n"] == 1
    done(store.save_cases([{"_id": CASE, "offset": 5, "n": 3}]))
    assert store.tables["cases"].rows[CASE]["n"] == 3


class Full(Collection):
    """A server whose disk is full."""

    def write(self, operation: Any) -> int:
        return BROKEN


async def test_an_error_of_the_store_ends_the_flush_with_nothing_acknowledged():
    bench = Bench()
    partition = bench.report()
    bench.hold(partition)
    done(bench.recipe.step(bench.line(partition)))
    bench.store.tables["cases"] = Full(bench.log.dice)
    with pytest.raises(BulkWriteError):
        done(bench.recipe.flush())
    assert bench.acked == []
    assert bench.store.tables["progress"].rows == {}
