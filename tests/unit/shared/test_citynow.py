"""A changed pack is taken up without a restart, a faulty one is not, and open cases are looked at again."""

import asyncio
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.case import Case, Status
from shared.city import City
from shared.citynow import Cities, take_up_changes
from shared.citypack import CityInvalid, city_folder
from shared.events import AnyEvent, NoteAdded
from shared.service import Fields, Service, World, never_due
from tests.eventually import it_holds
from tests.unit.recipe.bench import CASE, Bench, done
from tests.unit.recipe.engines import PARTITIONS


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return shutil.copytree(city_folder("demo"), tmp_path / "pack")


def offers(pack: Path, most: object) -> None:
    file = pack / "city.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(f"max_offers = {most}" if line.startswith("max_offers") else line for line in lines), encoding="utf-8")


def test_files_that_have_not_changed_are_not_read(pack: Path) -> None:
    cities = Cities(pack)
    (pack / "notes.txt").write_text("not of the pack")
    assert [cities.newer(), cities.newer(), cities.newer()] == [None] * 3


def test_a_changed_pack_is_read_once_it_lies_still(pack: Path) -> None:
    cities = Cities(pack)
    offers(pack, 40)
    assert cities.newer() is None, "somebody may still be writing"
    offers(pack, 41)
    assert cities.newer() is None
    city = cities.newer()
    assert city is not None
    assert (city.max_offers, cities.now.max_offers) == (41, 3), "it is not in force before somebody says so"
    assert cities.newer() is None


def test_what_was_learned_is_taken_up_too(pack: Path) -> None:
    cities = Cities(pack)
    (pack / "models" / "triage.bin").write_bytes(b"1")
    cities.newer()
    city = cities.newer()
    assert city is not None
    assert city.learned["triage.bin"] == b"1"


def test_the_same_rules_written_anew_are_the_same_city(pack: Path) -> None:
    cities = Cities(pack)
    (pack / "city.toml").touch()
    assert [cities.newer(), cities.newer()] == [None] * 2


def test_a_faulty_pack_is_told_once_and_the_old_one_goes_on(pack: Path) -> None:
    cities = Cities(pack)
    offers(pack, -1)
    cities.newer()
    with pytest.raises(CityInvalid):
        cities.newer()
    assert (cities.newer(), cities.now.max_offers, cities.faults) == (None, 3, 1)
    shutil.copy(city_folder("demo") / "city.toml", pack)
    assert [cities.newer(), cities.newer()] == [None] * 2
    assert cities.faults == 0, "the pack is as it was"


def test_a_missing_file_is_a_fault_and_no_end(pack: Path) -> None:
    cities = Cities(pack)
    (pack / "staff.csv").unlink()
    cities.newer()
    with pytest.raises(CityInvalid):
        cities.newer()


async def test_a_good_pack_is_in_force_after_a_faulty_one(pack: Path) -> None:
    cities = Cities(pack)
    bench = Bench()
    task = asyncio.create_task(take_up_changes(cities, bench.recipe, every=0.01))
    try:
        offers(pack, -1)
        await it_holds(lambda: cities.faults == 1)
        offers(pack, 5)
        await it_holds(lambda: cities.now.max_offers == 5)
        assert cities.faults == 0
    finally:
        task.cancel()


# -- looking again


def doubt(case: Case, world: World, now: datetime) -> list[AnyEvent]:
    """Say once a version that there is another city."""
    note = NoteAdded.of(case, at=now, by="dispatch", id=f"{case.id}/{world.city.version}", text="looked")
    return [note] if case.status is Status.REPORTED and note.id not in case.ids and world.city.max_offers > 3 else []


def offered(case: Case, city: City) -> Fields:
    return {"offers": city.max_offers}


DOUBTER = Service("dispatch", views=1, decide=doubt, due=never_due, fields=offered)


class TwoCities(Bench):
    """A process whose city can be replaced."""

    def __init__(self, city: City, **more: Any) -> None:
        super().__init__(DOUBTER, **more)
        self.city = city
        for part in (self.recipe, self.recipe.folding, self.recipe.speaking):
            part.city = lambda: self.city

    def begun(self, version: str | None) -> None:
        """Hold all partitions, last looked at under `version`, and fold what there is."""
        for partition in range(PARTITIONS):
            self.hold(partition).city = version
            done(self.recipe.step(self.line(partition)))
        done(self.recipe.sweep())

    def read_again(self) -> int:
        """Look again until nothing is left; return the number of turns."""
        turns = 1
        while done(self.recipe.reconsider()):
            turns += 1
        return turns


@pytest.fixture
def other(demo_city: City) -> City:
    return demo_city.model_copy(update={"version": "other", "max_offers": 9})


async def test_settled_cases_are_looked_at_again_and_saved_anew_under_another_pack(demo_city: City, other: City) -> None:
    bench = TwoCities(demo_city)
    for n in range(500):
        bench.report(f"case-{n:03d}")
    bench.begun(demo_city.version)
    done(bench.recipe.flush())
    assert (bench.heard, bench.read_again()) == ([], 1)
    bench.city = other
    assert bench.read_again() > PARTITIONS, "some at a time"
    assert {event.case_id for event in bench.heard} == {f"case-{n:03d}" for n in range(500)}
    done(bench.recipe.flush())
    tables = bench.store.tables
    assert {row["offers"] for row in tables["cases"].rows.values()} == {9}
    assert {row["city"] for row in tables["progress"].rows.values()} == {"other"}
    assert bench.read_again() == 1
    assert len(bench.heard) == 500


async def test_what_is_not_saved_yet_is_looked_at_again_too(demo_city: City, other: City) -> None:
    bench = TwoCities(demo_city)
    bench.report(CASE)
    bench.begun(demo_city.version)
    bench.city = other
    bench.read_again()
    assert [event.case_id for event in bench.heard] == [CASE]


async def test_a_pack_that_changed_while_no_process_ran_is_noticed_at_the_start(demo_city: City, other: City) -> None:
    before = TwoCities(demo_city)
    before.report(CASE)
    before.begun(demo_city.version)
    done(before.recipe.flush())
    after = TwoCities(other, log=before.log, store=before.store)
    for partition, row in before.store.tables["progress"].rows.items():
        held = after.hold(partition)
        held.next, held.folded_to, held.city = row["offset"], row["offset"], row["city"]
    done(after.recipe.sweep())
    assert after.heard == [], "a settled case is not looked at when a process starts"
    after.read_again()
    assert [event.case_id for event in after.heard] == [CASE]


async def test_a_silent_process_does_not_look_again(demo_city: City, other: City) -> None:
    bench = TwoCities(demo_city)
    bench.recipe.silent = True
    bench.report(CASE)
    bench.begun(demo_city.version)
    bench.city = other
    assert not done(bench.recipe.reconsider())
    assert bench.heard == []
