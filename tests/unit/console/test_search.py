"""Chinese and English text is found without a text index."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.search import MOST_GRAMS, grams, holds, runs, sought
from shared.case import Case

TEXT = "３号楼路灯不亮，Street LAMPS out again"


def found(text: str, asked: str) -> bool:
    """Whether the rows are asked so that this one is found, by each of the pieces, and it passes."""
    case = Case(id="a", text=text)
    candidate = set(sought(asked)) <= set(grams(case))
    if holds(case, asked):
        assert candidate, "a match that the rows do not lead to"
    return bool(runs(asked)) and candidate and holds(case, asked)


@pytest.mark.parametrize("asked", ["路灯", "灯", "亮", "3号", "号楼路灯", "lamps", "LAMP", "street 路灯", "ｏｕｔ", "不亮 again"])
def test_finds(asked: str):
    assert found(TEXT, asked)


@pytest.mark.parametrize("asked", ["灯路", "楼亮", "amps", "lam", "stree ts", "路灯 gas", "?", "灯笼"])
def test_does_not_find(asked: str):
    assert not found(TEXT, asked)


def test_number_and_address_are_searched_too():
    case = Case(id="a", number="2603-0042-7", address="幸福路 8 号", text="x")
    assert holds(case, "0042")
    assert holds(case, "幸福路")


@given(st.text("路灯不亮a b1，", min_size=1, max_size=40), st.data())
def test_whatever_is_cut_between_words_or_from_han_characters_is_found(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    in_a_word = [bool(re.fullmatch("[a-z0-9]{2}", text[max(0, at - 1) : at + 1])) for at in (start, end)]
    if runs(text[start:end]) and not any(in_a_word):
        assert found(text, text[start:end])


def test_a_long_text_has_no_more_than_its_share_of_pieces():
    text = "".join(chr(0x4E00 + n) for n in range(4000))
    assert len(grams(Case(id="a", text=text))) == MOST_GRAMS
