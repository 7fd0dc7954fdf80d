"""Two notations of one structure: whatever it holds, they say the same, and both can be read."""

import string
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.intake.open311.formats import to_json, to_xml
from tests.unit.intake.open311.xml import read

TEXTS = (
    st.none()
    | st.text(max_size=40)
    | st.sampled_from(["井盖\r\n坏了", "a & b <c>", "\x00\x0b\x1f", "]]>", "\ud800 alone", "  ", "😀", "\x85", "007"])
)
PLACES = st.none() | st.floats(-180, 180)
REQUESTS = st.lists(
    st.fixed_dictionaries(
        {
            "service_request_id": st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=12),
            "description": TEXTS,
            "address": TEXTS,
            "lat": PLACES,
            "long": PLACES,
            "notes": st.lists(st.fixed_dictionaries({"datetime": TEXTS, "description": TEXTS}), max_size=2),
        }
    ),
    max_size=3,
)


@given(REQUESTS)
def test_both_notations_hold_the_same(told: list[dict[str, Any]]):
    assert read(to_xml("service_requests", told)) == orjson.loads(to_json(told))


def test_a_list_stays_a_list_with_one_item_and_with_none():
    assert to_json([]) == b"[]"
    assert to_xml("service_requests", []).endswith(b"<service_requests/>")
    assert to_json([{"code": "007", "values": []}]) == b'[{"code":"007","values":[]}]'
    xml = to_xml("services", [{"service_code": "007", "metadata": False, "keywords": None}])
    assert xml.endswith(b"<services><service><service_code>007</service_code><metadata>false</metadata><keywords/></service></services>")


def test_what_xml_cannot_hold_is_in_neither_notation():
    assert to_json({"description": "a\x00b\r\nc\ufffe"}) == b'{"description":"ab\\nc"}'
    assert to_xml("request", {"description": "a\x00b\r\nc\ufffe"}).endswith(b"<request><description>ab\nc</description></request>")
