"""Files of recorded cases are read as their mapping says."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.replay.columns import MAPPINGS, Unreadable, read_layout, read_records

BOSTON = (
    "CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,OnTime_Status,CLOSURE_REASON,CASE_TITLE,"
    "SUBJECT,TYPE,Department,Location,LATITUDE,LONGITUDE,Source\n"
)
LATER = '2,07/01/2015 09:00:00 AM,,,,,Rats,Inspectional,"Rodent, Activity",ISD,,42.3,-71.1,Twitter\n'
EARLIER = (
    "1,01/16/2015 08:30:00 AM,01/20/2015 08:30:00 AM,01/16/2015 08:29:40 AM,OVERDUE,Done,Lamp,"
    "Public Works,Lights,PWDx,1 Main St,42.3,-71.1,Web\n"
)


def written(folder: Path, text: str, name: str = "cases.csv") -> Path:
    file = folder / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


def test_boston_times_are_local_with_summer_time(tmp_path: Path):
    _, [winter, summer] = read_records(written(tmp_path, BOSTON + LATER + EARLIER))
    assert winter.opened == datetime(2015, 1, 16, 13, 30, tzinfo=UTC)
    assert summer.opened == datetime(2015, 7, 1, 13, 0, tzinfo=UTC)


def test_cases_come_in_order_of_their_opening(tmp_path: Path):
    assert [record.id for record in read_records(written(tmp_path, BOSTON + LATER + EARLIER))[1]] == ["1", "2"]


def test_a_case_closed_before_it_was_opened_was_closed_at_its_opening(tmp_path: Path):
    _, [record] = read_records(written(tmp_path, BOSTON + EARLIER))
    assert record.closed == record.opened


def test_what_the_record_says_of_being_late_is_kept(tmp_path: Path):
    _, records = read_records(written(tmp_path, BOSTON + LATER + EARLIER))
    assert [record.overdue for record in records] == [True, None]


def test_a_gzipped_file_is_read_too(tmp_path: Path):
    assert len(read_records(written(tmp_path, BOSTON + EARLIER, "cases.csv.gz"))[1]) == 1


def test_georeport_bulk_is_understood(tmp_path: Path):
    header = "service_request_id,requested_datetime,closed_date,service_name,description\n"
    text = header + "7,2026-03-01T10:00:00+08:00,2026-03-02T02:00:00,Lamp,Dark\n"
    layout, [record] = read_records(written(tmp_path, text))
    assert (record.opened.isoformat(), record.category, record.location) == ("2026-03-01T02:00:00+00:00", "Lamp", None)
    assert (layout.zone, record.closed) == ("UTC", datetime(2026, 3, 2, 2, tzinfo=UTC))


def test_another_file_is_read_with_a_mapping(tmp_path: Path):
    mapping = tmp_path / "mine.toml"
    mapping.write_text('zone = "Asia/Shanghai"\ntimes = ["%d.%m.%Y %H:%M"]\n[columns]\nid = "nr"\nopened = "when"\ncategory = "what"\n')
    _, [record] = read_records(written(tmp_path, "nr,when,what\n9,01.02.2026 10:00,Lamp\n"), mapping)
    assert (record.opened, record.group, record.text) == (datetime(2026, 2, 1, 2, tzinfo=UTC), "not named", "Lamp")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "none of the known headers"),
        (BOSTON + "1,yesterday,,,,,,,,,,,,\n", "line 2"),
        (BOSTON + ",01/16/2015 08:30:00 AM,,,,,,,,,,,,\n", "needs an id"),
        (BOSTON + EARLIER + EARLIER, "more than once"),
    ],
)
def test_a_file_that_cannot_be_replayed_is_refused_with_a_sentence(tmp_path: Path, text: str, said: str):
    with pytest.raises(Unreadable, match=said):
        read_records(written(tmp_path, text))


def test_a_file_that_is_no_gzip_is_refused(tmp_path: Path):
    file = tmp_path / "cases.csv.gz"
    file.write_text("no")
    with pytest.raises(Unreadable):
        read_records(file)


@pytest.mark.parametrize("mapping", sorted(MAPPINGS.glob("*.toml")), ids=lambda file: file.stem)
def test_every_mapping_that_comes_along_is_valid(mapping: Path):
    assert read_layout(mapping).columns.id
