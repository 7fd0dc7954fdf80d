"""Recorded cases for tests: a lamp, opened on a Monday at noon."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.replay.columns import Recorded
from shared.terms import Location

NOON = datetime(2015, 1, 5, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAMP = Recorded(
    id="101",
    opened=NOON,
    target=NOON + 10 * DAY,
    closed=NOON + 2 * DAY,
    category="Street Light Outages",
    group="Public Works",
    department="PWDx",
    text="The lamp is out",
    address="1 Main St",
    location=Location(lat=42.36, lon=-71.06),
    source="Self Service",
    outcome="Fixed",
    overdue=False,
)


def lamp(id: str = "101", **changes: Any) -> Recorded:
    """Return a lamp with changes."""
    return replace(LAMP, id=id, **changes)
