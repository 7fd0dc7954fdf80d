"""Every action of the desk, taken in a browser by whoever may take it, on real cases."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browser.acting import PHOTO, TABLE, Acting, acting
from tests.browser.at_desk import filed, spot
from tests.browser.city import City
from tests.browser.people import People
from tests.facts import GAS, LAMP, NOISE

OPERATOR, SUPERVISOR, HEAD = "operator-02", "duty-officer-01", "property-head-01"
LOOKED_AT_FIRST = "06028-C"  # noise of a building site: somebody looks before it is filed


async def reported(city: City, category: str = NOISE) -> str:
    return await filed(city, text="说不清楚的事", category=category)


def wall_time(shown: str, **later: float) -> str:
    """Return a time of the API as the clocks of the city show it, or some time later."""
    return (datetime.fromisoformat(shown).astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(**later)).strftime("%Y-%m-%dT%H:%M")


async def from_hand_to_hand_until_it_is_published(city: City, person: People, did: set[str]) -> None:
    case_id = await reported(city, LAMP)  # somebody looks at what was done
    desk = await acting(person, OPERATOR, case_id, did)
    await desk.does("transfer", department="property", reason="归物业管")
    await given(city, desk, case_id)
    head = await acting(person, HEAD, case_id, did)
    await head.does("refusal", reason="人手不够")
    await city.in_status(case_id, "assigned")
    await desk.does("assignment", person=HEAD, reason="必须由其处置", force=True, insist=True)
    await head.does("appeal", reason="不属于我们的小区")
    supervisor = await acting(person, SUPERVISOR, case_id, did)
    await supervisor.does("ruling", upheld=False, reason="属于其职责")
    await head.does("acceptance")
    await head.does("contact", how="phone", text="约好下午上门")
    await head.does("start")
    await head.does("pause", reason="parts", approved_by=SUPERVISOR)
    await city.in_status(case_id, "paused")
    await head.does("resume")
    await head.does("note", text="材料已到", media=PHOTO)
    await head.does("completion", outcome="已更换灯泡", media=PHOTO)
    await desk.does("rework", reason="居民说还不亮")
    await done(city, case_id, desk, head)
    await supervisor.does("publication", text="已更换灯泡")
    tomorrow = wall_time((await city.seen(case_id, bool))["closed_at"], days=1)
    await supervisor.does("remedy", text="整条街换新灯", handler="property", remedy_by=tomorrow)
    await supervisor.does("reopening", reason="当晚再次发生")
    await supervisor.reads("当晚再次发生")
    await given(city, desk, case_id)
    await expect(desk.page.locator(f'#list [data-id="{case_id}"]').get_by_title("reopened once")).to_be_visible()
    await head.does("acceptance")
    await done(city, case_id, desk, head)
    await desk.does("callback", reached=True, solved=False, satisfied=False, comment="晚上又不亮了")
    page = await person(SUPERVISOR, "en", at=f"/desk?waits=decision&case={case_id}")  # it was reopened once, which is all there is here
    await expect(page.locator(f'#list [data-id="{case_id}"]')).to_contain_text("objection to be decided")
    await supervisor.does("decision", reason="已超出可处置范围")
    await expect(page.locator(f'#list [data-id="{case_id}"]')).to_contain_text("left this list")


async def given(city: City, desk: Acting, case_id: str) -> None:
    """Let the desk give the case to the head of the unit, unless dispatch itself has done so: who knows a case is asked first."""
    shown = await city.seen(case_id, lambda shown: shown["status"] == "assigned" and shown["department"] == "property")
    if shown["assignee"] != HEAD:
        await desk.does("assignment", person=HEAD, reason="负责人到场", force=True)


async def done(city: City, case_id: str, desk: Acting, head: Acting) -> None:
    """Let the head report a case as done, and the desk confirm it and hear that it is solved."""
    await head.does("completion", outcome="再次更换", media=PHOTO)
    await desk.does("verification", reason="电话核实")
    await desk.does("callback", reached=True, solved=True, satisfied=True)
    await city.close(case_id)


async def given_back_and_given_more_time(city: City, person: People, did: set[str]) -> None:
    case_id = await reported(city)
    due = str((await city.in_status(case_id, "assigned"))["resolve_by"])
    desk = await acting(person, OPERATOR, case_id, did)
    await desk.does("transfer", department="property", reason="归物业管")
    await desk.does("extension", resolve_by=wall_time(due, days=3), reason="需要订货", approved_by=SUPERVISOR)
    later = await city.seen(case_id, lambda shown: shown["extensions"] == 1)
    assert wall_time(later["resolve_by"]) == wall_time(due, days=3)
    await given(city, desk, case_id)
    head = await acting(person, HEAD, case_id, did)
    await head.does("acceptance")
    await head.does("return", reason="钥匙不在我处")
    await desk.reads("钥匙不在我处")


async def filed_merged_and_ended_early(city: City, person: People, did: set[str]) -> None:
    first, second, third = await reported(city), await reported(city), await reported(city)
    desk = await acting(person, OPERATOR, second, did)
    await desk.does("supplement", text="每晚十点以后", media=PHOTO)
    await desk.does("merge", into=(await city.seen(first, bool))["number"], reason="同一户")
    await city.in_status(second, "merged")
    await desk.does("separation", reason="其实是两户")
    await city.in_status(second, "triaged", "assigned")
    await desk.does("classification", category=LAMP, reason="其实是路灯")
    await city.seen(second, lambda shown: shown["category"] == LAMP)
    await desk.does("withdrawal", reason="居民来电撤回")
    await city.in_status(second, "withdrawn")
    other = await acting(person, OPERATOR, third, did)
    await other.does("rejection", reason="不在本市")
    await city.in_status(third, "rejected")


async def looked_at_before_it_is_filed(city: City, person: People, did: set[str]) -> None:
    case_id = await city.report(text="工地半夜施工", category=LOOKED_AT_FIRST, location=spot())
    desk = await acting(person, OPERATOR, case_id, did)
    await desk.does("confirmation", reason="视频已看到")
    await city.in_status(case_id, "triaged", "assigned")


async def an_emergency_that_was_handled_before_it_was_written_down(city: City, person: People, did: set[str]) -> None:
    case_id = await reported(city, GAS)
    at = wall_time((await city.seen(case_id, bool))["reported_at"])
    desk = await acting(person, SUPERVISOR, case_id, did)
    await desk.does("record", started_at=at, completed_at=at, outcome="已关阀通风", media=PHOTO)
    await city.in_status(case_id, "completed")


async def a_delay_is_explained(city: City, person: People, did: set[str]) -> None:
    case_id = await reported(city)
    await city.in_status(case_id, "assigned")
    await city.remind(case_id)
    desk = await acting(person, OPERATOR, case_id, did)
    await desk.does("explanation", text="等待对方单位配合")
    await desk.reads("等待对方单位配合")


Story = Callable[[City, People, set[str]], Awaitable[None]]
STORIES: dict[Story, set[str]] = {
    from_hand_to_hand_until_it_is_published: {
        *("transfer", "assignment", "refusal", "appeal", "ruling", "acceptance", "contact", "start", "pause", "resume", "note"),
        *("completion", "rework", "verification", "callback", "decision", "publication", "remedy", "reopening"),
    },
    given_back_and_given_more_time: {"transfer", "extension", "acceptance", "return"},
    filed_merged_and_ended_early: {"supplement", "merge", "separation", "classification", "withdrawal", "rejection"},
    looked_at_before_it_is_filed: {"confirmation"},
    an_emergency_that_was_handled_before_it_was_written_down: {"record"},
    a_delay_is_explained: {"explanation"},
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_what_the_desk_offers_does_what_it_says(city: City, person: People, story: Story):
    did: set[str] = set()
    await story(city, person, did)
    assert did - {"assignment"} == STORIES[story] - {"assignment"}  # dispatch itself may have chosen the same person


async def test_every_action_is_taken_in_one_of_the_stories(person: People):
    page = await person.visitor("en", at="/")
    assert {one["id"] for one in await page.evaluate(TABLE)} == set().union(*STORIES.values())
