"""Who decides about a photo that more than one case shows: hiding it needs sight of one of them, showing it of all."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from services.intake.album import Album
from services.intake.photos import post_release, post_withholding
from services.intake.showing import Decision
from shared.access import Caller, Role
from shared.accesstable import row_of
from shared.asked import Reading
from shared.case import Case
from shared.gate import Admission
from shared.photos_links import named
from shared.problems import Problem
from shared.seeing import Seeing
from shared.settings import Settings
from tests.unit.access.here import NOON, Here, case

NAME = named(bytes(16))
OPEN, SEALED = case("a"), case("b", sealed=True)
UNFILED = SEALED.model_copy(update={"classification": None, "wish": "X10302"})


@dataclass
class Photo:
    """The album as far as one photo needs it."""

    cases: tuple[Case, ...]
    decisions: list[Decision] = field(default_factory=list)

    async def cases_of(self, name: str) -> list[tuple[dict[str, Any], Case]]:
        return [({"name": name}, case) for case in self.cases]

    async def decide(self, name: str, decision: Decision) -> None:
        self.decisions.append(decision)


def sees(here: Here, action: str) -> Seeing:
    """Return the sight of an operator, who may see no confidential case."""
    row = row_of("intake", "POST", f"/photos/{{name}}/{action}")
    assert row is not None
    operator = Caller("operator-01", frozenset({Role.OPERATOR}), signed_in=True)
    return Seeing(Reading(here.process), Admission(operator, row, action))


async def withhold(photo: Photo, here: Here) -> Decision:
    told = {"reason": "a face"}
    return await post_withholding(NAME, told, "operator-01", NOON, cast(Album, photo), sees(here, "withholding"))


async def release(photo: Photo, here: Here) -> Decision:
    return await post_release(NAME, {"hide": []}, "operator-01", NOON, here.process, cast(Album, photo), sees(here, "release"))


async def refused(decide: Callable[[Photo, Here], Awaitable[Decision]], *cases: Case) -> int:
    photo, here = Photo(cases), Here("intake", Settings())
    with pytest.raises(Problem) as caught:
        await decide(photo, here)
    assert (photo.decisions, here.looks) == ([], [])
    return caught.value.status


@pytest.mark.parametrize("other", [SEALED, UNFILED])
async def test_a_photo_is_withheld_although_a_confidential_case_shows_it_too(other: Case):
    photo = Photo((OPEN, other))
    decision = await withhold(photo, Here("intake", Settings()))
    assert (decision.shown, decision.cases, photo.decisions) == (False, ("a",), [decision])


async def test_a_photo_is_not_released_while_a_confidential_case_shows_it():
    assert await refused(release, OPEN, SEALED) == 404


async def test_of_a_photo_that_only_confidential_cases_show_nothing_is_decided():
    assert await refused(withhold, SEALED, UNFILED) == 404
    assert await refused(withhold) == 404
