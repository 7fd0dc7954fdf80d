"""The OpenAPI document shows what may be sent, although intake checks it with words of its own."""

from services.intake.app import api, service
from services.intake.report import CHANNELS


def test_the_body_of_a_report_is_shown():
    paths = api.openapi()["paths"]
    shown = paths["/reports"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert shown["required"] == ["text"]
    assert tuple(shown["properties"]["channel"]["enum"]) == CHANNELS
    assert "text/csv" in paths["/reports/bulk"]["post"]["requestBody"]["content"]


def test_every_route_says_what_it_is_for():
    for path, calls in api.openapi()["paths"].items():
        assert all(call.get("description") for call in calls.values()), path


def test_a_case_is_indexed_by_its_number():
    assert ("number",) in service.indexes
