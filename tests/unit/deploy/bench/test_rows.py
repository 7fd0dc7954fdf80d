"""How many rows a flush saves, worked out from the log."""

from datetime import UTC, datetime

import pytest

from deploy.bench.city import bench_city
from deploy.bench.saves import folds_of, sample, saves_of
from deploy.bench.stored import Pattern, documents, patterns, sums, twins
from deploy.bench.watch import Seen, answers
from deploy.rebuild import service_of
from shared.case import Status
from shared.city import City
from shared.citypack import load_city
from shared.events import WorkCompleted, encode
from shared.service import World

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city(bench_city(tmp_path_factory.mktemp("bench") / "city"))


@pytest.fixture(scope="module")
def closed(city: City) -> list[Pattern]:
    return patterns(city, 20, NOW)


def seen_of(pattern: Pattern) -> list[Seen]:
    """The messages of a life, one a second."""
    events = [fold.event for fold in pattern.folds]
    return [Seen(float(n), 0, n, event.case_id.encode(), encode(event), event.model_dump(mode="json")) for n, event in enumerate(events)]


def test_a_flush_after_each_event_saves_the_case_each_time(closed: list[Pattern], city: City):
    seen = seen_of(closed[0])
    saves = saves_of(service_of("closure"), folds_of(seen), len(seen) - 1, city)
    assert saves.rows["cases"] == len(seen)
    assert saves.different == {"cases": 1, "progress": 1}


def test_one_flush_saves_the_case_once_and_each_line_of_its_history(closed: list[Pattern], city: City):
    seen = seen_of(closed[0])
    saves = saves_of(service_of("console"), folds_of(seen), 1, city)
    assert saves.rows["cases"] <= 2  # the last event may open another stretch
    assert saves.rows["timeline"] == len(seen)


def test_a_count_is_read_from_the_metrics_of_a_service():
    assert sample('cases_flush_seconds_count{service="triage"} 41.0\n', "cases_flush_seconds_count") == 41.0
    assert sample("", "cases_flush_seconds_count") == 0.0


def test_staff_accept_what_they_are_offered_and_complete_it_with_a_photo(closed: list[Pattern]):
    accepted, completed = answers(seen_of(closed[0]))
    assert (accepted.type, completed.type) == ("assignment.accepted", "work.completed")
    assert isinstance(completed, WorkCompleted)
    assert completed.media


def test_stored_cases_are_closed_and_no_service_has_anything_to_say_about_them(closed: list[Pattern], city: City):
    for name in ("intake", "triage", "dispatch", "closure"):
        service = service_of(name)
        for one in closed:
            assert one.case.status is Status.CLOSED
            assert service.decide(one.case, World(city), NOW) == []
            assert service.due(one.case, World(city), NOW) is None


def test_stored_cases_have_ids_numbers_and_histories_of_their_own(closed: list[Pattern], city: City):
    console = service_of("console")
    rows = [row for twin in twins(closed, 50, 12) for row in documents(console, twin, city)]
    cases = [row for name, row in rows if name == "cases"]
    lines = [row for name, row in rows if name == "timeline"]
    assert len({row["_id"] for row in cases}) == len({row["number"] for row in cases}) == 50
    assert len({row["_id"] for row in lines}) == len(lines)
    assert all(row["offset"] < -1 for _, row in rows)
    assert all(row["place"].startswith(tuple(case["_id"] for case in cases)) for row in lines)
    assert all(row["due_key"] is None and row["open_key"] is None for row in cases)


def test_the_rows_that_add_up_come_before_the_log(closed: list[Pattern], city: City):
    found = list(sums(service_of("console"), closed, 12, city))
    assert {name for name, _ in found} == {view.name for view in service_of("console").projections if not view.by_offset}
    assert all(row["offset"] < -1 for _, row in found)
