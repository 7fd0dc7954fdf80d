"""Signing in, confidential cases and narrowed lists, with real services, a real log and a real store."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from deploy.issuer.told import NoToken, token_for
from deploy.local.engines import Engines
from deploy.system import SERVICES
from tests.deployment import RESIDENT, Deployed
from tests.facts import LAMP, NOISE

pytestmark = pytest.mark.asyncio(loop_scope="module")
SPOT = {"lat": 30.0212, "lon": 104.0203}
VISIT = "X10302"  # confidential
OFFICER, OPERATOR, AUDITOR, WORKER = "duty-officer-02", "operator-02", "auditor-01", "grid-worker-03"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployed]:
    """All five services, and the page of the local issuer."""
    folder, everybody = tmp_path_factory.mktemp("city"), dict.fromkeys(SERVICES, 1)
    async with Deployed(folder, engines.kafka_url, engines.mongo_url, everybody, issuer="page") as here:
        yield here


async def listed(city: Deployed, by: str) -> set[str]:
    answer = await city.ask("GET", "console", "/cases", by=by, params={"limit": "200"})
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


async def looks(city: Deployed, **query: str) -> list[dict[str, Any]]:
    answer = await city.ask("GET", "console", "/looks", by=AUDITOR, params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_a_confidential_case_is_for_those_whom_it_names_and_every_look_is_shown_to_auditors(city: Deployed):
    sealed = await city.report(text="独居老人上门", category=VISIT, location=SPOT)
    shown = await city.in_status(sealed, "assigned")
    assert shown["confidential"]
    await city.at_rest()
    worker = shown["assignee"]
    for by, status in ((OPERATOR, 404), (AUDITOR, 404), (worker, 200), (OFFICER, 200)):
        assert (await city.ask("GET", "console", f"/cases/{sealed}/timeline", by=by)).status_code == status, by
    assert (await city.ask("POST", "triage", f"/cases/{sealed}/rejection", by=OPERATOR, json={"reason": "?"})).status_code == 404
    assert [sealed in await listed(city, by) for by in (OPERATOR, AUDITOR, worker, OFFICER)] == [False, False, True, True]
    found = [(look["by"], look["service"], look["allowed"]) for look in await looks(city, case=sealed)]
    assert {(OPERATOR, "console", False), (OPERATOR, "triage", False), (worker, "console", True)} <= set(found)
    assert len(await looks(city, case=sealed, by=OPERATOR)) == 2
    again = await looks(city, case=sealed)
    assert len(again) == len(found), "each record is taken in once"
    assert (await city.ask("GET", "console", "/looks", by=OFFICER)).status_code == 403


async def test_lists_hold_what_one_may_see_and_pages_stay_full(city: Deployed):
    lamps = [await city.report(text="路灯不亮", category=LAMP, location={"lat": 30.0103, "lon": 104.0303 + n / 2000}) for n in range(3)]
    noises = [await city.report(text="楼上太吵", category=NOISE, location=SPOT) for _ in range(3)]
    for id in (*lamps, *noises):
        await city.seen(id, lambda shown: shown["department"])
    await city.at_rest()
    everything = await city.ask("GET", "console", "/cases", by=OPERATOR, params={"limit": "200"})
    cases = {item["id"]: item for item in everything.json()["items"]}
    department = cases[lamps[0]]["department"]
    head = next(id for id, post in city.badges.city.staff.items() if post.department == department)
    assert {cases[id]["department"] for id in await listed(city, head)} == {department}
    assert set(lamps) <= await listed(city, head)
    grid = cases[noises[0]]["grid"]
    worker = next(id for id, post in city.badges.city.staff.items() if grid in post.grids and post.role == "grid_worker")
    theirs = await listed(city, worker)
    assert set(noises) <= theirs
    assert all(cases[id]["grid"] == grid or cases[id]["assignee"] == worker for id in theirs if id in cases)
    page = (await city.ask("GET", "console", "/cases", by=head, params={"limit": "2"})).json()
    assert (len(page["items"]), bool(page["next"])) == (2, True)


async def test_nobody_can_put_together_of_what_type_a_case_is_and_where_from_totals(city: Deployed):
    await city.report(text="老人两天没出门", category=VISIT, location=SPOT)
    await city.at_rest()
    by = {who: (await city.ask("GET", "console", "/totals", by=who)).json() for who in (None, WORKER, OPERATOR)}
    assert {who: told["grids"] is not None for who, told in by.items()} == {None: False, WORKER: False, OPERATOR: True}
    assert {told["all"]["reported"] for told in by.values()} == {by[OPERATOR]["all"]["reported"]}
    assert all(VISIT in {of["key"] for of in told["categories"]} for told in by.values())


async def test_a_reporter_without_account_acts_by_the_key_of_the_receipt(city: Deployed):
    one, other = [await city.report(text="楼上太吵", category=NOISE, location=SPOT) for _ in range(2)]
    added = {"text": "还在吵"}
    assert (await city.ask("POST", "intake", f"/cases/{one}/supplements", by=RESIDENT, json=added)).status_code == 200
    city.keys[one], city.keys[other] = city.keys[other], city.keys[one]
    assert (await city.ask("POST", "intake", f"/cases/{one}/supplements", by=RESIDENT, json=added)).status_code == 403
    [supplemented] = [event for event in await city.effective("case.supplemented") if event.case_id == one]
    assert supplemented.by.startswith("reporter:")


class Page(HTMLParser):
    """Finds where the form of the page sends to."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.action = dict(attrs)["action"] or ""


async def sign_in(browser: httpx.AsyncClient, account: str) -> None:
    """Sign in as a browser does."""
    page = await browser.get("/sign-in")
    assert page.status_code == 200, page.text
    form = Page()
    form.feed(page.text)
    issuer = urlsplit(str(page.url))
    done = await browser.post(f"{issuer.scheme}://{issuer.netloc}{form.action}", data={"account": account})
    assert (done.status_code, done.url.path) == (200, "/"), done.text


async def test_people_sign_in_to_pages_by_the_issuer_and_the_session_only_reads(city: Deployed):
    case_id = await city.report(text="楼上太吵", category=NOISE, location=SPOT)
    await city.in_status(case_id, "assigned")
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True, base_url=city.url("console")) as browser:
        await sign_in(browser, OPERATOR)
        assert (await browser.get("/cases")).status_code == 200
        [cookie] = [one for one in browser.cookies.jar if one.name == "gridcase"]
        assert (cookie.has_nonstandard_attr("httponly"), cookie.get_nonstandard_attr("samesite")) == (True, "lax")
        assert (await browser.post(f"{city.url('triage')}/cases/{case_id}/rejection", json={"reason": "?"})).status_code == 401
        await browser.get("/sign-out")
        assert (await browser.get("/cases")).status_code == 401


async def test_a_code_without_its_state_or_verifier_signs_nobody_in(city: Deployed):
    async with httpx.AsyncClient(trust_env=False, base_url=city.url("console")) as browser:
        assert (await browser.get("/sign-in/done?code=x&state=y")).status_code == 400
        assert (await browser.get("/cases")).status_code == 401
        issuer = city.system.settings["GRIDCASE_ISSUER"]
        asked = {"grant_type": "authorization_code", "code": "x", "redirect_uri": "http://else.example.org", "code_verifier": "y"}
        assert (await browser.post(f"{issuer}/token", data=asked)).json()["error"] == "invalid_grant"
        elsewhere = {"client_id": "gridcase-console", "redirect_uri": "http://else.example.org", "response_type": "code"}
        assert (await browser.get(f"{issuer}/authorize", params=elsewhere)).status_code == 400


async def test_one_command_makes_a_token_that_the_services_take(city: Deployed):
    token = token_for("unit", "property-worker-02", 1, city.system.data)
    answer = await city.web.get(f"{city.url('console')}/cases", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    with pytest.raises(NoToken, match="the roles are"):
        token_for("king", None, 1, city.system.data)
    with pytest.raises(NoToken, match="there are water-worker-01"):
        token_for("unit", "operator-01", 1, city.system.data)
    key = city.system.data / "issuer" / "key.json"
    assert key.stat().st_mode & 0o777 == 0o600


async def test_one_command_says_what_to_start_if_nothing_runs(tmp_path):
    with pytest.raises(NoToken, match="gridcase up --issuer"):
        token_for("operator", None, 1, tmp_path)
