"""Lives of cases, from the report to the published outcome, as residents and staff live them: over HTTP."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from deploy.local.engines import Engines
from tests.deployment import RESIDENT, Deployed, monday_morning
from tests.e2e.conftest import EVERYBODY, Town, town
from tests.eventually import eventually
from tests.facts import GAS, LAMP, NOISE

pytestmark = pytest.mark.asyncio(loop_scope="module")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPERATOR = "operator-02"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(quiet_engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with town(tmp_path_factory.mktemp("lives"), quiet_engines, EVERYBODY) as started:
        yield started


async def does(here: Deployed, by: str, service: str, case_id: str, step: str, **body: object) -> dict[str, object]:
    """Let somebody do something that must succeed."""
    answer = await here.ask("POST", service, f"/cases/{case_id}/{step}", by=by, json=body or None)
    assert answer.status_code == 200, (step, answer.text)
    told: dict[str, object] = answer.json()
    return told


async def handled(here: Deployed, case_id: str) -> str:
    """Let whoever is asked take the case, do it, and somebody else check it; return who."""
    assignee = str((await here.in_status(case_id, "assigned"))["assignee"])
    await does(here, assignee, "dispatch", case_id, "acceptance")
    await does(here, assignee, "dispatch", case_id, "start")
    done = await does(here, assignee, "dispatch", case_id, "completion", outcome="已更换 / replaced", media=["photo:result"])
    assert done["status"] == "completed"
    return assignee


async def told(here: Deployed, case_id: str, lang: str) -> dict[str, object]:
    """Return what the reporter is told."""
    answer = await here.ask("GET", "intake", f"/cases/{case_id}", lang=lang)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.parametrize(
    ("lang", "text", "filed", "closed"),
    [
        ("zh", "路灯不亮，电话13800138000", "已立案，正在安排处理人员", "已结案"),
        ("en", "The street lamp is out, call 13800138000", "Filed; a handler is being found", "Closed"),
    ],
)
async def test_a_life_from_the_report_to_the_published_outcome(here: Town, lang: str, text: str, filed: str, closed: str):
    await here.until_morning()
    spot = {"lat": 30.0103 if lang == "zh" else 30.0153, "lon": 104.0103}
    contact = {"phone": "010-62345678"}
    case_id = await here.here.report(text=text, location=spot, lang=lang, contact=contact)
    shown = await here.here.in_status(case_id, "assigned")
    assert (shown["category"], shown["grade"]) == (LAMP, "normal")
    assert "13800138000" not in shown["text"]
    await handled(here.here, case_id)
    await does(here.here, OPERATOR, "closure", case_id, "verification", reason="看过 / seen")
    await does(here.here, "resident", "closure", case_id, "rating", solved=True, score=5)
    await here.forward(80 * HOUR)
    await here.here.in_status(case_id, "closed")
    await here.forward(30 * HOUR)
    await here.here.at_rest()
    end = await told(here.here, case_id, lang)
    assert (end["status"], end["status_text"]) == ("closed", closed)
    assert end["outcome"]
    kinds = [event.type for event, took in (await here.here.told())[case_id] if took]
    assert kinds == [
        "case.reported", "case.triaged", "case.assigned", "assignment.accepted", "work.started", "work.completed",
        "resolution.verified", "case.rated", "case.closed", "outcome.published",
    ]  # fmt: skip
    timeline = (await here.here.ask("GET", "console", f"/cases/{case_id}/timeline", by=here.here.badges.observer, lang=lang)).json()[
        "items"
    ]
    assert [row["type"] for row in timeline if row["effective"]] == kinds
    assert all(row["sentence"] for row in timeline)
    records = [record.value or b"" for record in await here.here.records()]
    assert not any(b"62345678" in value or b"13800138000" in value for value in records), "contact data never enters the log"


async def test_an_emergency_goes_out_at_once_and_the_duty_officer_is_told(here: Town):
    await here.until_morning()
    case_id = await here.here.report(text="楼道里有很浓的煤气味", location={"lat": 30.0102, "lon": 104.0201})
    shown = await here.here.in_status(case_id, "assigned")
    assert (shown["category"], shown["grade"]) == (GAS, "emergency")
    [assigned] = [event for event, _ in (await here.here.told())[case_id] if event.type == "case.assigned"]
    assert any(officer.startswith("duty-officer") for officer in assigned.informed)
    officer = assigned.informed[0]

    async def is_told() -> bool:
        return case_id in (await here.here.ask("GET", "dispatch", f"/staff/{officer}/tasks", by=officer)).text

    await eventually(is_told)
    done = await does(here.here, str(shown["assignee"]), "dispatch", case_id, "completion", outcome="阀门已关")
    assert done["status"] == "completed"
    kinds = [event.type for event, took in (await here.here.told())[case_id] if took]
    assert kinds[-2:] == ["assignment.accepted", "work.completed"]


async def test_a_duplicate_is_merged_and_its_reporter_sees_how_the_first_one_stands(here: Town):
    await here.until_morning()
    spot = {"lat": 30.0203, "lon": 104.0103}
    first = await here.here.report(text="路灯不亮", location=spot)
    await here.here.in_status(first, "assigned")
    here.tick(timedelta(minutes=2))
    second = await here.here.report(text="The lamp is out here", location={"lat": 30.02031, "lon": 104.01031}, lang="en")
    shown = await here.here.in_status(second, "merged")
    assert shown["into"] == first
    survivor = await here.here.seen(first, lambda case: second in case["followers"])
    await does(here.here, str(survivor["assignee"]), "dispatch", first, "acceptance")
    await here.here.at_rest()
    end = await told(here.here, second, "en")
    assert (end["status"], end["joined_status"], end["joined_text"]) == ("merged", "accepted", "A handler has taken it on")
    refused = await here.here.ask("POST", "intake", f"/cases/{first}/withdrawal", by=RESIDENT, json={"reason": "好了"})
    assert refused.status_code == 409, "others wait for it"


async def test_what_was_not_solved_is_reopened_and_goes_to_somebody_again(here: Town):
    await here.until_morning()
    case_id = await here.here.report(text="楼上半夜跳舞", category=NOISE, location={"lat": 30.0212, "lon": 104.0203})
    await handled(here.here, case_id)
    await here.forward(80 * HOUR)
    await here.here.in_status(case_id, "closed")
    await does(here.here, "resident", "closure", case_id, "reopening", reason="晚上又开始了")
    again = await here.here.seen(case_id, lambda shown: shown["reopenings"] == 1 and shown["status"] in ("triaged", "assigned"))
    assert again["closed_at"]
    await here.here.at_rest()
    if (await here.here.seen(case_id, bool))["status"] == "triaged":  # at night nobody may be on duty
        await here.forward(12 * HOUR, most=HOUR)
    await handled(here.here, case_id)
    await here.forward(110 * HOUR)
    closings = [
        event.type for event, took in (await here.here.told())[case_id] if took and event.type in ("case.closed", "outcome.published")
    ]
    assert closings.count("case.closed") == 2
    assert closings.count("outcome.published") in (1, 2)


async def test_a_missed_deadline_is_a_fact_and_the_case_climbs_the_ladder(here: Town):
    await here.until_morning()
    case_id = await here.here.report(text="围墙上的井盖不见了", category="01001", location={"lat": 30.0053, "lon": 104.0303})
    shown = await here.here.seen(case_id, lambda case: case["resolve_by"] is not None)
    respond_by, resolve_by = (datetime.fromisoformat(str(shown[name])) for name in ("respond_by", "resolve_by"))
    await here.forward(5 * DAY, most=6 * HOUR)
    end = await here.here.seen(case_id, lambda case: case["level"] == 3)
    assert end["overdue"]
    facts = [event for event, took in (await here.here.told())[case_id] if took]
    missed = {event.which: event for event in facts if event.type == "deadline.missed"}
    assert {which: event.deadline for which, event in missed.items()} == {"respond": respond_by, "resolve": resolve_by}
    assert all(event.at >= event.deadline for event in missed.values())
    levels = [event.level for event in facts if event.type == "case.escalated"]
    assert levels == sorted(set(levels))
    assert levels[-1] == 3
    listed = (await here.here.ask("GET", "console", "/cases", by=here.here.badges.observer, params={"overdue": "true"})).json()["items"]
    assert case_id in [case["id"] for case in listed]


async def test_with_a_fast_clock_an_unanswered_offer_goes_to_the_next_person(
    quiet_engines: Engines, tmp_path_factory: pytest.TempPathFactory
):
    data = tmp_path_factory.mktemp("fast")
    fast = {**monday_morning(), "GRIDCASE_CLOCK_SPEED": "300"}
    async with Deployed(data, quiet_engines.kafka_url, quiet_engines.mongo_url, {**EVERYBODY, "closure": 0}, fast) as city:
        case_id = await city.report(text="闻到煤气味", category=GAS, location={"lat": 30.0102, "lon": 104.0201})

        def has_gone_round(shown: dict[str, object]) -> bool:
            return shown["level"] == 3

        await city.seen(case_id, has_gone_round, within=120)
        facts = [event for event, took in (await city.told())[case_id] if took]
        asked = [event.assignee for event in facts if event.type == "case.assigned"]
        assert len(set(asked)) > 1
        assert {"assignment.expired", "case.escalated"} <= {event.type for event in facts}
