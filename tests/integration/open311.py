"""What the tests of Open311 do again and again: post, read, and say what triage would."""

from datetime import timedelta
from functools import reduce
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from shared.case import Case, evolve
from shared.citypack import city_folder, load_city
from shared.events import CaseTriaged, Classification
from tests.deployment import Deployed

COVER, LAMP, ADVICE, VIOLENCE = "01002", "01037", "X10401", "X10204"
BASE, TEST = "/open311/v2", "/open311/test/v2"
CITY = load_city(city_folder("demo"))
AT = {"lat": "30.0212", "long": "104.0203"}


async def post(city: Deployed, key: str, base: str = BASE, **form: Any) -> httpx.Response:
    told = {"api_key": key, "service_code": COVER, "attribute[CONDITION]": "missing", **AT, **form}
    return await city.ask(
        "POST", "intake", f"{base}/requests.json", data={name: value for name, value in told.items() if value is not None}
    )


async def posted(city: Deployed, key: str, base: str = BASE, **form: Any) -> str:
    answer = await post(city, key, base, **form)
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0]["service_request_id"])


async def read(city: Deployed, path: str, base: str = BASE, status: int = 200, **params: str) -> Any:
    answer = await city.ask("GET", "intake", f"{base}/{path}.json", params=params)
    assert answer.status_code == status, answer.text
    return answer.json()


async def triage(city: Deployed, case_id: str) -> None:
    """Say what triage would: that the case was filed."""
    events = [event for event, took in (await city.told())[case_id] if took]
    case = reduce(evolve, events, Case(id=case_id))
    category = CITY.categories[case.wish or ""]
    what = Classification(
        category=category.code,
        group=category.group,
        condition=category.conditions[0].key,
        grade=category.grade,
        department=category.department,
        grid=None,
        confidential=category.confidential,
        check=False,
        limit=category.conditions[0].limit,
        respond_by=case.reported_at + timedelta(hours=1),
        resolve_by=case.reported_at + timedelta(hours=2),
        rules="1",
    )
    await city.say(CaseTriaged.of(case, at=case.last_at + timedelta(seconds=1), by="triage", classification=what, reason="chosen"))


async def row_of(city: Deployed, case_id: str) -> dict[str, Any] | None:
    """Return the row of a case, once it is saved."""
    return city.database("intake")["requests"].find_one({"case": case_id})


def picture() -> bytes:
    """Return a small picture with nothing on it."""
    drawn = BytesIO()
    Image.new("RGB", (64, 48), "grey").save(drawn, "PNG")
    return drawn.getvalue()
