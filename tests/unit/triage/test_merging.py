"""What an operator is answered who joins cases, of which one is confidential."""

from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from shared.access import Role
from shared.asked import process_of
from shared.case import Case, Status
from shared.stream import Away
from tests.unit.access.here import ask, case, served, signed

OFFICER = signed("duty-officer-01", Role.SUPERVISOR)  # may see confidential cases
JOINED = 503  # as far as the log, which is away


async def publish(*_: Any) -> None:
    raise Away("the log is away")


async def merged(one: Case, into: Case) -> httpx.Response:
    """Answer what an officer is told who joins the one to the other, while nothing can be said to the log."""
    api, here = served("triage", *(each.model_copy(update={"status": Status.TRIAGED}) for each in (one, into)))
    process = here.process
    process.log = SimpleNamespace(**{**vars(process.log), "publish_once": publish})
    api.dependency_overrides[process_of] = lambda: process
    return await ask(api, "POST", f"/cases/{one.id}/merge", OFFICER, json={"into": into.id, "reason": "the same door"})


async def test_an_open_case_is_not_joined_to_a_confidential_one():
    answer = await merged(case("b"), case("a", sealed=True))
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["field"], "classify this one first" in str(fault)) == ("into", True)


@pytest.mark.parametrize(("one", "into"), [(True, True), (True, False), (False, False)])
async def test_every_other_case_is_joined(one: bool, into: bool):
    assert (await merged(case("b", sealed=one), case("a", sealed=into))).status_code == JOINED
