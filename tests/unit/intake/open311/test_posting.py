"""A form becomes a report, or everything that is wrong with it is told at once, under the names of the form."""

from datetime import datetime

import pytest

from services.intake.open311.posting import Form, read_form
from services.intake.report import ReportBody
from shared.city import City

NOW = datetime.fromisoformat("2026-06-01T12:00:00+08:00")
PLACED = {"lat": "30.01", "long": "104.02"}


def filled(city: City, **fields: str | list[str]) -> ReportBody | list[str]:
    form: Form = {name: [value] if isinstance(value, str) else value for name, value in fields.items()}
    found = read_form(form, city.categories["01037"], city, "en", NOW)
    return found if isinstance(found, ReportBody) else sorted(fault.field for fault in found)


def body(found: ReportBody | list[str]) -> ReportBody:
    assert isinstance(found, ReportBody), found
    return found


def test_a_whole_form_is_a_report(demo_city: City):
    fields: dict[str, str | list[str]] = {
        "attribute[CONDITION]": "out",
        "attribute[NEAR][]": ["crossing", "stop"],
        "attribute[LAMPS]": "2",
        "attribute[OTHER]": "?",
    }
    found = body(
        filled(demo_city, description="灯不亮\n很黑", address_string="Gate 3", media_url="https://example.org/1.jpg", **PLACED, **fields)
    )
    assert (found.text, found.address, found.channel, found.category) == ("灯不亮\n很黑", "Gate 3", "open311", "01037")
    assert found.attributes == {"CONDITION": "out", "NEAR": "crossing, stop", "LAMPS": "2"}
    assert (found.location and found.location.lat, found.media) == (30.01, ("https://example.org/1.jpg",))


def test_only_a_photo_is_described_by_the_name_of_the_service(demo_city: City):
    assert body(filled(demo_city, **PLACED, **{"attribute[CONDITION]": "out"})).text == "Street light"


def test_an_address_id_is_a_place(demo_city: City):
    found = body(filled(demo_city, address_id="A-7", **{"attribute[CONDITION]": "out"}))
    assert (found.address, found.attributes["address_id"]) == ("A-7", "A-7")


def test_a_telephone_that_cannot_be_called_is_kept_as_written_and_no_fault(demo_city: City):
    told = {"first_name": "A", "last_name": "B", "phone": "1", "email": "somebody@example.org", "device_id": "d", "account_id": "a"}
    contact = body(filled(demo_city, **PLACED, **told, **{"attribute[CONDITION]": "out"})).contact
    assert contact is not None
    assert contact.model_dump(exclude_none=True) == {
        "name": "A B",
        "email": "somebody@example.org",
        "device": "d",
        "account": "a",
        "written": "1",
    }


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["attribute[CONDITION]", "lat"]),
        ({"lat": "30"}, ["attribute[CONDITION]", "long"]),
        ({"lat": "91", "long": "nan"}, ["attribute[CONDITION]", "lat", "long"]),
        ({**PLACED, "attribute[CONDITION]": "gone"}, ["attribute[CONDITION]"]),
        ({**PLACED, "attribute[CONDITION]": ["out", "rust"]}, ["attribute[CONDITION]"]),
        ({**PLACED, "attribute[CONDITION]": "out", "attribute[NEAR]": ["x", "y", "stop"]}, ["attribute[NEAR]", "attribute[NEAR]"]),
        ({**PLACED, "attribute[CONDITION]": "out", "attribute[LAMPS]": "inf"}, ["attribute[LAMPS]"]),
        ({**PLACED, "attribute[CONDITION]": "out", "attribute[SINCE]": "2026-01-01T00:00:00"}, ["attribute[SINCE]"]),
        ({**PLACED, "attribute[CONDITION]": "out", "attribute[POLE]": "a\nb"}, ["attribute[POLE]"]),
        ({**PLACED, "attribute[CONDITION]": "out", "attribute[POLE]": "a" * 501}, ["attribute[POLE]"]),
        ({**PLACED, "attribute[CONDITION]": "out", "description": "a" * 4001}, ["description"]),
        ({**PLACED, "attribute[CONDITION]": "out", "media_url": "no address"}, ["media_url"]),
    ],
)
def test_every_fault_is_named(demo_city: City, fields: dict[str, str | list[str]], wrong: list[str]):
    assert filled(demo_city, **fields) == wrong
