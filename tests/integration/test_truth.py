"""An answer over HTTP is true: what was answered with 2xx took effect, what was refused did not, and the refusal is fresh."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.engines import Engines
from tests.deployment import Deployed
from tests.eventually import eventually
from tests.facts import NOISE

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERYBODY = {"console": 1, "intake": 1, "triage": 1, "dispatch": 2, "closure": 1}
SPOT = {"lat": 30.0212, "lon": 104.0203}
OPERATOR = "operator-02"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployed]:
    """All five services, two processes of dispatch."""
    async with Deployed(tmp_path_factory.mktemp("city"), engines.kafka_url, engines.mongo_url, EVERYBODY) as here:
        yield here


async def offered(city: Deployed) -> tuple[str, str, int]:
    """Report something; return the case, who was asked to take it, and its version."""
    case_id = await city.report(text="楼上半夜跳舞", category=NOISE, location=SPOT)
    shown = await city.in_status(case_id, "assigned")
    return case_id, shown["assignee"], shown["version"]


async def fates(city: Deployed, case_id: str, kind: str) -> list[bool]:
    """Return of each fact of a type about the case whether it took effect."""
    return [took for event, took in (await city.told())[case_id] if event.type == kind]


def detail(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem document in an answer."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    found: dict[str, Any] = answer.json()
    assert found["status"] == answer.status_code
    return found


async def test_what_is_answered_with_200_took_effect_whichever_process_was_asked(city: Deployed):
    for process in ("dispatch", "dispatch-2") * 2:
        case_id, assignee, version = await offered(city)
        answer = await city.ask("POST", process, f"/cases/{case_id}/acceptance", by=assignee, match=version)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["status"], answer.json()["version"], answer.headers["ETag"]) == ("accepted", version + 1, f'"{version + 1}"')
        assert await fates(city, case_id, "assignment.accepted") == [True]


async def test_two_processes_of_a_service_share_its_partitions(city: Deployed):
    async def shared_out() -> bool:
        shares = [set((await city.progress(process))["next"]) for process in ("dispatch", "dispatch-2")]
        assert all(shares)
        assert shares[0] | shares[1] == {str(p) for p in range(city.log.partitions)}
        return not shares[0] & shares[1]

    await eventually(shared_out)


async def test_a_command_that_took_effect_is_told_so_again_however_far_the_case_has_come(city: Deployed):
    case_id, assignee, version = await offered(city)
    for process in ("dispatch", "dispatch", "dispatch-2"):
        answer = await city.ask("POST", process, f"/cases/{case_id}/acceptance", by=assignee, key="once")
        assert (answer.status_code, answer.json()["version"]) == (200, version + 1)
    assert (await city.ask("POST", "dispatch", f"/cases/{case_id}/start", by=assignee)).status_code == 200
    answer = await city.ask("POST", "dispatch-2", f"/cases/{case_id}/acceptance", by=assignee, key="once")
    assert answer.status_code == 200, "the other process may not have seen the start yet, but it knows of the acceptance"
    assert answer.json()["version"] >= version + 1
    assert (await fates(city, case_id, "assignment.accepted")).count(True) == 1


async def test_a_refusal_says_why_in_both_languages_and_what_is_the_case_now(city: Deployed):
    case_id, assignee, version = await offered(city)
    before = await city.log.ends(range(city.log.partitions))
    en = await city.ask("POST", "dispatch", f"/cases/{case_id}/start", by=assignee)
    zh = await city.ask("POST", "dispatch-2", f"/cases/{case_id}/start", by=assignee, lang="zh-CN,zh;q=0.9")
    assert (en.status_code, zh.status_code) == (409, 409)
    assert detail(en)["case"] == {"id": case_id, "status": "assigned", "version": version}
    assert (detail(en)["detail"], detail(zh)["detail"]) == ("Only an accepted task can be started.", "只有已接单的任务才能开始处置。")
    assert (en.headers["ETag"], zh.headers["Content-Language"]) == (f'"{version}"', "zh")
    assert await city.log.ends(range(city.log.partitions)) == before


async def test_a_refusal_is_fresh_right_after_another_process_has_acted(city: Deployed):
    for first, second in (("dispatch", "dispatch-2"), ("dispatch-2", "dispatch")) * 3:
        case_id, assignee, version = await offered(city)
        accepted = await city.ask("POST", first, f"/cases/{case_id}/acceptance", by=assignee)
        refused = await city.ask("POST", second, f"/cases/{case_id}/refusal", by=assignee, json={"reason": "太远"})
        assert (accepted.status_code, refused.status_code) == (200, 409)
        assert detail(refused)["case"] == {"id": case_id, "status": "accepted", "version": version + 1}


async def test_a_version_that_is_not_the_case_s_is_412_with_the_one_that_is(city: Deployed):
    case_id, assignee, version = await offered(city)
    answer = await city.ask("POST", "dispatch", f"/cases/{case_id}/acceptance", by=assignee, match=version - 1)
    assert (answer.status_code, answer.headers["ETag"]) == (412, f'"{version}"')
    assert detail(answer)["case"]["version"] == version
    assert await fates(city, case_id, "assignment.accepted") == []


@pytest.mark.parametrize("process", ["dispatch", "dispatch-2", "triage", "closure", "intake"])
async def test_a_case_that_nobody_reported_is_not_found(city: Deployed, process: str):
    step = {"triage": "rejection", "closure": "verification", "intake": "withdrawal"}.get(process, "notes")
    body = {"text": "?"} if step == "notes" else {"reason": "?"}
    answer = await city.ask("POST", process, "/cases/nobody-reported-this/" + step, by=OPERATOR, json=body)
    assert answer.status_code == 404
    assert "nobody-reported-this" in detail(answer)["detail"]


async def test_a_case_is_there_for_its_reporter_at_once(city: Deployed):
    for _ in range(5):
        answer = await city.ask("POST", "intake", "/reports", json={"text": "路灯不亮", "channel": "phone"})
        assert answer.status_code == 201
        shown = await city.ask("GET", "intake", answer.headers["Location"].partition(city.url("intake"))[2])
        assert (shown.status_code, shown.json()["number"]) == (200, answer.json()["number"])
        by_number = await city.ask("GET", "intake", f"/cases/{answer.json()['number']}")
        assert (by_number.status_code, by_number.json()["case_id"]) == (200, answer.json()["case_id"])


async def test_a_report_sent_again_with_its_key_is_one_case_and_another_body_is_another(city: Deployed):
    sent = [city.report(key="k-1", text="路灯不亮") for _ in range(8)]
    [case_id] = set(await asyncio.gather(*sent))
    assert await city.report(key="k-1", text="路灯不亮") == case_id
    assert await city.report(key="k-1", text="路灯又不亮") != case_id
    assert (await fates(city, case_id, "case.reported")).count(True) == 1


async def test_of_two_people_at_once_exactly_one_wins_and_the_other_is_told_what_is_the_case(city: Deployed):
    for _ in range(8):
        case_id, assignee, version = await offered(city)
        answers = await asyncio.gather(
            city.ask("POST", "dispatch", f"/cases/{case_id}/acceptance", by=assignee),
            city.ask("POST", "dispatch-2", f"/cases/{case_id}/refusal", by=assignee, json={"reason": "太远"}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        [won], [lost] = ([a for a in answers if a.is_success], [a for a in answers if not a.is_success])
        assert detail(lost)["case"]["version"] >= version + 1
        kinds = ("assignment.accepted", "assignment.declined")
        took = [event.type for event, effective in (await city.told())[case_id] if effective and event.type in kinds]
        assert took == [kinds[answers.index(won)]]


async def test_of_operators_who_name_the_version_that_they_saw_only_one_assigns(city: Deployed):
    others = ["grid-worker-01", "grid-worker-02", "grid-worker-06", "grid-worker-08"]
    for _ in range(4):
        case_id, assignee, version = await offered(city)
        wanted = [other for other in others if other != assignee]
        bodies = [{"person": person, "reason": "更近", "force": True} for person in wanted]
        asked = [
            city.ask(
                "POST", ("dispatch", "dispatch-2")[n % 2], f"/cases/{case_id}/assignment", by=f"operator-0{n + 1}", match=version, json=body
            )
            for n, body in enumerate(bodies)
        ]
        answers = await asyncio.gather(*asked)
        assert sorted(answer.status_code for answer in answers) == [200] + [412] * (len(wanted) - 1)
        [winner] = [wanted[n] for n, answer in enumerate(answers) if answer.is_success]
        await city.at_rest()
        assert (await city.seen(case_id, bool))["assignee"] == winner


async def test_commands_that_do_not_exclude_one_another_all_take_effect(city: Deployed):
    case_id, _, _ = await offered(city)
    asked = [
        city.ask("POST", ("dispatch", "dispatch-2")[n % 2], f"/cases/{case_id}/notes", by=OPERATOR, key=f"n{n}", json={"text": f"note {n}"})
        for n in range(10)
    ]
    assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}
    assert await fates(city, case_id, "note.added") == [True] * 10


async def test_what_happened_earlier_can_be_entered_late_and_the_future_cannot(city: Deployed):
    case_id, assignee, _ = await offered(city)
    now = (await city.progress("dispatch"))["now"]
    answer = await city.ask("POST", "dispatch", f"/cases/{case_id}/acceptance", by=assignee, params={"at": now})
    assert answer.status_code == 200
    [event] = [event for event, _ in (await city.told())[case_id] if event.type == "assignment.accepted"]
    assert event.late
    future = await city.ask("POST", "dispatch", f"/cases/{case_id}/start", by=assignee, params={"at": "2099-01-01T00:00:00Z"})
    assert future.status_code == 422
    assert [fault["field"] for fault in detail(future)["errors"]] == ["at"]


async def test_readiness_and_metrics_tell_of_every_process(city: Deployed):
    for process in city.system.processes:
        assert (await city.ask("GET", process, "/health/live")).json() == {"status": "alive"}
        ready = await city.ask("GET", process, "/health/ready")
        assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
        assert "cases_events_total" in (await city.ask("GET", process, "/metrics")).text
