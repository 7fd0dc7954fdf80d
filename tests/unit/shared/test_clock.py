"""The clock: real, fast, or driven by a file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared import clock
from shared.settings import Settings
from shared.surroundings import now_by

START = datetime(2026, 3, 2, tzinfo=UTC)


def test_the_real_clock_shows_utc():
    assert clock.real().tzinfo is UTC


def test_a_fast_clock_runs_faster_and_all_processes_agree_on_it():
    since = clock.real() - timedelta(seconds=10)
    shown = clock.fast(START, since, 3600)()
    assert timedelta(hours=10) <= shown - START < timedelta(hours=20)


def test_a_driven_clock_stands_still_until_it_is_driven(tmp_path: Path):
    file = tmp_path / "clock"
    clock.drive(file, START)
    now = clock.driven(file)
    assert now() == now() == START
    clock.drive(file, START + timedelta(days=9))
    assert now() == START + timedelta(days=9)


def test_the_settings_say_which_clock_it_is(tmp_path: Path):
    file = tmp_path / "clock"
    clock.drive(file, START)
    assert now_by(Settings(clock_file=file))() == START
    assert now_by(Settings(clock_start=START, clock_since=clock.real(), clock_speed=60))() < START + timedelta(days=1)
    assert now_by(Settings()) is clock.real
