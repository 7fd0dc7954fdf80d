"""A bulk file is read in whatever pieces it comes, and every row says what is wrong with it."""

import csv
import io
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.bulk import COLUMNS, MAX_RECORD, Records, Sheet, Unreadable, column_names, header_faults
from services.intake.report import ReportBody
from tests.unit.intake.village import HERE, NOON, VILLAGE

GOOD = {
    "service_request_id": "101",
    "requested_datetime": "2026-01-05T08:00:00Z",
    "description": "Lamp out",
    "lat": str(HERE.lat),
    "long": str(HERE.lon),
    "address": "1 Main Street",
    "service_name": "Street lamp",
    "source": "App",
}


def records(data: bytes, cuts: list[int] | None = None) -> list[list[str]]:
    reader, places = Records(), sorted({min(cut, len(data)) for cut in cuts or []} | {0, len(data)})
    found = [record for start, stop in pairwise(places) for record in reader.feed(data[start:stop])]
    return found + list(reader.feed(b"", last=True))


def read(**row: str) -> ReportBody | list[str]:
    told = {**GOOD, **row}
    body = Sheet(list(told), VILLAGE, NOON).read(list(told.values()))
    return body if isinstance(body, ReportBody) else [fault.field for fault in body]


FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff\r"), max_size=12)
TABLE = st.lists(st.lists(FIELD.map(lambda text: f"x{text}"), min_size=2, max_size=4), min_size=1, max_size=6)


@given(TABLE, st.lists(st.integers(0, 200), max_size=8), st.booleans(), st.sampled_from(["\r\n", "\n"]))
def test_records_are_the_same_wherever_the_bytes_are_cut(table: list[list[str]], cuts: list[int], marked: bool, end: str):
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=end).writerows(table)
    data = (b"\xef\xbb\xbf" if marked else b"") + written.getvalue().encode()
    assert records(data, cuts) == table


def test_the_last_line_needs_no_end_and_empty_lines_are_nothing():
    assert records(b"a,b\r\n\r\n , \n1,2") == [["a", "b"], ["1", "2"]]
    assert records(b"") == []


@pytest.mark.parametrize("data", [b'a,b\n1,"2\n3,4\n', b'"' + b"x" * 2 * MAX_RECORD, b"x" * 2 * MAX_RECORD, "路灯".encode("gb18030")])
def test_what_cannot_be_read_on_is_said(data: bytes):
    with pytest.raises(Unreadable) as caught:
        records(data)
    assert caught.value.fault.zh


def test_the_columns_of_the_standard_are_right_in_any_order():
    assert header_faults(COLUMNS) == []
    assert header_faults(column_names(["Description ", "LONG", "lat", "requested_datetime", "service_request_id"])) == []


def test_a_wrong_header_names_every_column_at_fault():
    faults = header_faults(["service_request_id", "colour", "lat", "lat", ""])
    assert [fault.field for fault in faults] == ["colour", "header", "lat", "requested_datetime", "description"]


def test_a_row_is_a_report():
    body = read()
    assert isinstance(body, ReportBody)
    assert (body.text, body.channel, body.category, body.source) == ("Lamp out", "import", "03001", "101")
    assert (body.location, body.address) == (HERE, "1 Main Street")
    assert body.reported_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert body.attributes == {"source": "App", "service_name": "Street lamp"}


def test_a_row_without_a_description_is_described_by_its_service():
    body = read(description="", service_subtype="Flickering")
    assert isinstance(body, ReportBody)
    assert body.text == "Street lamp: Flickering"


def test_a_service_of_others_is_left_for_triage():
    body = read(service_name="Schedule a Bulk Item Pickup")
    assert isinstance(body, ReportBody)
    assert body.category is None


def test_a_time_without_a_zone_is_on_the_clocks_of_the_city():
    body = read(requested_datetime="2026-01-05 08:00:00")
    assert isinstance(body, ReportBody)
    assert body.reported_at == datetime(2026, 1, 5, 0, tzinfo=UTC)


def test_a_row_may_have_no_place():
    body = read(lat="", long="", address="")
    assert isinstance(body, ReportBody)
    assert body.location is None


def test_faults_are_named_by_column_and_all_at_once():
    assert read(description="", service_name="", lat="north", long="", requested_datetime="2027-01-01T00:00:00Z") == [
        "description",
        "requested_datetime",
        "lat",
        "long",
    ]
    assert read(lat="95") == ["lat"]
    assert read(requested_datetime="soon") == ["requested_datetime"]


def test_a_row_of_another_length_is_a_fault():
    [fault] = Sheet(["description", "lat"], VILLAGE, NOON).read(["x"])
    assert (fault.field, fault.zh) == ("row", "应有2个字段，实有1个。")  # type: ignore[union-attr]
