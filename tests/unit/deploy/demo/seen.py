"""Cases as the people of a demo see them, and everything that anybody might do about one."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from deploy.demo.acts import Act, Seen
from deploy.demo.day import Report
from deploy.demo.people import plan
from deploy.demo.plan import Known
from shared.case import Status
from shared.city import City

NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)
REPORT = Report("20260308-1-1", NOON, {"language": "en", "contact": {"phone": "13900000001"}}, "01002")
IN_GRID_1 = {"lat": 30.02239, "lon": 104.00394}
MANY = 200


def case(status: Status, **more: Any) -> Seen:
    """Return a missing cover in this status, with changes."""
    told = {
        "id": "c1",
        "number": "10002",
        "status": status,
        "version": 2,
        "category": "01002",
        "grade": "urgent",
        "grid": "G01",
        "department": "drainage-centre",
        "confidential": False,
        "assignee": "drainage-worker-02",
        "language": "en",
        "since": NOON,
        "resolve_by": NOON + timedelta(hours=2),
        "extensions": 0,
        "reopenings": 0,
        "location": IN_GRID_1,
    }
    return Seen.model_validate({**told, **more})


def plans(seen: Seen, city: City, **more: Any) -> list[list[Act]]:
    """Return what people do, once for each of many throws of the dice; `more` is what they know."""
    known = {"report": REPORT, **more}
    return [plan(seen, Known(city, **known), NOON, Random(n)) for n in range(MANY)]


def steps(seen: Seen, city: City, **more: Any) -> set[str]:
    return {act.step for acts in plans(seen, city, **more) for act in acts}


def acts_of(step: str, seen: Seen, city: City, **more: Any) -> list[Act]:
    """Return all acts of that kind."""
    return [act for acts in plans(seen, city, **more) for act in acts if act.step == step]
