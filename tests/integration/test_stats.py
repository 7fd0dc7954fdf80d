"""The figures follow the cases in every console process, and agree with the totals and the rates of the same console."""

from pathlib import Path
from typing import Any

from deploy.bench.city import bench_city
from deploy.local.engines import Engines
from tests.deployment import Deployed
from tests.eventually import eventually

CONSOLES = ("console", "console-2")
EVERYWHERE = {"intake": 1, "triage": 1, "dispatch": 1, "closure": 1, "console": 2}
MANAGER = "manager-01"
LAMP = "路灯不亮，路口很黑"
HERE = {"lat": 30.0103, "lon": 104.0303}


async def figures(city: Deployed, console: str, query: str = "") -> dict[str, Any]:
    answer = await city.ask("GET", console, f"/api/stats{query}", by=MANAGER)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()["figures"]
    return told


async def follows(city: Deployed, **counts: int) -> None:
    """Wait until both consoles tell these counts, although each folds only some of the partitions."""
    for console in CONSOLES:

        async def told(console: str = console) -> bool:
            now = await figures(city, console)
            assert {name: now[name] for name in counts} == counts
            return True

        await eventually(told, 30)


async def worked(city: Deployed, case_id: str) -> None:
    """Bring a case from its assignment to its closing."""
    shown = await city.in_status(case_id, "assigned")
    by = shown["assignee"]
    assert (await city.ask("POST", "dispatch", f"/cases/{case_id}/acceptance", by=by)).status_code == 200
    done = await city.ask("POST", "dispatch", f"/cases/{case_id}/completion", by=by, json={"outcome": "换好了", "media": ["record:after"]})
    assert done.status_code == 200, done.text
    await city.in_status(case_id, "closed")


async def agree(city: Deployed, console: str) -> None:
    """The figures of a console are those of its totals and rates."""
    told = await figures(city, console)
    totals = (await city.ask("GET", console, "/totals", by=MANAGER)).json()
    names = ("reported", "open", "overdue", "closed", "merged", "rejected", "withdrawn")
    assert {name: told[name] for name in names} == {name: totals["all"][name] for name in names}
    whole = totals["times"]["all"]
    assert told["times"] == {name: whole[name] for name in told["times"]}
    assert told["stages"] == whole["stages"]
    rates = (await city.ask("GET", console, "/rates", by=MANAGER)).json()["items"][-1]["rates"]
    known = {rate["rate"]: rate for rate in rates}
    assert told["rates"] == [known[rate["rate"]] for rate in told["rates"]]
    for dimension, rows in (("category", "categories"), ("grade", "grades"), ("department", "departments"), ("grid", "grids")):
        items = (await city.ask("GET", console, f"/api/stats/by/{dimension}?sort=key&limit=200", by=MANAGER)).json()["items"]
        found = {item["values"][0]["key"]: (item["values"][0]["name"], item["figures"]["reported"]) for item in items}
        assert found == {row["key"]: (row["name"], row["reported"]) for row in totals[rows]}


async def test_a_case_that_changes_is_counted_anew_by_every_console(engines: Engines, data: Path, tmp_path: Path) -> None:
    at_once = {"GRIDCASE_CITY": str(bench_city(tmp_path / "city"))}  # in which nobody waits for an objection
    async with Deployed(data, engines.kafka_url, engines.mongo_url, EVERYWHERE, at_once) as city:
        first = await city.report(text=LAMP, location=HERE, contact={"name": "somebody", "phone": "+86 571 5550 0100"})
        await city.report(text="楼上半夜装修太吵", channel="web", location=HERE)
        await follows(city, reported=2, open=2, closed=0)
        await worked(city, first)
        await follows(city, reported=2, open=1, closed=1)
        reopened = await city.ask("POST", "closure", f"/cases/{first}/reopening", by="resident", json={"reason": "又坏了"})
        assert reopened.status_code == 200, reopened.text
        await follows(city, open=2, closed=0)
        await worked(city, first)
        await follows(city, open=1, closed=1)
        await city.at_rest()
        for console in CONSOLES:

            async def settled(console: str = console) -> bool:
                await agree(city, console)
                return True

            await eventually(settled, 30)
            told = await figures(city, console)
            assert (told["times"]["resolution"]["count"], told["stages"]["handle"]["count"], told["stages"]["check"]["count"]) == (2, 2, 2)
            assert (await figures(city, console, "?channel=web"))["reported"] == 1
