"""The clock of a demo begins at midnight of the city, goes on from what a folder has seen, and is read by the services as it is shown."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.demo.pace import Pace, midnight
from shared.clock import driven

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def test_without_a_speed_it_jumps_and_all_readers_see_it(tmp_path: Path):
    start = midnight(SHANGHAI, tmp_path / "clock")
    pace = Pace(tmp_path / "clock", start, None)
    read = driven(tmp_path / "clock")
    assert read() == start == datetime(2026, 3, 8, 16, tzinfo=UTC)
    await pace.to(start + timedelta(days=3))
    assert read() == pace.now == start + timedelta(days=3)


async def test_it_never_goes_back(tmp_path: Path):
    pace = Pace(tmp_path / "clock", datetime(2026, 3, 9, tzinfo=UTC), None)
    await pace.to(datetime(2026, 3, 8, tzinfo=UTC))
    assert pace.now == datetime(2026, 3, 9, tzinfo=UTC)


async def test_with_a_speed_it_goes_no_faster(tmp_path: Path):
    start = datetime(2026, 3, 9, tzinfo=UTC)
    pace = Pace(tmp_path / "clock", start, 1000.0)
    await pace.to(start + timedelta(seconds=20))
    assert pace.now == start + timedelta(seconds=20)
    await pace.to(start + timedelta(days=9))
    assert pace.now < start + timedelta(hours=1)


def test_a_folder_that_was_used_goes_on_at_a_later_midnight_of_the_same_weekday(tmp_path: Path):
    Pace(tmp_path / "clock", datetime(2026, 3, 14, 12, tzinfo=UTC), None)
    later = midnight(SHANGHAI, tmp_path / "clock").astimezone(SHANGHAI)
    assert (later.isoweekday(), later.hour, later.minute) == (1, 0, 0)
    assert later.date().isoformat() == "2026-03-16"
