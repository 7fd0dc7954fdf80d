"""What is made once for a crowd, and the feed of what was published."""

import asyncio
from xml.etree.ElementTree import fromstring

import pytest

from services.console.public.feed import ATOM, feed
from services.console.public.kept import Kept
from services.console.public.serving import Publication, number_in
from shared.number import number_of, shown
from shared.problems import Problem
from tests.unit.console.histories import HOUR, MONDAY

pytestmark = pytest.mark.asyncio


class Making:
    """Counts how often something is made; fails the first time if it is to."""

    def __init__(self, failing: bool = False) -> None:
        self.made, self.failing = 0, failing

    async def __call__(self) -> int:
        self.made += 1
        await asyncio.sleep(0)
        if self.failing and self.made == 1:
            raise ValueError("not this time")
        return self.made


async def test_a_crowd_that_asks_at_once_is_answered_by_one_making():
    making, kept = Making(), Kept[int]()
    assert await asyncio.gather(*(kept.get("a", making) for _ in range(100))) == [1] * 100


async def test_it_is_made_again_when_its_time_is_over():
    making, kept = Making(), Kept[int](seconds=-1)
    assert [await kept.get("a", making), await kept.get("a", making)] == [1, 2]


async def test_what_failed_is_not_kept():
    making, kept = Making(failing=True), Kept[int]()
    with pytest.raises(ValueError, match="not this time"):
        await kept.get("a", making)
    assert await kept.get("a", making) == 2


async def test_somebody_who_goes_away_takes_nothing_from_the_others():
    making, kept = Making(), Kept[int]()
    gone = asyncio.ensure_future(kept.get("a", making))
    await asyncio.sleep(0)
    gone.cancel()
    assert await kept.get("a", making) == 1


async def test_no_more_is_kept_than_there_is_room_for():
    kept = Kept[int](most=2)
    for key in "abc":
        await kept.get(key, Making())
    assert list(kept.made) == ["b", "c"]


async def test_a_number_is_read_in_whatever_groups_and_width():
    digits = number_of("a")
    wide = "".join(chr(ord("０") + int(digit)) for digit in digits)
    assert {number_in(written) for written in (digits, shown(digits), shown(digits).replace(" ", "-"), wide)} == {digits}


async def test_one_wrong_digit_is_found():
    digits = number_of("a")
    with pytest.raises(Problem) as refused:
        number_in(digits[:-1] + str((int(digits[-1]) + 1) % 10))
    assert refused.value.status == 422


@pytest.mark.parametrize(("written", "status"), [("2 0471", 404), ("case-1", 404), ("", 404)])
async def test_what_is_no_number_is_said_to_be_none(written: str, status: int):
    with pytest.raises(Problem) as refused:
        number_in(written)
    assert refused.value.status == status


async def test_the_feed_has_an_entry_for_each_publication_and_escapes_its_text():
    one = Publication(
        number="382 0471 9963", category="Street lamp", grid="g1", place="Grid 1", final=True, at=MONDAY, text="<b>done</b> & checked"
    )
    root = fromstring(feed([one], "Small town", "en", "http://here", "/public/feed.xml", MONDAY + HOUR))
    assert root.findtext(f"{{{ATOM}}}updated") == MONDAY.isoformat()
    [entry] = root.findall(f"{{{ATOM}}}entry")
    assert entry.findtext(f"{{{ATOM}}}title") == "Street lamp · Grid 1"
    assert entry.findtext(f"{{{ATOM}}}content") == "<b>done</b> & checked"
    assert entry.find(f"{{{ATOM}}}link").get("href") == "http://here/public/38204719963"  # type: ignore[union-attr]


async def test_a_feed_of_nothing_is_a_feed():
    root = fromstring(feed([], "Small town", "en", "http://here", "/public/feed.xml", MONDAY))
    assert root.findall(f"{{{ATOM}}}entry") == []
    assert root.findtext(f"{{{ATOM}}}updated") == MONDAY.isoformat()
