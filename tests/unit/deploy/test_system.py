"""Ports, editions and logs of a system, and what it refuses before anything starts."""

import socket
from pathlib import Path

import pytest

from deploy import running
from deploy.system import SERVICES, NotStarted, System, editions_of, ports_of, rotate
from shared.citypack import CityInvalid
from shared.settings import Settings


def silent(_: str) -> None:
    return


def test_the_services_follow_the_console_and_further_processes_follow_them():
    ports = ports_of({"triage": 2, "closure": 3}, 8000)
    assert ports == {
        "console": 8000, "intake": 8001, "triage": 8002, "dispatch": 8003, "closure": 8004,
        "triage-2": 8005, "closure-2": 8006, "closure-3": 8007,
    }  # fmt: skip


def test_a_service_can_be_left_out_and_the_others_keep_their_ports():
    assert ports_of({"intake": 0}, 8000) == {"console": 8000, "triage": 8002, "dispatch": 8003, "closure": 8004}


def test_without_a_port_all_are_free_and_different():
    assert len(set(ports_of({}, None).values())) == len(SERVICES)


def test_a_service_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no service triag"):
        ports_of({"triag": 2}, None)


def test_the_services_are_told_where_each_of_them_is(tmp_path: Path):
    system = System(tmp_path, port=9000, environment={"GRIDCASE_SWEEP_SECONDS": "0.1"}, say=silent)
    assert system.urls["closure"] == system.settings["GRIDCASE_CLOSURE_URL"] == "http://127.0.0.1:9004"
    assert system.settings["GRIDCASE_SWEEP_SECONDS"] == "0.1"
    assert {name.removeprefix("GRIDCASE_").lower() for name in system.settings} <= Settings.model_fields.keys()


def test_a_port_in_use_is_named_before_anything_starts(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        base = taken.getsockname()[1] - 2
        system = System(tmp_path, port=base, say=silent)
        with pytest.raises(NotStarted, match=rf"port .*{base + 2} \(triage\)"):
            system.start()
    assert list(tmp_path.iterdir()) == []


def test_a_city_that_cannot_be_read_is_refused_before_anything_starts(tmp_path: Path):
    with pytest.raises(CityInvalid, match="nowhere"):
        System(tmp_path, city="nowhere", say=silent).start()
    assert list(tmp_path.iterdir()) == []


def test_editions_are_named_by_service():
    assert editions_of(["triage=r2026", "console=r7"]) == {"triage": "r2026", "console": "r7"}


@pytest.mark.parametrize("said", [["triage"], ["nobody=r1"], ["triage=r1", "triage=r2"]])
def test_a_wrong_edition_is_refused(said: list[str]):
    with pytest.raises(NotStarted, match="--edition"):
        editions_of(said)


def test_a_large_log_is_put_aside_and_a_small_one_is_not(tmp_path: Path):
    large, small = tmp_path / "large.log", tmp_path / "small.log"
    large.touch()
    with large.open("r+b") as opened:
        opened.truncate(20_000_001)
    small.write_text("kept")
    for log in (large, small, tmp_path / "absent.log"):
        rotate(log)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["large.log.1", "small.log"]


def test_a_running_system_is_found_in_its_folder_until_it_stops(tmp_path: Path):
    running.tell(tmp_path, {"GRIDCASE_KAFKA": "127.0.0.1:1"}, {"console": "http://127.0.0.1:2"})
    found = running.running_in(tmp_path)
    assert found is not None
    assert found.settings == {"GRIDCASE_KAFKA": "127.0.0.1:1"}
    running.forget(tmp_path)
    assert running.running_in(tmp_path) is None


def test_a_system_that_was_killed_is_not_found(tmp_path: Path):
    none = 2**22 + 1  # above the largest process id
    (tmp_path / running.FILE).write_text(running.Running(pid=none, settings={}, urls={}).model_dump_json())
    assert running.running_in(tmp_path) is None


def test_what_another_process_tells_of_itself_is_left_alone(tmp_path: Path):
    (tmp_path / running.FILE).write_text(running.Running(pid=1, settings={}, urls={}).model_dump_json())
    running.forget(tmp_path)
    assert running.running_in(tmp_path) is not None
