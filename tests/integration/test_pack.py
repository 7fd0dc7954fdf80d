"""A pack is changed while real processes run: the next report is filed by the new rule, and what no rule could file is looked at again."""

import shutil
from pathlib import Path

from deploy.local.engines import Engines
from shared.citypack import city_folder, load_city
from shared.events import CaseTriaged, Classification
from tests.deployment import Deployed
from tests.eventually import eventually

WORD = "zorbling"
LIGHT = "01037"
OFTEN = {"GRIDCASE_CITY_EVERY_SECONDS": "0.2"}


def rewrite(pack: Path, old: str, new: str) -> None:
    """Change one place of the categories, as an editor does: at once."""
    text = (pack / "categories.toml").read_text(encoding="utf-8")
    assert old in text
    (pack / "new").write_text(text.replace(old, new, 1), encoding="utf-8")
    (pack / "new").replace(pack / "categories.toml")


async def metric(here: Deployed, name: str) -> float:
    text = (await here.ask("GET", "triage", "/metrics")).text
    return next(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))


async def filed(here: Deployed) -> dict[str, Classification]:
    """Return how each case was filed."""
    return {event.case_id: event.classification for event in await here.effective("case.triaged") if isinstance(event, CaseTriaged)}


async def test_a_changed_pack_is_taken_up_without_a_restart(engines: Engines, data: Path, tmp_path: Path) -> None:
    pack = shutil.copytree(city_folder("demo"), tmp_path / "pack")
    shutil.rmtree(pack / "models")  # so that words alone decide
    version = load_city(pack).version
    async with Deployed(
        data, engines.kafka_url, engines.mongo_url, {"intake": 1, "triage": 1}, {**OFTEN, "GRIDCASE_CITY": str(pack)}
    ) as here:
        before = await here.report(text=f"there is some {WORD} in front of no. 3")
        lamp = await here.report(text="路灯不亮，路口很黑")
        await here.at_rest()
        assert (await filed(here))[lamp].rules == version

        rewrite(pack, '"路灯"', f'"{WORD}", "路灯", 7')

        async def refused() -> bool:
            return await metric(here, 'city_pack_faults{service="triage"}') > 0

        await eventually(refused)
        rewrite(pack, f'"{WORD}", "路灯", 7', f'"{WORD}", "路灯"')

        async def taken_up() -> bool:
            return before in await filed(here)

        await eventually(taken_up)
        after = await here.report(text=f"more {WORD} at the school gate")
        await here.at_rest()
        triaged = await filed(here)
        assert {triaged[before].category, triaged[after].category} == {LIGHT}
        assert triaged[after].rules == triaged[before].rules == load_city(pack).version != triaged[lamp].rules
        assert await metric(here, 'city_pack_faults{service="triage"}') == 0
