"""Chinese and English text is found without a text index."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.search import MOST_GRAMS, beginnings, gram_filter, grams, holds
from shared.case import Case

TEXT = "３号楼路灯不亮，Street LAMPS out again"


def found(text: str, sought: str) -> bool:
    """Whether the rows are asked so that this one is found, by each of the pieces, and it passes."""
    case = Case(id="a", text=text)
    asked: list[dict[str, Any]] = [gram_filter(piece)["grams"] for piece in beginnings(sought)]
    candidate = all(
        set(one["$in"]) & set(grams(case)) if "$in" in one else any(re.search(one["$regex"], gram) for gram in grams(case)) for one in asked
    )
    if holds(case, sought):
        assert candidate, "a match that the rows do not lead to"
    return bool(asked) and candidate and holds(case, sought)


@pytest.mark.parametrize("sought", ["路灯", "灯", "亮", "3号", "号楼路灯", "lamps", "LAMP", "street 路灯", "ｏｕｔ", "不亮 again"])
def test_finds(sought: str):
    assert found(TEXT, sought)


@pytest.mark.parametrize("sought", ["灯路", "楼亮", "amps", "streets", "路灯 gas", "?", "灯笼"])
def test_does_not_find(sought: str):
    assert not found(TEXT, sought)


def test_number_and_address_are_searched_too():
    case = Case(id="a", number="2603-0042-7", address="幸福路 8 号", text="x")
    assert holds(case, "0042")
    assert holds(case, "幸福路")


@given(st.text("路灯不亮a b1，", min_size=1, max_size=40), st.data())
def test_every_piece_of_a_text_that_begins_where_a_word_begins_is_found(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : data.draw(st.integers(start + 1, len(text)))]
    inside = bool(re.match(r"[a-z0-9]", piece)) and start > 0 and bool(re.match(r"[a-z0-9]", text[start - 1]))
    if beginnings(piece) and not inside:
        assert found(text, piece)


def test_a_long_text_has_no_more_than_its_share_of_pieces():
    text = "".join(chr(0x4E00 + n) for n in range(4000))
    assert len(grams(Case(id="a", text=text))) == MOST_GRAMS
