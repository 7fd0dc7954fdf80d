"""The whole system as the browsers meet it, and what people do who sit at no browser of the test."""

import csv
import re
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from deploy.demo.acts import SERVICE_OF
from deploy.local.engines import Engines
from deploy.system import SERVICES
from shared.case import Case, load
from shared.citypack import city_folder
from shared.events import CaseClosed, ReminderSent
from tests.deployment import Deployed, unique
from tests.pictures import encoded, pattern

ROOM = 99  # tasks of one person


class City(Deployed):
    """All five services and the page to sign in on; it is Monday morning, and the clock runs at its usual speed."""

    async def act(self, case_id: str, step: str, by: str, **body: Any) -> dict[str, Any]:
        """Let somebody act on a case over HTTP (`acceptance`, `completion`, ...); return the case."""
        answer = await self.ask("POST", SERVICE_OF[step], f"/cases/{case_id}/{step}", by=by, json=body or None)
        assert answer.is_success, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def photo(self, content: bytes | None = None) -> str:
        """Upload a photo; return its name, for `media`."""
        answer = await self.ask("POST", "intake", "/photos", content=content or encoded(pattern()))
        assert answer.status_code == 201, answer.text
        return str(answer.json()[0]["name"])

    async def filed(self, place: Callable[[], dict[str, float]], **body: Any) -> dict[str, Any]:
        """Report something; return the case once it is filed. What was merged into a case that lay near is reported elsewhere once more."""
        while True:
            case_id = await self.report(**{"location": place(), **body})
            shown = await self.in_status(case_id, "triaged", "assigned", "merged")
            if shown["status"] != "merged":
                return shown

    async def remind(self, case_id: str) -> None:
        """Let the log say that whoever has a case was reminded, days before it is time for that."""
        case = await self.folded(case_id)
        assert case.resolve_by is not None
        who = (case.assignee or "",)
        await self.say(
            ReminderSent.of(case, at=case.last_at, by="dispatch", id=unique("reminder"), share=0.5, deadline=case.resolve_by, to=who)
        )

    async def close(self, case_id: str) -> None:
        """Let the log say that a case is closed, a day before objections end."""
        case = await self.folded(case_id)
        await self.say(CaseClosed.of(case, at=case.last_at, by="closure", id=unique("closed"), outcome=case.outcome))
        await self.in_status(case_id, "closed")

    async def folded(self, case_id: str) -> Case:
        """Return the case once everything is folded."""
        await self.at_rest()
        return load(self.bodies("closure")[case_id])

    async def assigned(self, **body: Any) -> tuple[str, str]:
        """Report something; return the case and who is asked to take it."""
        case_id = await self.report(**body)
        return case_id, str((await self.in_status(case_id, "assigned"))["assignee"])


@asynccontextmanager
async def everything(folder: Path, environment: Mapping[str, str] | None = None) -> AsyncIterator[City]:
    """Run the engines, the services and the issuer; what dies is started again."""
    with Engines(folder / "engines", broker="kafka") as engines:
        mine, everybody = folder / "services", dict.fromkeys(SERVICES, 1)
        async with City(mine, engines.kafka_url, engines.mongo_url, everybody, environment, issuer="page") as city:
            with city.system.supervise():
                yield city


def roomy(folder: Path) -> Path:
    """Return a copy of the demo city for tests that share it: nobody's hands are ever full there, and a case is reopened only once."""
    pack = Path(shutil.copytree(city_folder("demo"), folder))
    staff = pack / "staff.csv"
    with staff.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with staff.open("w", newline="", encoding="utf-8") as file:
        written = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        written.writeheader()
        written.writerows({**row, "capacity": ROOM} for row in rows)
    rules = pack / "city.toml"
    rules.write_text(re.sub(r"(?m)^max_reopenings = \d+", "max_reopenings = 1", rules.read_text(encoding="utf-8")), encoding="utf-8")
    return pack
