"""Who comes with more than one sign of who they are: a reporter's key and a token, a page's session that has run out and a token."""

import json
from base64 import b64encode

import httpx
import pytest
from fastapi import FastAPI, Response
from itsdangerous import TimestampSigner

from services.console.signing_in import COOKIE, with_sessions
from shared.access import Caller, Role
from shared.asked import Circumstances
from shared.caseview import CaseView
from shared.reporters import key_of
from shared.terms import Grade
from tests.unit.access.here import MINT, NOON, SECRET, ask, bearer, case, served, signed

KEY = {"Gridcase-Key": key_of(SECRET, "a")}
VOLUNTEER, FOREIGN_UNIT = signed("volunteer-01", Role.VOLUNTEER), signed("unit-77", Role.UNIT, unit="water")
OFFICER = signed("duty-officer-01", Role.SUPERVISOR)
SURVIVOR = case("b", sealed=True, followers=("a",))  # the confidential case that the case of the key was joined to

# -- a key and a token


@pytest.mark.parametrize(
    ("service", "action", "token"),
    [
        ("console", "GET /cases/b", VOLUNTEER),
        ("console", "GET /cases/b/timeline", VOLUNTEER),
        ("dispatch", "POST /cases/b/notes", VOLUNTEER),
        ("closure", "POST /cases/b/publication", FOREIGN_UNIT),
        ("closure", "POST /cases/b/decision", FOREIGN_UNIT),
        ("closure", "POST /cases/b/remedy", FOREIGN_UNIT),
        ("closure", "POST /cases/b/verification", FOREIGN_UNIT),
    ],
)
async def test_a_key_lets_staff_do_nothing_that_reporters_may_not(service: str, action: str, token: dict[str, str]):
    api, here = served(service, SURVIVOR, case("a"))
    method, path = action.split()
    answer = await ask(api, method, path, {**token, **KEY}, json={})
    assert (answer.status_code, answer.extensions["let_in"]) == (404, False)
    assert [look.allowed for look in here.looks] == [False]


@pytest.mark.parametrize(
    ("service", "path", "token"), [("intake", "/cases/b/supplements", VOLUNTEER), ("closure", "/cases/b/reopening", FOREIGN_UNIT)]
)
async def test_a_key_lets_staff_do_what_reporters_may(service: str, path: str, token: dict[str, str]):
    api, _ = served(service, SURVIVOR, case("a"))
    assert (await ask(api, "POST", path, token, json={})).status_code == 404
    assert (await ask(api, "POST", path, {**token, **KEY}, json={})).status_code == 418


@pytest.mark.parametrize(("opens", "whole"), [((), True), (("b",), False)])
def test_staff_who_come_by_a_key_are_answered_as_reporters(opens: tuple[str, ...], whole: bool):
    _, here = served("closure", SURVIVOR)
    caller = Caller("unit-77", frozenset({Role.UNIT, Role.RESIDENT}), signed_in=True, opens=frozenset(opens))
    assert Circumstances(here.process, Response(), "id").acting(caller).staff is whole


# -- what a reporter is answered


def test_a_confidential_case_tells_its_reporter_how_it_stands_and_no_more():
    who = {"assignee": "grid-worker-03", "role": "grid_worker", "informed": ("operator-01",), "into": "c"}
    what = {"outcome": "Brought to a safe place", "answer_by": NOON, "pause_reason": "weather"}
    view = CaseView.for_reporter(SURVIVOR.model_copy(update={**who, **what}))
    assert {name for name, value in view.model_dump().items() if value} == {"id", "number", "status", "since", "reported_at"}


def test_a_case_that_is_not_confidential_tells_its_reporter_what_it_is_and_until_when():
    view = CaseView.for_reporter(case("b", outcome="New bulb"))
    assert (view.category, view.grade, view.grid, view.outcome) == ("06022", Grade.NORMAL, "G15", "New bulb")


async def test_what_is_told_of_a_case_is_kept_nowhere():
    api, _ = served("console", case("a"))
    for path in ("/cases/a", "/cases", "/nothing-there"):
        assert (await ask(api, "GET", path, OFFICER)).headers["Cache-Control"] == "no-store"


# -- a session that has run out


def session(hours: float) -> str:
    """Return the cookie of a page whose token was good for so many hours, and is gone if they are less than none."""
    kept = {"token": MINT.token("operator-01", [Role.OPERATOR], hours=hours)}
    return TimestampSigner(SECRET).sign(b64encode(json.dumps(kept).encode())).decode()


async def visit(path: str, hours: float, headers: dict[str, str] | None = None, **settings: str) -> httpx.Response:
    """Ask the console with the cookie of a page; who is let in is answered 418."""
    console, here = served("console", case("a"))
    gate = console.state.gate
    gate.settings = gate.settings.model_copy(update=settings)
    paged = FastAPI()
    paged.mount("/", console)
    with_sessions(paged, here.settings)
    transport = httpx.ASGITransport(paged, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=here.settings.console_url) as client:
        return await client.get(path, headers={"Accept-Language": "en", "Cookie": f"{COOKIE}={session(hours)}", **(headers or {})})


def forgotten(answer: httpx.Response) -> bool:
    return f"{COOKIE}=null" in answer.headers.get("Set-Cookie", "")


async def test_a_session_that_has_not_run_out_lets_staff_in_and_is_kept():
    answer = await visit("/cases", hours=1)
    assert (answer.status_code, forgotten(answer)) == (418, False)


@pytest.mark.parametrize("path", ["/", "/totals", "/sign-in", "/sign-out"])
async def test_who_comes_with_a_session_that_has_run_out_is_nobody_and_it_is_forgotten(path: str):
    answer = await visit(path, hours=-1)
    assert answer.status_code not in (401, 403)
    assert forgotten(answer)


async def test_a_session_of_an_issuer_that_is_trusted_no_more_is_nobody():
    answer = await visit("/totals", hours=1, issuer="")
    assert (answer.status_code, forgotten(answer)) == (418, True)


async def test_a_session_that_has_run_out_opens_nothing_that_nobody_may_see():
    answer = await visit("/cases", hours=-1)
    assert (answer.status_code, forgotten(answer)) == (401, True)
    assert 'error="invalid_token"' not in answer.headers["WWW-Authenticate"]


async def test_a_bad_token_is_refused_with_a_session_beside_it_as_without():
    for headers in (bearer("x.y.z"), bearer(MINT.token("operator-01", [Role.OPERATOR], hours=-1))):
        answer = await visit("/totals", hours=1, headers=headers)
        assert (answer.status_code, forgotten(answer)) == (401, False)
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
