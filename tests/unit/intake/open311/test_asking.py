"""What a list is asked for is read as the contract says, and whatever is wrong is named at once."""

from datetime import UTC, datetime, timedelta

import pytest

from services.intake.open311.asking import Asked, Span, read_list

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(microseconds=999_999)


def asked(**given: str) -> Asked:
    found = read_list(given, NOW)
    assert isinstance(found, Asked), found
    return found


def wrong(**given: str) -> set[str]:
    found = read_list(given, NOW)
    assert isinstance(found, list), found
    return {fault.field for fault in found}


def test_nothing_asked_is_the_last_90_days_and_a_thousand():
    found = asked()
    assert found.requested == Span(NOW - timedelta(days=90), NOW)
    assert (found.page, found.size, found.statuses, found.codes, found.extended) == (1, 1000, ("open", "closed"), (), False)


def test_empty_parameters_are_as_if_they_were_absent():
    assert asked(status="", start_date=" ", service_code=",", page="", bbox="") == asked()


def test_one_date_is_the_end_of_90_days():
    march = datetime(2026, 3, 1, tzinfo=UTC)
    january = datetime(2026, 1, 1, tzinfo=UTC)
    assert asked(start_date="2026-01-01T00:00:00Z").requested == Span(january, january + timedelta(days=90))
    assert asked(end_date="2026-03-01T00:00:00Z").requested == Span(march + SECOND - timedelta(days=90), march + SECOND)
    assert asked(start_date="2026-05-31T00:00:00Z").requested == Span(datetime(2026, 5, 31, tzinfo=UTC), NOW)


def test_both_bounds_are_within_to_the_second_that_is_told():
    found = asked(start_date="2026-03-01T00:00:00Z", end_date="2026-03-01T00:00:00Z").requested
    assert found == Span(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC) + SECOND)
    assert asked(start_date="2026-01-01T00:00:00Z", end_date="2026-04-01T00:00:00Z").requested


def test_a_plus_sign_that_arrives_as_a_blank_is_one():
    assert asked(start_date="2026-05-01T08:00:00 08:00") == asked(start_date="2026-05-01T00:00:00Z")


def test_a_window_of_changes_takes_the_place_of_the_window_of_reports():
    found = asked(updated_after="2026-05-31T00:00:00Z")
    assert (found.requested, found.updated) == (None, Span(datetime(2026, 5, 31, tzinfo=UTC), NOW))
    assert asked(updated_after="2026-05-31T00:00:00Z", start_date="2026-05-01T00:00:00Z").requested is not None


def test_lists_are_separated_by_commas():
    found = asked(status="closed,open", service_code="01002, 01037,01002", service_request_id="1,2", page="2", page_size="250")
    assert (found.statuses, found.codes, found.ids) == (("open", "closed"), ("01002", "01037"), ("1", "2"))
    assert (found.page, found.size) == (2, 250)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"start_date": "2026-01-01T00:00:00"}, {"start_date"}),
        ({"start_date": "yesterday", "end_date": "0001-01-01T00:00:00+23:00"}, {"start_date", "end_date"}),
        ({"start_date": "2026-05-02T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"}, {"end_date"}),
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-01T00:00:01Z"}, {"end_date"}),
        ({"status": "open,ajar"}, {"status"}),
        ({"page": "0", "page_size": "1001"}, {"page", "page_size"}),
        ({"page": "٣", "extensions": "yes"}, {"page", "extensions"}),
        ({"bbox": "1,2,3"}, {"bbox"}),
        ({"bbox": "nan,0,1,1"}, {"bbox"}),
        ({"bbox": "10,0,9,1"}, {"bbox"}),
        ({"service_request_id": ",".join(map(str, range(1001)))}, {"service_request_id"}),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, str], fields: set[str]):
    assert wrong(**given) == fields


def test_a_time_before_all_times_is_the_first():
    assert asked(end_date="0001-01-01T00:00:00Z").requested is not None
