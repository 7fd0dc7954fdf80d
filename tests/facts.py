"""Facts for tests that put them into the log themselves."""

from datetime import datetime
from typing import Any

from shared.case import Case
from shared.events import CaseReported
from tests.deployment import MONDAY

LAMP, NOISE, GAS, ADVICE = "01037", "06028-L", "Y05-02", "X10401"


def reported(id: str, at: datetime = MONDAY, **more: Any) -> CaseReported:
    """Return the report of noise somewhere; `id` is the case's."""
    told: dict[str, Any] = {"number": id, "text": "楼上太吵", "channel": "phone", "category": NOISE, "address": "河沿路1号", **more}
    return CaseReported.of(Case(id=id), at=at, by="resident", id=f"{id}/reported", **told)
