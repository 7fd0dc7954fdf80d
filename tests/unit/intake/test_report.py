"""A report becomes a fact without personal data, or a list of all of its faults."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.report import (
    CHANNELS,
    FREE,
    ReportBody,
    case_id_of,
    meaning_of,
    near_names,
    read_report,
    reported,
    token_of,
)
from shared.events import MAX_TEXT, CaseReported, decode, encode
from shared.problems import Fault
from tests.unit.intake.village import HERE, NOON, NOWHERE, VILLAGE

PLACE = {"lat": HERE.lat, "lon": HERE.lon}


def read(**raw: Any) -> ReportBody | list[Fault]:
    return read_report({"text": "灯坏了", "location": PLACE, **raw}, VILLAGE, NOON)


def good(**raw: Any) -> ReportBody:
    body = read(**raw)
    assert isinstance(body, ReportBody), body
    return body


def fields_at_fault(**raw: Any) -> list[str]:
    faults = read(**raw)
    assert isinstance(faults, list), faults
    assert all(fault.en and fault.zh for fault in faults)
    return [fault.field for fault in faults]


def fact(body: ReportBody) -> CaseReported:
    return reported(body, case_id="A", number="38204719963", token="T", by="resident", now=NOON)


def test_text_and_place_are_enough():
    body = good()
    assert (body.channel, body.location) == ("web", HERE)


def test_an_address_is_a_place():
    assert good(location=None, address="建设路3号").address == "建设路3号"


def test_all_faults_are_said_at_once_each_with_its_field():
    raw = {
        "text": "  ",
        "channel": "pigeon",
        "language": "fr",
        "category": "gas",
        "attributes": {"a b": "x", "long": "x" * 501},
        "contact": {"phone": "12", "email": "nobody"},
        "reported_at": "yesterday",
        "location": {"lat": 91},
        "colour": "red",
    }
    assert fields_at_fault(**raw) == [
        "text",
        "channel",
        "language",
        "category",
        "attributes.a b",
        "attributes.long",
        "contact.phone",
        "contact.email",
        "reported_at",
        "location.lat",
        "location.lon",
        "colour",
    ]


def test_what_is_no_object_is_one_fault():
    [fault] = read_report(["灯坏了"], VILLAGE, NOON)
    assert isinstance(fault, Fault)
    assert fault.field == "body"


def test_a_missing_text_is_a_fault():
    faults = read_report({"location": PLACE}, VILLAGE, NOON)
    assert faults == [Fault(field="text", en="This is needed.", zh="此项必填。")]


@pytest.mark.parametrize("channel", CHANNELS)
def test_only_channels_without_a_form_may_come_without_a_place(channel: str):
    if channel in FREE:
        assert good(location=None, channel=channel).location is None
    else:
        assert fields_at_fault(location=None, channel=channel) == ["location"]


def test_a_missing_place_is_said_beside_the_other_faults():
    assert fields_at_fault(location=None, text="", channel="app") == ["text", "location"]


def test_a_default_coordinate_is_no_place():
    nowhere = {"lat": NOWHERE.lat, "lon": NOWHERE.lon}
    assert fields_at_fault(location=nowhere) == ["location"]
    assert good(location=nowhere, address="建设路3号").location == NOWHERE


def test_text_is_measured_after_it_is_trimmed():
    assert good(text="  " + "灯" * MAX_TEXT + "\n").text == "灯" * MAX_TEXT
    assert fields_at_fault(text="灯" * (MAX_TEXT + 1)) == ["text"]


def test_what_no_reader_can_show_is_left_out():
    assert good(text="灯\x00坏\ud800了\x1b[1m").text == "灯坏了[1m"
    assert fields_at_fault(text="\x00\ud800 ") == ["text"]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), "north", None])
def test_a_place_needs_numbers(number: object):
    assert fields_at_fault(location={"lat": number, "lon": 1}) == ["location.lat"]


def test_an_unknown_category_is_a_fault_that_names_near_ones():
    [fault] = read_report({"text": "x", "location": PLACE, "category": "street lamps"}, VILLAGE, NOON)
    assert isinstance(fault, Fault)
    assert "03001 路灯 / Street lamp" in fault.en
    assert "03001" in fault.zh


@pytest.mark.parametrize("written", ["03010", "路灯坏了", "灯不亮", "LAMP", "３００１"])
def test_near_names_are_found_by_code_name_and_word(written: str):
    assert near_names(written, VILLAGE)[0].startswith("03001")


def test_there_may_be_no_near_name():
    assert near_names("zzzzzz", VILLAGE) == []
    assert near_names("", VILLAGE) == []


def test_a_known_category_is_kept_and_an_empty_one_is_none():
    assert good(category="03001").category == "03001"
    assert good(category="").category is None


def test_a_late_entry_keeps_its_time():
    body = good(reported_at=(NOON - timedelta(hours=3)).isoformat())
    assert (fact(body).at, fact(body).late) == (NOON - timedelta(hours=3), True)
    assert (fact(good()).at, fact(good()).late) == (NOON, False)


def test_the_future_is_a_fault_but_a_fast_clock_is_forgiven():
    assert fields_at_fault(reported_at=(NOON + timedelta(minutes=1)).isoformat()) == ["reported_at"]
    assert good(reported_at=(NOON + timedelta(seconds=3)).isoformat()).reported_at == NOON


@pytest.mark.parametrize("at", ["2026-01-06T08:00:00", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00", "soon"])
def test_a_time_without_a_zone_or_sense_is_a_fault(at: str):
    assert fields_at_fault(reported_at=at) == ["reported_at"]


def test_contact_is_checked_and_written_in_one_form():
    contact = good(contact={"name": " 张  三 ", "phone": "138 0013 8000", "email": "a.b@qq.com"}).contact
    assert contact is not None
    assert (contact.name, contact.phone, contact.email) == ("张 三", "+8613800138000", "a.b@qq.com")


@pytest.mark.parametrize(
    ("phone", "called"),
    [("010-62345678", "+861062345678"), ("+1 617 253 0000", "+16172530000"), ("１３８００１３８０００", "+8613800138000")],
)
def test_telephones_of_the_city_and_of_elsewhere_are_understood(phone: str, called: str):
    contact = good(contact={"phone": phone}).contact
    assert contact is not None
    assert contact.phone == called


@pytest.mark.parametrize(
    "contact", [{"phone": "12345678901234567"}, {"phone": "abc"}, {"email": "a@b"}, {"email": "a b@c.cn"}, {"fax": "1"}]
)
def test_a_contact_that_cannot_be_used_is_a_fault(contact: dict[str, str]):
    assert fields_at_fault(contact=contact) == [f"contact.{next(iter(contact))}"]


def test_no_personal_data_enters_the_fact():
    body = good(
        text="打我电话13812345678",
        address="建设路3号，收件13812345678",
        attributes={"note": "a@b.com"},
        contact={"name": "张三", "phone": "13800138000", "email": "z@qq.com"},
    )
    raw = encode(fact(body)).decode()
    assert not any(secret in raw for secret in ("138", "a@b", "z@qq", "张三"))
    assert (fact(body).text, fact(body).address, fact(body).attributes) == (
        "打我电话[电话]",
        "建设路3号，收件[电话]",
        {"note": "[邮箱]"},
    )
    assert decode(encode(fact(body))) == fact(body)


def test_the_language_is_the_texts_unless_it_is_said():
    assert fact(good(text="The lamp is out")).language == "en"
    assert fact(good(text="灯 lamp")).language == "zh"
    assert fact(good(text="灯坏了", language="en")).language == "en"
    assert fact(good(text="call 555-0123 please")).text == "call [phone] please"


def test_the_same_key_or_source_means_the_same_case():
    body = good(source="msg-1")
    assert meaning_of(body, "bridge", "k1", keyed=False) == meaning_of(body, "bridge", "k2", keyed=False)
    assert meaning_of(body, "bridge", "k1", keyed=True) == "k1"
    assert meaning_of(good(), "bridge", "k1", keyed=False) == "k1"


def test_a_source_is_known_within_its_caller_and_channel():
    chat, sms = good(source="1", channel="chat"), good(source="1", channel="sms")
    meanings = {meaning_of(body, by, "k", keyed=False) for body in (chat, sms) for by in ("a", "b")}
    assert len(meanings) == 4


def test_case_and_contact_have_ids_of_their_own():
    assert len({case_id_of("m"), token_of("m"), "m"}) == 3
    assert fact(good()).id == fact(good(text="anders")).id
