"""Names of photos and the links to them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.photos_links import LINK_SECONDS, STEP_SECONDS, Links, is_elsewhere, is_own, named

NAME = named(bytes(range(16)))
NOW = 1_772_400_000.0
LINKS = Links("https://photos.example.org/", "s" * 32)


def parts(link: str) -> tuple[str, int, str]:
    found = re.fullmatch(r"https://photos.example.org/photos/([a-z2-7]{26}\.jpg)(?:/thumb)?\?until=(\d+)&seal=([\w-]{22})", link)
    assert found, link
    return found[1], int(found[2]), found[3]


@given(st.binary(min_size=16, max_size=16))
def test_every_name_is_one_of_ours_and_another_for_other_dice(dice: bytes):
    assert is_own(named(dice))
    assert not is_elsewhere(named(dice))
    assert named(dice) != named(bytes([dice[0] ^ 1]) + dice[1:])


@pytest.mark.parametrize("name", ["", "a.jpg", NAME.upper(), f"../{NAME}", f"{NAME}\n", f" {NAME}", NAME.replace(".jpg", ".svg"), "photo"])
def test_what_is_no_name_of_ours_is_told(name: str):
    assert not is_own(name)
    assert not is_elsewhere(name)


def test_what_another_keeps_is_known_by_its_scheme():
    assert all(map(is_elsewhere, ("https://example.org/1.jpg", "record:101", "photo:1-2")))


def test_a_link_works_for_an_hour_and_is_the_same_for_ten_minutes():
    for link in (LINKS.photo(NAME, NOW), LINKS.thumb(NAME, NOW)):
        name, until, seal = parts(link)
        assert LINKS.holds(name, until, seal)
        assert LINK_SECONDS <= until - NOW <= LINK_SECONDS + STEP_SECONDS
    begin = NOW // STEP_SECONDS * STEP_SECONDS
    assert LINKS.photo(NAME, begin) == LINKS.photo(NAME, begin + STEP_SECONDS - 1) != LINKS.photo(NAME, begin + STEP_SECONDS)


def test_a_seal_holds_for_its_photo_time_and_secret_only():
    name, until, seal = parts(LINKS.photo(NAME, NOW))
    assert not LINKS.holds(named(bytes(16)), until, seal)
    assert not LINKS.holds(name, until + 1, seal)
    assert not LINKS.holds(name, until, seal[:-1] + "_")
    assert not LINKS.holds(name, until, "照片")
    assert not Links(LINKS.base, "t" * 32).holds(name, until, seal)


def test_without_a_secret_no_link_works():
    open_to_all = Links(LINKS.base, "")
    name, until, seal = parts(open_to_all.photo(NAME, NOW))
    assert not open_to_all.holds(name, until, seal)
