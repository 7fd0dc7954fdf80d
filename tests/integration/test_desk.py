"""The feed of the desk against real engines: what happens anywhere is on every console's board within two seconds."""

from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from deploy.local.engines import Engines
from tests.deployment import Deployed
from tests.eventually import eventually

CONSOLES = ("console", "console-2")
EVERYWHERE = {"intake": 1, "triage": 1, "dispatch": 1, "closure": 1, "console": 2}
OPERATOR = "operator-01"
TEXTS = ("路灯不亮，路口很黑", "楼上半夜装修太吵", "小区门口垃圾没人收", "井盖松动，车子压过很响", "这里不知道怎么说")


class Page:
    """The desk in one browser, at one console: it reads the rows and takes in the changes."""

    def __init__(self, city: Deployed, console: str) -> None:
        self.city, self.console = city, console
        self.rows: dict[str, Any] = {}
        self.cursor = ""

    async def load(self) -> bool:
        answer = await self.city.ask("GET", self.console, "/desk/rows", by=OPERATOR)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        self.rows, self.cursor = {row["id"]: row for row in told["rows"]}, told["cursor"]
        return True

    async def poll(self) -> dict[str, Any]:
        answer = await self.city.ask("GET", self.console, f"/desk/changes?since={self.cursor}", by=OPERATOR)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        assert not told["reset"]
        self.rows |= {row["id"]: row for row in told["changed"]}
        for id in told["gone"]:
            del self.rows[id]
        self.cursor = told["cursor"]
        return told

    async def waits(self) -> bool:
        """Poll; return whether the answer was held back until it was sure that nothing happens."""
        began = monotonic()
        return (await self.poll())["changed"] == [] and monotonic() - began > 2

    async def until(self, id: str, *statuses: str | None) -> float:
        """Poll until the case is shown with one of these statuses (None: not at all); return the seconds that took."""
        began = monotonic()
        while (row["st"] if (row := self.rows.get(id)) else None) not in statuses:
            assert monotonic() - began < 60, self.rows.get(id)
            await self.poll()
        return monotonic() - began


async def test_what_happens_is_on_every_board_within_two_seconds(engines: Engines, data: Path) -> None:
    async with Deployed(data, engines.kafka_url, engines.mongo_url, EVERYWHERE) as city:
        pages = [Page(city, console) for console in CONSOLES]
        for page in pages:
            await eventually(page.load, 60)
        took: list[float] = []
        for nth, text in enumerate(TEXTS):
            case_id = await city.report(text=text, location={"lat": 30.0103 + nth / 1000, "lon": 104.0303})
            took += [await page.until(case_id, "reported", "triaged", "assigned") for page in pages]
        assert median(took) < 2, took
        assert pages[0].rows.keys() == pages[1].rows.keys()
        for page in pages:  # what they took in is what there is
            known = page.rows
            await page.load()
            assert page.rows == known

        withdrawn = await city.ask("POST", "intake", f"/cases/{case_id}/withdrawal", by="resident", json={"reason": "已经好了"})
        assert withdrawn.status_code == 200, withdrawn.text
        for page in pages:
            await page.until(case_id, None)

        foreign = await city.ask("GET", CONSOLES[0], f"/desk/changes?since={pages[1].cursor}", by=OPERATOR)
        assert foreign.json()["reset"]
        await eventually(pages[0].waits, 60)
        text = (await city.ask("GET", CONSOLES[0], "/metrics")).text
        assert 'console_board_delay_seconds_count{service="console"}' in text
