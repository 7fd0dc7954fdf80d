"""At the gate: keys of reporters, confidential cases and the record of looks, sessions, limits, and routes that nobody has thought of."""

import hashlib
import json
from types import SimpleNamespace

import pytest
from fastapi import APIRouter, FastAPI

from deploy.system import SERVICES
from shared import metrics
from shared.access import Role, Row
from shared.events import derived_id
from shared.gate import Gate, NotInTable, token_of
from shared.reporters import key_of, reporter_of
from shared.settings import Settings
from tests.unit.access.here import SECRET, ask, case, served, signed

RATING = {"solved": True, "score": 5}
SEEN = "/cases/a"
OFFICER, OTHER_OFFICER = signed("duty-officer-01", Role.SUPERVISOR), signed("street-leader-01", Role.SUPERVISOR)


def key(case_id: str, secret: str = SECRET) -> dict[str, str]:
    return {"Gridcase-Key": key_of(secret, case_id)}


async def status(service: str, path: str, headers: dict[str, str], *cases, method: str = "POST", **settings) -> int:
    api, _ = served(service, *cases, **settings)
    return (await ask(api, method, path, headers)).status_code


# -- reporters


async def test_a_key_opens_its_case_and_the_one_that_it_was_joined_to_and_no_other():
    ours, survivor, other = case("a"), case("b", followers=("a",)), case("c")
    assert await status("closure", "/cases/a/rating", key("a"), ours) == 418
    assert await status("closure", "/cases/b/rating", key("a"), survivor) == 418
    assert await status("closure", "/cases/c/rating", key("a"), other) == 403
    assert await status("closure", "/cases/a/rating?key=" + key_of(SECRET, "a"), {}, ours) == 418


async def test_a_key_is_no_good_with_another_secret_or_none_or_for_what_staff_do():
    ours = case("a")
    assert await status("closure", "/cases/a/rating", key("a", "another secret"), ours) == 403
    assert await status("closure", "/cases/a/rating", {"Gridcase-Key": "x"}, ours, secret="") == 403
    assert await status("dispatch", "/cases/a/notes", key("a"), ours) == 401
    assert key_of("", "a") == ""


async def test_two_keys_are_two_reporters():
    assert reporter_of("a") != reporter_of("b")
    assert len(key_of(SECRET, "a")) == 24


async def test_who_has_signed_in_owns_what_they_reported_and_what_it_was_joined_to():
    resident = signed("resident-01", Role.RESIDENT)
    mine, survivor = case("a", reported_by="resident:resident-01"), case("b", followers=("a",))
    assert await status("closure", "/cases/a/rating", resident, mine) == 418
    assert await status("closure", "/cases/b/rating", resident, mine, survivor) == 418
    assert await status("closure", "/cases/b/rating", signed("resident-02", Role.RESIDENT), mine, survivor) == 403


async def test_a_resident_who_is_called_like_a_post_is_not_taken_for_it():
    taken = case("a", assignee="operator-01", reported_by="operator-01")
    assert await status("closure", "/cases/a/rating", signed("operator-01", Role.RESIDENT), taken) == 403


# -- confidential cases


async def test_every_look_at_a_confidential_case_is_recorded_also_a_try_that_is_refused():
    api, here = served("console", case("a", sealed=True))
    assert (await ask(api, "GET", SEEN, OFFICER)).status_code == 418
    assert (await ask(api, "GET", SEEN, OTHER_OFFICER)).status_code == 404
    assert [(look.case, look.by, look.role, look.route, look.allowed) for look in here.looks] == [
        ("a", "duty-officer-01", "supervisor", "GET /cases/{case_id}", True),
        ("a", "street-leader-01", "supervisor", "GET /cases/{case_id}", False),
    ]


async def test_a_look_that_cannot_be_recorded_is_refused():
    api, here = served("console", case("a", sealed=True))
    here.away = True
    answer = await ask(api, "GET", SEEN, OFFICER)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


async def test_nobody_records_looks_at_other_cases():
    api, here = served("console", case("a"))
    assert (await ask(api, "GET", SEEN, OFFICER)).status_code == 418
    assert here.looks == []


async def test_a_case_whose_reporter_chose_a_confidential_type_is_confidential_before_triage():
    sealed = case("a").model_copy(update={"classification": None, "wish": "X10302"})
    assert await status("console", SEEN, OTHER_OFFICER, sealed, method="GET") == 404


async def test_what_one_may_not_see_looks_like_what_is_not_there():
    api, _ = served("console", case("a", sealed=True))
    sealed, nothing = [(await ask(api, "GET", f"/cases/{id}", OTHER_OFFICER)).json() for id in ("a", "b")]
    assert {name: sealed[name] for name in ("status", "title")} == {name: nothing[name] for name in ("status", "title")}
    assert sealed["detail"].replace("case a", "") == nothing["detail"].replace("case b", "")


async def test_who_was_asked_and_has_it_no_more_is_told_so():
    given = case("a", assignee="property-worker-03", asked=("grid-worker-03",))
    assert await status("dispatch", "/cases/a/acceptance", signed("grid-worker-03", Role.GRID_WORKER), given) == 409


async def test_who_was_ever_asked_is_told_so_also_when_others_were_asked_since():
    given = case("a", assignee="property-worker-03", asked=("grid-worker-03", "property-worker-03"))
    assert await status("dispatch", "/cases/a/acceptance", signed("grid-worker-03", Role.GRID_WORKER), given) == 409


async def test_who_says_again_what_took_effect_is_let_in_though_the_case_is_no_longer_theirs():
    worker, path, body = signed("grid-worker-03", Role.GRID_WORKER), "/cases/a/refusal", {"reason": "too far"}
    said = derived_id("key", "grid-worker-03", "k", "POST", path, hashlib.sha256(json.dumps(body).encode()).hexdigest())
    api, _ = served("dispatch", case("a", assignee="property-worker-03", asked=("grid-worker-03",), ids=(said,)))
    answers = [
        (
            await ask(api, "POST", path, {**by, "Idempotency-Key": key, "Content-Type": "application/json"}, content=json.dumps(sent))
        ).status_code
        for by, key, sent in (
            (worker, "k", body),
            (worker, "another", body),
            (worker, "k", {"reason": "something else"}),
            (signed("grid-worker-04", Role.GRID_WORKER), "k", body),
        )
    ]
    assert answers == [418, 409, 409, 404]


# -- refusals in words


@pytest.mark.parametrize(("lang", "words"), [("en", "supervisors"), ("zh", "值班长和负责人")])
async def test_a_refusal_names_the_action_and_who_may(lang: str, words: str):
    api, _ = served("dispatch", case("a"))
    answer = await ask(api, "POST", "/cases/a/ruling", {**signed("operator-01", Role.OPERATOR), "Accept-Language": lang})
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert "POST /cases/{case_id}/ruling" in answer.json()["detail"]
    assert words in answer.json()["detail"]


async def test_without_an_issuer_nobody_is_let_in_and_the_answer_says_what_to_set():
    api, _ = served("dispatch", case("a"), issuer="")
    for headers in ({}, signed("operator-01", Role.OPERATOR)):
        answer = await ask(api, "GET", "/queue", headers)
        assert (answer.status_code, "GRIDCASE_ISSUER" in answer.json()["detail"]) == (401, True)


async def test_who_has_no_role_that_we_know_may_nothing():
    api, _ = served("dispatch", case("a"))
    assert (await ask(api, "GET", "/queue", signed("operator-01"))).status_code == 403


# -- limits


async def test_reports_of_one_address_are_limited_and_the_answer_says_when_to_come_again():
    api, _ = served("intake", reports_per_minute=2)
    answers = [await ask(api, "POST", "/reports", json={}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [418, 418, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert (await ask(api, "POST", "/reports", signed("operator-01", Role.OPERATOR), json={})).status_code == 418


async def test_each_caller_has_a_limit_of_their_own_and_health_has_none():
    api, _ = served("triage", requests_per_minute=2)
    one, other = (signed(f"operator-{n}", Role.OPERATOR) for n in (11, 12))
    assert [(await ask(api, "GET", "/queue", one)).status_code for _ in range(3)] == [418, 418, 429]
    assert (await ask(api, "GET", "/queue", other)).status_code == 418
    assert {(await ask(api, "GET", "/health/live")).status_code for _ in range(5)} == {200}


async def test_trying_tokens_is_limited_too():
    api, _ = served("closure", requests_per_minute=2)
    answers = [(await ask(api, "GET", "/queue", {"Authorization": "Bearer x.y.z"})).status_code for _ in range(3)]
    assert answers == [401, 401, 429]


@pytest.mark.parametrize(
    ("headers", "reason"), [({}, "not signed in"), ({"Authorization": "Bearer x"}, "form"), (signed("a-1", Role.AUDITOR), "not allowed")]
)
async def test_refusals_are_counted_by_their_reason(headers: dict[str, str], reason: str):
    api, _ = served("closure")
    counter = metrics.REFUSED.labels("closure", reason)
    before = counter._value.get()
    await ask(api, "GET", "/queue", headers)
    assert counter._value.get() == before + 1


# -- pages


async def test_a_session_counts_for_reading_and_never_for_acting():
    request = SimpleNamespace(headers={}, scope={"session": {"token": "kept"}}, method="GET")
    assert token_of(request) == "kept"  # type: ignore[arg-type]
    request.method = "POST"
    assert token_of(request) is None  # type: ignore[arg-type]


# -- the table


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_knows_a_line_for_each_of_its_routes(service: str):
    api, _ = served(service)
    assert {line.action for line in api.state.gate.lines.values()} >= {"GET /health/live", "GET /metrics"}


def test_a_route_without_a_line_is_not_served():
    api, router = FastAPI(), APIRouter(prefix="/new")

    @router.get("/things")
    async def things() -> None:
        """Nobody has said who may see them."""

    api.include_router(router)
    with pytest.raises(NotInTable, match="GET /new/things of intake"):
        Gate("intake", Settings()).know(api)
    Gate("intake", Settings(), table={("intake", "GET", "/new/*"): Row(anybody=True)}).know(api)


def test_what_is_no_route_of_ours_is_not_served_either():
    api = FastAPI()
    api.mount("/files", FastAPI())
    with pytest.raises(NotInTable, match="/files"):
        Gate("intake", Settings()).know(api)
