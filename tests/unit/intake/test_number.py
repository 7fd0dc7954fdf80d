"""A number survives being read out, misheard and mistyped."""

from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.finding import number_in
from shared.events import NAMES
from shared.masking import mask
from shared.number import DIGITS, WrongCheckDigit, number_of, read_number, shown
from shared.problems import Problem

numbers = st.builds(number_of, st.text(min_size=1, max_size=32), st.integers(0, 5))


@given(numbers)
def test_a_number_has_eleven_digits_and_looks_like_no_telephone_number(number: str):
    assert len(number) == DIGITS
    assert number.isdigit()
    assert number[0] not in "01"


@given(numbers, st.sampled_from(["", " ", "-", "  ", "\u3000", "—"]))
def test_it_is_read_in_any_spacing(number: str, between: str):
    assert read_number(between.join(number)) == number
    assert read_number(shown(number)) == number
    assert read_number(" " + shown(number).replace(" ", between) + " ") == number


@given(numbers)
def test_it_is_read_in_full_width_digits(number: str):
    assert read_number("".join(chr(ord(digit) + 0xFEE0) for digit in number)) == number


@given(numbers, st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: str, place: int, more: int):
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    with pytest.raises(WrongCheckDigit):
        read_number(wrong)


@given(numbers, st.integers(0, DIGITS - 2))
def test_two_digits_that_changed_places_are_noticed(number: str, place: int):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(WrongCheckDigit):
            read_number(swapped)


def test_an_id_is_no_number():
    assert read_number(uuid5(NAMES, "x").hex) is None
    assert read_number("12345") is None
    assert read_number("") is None


def test_the_same_case_has_the_same_number_and_another_salt_another():
    assert number_of("A") == number_of("A")
    assert len({number_of("A", salt) for salt in range(100)}) == 100


def test_it_is_shown_in_three_groups():
    assert shown("38204719963") == "382 0471 9963"


@given(numbers)
def test_it_is_never_masked(number: str):
    for written in (number, shown(number), shown(number).replace(" ", "-")):
        for text in (f"编号 {written}，还没处理", f"电话里说的{written}", f"about case {written} please", f"call {written} now", written):
            assert mask(text, "zh") == text


def test_a_wrong_check_digit_is_a_fault_that_says_so():
    right = number_of("A")
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert number_in(shown(right)) == right
    with pytest.raises(Problem) as caught:
        number_in(shown(wrong))
    [fault] = caught.value.faults
    assert (caught.value.status, fault.field) == (422, "case_id")
    assert "check digit" in fault.en
    assert "校验位" in fault.zh
